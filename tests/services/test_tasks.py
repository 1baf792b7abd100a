"""What people do with user tasks, those of processes and those that stand alone."""

from datetime import UTC, datetime

import pytest

from app.errors import (
    BadUserRequestError,
    EngineError,
    InvalidRequestError,
    NotFoundError,
    NullValueError,
    SuspendedEntityInteractionError,
)
from app.services import lists, suspension, tasks, variables
from app.services.tasks import (
    TaskAlreadyClaimedError,
    TaskOfProcessError,
    UnknownParentError,
    UnknownTaskError,
    UsedIdError,
)
from tests.models import flow, flows, process

from .conftest import values

DUE = datetime(2030, 1, 2, tzinfo=UTC)
BARE = {
    "name": None,
    "description": None,
    "assignee": None,
    "owner": None,
    "priority": 0,
    "due_date": None,
    "follow_up_date": None,
    "case_instance_id": None,
}
CAUGHT = process(
    '<startEvent id="start"/><userTask id="do"/>'
    '<boundaryEvent id="refused" attachedToRef="do"><errorEventDefinition errorRef="no"/>'
    '</boundaryEvent><boundaryEvent id="late" attachedToRef="do" cancelActivity="false">'
    '<escalationEventDefinition escalationRef="tardy"/></boundaryEvent>'
    '<userTask id="repair"/><userTask id="hurry"/><endEvent id="end"/>'
    + flows("start", "do", "end")
    + flow("refused", "repair")
    + flow("late", "hurry"),
    "caught",
).replace(
    '<process id="caught"',
    '<error id="no" errorCode="no"/><escalation id="tardy" escalationCode="late"/>'
    '<process id="caught"',
)


@pytest.fixture
def instance(engine):
    return engine.start("person")


@pytest.fixture
def task_id(engine, instance):
    return engine.task_of(instance)


@pytest.fixture(scope="module")
def catching(engine):
    """The engine with a process whose task is left by errors and escalations."""
    engine.deploy(CAUGHT)
    return engine


def shown(engine, task_id, *names):
    found = lists.get(engine.store, "task", task_id)
    return tuple(found[name] for name in names)


def make(engine, task_id=None, **fields):
    """Make a task that stands alone; its id."""
    arguments = {
        **BARE,
        "tenant_id": None,
        "parent_task_id": None,
        "delegation_state": None,
        **fields,
    }
    known = {found["id"] for found in engine.find("task")}
    tasks.create(engine.store, task_id=task_id, **arguments)
    (new,) = {found["id"] for found in engine.find("task")} - known
    return new


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


# -- tasks that stand alone ------------------------------------------------------------------------


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
    tasks.delete(engine.store, "unknown")


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


# -- errors and escalations ------------------------------------------------------------------------


def throw(engine, task_id, code="no"):
    tasks.handle_bpmn_error(
        engine.store, task_id, error_code=code, error_message="m", variables=values(v=1)
    )


def escalate(engine, task_id, code="late"):
    tasks.handle_bpmn_escalation(engine.store, task_id, escalation_code=code, variables=values(v=1))


def names_of(engine, instance):
    found = engine.find("task", process_instance_id=instance)
    return sorted(one["task_definition_key"] for one in found)


def test_an_error_leaves_the_task_for_whoever_catches_it(catching):
    instance = catching.start("caught")

    throw(catching, catching.task_of(instance))

    assert names_of(catching, instance) == ["repair"]
    assert variables.get(catching.store, instance, "v").value == 1


def test_an_escalation_leaves_the_task_where_it_is(catching):
    instance = catching.start("caught")

    escalate(catching, catching.task_of(instance))

    assert names_of(catching, instance) == ["do", "hurry"]


def test_an_error_that_nobody_catches_ends_the_task(engine, instance, task_id):
    throw(engine, task_id, "other")

    assert engine.find("process_instance", process_instance_ids=[instance]) == []


def test_an_escalation_that_nobody_catches_changes_nothing(engine, instance, task_id):
    with pytest.raises(EngineError) as caught:
        escalate(engine, task_id, "other")

    assert str(caught.value) == (
        "ENGINE-02043 Execution with id 'do' throws an escalation event with escalationCode "
        "'other', but no escalation handler was defined. "
    )
    assert variables.get(engine.store, instance, "v") is None


@pytest.mark.parametrize(("command", "name"), [(throw, "errorCode"), (escalate, "escalationCode")])
@pytest.mark.parametrize(
    ("code", "problem"), [(None, "is null"), ("", "is empty"), (" \n", "is empty")]
)
def test_a_code_is_missed_before_the_task(engine, command, name, code, problem):
    with pytest.raises(BadUserRequestError) as caught:
        command(engine, "unknown", code)

    assert str(caught.value) == f"{name} {problem}"


@pytest.mark.parametrize("command", [throw, escalate])
def test_with_a_code_an_unknown_task_is_missing(engine, command):
    with pytest.raises(NotFoundError) as caught:
        command(engine, "unknown")

    assert not isinstance(caught.value, NullValueError)
    assert str(caught.value) == "Cannot find task with id unknown: task is null"
