"""Commands of people on user tasks of processes: claim, delegate, change, complete."""

from datetime import UTC, datetime

import pytest

from app.errors import (
    EngineError,
    InvalidRequestError,
    NotFoundError,
    SuspendedEntityInteractionError,
)
from app.services import suspension, tasks, variables
from app.services.tasks import TaskAlreadyClaimedError, UnknownTaskError

from .conftest import values
from .user_tasks import BARE, make, shown

DUE = datetime(2030, 1, 2, tzinfo=UTC)


# -- claim, assign, hand on ------------------------------------------------------------------------


def test_a_task_is_claimed_by_one_who_may_repeat_it(engine, task_id):
    tasks.claim(engine.store, task_id, user_id="kim")
    tasks.claim(engine.store, task_id, user_id="kim")

    assert shown(engine, task_id, "assignee") == ("kim",)


def test_a_task_of_another_is_not_claimed(engine, task_id):
    tasks.claim(engine.store, task_id, user_id="kim")

    with pytest.raises(TaskAlreadyClaimedError) as caught:
        tasks.claim(engine.store, task_id, user_id="bob")
    assert str(caught.value) == f"Task '{task_id}' is already claimed by someone else."
    assert shown(engine, task_id, "assignee") == ("kim",)


def test_nobody_may_claim_what_another_has(engine, task_id):
    tasks.claim(engine.store, task_id, user_id="kim")

    tasks.claim(engine.store, task_id, user_id=None)

    assert shown(engine, task_id, "assignee") == (None,)


def test_a_suspended_task_says_first_that_it_is_anothers(engine, instance, task_id):
    tasks.claim(engine.store, task_id, user_id="kim")
    suspension.set_instances(engine.store, [instance], suspended=True)

    with pytest.raises(TaskAlreadyClaimedError):
        tasks.claim(engine.store, task_id, user_id="bob")
    with pytest.raises(SuspendedEntityInteractionError, match=r"^ENGINE-03043 task with id "):
        tasks.claim(engine.store, task_id, user_id="kim")


def test_a_task_may_be_assigned_away_from_another(engine, task_id):
    tasks.set_assignee(engine.store, task_id, user_id="kim")
    tasks.set_assignee(engine.store, task_id, user_id="bob")

    assert shown(engine, task_id, "assignee") == ("bob",)


def test_who_delegates_becomes_the_owner_and_gets_it_back(engine, task_id):
    names = ("assignee", "owner", "delegation_state")
    tasks.set_assignee(engine.store, task_id, user_id="kim")

    tasks.delegate(engine.store, task_id, user_id="bob")
    assert shown(engine, task_id, *names) == ("bob", "kim", "PENDING")
    tasks.delegate(engine.store, task_id, user_id="lou")
    assert shown(engine, task_id, *names) == ("lou", "kim", "PENDING")
    tasks.resolve(engine.store, task_id, variables=values(done=True))
    assert shown(engine, task_id, *names) == ("kim", "kim", "RESOLVED")


def test_a_resolution_brings_variables(engine, instance, task_id):
    tasks.resolve(engine.store, task_id, variables=values(done=True))

    assert variables.get(engine.store, instance, "done").value is True


def test_a_change_is_seen_at_the_task(engine, task_id):
    assert shown(engine, task_id, "task_state", "last_updated") == ("Created", None)
    engine.later(seconds=1)

    tasks.set_assignee(engine.store, task_id, user_id="kim")

    assert shown(engine, task_id, "task_state", "last_updated") == ("Updated", engine.clock())


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(lambda s, t: tasks.set_assignee(s, t, user_id="kim"), id="assign"),
        pytest.param(lambda s, t: tasks.delegate(s, t, user_id="kim"), id="delegate"),
        pytest.param(lambda s, t: tasks.resolve(s, t, variables={}), id="resolve"),
        pytest.param(lambda s, t: tasks.complete(s, t, variables={}), id="complete"),
        pytest.param(lambda s, t: tasks.claim(s, t, user_id="kim"), id="claim"),
    ],
)
class TestEveryCommand:
    def test_names_a_task_that_is_not_there(self, engine, command):
        with pytest.raises(UnknownTaskError) as caught:
            command(engine.store, "unknown")

        assert str(caught.value) == "Cannot find task with id unknown: task is null"

    def test_refuses_one_that_is_suspended(self, engine, instance, task_id, command):
        suspension.set_instances(engine.store, [instance], suspended=True)

        with pytest.raises(SuspendedEntityInteractionError) as caught:
            command(engine.store, task_id)

        assert str(caught.value) == f"ENGINE-03043 task with id '{task_id}' is suspended."


