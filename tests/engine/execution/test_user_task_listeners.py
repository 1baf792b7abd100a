"""Expressions in listeners of user tasks: their view of task and execution (semantics 7.3)."""

from datetime import UTC, datetime

import pytest

from app.engine import state
from app.engine.execution import user_tasks
from app.errors import EngineError
from tests.engine.commands import (
    at,
    complete,
    delete,
    escalate,
    local,
    throw_error,
    user_task,
    variables_of,
)
from tests.engine.elements import (
    boundary,
    call,
    computed,
    end,
    error,
    extensions,
    gateway,
    model,
    sequence,
    start,
    subprocess,
    task,
    user,
)
from tests.models import flow


def told(event, *expressions):
    """Task listeners of one event."""
    return extensions(
        *(f'<camunda:taskListener event="{event}" expression="{text}"/>' for text in expressions)
    )


def start_with(engine, *expressions, event="create", variables=None, **attributes):
    activity = user("a", told(event, *expressions), **attributes)
    graph = engine.deploy(model(sequence(start(), activity, user("b"))))
    return engine.start(graph, **(variables or {}))


@pytest.mark.parametrize(
    ("expression", "field", "value"),
    [
        ("${task.setName('n')}", "name", "n"),
        ("${task.setName(null)}", "name", None),
        ("${task.setDescription('d')}", "description", "d"),
        ("${task.setAssignee('mary')}", "assignee", "mary"),
        ("${task.setOwner('john')}", "owner", "john"),
        ("${task.setPriority(7)}", "priority", 7),
        ("${task.setDueDate(when)}", "due_date", datetime(2026, 1, 1, tzinfo=UTC)),
        ("${task.setDueDate(null)}", "due_date", None),
        ("${task.setFollowUpDate(when)}", "follow_up_date", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_listener_changes_a_field_of_its_task(engine, expression, field, value):
    contents = sequence(
        start(), computed("c", "${now()}", "when"), user("a", told("create", expression))
    )

    engine.start(engine.deploy(model(contents)))

    assert getattr(user_task(engine, "a"), field) == value


@pytest.mark.parametrize(
    ("expressions", "users", "groups"),
    [
        pytest.param(["${task.addCandidateUser('mary')}"], ["mary"], [], id="a user"),
        pytest.param(["${task.addCandidateGroup('team')}"], [], ["team"], id="a group"),
        pytest.param(["${task.addCandidateUsers(names)}"], ["ann", "bob"], [], id="users"),
        pytest.param(["${task.addCandidateGroups(names)}"], [], ["ann", "bob"], id="groups"),
        pytest.param(
            ["${task.addCandidateUser('mary')}", "${task.deleteCandidateUser('mary')}"],
            [],
            [],
            id="one that goes again",
        ),
        pytest.param(
            ["${task.addCandidateUser('mary')}", "${task.deleteCandidateGroup('mary')}"],
            ["mary"],
            [],
            id="a group of the same name is another",
        ),
    ],
)
def test_a_listener_changes_the_candidates(engine, expressions, users, groups):
    start_with(engine, *expressions, variables={"names": ["ann", "bob"]})

    found = engine.rows[state.IdentityLink].values()
    assert sorted(link.user_id for link in found if link.user_id) == users
    assert sorted(link.group_id for link in found if link.group_id) == groups


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("task.eventName", "create"),
        ("task.name", "Check"),
        ("task.getName()", "Check"),
        ("task.priority + 1", 51),
        ("task.taskDefinitionKey", "a"),
        ("task.isSuspended()", False),
        ("task.suspended", False),
        ("task.assignee", "mary"),
        ("task.owner == null", True),
        ("task.deleteReason == null", True),
        ("task.candidates.size()", 2),
        ("task.candidates.get(0).userId", "tom"),
        ("task.candidates.get(1).getGroupId()", "team"),
        ("task.candidates.get(0).type", "candidate"),
        ("task.execution.currentActivityId", "a"),
        ("task.processInstance.processDefinitionKey", "p"),
        ("task.getVariable('n')", 4),
        ("task.hasVariable('n')", True),
        ("task.hasVariableLocal('n')", False),
        ("task.variables.size()", 1),
        ("task.variableNames.contains('n')", True),
        ("task.caseInstanceId == null", True),
        ("execution.currentActivityName", "Check"),
    ],
)
def test_a_listener_reads_its_task(engine, text, value):
    activity = user(
        "a",
        told("create", f"${{execution.setVariable('seen', {text})}}"),
        name="Check",
        camunda_assignee="mary",
        camunda_candidateUsers="tom",
        camunda_candidateGroups="team",
    )

    engine.start(engine.deploy(model(sequence(start(), activity))), n=4)

    assert engine.variables()["seen"] == value


@pytest.mark.parametrize(
    "text",
    [
        "task.nothing",
        "task.getNothing()",
        "task.setName()",
        "task.setName('a', 'b')",
        "task.getName('x')",
        "task.candidates.get(0).nothing",
        "task.candidates.get(0).getUserId('x')",
        "task.__class__",
        "task.run",
        "execution.nothing",
        "execution.getNothing()",
        "execution.__class__",
        "execution.processDefinition.nothing",
        "execution.bpmnModelElementInstance.nothing",
    ],
)
def test_what_a_task_or_an_execution_has_not_is_an_error(engine, text):
    with pytest.raises(EngineError, match=r"Unknown (property|method) used in expression"):
        start_with(engine, f"${{{text}}}", camunda_candidateUsers="tom")

    assert not engine.rows[state.Task]


def test_a_variable_of_the_task_is_its_own_and_ends_with_it(engine):
    instance = start_with(
        engine, "${task.setVariableLocal('mine', 1)}", "${task.setVariable('ours', 2)}"
    )
    stored = {v.name: v.task_id for v in engine.rows[state.Variable].values()}
    assert stored == {"mine": user_task(engine, "a").id, "ours": None}

    complete(engine, "a")

    assert engine.variables() == variables_of(engine, instance) == {"ours": 2}


# -- events -----------------------------------------------------------------------------------

EVENTS = ("create", "assignment", "update", "complete", "delete")


def listening(engine, **attributes):
    """An instance whose task notes each event of its in the variable ``log``."""
    noting = "".join(
        f'<camunda:taskListener event="{event}" '
        "expression=\"${execution.setVariable('log', log.concat(task.eventName).concat(' '))}\"/>"
        for event in EVENTS
    )
    activity = user("a", extensions(noting), **attributes)
    late = boundary("b", "a", error("E"))
    graph = engine.deploy(model(sequence(start(), activity, user("after")), late, user("x")))
    return engine.start(graph, log="")


def log(engine):
    return engine.variables()["log"].split()


def change(engine, **fields):
    found = user_task(engine, "a")
    engine.command(
        lambda run, host: user_tasks.change(run, host.load(state.Task, found.id), **fields)
    )


@pytest.mark.parametrize(
    ("attributes", "do", "expected"),
    [
        pytest.param({}, lambda e: None, ["create"], id="created"),
        pytest.param(
            {"camunda_assignee": "mary"}, lambda e: None, ["create", "assignment"], id="assigned"
        ),
        pytest.param({}, lambda e: change(e, name="n"), ["create", "update"], id="changed"),
        pytest.param(
            {},
            lambda e: change(e, assignee="mary"),
            ["create", "update", "assignment"],
            id="assigned later",
        ),
        pytest.param(
            {"camunda_assignee": "mary"},
            lambda e: change(e, assignee="mary"),
            ["create", "assignment", "update"],
            id="assigned to the same",
        ),
        pytest.param({}, lambda e: complete(e, "a"), ["create", "complete"], id="completed"),
        pytest.param({}, lambda e: throw_error(e, "a", "E"), ["create", "delete"], id="canceled"),
    ],
)
def test_listeners_are_told_of_what_becomes_of_a_task(engine, attributes, do, expected):
    listening(engine, **attributes)

    do(engine)

    if engine.rows[state.Variable]:
        assert log(engine) == expected
    else:  # the error has ended the instance
        (value,) = (v for v in engine.history.values() if getattr(v, "name", "") == "log")
        assert value.text_value.split() == expected


def test_a_listener_that_fails_undoes_the_command(engine):
    start_with(engine, "${unknown}", event="complete")

    with pytest.raises(EngineError, match=r"ENGINE-03051 .* Cannot resolve identifier 'unknown'"):
        complete(engine, "a")

    assert at(engine) == ["a"]


def test_a_task_below_another_ends_with_it(engine):
    start_with(engine)
    above = user_task(engine, "a")
    below = state.Task("sub", 50, engine.now, parent_task_id=above.id, task_state="Created")
    engine.rows[state.Task]["sub"] = below

    complete(engine, "a")

    assert [t.task_definition_key for t in engine.rows[state.Task].values()] == ["b"]


def test_an_escalation_that_nobody_catches_is_refused(engine):
    start_with(engine)

    with pytest.raises(EngineError, match=r"ENGINE-02043 .* escalationCode 'L'"):
        escalate(engine, "a", "L", n=1)

    assert engine.variables() == {}
    assert at(engine) == ["a"]


@pytest.mark.parametrize(
    ("given", "candidates"),
    [
        pytest.param("ann,bob", ["ann", "bob"], id="a text with commas"),
        pytest.param("ann, bob ,", ["ann", "bob"], id="blanks and a last comma"),
        pytest.param("${names}", ["ann", "bob"], id="a list"),
        pytest.param("${one}, x", ["ann", "x"], id="expression and text"),
    ],
)
def test_candidates_are_named_by_texts_and_lists(engine, given, candidates):
    start_with(
        engine, variables={"names": ["ann", "bob"], "one": "ann"}, camunda_candidateUsers=given
    )

    assert sorted(link.user_id for link in engine.rows[state.IdentityLink].values()) == candidates


def test_the_links_of_a_task_go_with_it(engine):
    instance = start_with(engine, camunda_candidateUsers="ann")

    delete(engine, instance)

    assert not engine.rows[state.IdentityLink]


# -- the execution ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("execution.processDefinition.key", "p"),
        ("execution.processDefinition.version + 1", 2),
        ("execution.getProcessDefinition().getResourceName()", "model.bpmn"),
        ("execution.bpmnModelElementInstance.id", "a"),
        ("execution.getBpmnModelElementInstance().getName()", "Work"),
        ("execution.currentActivityName", "Work"),
        ("execution.canceled", False),
        ("execution.isCanceled()", False),
        ("execution.ended", False),
        ("execution.superExecution == null", True),
        ("execution.getVariable('gone') == null", True),
        ("execution.getVariable(null) == null", True),
        ("execution.getVariableLocal('n')", 4),  # without a scope of its own it is the instance
        ("execution.hasVariablesLocal()", True),
        ("execution.hasVariables()", True),
        ("execution.getVariableTyped('n').value", 4),
        ("execution.getVariableTyped('n').getType().name", "integer"),
        ("execution.getVariableTyped('n', true).value", 4),
        ("execution.variables.n", 4),
        ("execution.variableNames.size()", 1),
        ("execution.variablesLocal.size()", 1),
    ],
)
def test_an_expression_reads_its_execution(engine, text, value):
    activity = computed("a", f"${{{text}}}", "seen", name="Work")

    engine.start(engine.deploy(model(sequence(start(), activity, user("b")))), n=4)

    assert engine.variables()["seen"] == value


