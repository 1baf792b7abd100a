"""User tasks that stand alone, and those below them."""

import pytest

from app.errors import EngineError
from app.services import lists, tasks, variables
from app.services.tasks import TaskOfProcessError, UnknownParentError, UsedIdError

from .conftest import values
from .user_tasks import make, shown


def test_a_task_may_stand_alone(engine):
    task_id = make(engine, name="Call", assignee="kim", priority=3)

    names = ("name", "assignee", "priority", "process_instance_id", "execution_id", "task_state")
    assert shown(engine, task_id, *names) == ("Call", "kim", 3, None, None, "Created")


def test_an_id_is_used_for_good(engine):
    make(engine, "mine")
    tasks.complete(engine.store, "mine", variables={})

    with pytest.raises(UsedIdError):
        make(engine, "mine")


@pytest.mark.parametrize("empty", [None, ""])
def test_a_task_without_an_id_is_given_one(engine, empty):
    assert make(engine, empty)


def test_a_task_may_be_below_another(engine):
    above = make(engine, name="above")
    below = make(engine, name="below", parent_task_id=above)

    assert shown(engine, below, "parent_task_id") == (above,)
    with pytest.raises(UnknownParentError) as caught:
        make(engine, parent_task_id="unknown")
    assert str(caught.value) == (
        "Could not save task: Parent task with id 'unknown' does not exist: parentTask is null"
    )


def test_a_task_below_another_has_its_tenant(engine):
    above = make(engine, tenant_id="north")

    with pytest.raises(
        EngineError, match=r"^ENGINE-03073 Cannot set different tenantId on subtask"
    ):
        make(engine, parent_task_id=above, tenant_id="south")
    assert make(engine, parent_task_id=above, tenant_id="north")


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        pytest.param(lambda s, t: tasks.delete(s, t), "deleted", id="delete"),
        pytest.param(lambda s, t: tasks.complete(s, t, variables={}), "completed", id="complete"),
    ],
)
def test_the_tasks_below_end_with_the_one_above(engine, end, reason):
    above = make(engine)
    below = make(engine, parent_task_id=above)

    end(engine.store, above)

    assert lists.get(engine.store, "task", below) is None
    assert engine.one("historic_task", task_id=below)["delete_reason"] == reason


def test_a_task_of_a_process_is_not_deleted(engine, task_id):
    with pytest.raises(TaskOfProcessError):
        tasks.delete(engine.store, task_id)
    assert shown(engine, task_id, "id") == (task_id,)


def test_to_delete_a_task_that_is_not_there_is_no_error(engine):
    stays = make(engine)

    tasks.delete(engine.store, "unknown")

    assert shown(engine, stays, "id") == (stays,)
    assert engine.find("historic_task", task_id="unknown") == []


@pytest.mark.parametrize(
    ("by_form", "expected"), [(False, {"own": 1}), (True, {"own": 1, "new": 2})]
)
def test_a_task_that_stands_alone_keeps_what_a_form_brings_alone(engine, by_form, expected):
    task_id = make(engine)
    variables.put(
        engine.store, task_id, "own", values(v=1)["v"], kind=variables.TASK, is_local=True
    )

    found = tasks.complete(
        engine.store,
        task_id,
        variables=values(new=2),
        with_variables_in_return=True,
        by_form=by_form,
    )

    assert {name: typed.value for name, typed in found.items()} == expected