# -- change ----------------------------------------------------------------------------------------


def change(engine, task_id, **fields):
    arguments = {**BARE, "tenant_id": None, "delegation_state": None, **fields}
    tasks.update(engine.store, task_id, **arguments)


def test_what_a_change_leaves_out_is_gone(engine, task_id):
    change(engine, task_id, name="A", description="b", priority=7, due_date=DUE)
    assert shown(engine, task_id, "name", "description", "priority", "due_date") == (
        "A",
        "b",
        7,
        DUE,
    )

    change(engine, task_id)

    assert shown(engine, task_id, "name", "description", "priority", "due_date") == (
        None,
        None,
        0,
        None,
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [("PENDING", "PENDING"), ("pending", "PENDING"), ("Resolved", "RESOLVED"), (None, None)],
)
def test_a_state_of_delegation_has_no_case(engine, task_id, text, kept):
    change(engine, task_id, delegation_state=text)

    assert shown(engine, task_id, "delegation_state") == (kept,)


@pytest.mark.parametrize("text", ["", "DONE", "PENDING "])
def test_there_are_two_states_of_delegation(engine, task_id, text):
    with pytest.raises(InvalidRequestError) as caught:
        change(engine, task_id, delegation_state=text)

    assert str(caught.value) == (
        f"Valid values for property 'delegationState' are 'PENDING' or 'RESOLVED', but was '{text}'"
    )


def test_the_tenant_of_a_task_stays(engine):
    task_id = make(engine, tenant_id="north")

    change(engine, task_id, tenant_id="north")
    with pytest.raises(EngineError) as caught:
        change(engine, task_id, tenant_id="south")

    assert str(caught.value) == (
        f"ENGINE-03072 Cannot change tenantId of Task '{task_id}'. Current tenant id 'north', "
        "Tenant id to set 'south'"
    )


def test_a_change_of_an_unknown_task_has_words_of_its_own(engine):
    with pytest.raises(NotFoundError, match=r"^No matching task with id unknown$"):
        change(engine, "unknown", delegation_state="nonsense")


# -- completion ------------------------------------------------------------------------------------


def test_a_completion_moves_the_instance_on(engine, instance, task_id):
    assert tasks.complete(engine.store, task_id, variables=values(n=1)) is None

    assert engine.find("process_instance", process_instance_ids=[instance]) == []


def test_a_completion_answers_the_variables_where_they_are_asked_for(engine):
    instance = engine.start("person", before=1)

    found = tasks.complete(
        engine.store,
        engine.task_of(instance),
        variables=values(new="n"),
        with_variables_in_return=True,
    )

    assert {name: typed.value for name, typed in found.items()} == {"before": 1, "new": "n"}


def test_a_form_of_a_delegated_task_gives_it_back(engine, instance, task_id):
    tasks.set_assignee(engine.store, task_id, user_id="kim")
    tasks.delegate(engine.store, task_id, user_id="bob")

    tasks.complete(engine.store, task_id, variables={}, by_form=True)

    assert shown(engine, task_id, "assignee", "delegation_state") == ("kim", "RESOLVED")


def test_a_delegated_task_may_be_completed(engine, instance, task_id):
    tasks.delegate(engine.store, task_id, user_id="bob")

    tasks.complete(engine.store, task_id, variables={})

    assert engine.find("task", process_instance_id=instance) == []
