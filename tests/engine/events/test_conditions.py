"""Conditional events: when they look at their condition, and which changes they see."""

import pytest

from app.engine import state
from app.engine.events import conditions
from app.engine.state import Job
from app.errors import EngineError
from tests.engine.commands import (
    at,
    complete,
    deploy,
    local,
    set_variables,
    subscriptions,
    typed,
)
from tests.engine.elements import (
    boundary,
    call,
    catch,
    computed,
    condition,
    end,
    event_subprocess,
    gateway,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    user,
)
from tests.models import flow, flows, process


def watched(condition, attributes=""):
    return process(
        '<startEvent id="s"/>'
        + task("a")
        + task("b")
        + '<parallelGateway id="fork"/><boundaryEvent id="event" attachedToRef="a">'
        f"<conditionalEventDefinition {attributes}>"
        f'<condition xsi:type="tFormalExpression">{condition}</condition>'
        "</conditionalEventDefinition></boundaryEvent>"
        + task("caught")
        + flows("s", "fork", "a")
        + flows("fork", "b")
        + flows("event", "caught")
    )


def test_a_condition_is_looked_at_after_the_events_that_it_names(engine):
    changes = 'camunda:variableName="x" camunda:variableEvents="create, delete"'
    graph = engine.deploy(watched("${x == 2}", changes))
    engine.start(graph, x=1)

    engine.complete(engine.tasks("b")[0], x=2)

    assert not engine.tasks("caught")


def test_a_condition_is_looked_at_after_every_event_when_it_names_none(engine):
    graph = engine.deploy(watched("${x == 2}", 'camunda:variableName="x"'))
    engine.start(graph, x=1)

    engine.complete(engine.tasks("b")[0], x=2)

    assert engine.tasks("caught")


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("${x}", "condition expression returns non-Boolean: result has class java.lang.Integer"),
        ("${null}", "condition expression returns null: result is null"),
        ("${x.get(1)}", "Unknown method used in expression"),
    ],
)
def test_a_condition_that_is_no_boolean_fails_the_command_that_changes_a_variable(
    engine, condition, message
):
    graph = engine.deploy(watched("${go ? " + condition[2:-1] + " : false}"))
    engine.start(graph, go=False)

    with pytest.raises(EngineError, match=message):
        engine.complete(engine.tasks("b")[0], go=True, x=9)

    assert len(engine.tasks()) == 2


def test_a_condition_on_a_name_that_is_unknown_yet_does_not_hold(engine):
    graph = engine.deploy(watched("${x == 2}"))

    engine.start(graph)
    assert len(engine.tasks()) == 2

    engine.complete(engine.tasks("b")[0], x=2)
    assert engine.tasks("caught")


@pytest.mark.parametrize("target", [task("next"), task("next", camunda_asyncBefore="true")])
def test_what_outputs_set_off_may_take_the_token_away_before_the_next_activity(engine, target):
    output = (
        '<extensionElements><camunda:inputOutput><camunda:outputParameter name="x">${2}'
        "</camunda:outputParameter></camunda:inputOutput></extensionElements>"
    )
    model = process(
        '<startEvent id="s"/>'
        f'<manualTask id="sets">{output}</manualTask>'
        + target
        + '<subProcess id="event" triggeredByEvent="true"><startEvent id="when">'
        '<conditionalEventDefinition><condition xsi:type="tFormalExpression">${x == 2}</condition>'
        "</conditionalEventDefinition></startEvent>"
        + task("caught")
        + flows("when", "caught")
        + "</subProcess>"
        + flows("s", "sets", "next")
    )

    engine.start(engine.deploy(model), x=1)

    assert [t.activity_id for t in engine.tasks()] == ["caught"]
    assert "next" not in engine.visits()
    assert not engine.rows[Job]


@pytest.mark.parametrize(
    ("definition", "changes", "happens"),
    [
        pytest.param({}, {"n": 5}, True, id="any variable"),
        pytest.param({"camunda_variableName": "n"}, {"n": 5}, True, id="its variable"),
        pytest.param({"camunda_variableName": "m"}, {"n": 5}, False, id="another variable"),
        pytest.param({"camunda_variableEvents": "update"}, {"n": 5}, True, id="its event"),
        pytest.param({"camunda_variableEvents": "create"}, {"n": 5}, False, id="another event"),
        pytest.param(
            {"camunda_variableName": "n", "camunda_variableEvents": "create, update"},
            {"n": 5},
            True,
            id="one of several events",
        ),
        pytest.param({}, {"n": 1}, False, id="it does not hold"),
        pytest.param({}, {"m": 1}, False, id="whatever else changes"),
    ],
)
def test_a_condition_is_looked_at_when_what_it_names_changes(engine, definition, changes, happens):
    waiting = catch("c", condition("${n == 5}", **definition))
    instance = engine.start(deploy(engine, sequence(start(), waiting, task("then"))), n=0)

    set_variables(engine, instance, **changes)

    assert at(engine) == (["then"] if happens else ["c"])


def test_a_condition_that_holds_already_is_passed(engine):
    engine.start(
        deploy(engine, sequence(start(), catch("c", condition("${n == 5}")), task("then"))), n=5
    )

    assert at(engine) == ["then"]
    assert subscriptions(engine) == []