def test_a_called_instance_sees_who_has_called_it(engine):
    inside = computed("c", "${execution.superExecution.currentActivityId}", "caller")
    engine.deploy(model(sequence(start("cs"), inside, user("work")), key="called"))

    engine.start(engine.deploy(model(sequence(start(), call("call", "called")))))

    assert engine.variables() == {"caller": "call"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("execution.removeVariable('n')", {"m": 5}),
        ("execution.removeVariableLocal('n')", {"m": 5}),
        ("execution.removeVariable('gone')", {"n": 4, "m": 5}),
        ("execution.removeVariables(names)", {}),
    ],
)
def test_an_expression_removes_variables(engine, text, left):
    graph = engine.deploy(model(sequence(start(), computed("a", f"${{{text}}}"), user("b"))))

    engine.start(graph, n=4, m=5, names=["n", "m"])

    assert engine.variables() == {**left, "names": ["n", "m"]}


def test_what_an_expression_sets_locally_on_a_token_moves_with_it(engine):
    setting = "${execution.setVariableLocal('mine', 1)}"
    contents = (
        sequence(start(), gateway("parallel", "fork"), computed("a", setting), user("x"))
        + task("y")
        + flow("fork", "y")
    )
    instance = engine.start(engine.deploy(model(contents, end())))
    assert local(engine, "x") == {"mine": 1}

    complete(engine, "y")

    assert variables_of(engine, instance) == {"mine": 1}


def test_a_scope_is_where_an_expression_inside_of_it_sets_locally(engine):
    inner = sequence(start("i"), computed("a", "${execution.setVariableLocal('mine', 1)}"))
    scope = subprocess("sub", inner, user("x"), flow("a", "x"))
    engine.start(engine.deploy(model(sequence(start(), scope, user("b")))))
    assert local(engine, "sub") == {"mine": 1}

    complete(engine, "x")

    assert engine.variables() == {}