@pytest.mark.parametrize(
    ("where", "happens"),
    [
        pytest.param("inner", True, id="in its own scope"),
        pytest.param("outer", True, id="in a scope around"),
        pytest.param("other", False, id="in a scope beside"),
    ],
)
def test_a_condition_sees_changes_of_its_own_scope_and_of_those_around(engine, where, happens):
    inner = subprocess(
        "inner",
        parameters({"v": "0"}) if where == "inner" else "",
        sequence(start("ii"), user("x")),
        boundary("b", "x", condition("${v == 1}")),
        task("then"),
        flow("b", "then"),
    )
    outer = subprocess("outer", parameters({"v": "0"}), sequence(start("oi"), inner))
    contents = (
        sequence(start(), gateway("parallel", "fork"), outer)
        + subprocess("other", parameters({"v": "0"}), sequence(start("xi"), user("y")))
        + flow("fork", "other")
    )
    engine.start(deploy(engine, contents))
    (scope,) = (e for e in engine.rows[state.Execution].values() if e.scope_activity_id == where)

    def change(run, host):
        run.variables.set_local(host.execution(scope.id), "v", typed({"v": 1})["v"])
        run.notify_changes()
        run.perform()

    engine.command(change)

    assert ("then" in at(engine)) is happens


def test_a_condition_at_the_border_that_does_not_interrupt_happens_with_each_change(engine):
    beside = boundary("b", "a", condition("${n > 0}"), interrupts=False) + task("x")
    instance = engine.start(
        deploy(engine, sequence(start(), user("a"), end()), beside, flow("b", "x")), n=0
    )

    for number in (1, 0, 2, 2):
        set_variables(engine, instance, n=number)

    assert at(engine) == ["a", "x", "x", "x"]


def test_what_a_task_sets_may_interrupt_what_follows_in_another_branch(engine):
    contents = (
        sequence(start(), gateway("parallel", "fork"), computed("set", "${1}", "n"), end("se"))
        + user("a")
        + flow("fork", "a")
        + event_subprocess("aside", condition("${n == 1}"), task("handle"))
    )

    engine.start(deploy(engine, contents), n=0)

    assert at(engine) == ["handle"]


def test_several_conditions_that_hold_by_one_change_all_happen(engine):
    events = "".join(
        boundary(f"b{n}", "a", condition(f"${{n > {n}}}"), interrupts=False)
        + task(f"x{n}")
        + flow(f"b{n}", f"x{n}")
        for n in range(3)
    )
    instance = engine.start(deploy(engine, sequence(start(), user("a"), end()), events), n=0)

    set_variables(engine, instance, n=2)

    assert at(engine) == ["a", "x0", "x1"]


def test_a_condition_does_not_see_variables_of_a_called_instance(engine):
    deploy(engine, sequence(start("cs"), user("work")), key="called")
    event = boundary("b", "call", condition("${n == 1}"))
    engine.start(deploy(engine, sequence(start(), call("call", "called"), end()), event))

    complete(engine, "work", n=1)

    assert engine.visits()[-1] == "e"
    assert "b" not in engine.visits()


@pytest.mark.parametrize(
    ("text", "variables", "starts"),
    [
        pytest.param("${n > 1}", {"n": 2}, True, id="holds"),
        pytest.param("${n > 1}", {"n": 1}, False, id="does not"),
        pytest.param("${n > 1}", {}, False, id="unknown"),
        pytest.param("${true}", {}, True, id="always"),
    ],
)
def test_a_condition_starts_instances_of_a_process(engine, text, variables, starts):
    graph = deploy(engine, sequence(start("s", condition(text)), task("a")))

    found = engine.command(lambda run, _: conditions.starts(run, graph, typed(variables)))

    assert [a.id for a in found] == (["s"] if starts else [])


@pytest.mark.parametrize("named", [True, False])
def test_a_condition_that_names_a_variable_starts_only_with_it(engine, named):
    definition = condition("${n == 1}", camunda_variableName="m")
    graph = deploy(engine, sequence(start("s", definition), task("a")))
    variables = typed({"n": 1, "m": 2} if named else {"n": 1})

    found = engine.command(lambda run, _: conditions.starts(run, graph, variables))

    assert bool(found) is named


def test_a_condition_of_a_start_event_must_be_a_boolean(engine):
    graph = deploy(engine, sequence(start("s", condition("${n}")), task("a")))

    with pytest.raises(EngineError, match="returns non-Boolean"):
        engine.command(lambda run, _: conditions.starts(run, graph, typed({"n": 1})))


def test_outputs_that_make_a_condition_hold_take_the_token_away_before_the_next_activity(engine):
    mapped = parameters(outputs={"n": "${1}"})
    contents = sequence(start(), task("a", inner=mapped), task("next"))
    contents += event_subprocess("aside", condition("${n == 1}"), task("handle"))
    engine.start(deploy(engine, contents), n=0)

    complete(engine, "a")

    assert at(engine) == ["handle"]
    assert "next" not in [v.split(" ")[0] for v in engine.visits()]
    assert local(engine, "handle") == {}
