"""Compensation of scopes, of repeated activities and of transactions: order and remains."""

import pytest

from app.engine import state
from app.engine.history.history_records import HistoricActivityInstance, HistoricVariableInstance
from app.errors import EngineError
from tests.engine.commands import told, visit
from tests.models import flow, flows, process, task

MESSAGE = '<message id="go" name="go"/>'
TWICE = (
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)


def undone(name):
    """A task with its compensation handler."""
    return (
        task(name)
        + f'<boundaryEvent id="of_{name}" attachedToRef="{name}"><compensateEventDefinition/>'
        "</boundaryEvent>"
        + task(f"undo_{name}", isForCompensation="true")
        + f'<association id="link_{name}" sourceRef="of_{name}" targetRef="undo_{name}"/>'
    )


def subprocess(name, contents, first, **attributes):
    extra = "".join(f' {k}="{v}"' for k, v in attributes.items())
    start = f'<startEvent id="start_{name}"/>' + flows(f"start_{name}", first)
    return f'<subProcess id="{name}"{extra}>{contents}{start}</subProcess>'


THROW = '<endEvent id="throw"><compensateEventDefinition/></endEvent>'


def deploy(engine, contents, first):
    xml = process(f'<startEvent id="s"/>{contents}' + flows("s", first))
    return engine.deploy(xml.replace("<process ", f"{MESSAGE}<process ", 1))


def complete(engine, name):
    engine.complete(engine.tasks(name)[0])


def waiting(engine):
    return [t.activity_id for t in engine.tasks()]


def test_what_has_completed_last_is_undone_first(engine):
    contents = undone("a") + undone("b") + THROW + flows("a", "b", "throw")
    engine.start(deploy(engine, contents, "a"))
    complete(engine, "a")

    complete(engine, "b")

    assert waiting(engine) == ["undo_b", "undo_a"]


def test_compensation_reaches_into_scopes_inside_of_scopes(engine):
    inner = subprocess("inner", undone("a"), "a")
    contents = subprocess("outer", inner, "inner") + task("t") + THROW
    engine.start(deploy(engine, contents + flows("outer", "t", "throw"), "outer"))
    complete(engine, "a")

    complete(engine, "t")
    complete(engine, "undo_a")

    assert engine.is_empty()
    assert engine.visits()[-2:] == ["throw", "undo_a"]  # inside the old visits of the scopes


def test_every_instance_of_a_multi_instance_subprocess_is_undone(engine):
    contents = subprocess("sub", TWICE + undone("a"), "a") + task("t") + THROW
    engine.start(deploy(engine, contents + flows("sub", "t", "throw"), "sub"))
    complete(engine, "a")
    complete(engine, "a")

    complete(engine, "t")
    assert waiting(engine) == ["undo_a", "undo_a"]

    complete(engine, "undo_a")
    complete(engine, "undo_a")
    assert engine.is_empty()


def test_an_event_subprocess_that_undoes_its_scope_sees_its_variables_and_its_handlers(engine):
    aside = (
        '<subProcess id="aside" triggeredByEvent="true"><startEvent id="event">'
        "<compensateEventDefinition/></startEvent>"
        '<serviceTask id="read" camunda:expression="${mine}" camunda:resultVariable="seen"/>'
        '<intermediateThrowEvent id="again"><compensateEventDefinition/></intermediateThrowEvent>'
        + flows("event", "read", "again")
        + "</subProcess>"
    )
    inputs = (
        '<extensionElements><camunda:inputOutput><camunda:inputParameter name="mine">7'
        "</camunda:inputParameter></camunda:inputOutput></extensionElements>"
    )
    contents = subprocess("sub", inputs + undone("a") + aside, "a") + task("t") + THROW
    engine.start(deploy(engine, contents + flows("sub", "t", "throw"), "sub"))
    complete(engine, "a")

    complete(engine, "t")

    assert waiting(engine) == ["undo_a"]
    assert engine.variables()["seen"] == "7"
    complete(engine, "undo_a")
    assert engine.is_empty()


def test_an_event_that_interrupts_a_scope_leaves_its_compensation(engine):
    aside = (
        '<subProcess id="aside" triggeredByEvent="true"><startEvent id="event">'
        '<messageEventDefinition messageRef="go"/></startEvent>'
        '<endEvent id="throw"><compensateEventDefinition/></endEvent>'
        + flows("event", "throw")
        + "</subProcess>"
    )
    contents = subprocess("sub", undone("a"), "a") + task("t") + aside
    engine.start(deploy(engine, contents + flows("sub", "t"), "sub"))
    complete(engine, "a")

    engine.send("go")

    assert waiting(engine) == ["undo_a"]
    complete(engine, "undo_a")
    assert engine.is_empty()


def test_a_transaction_that_is_canceled_stops_before_it_is_undone(engine):
    contents = (
        '<transaction id="tx"><startEvent id="i"/><parallelGateway id="fork"/>'
        + undone("a")
        + task("beside")
        + '<endEvent id="cancel"><cancelEventDefinition/></endEvent>'
        + flows("i", "fork", "a", "cancel")
        + flow("fork", "beside")
        + '</transaction><boundaryEvent id="canceled" attachedToRef="tx"><cancelEventDefinition/>'
        "</boundaryEvent>"
        '<boundaryEvent id="late" attachedToRef="tx"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
        + task("after")
        + flows("canceled", "after")
    )
    engine.start(deploy(engine, contents, "tx"))

    complete(engine, "a")
    assert waiting(engine) == ["undo_a"]
    assert not engine.rows[state.Job]

    complete(engine, "undo_a")
    assert waiting(engine) == ["after"]


def test_a_transaction_without_a_cancel_event_cannot_be_canceled(engine):
    contents = (
        '<transaction id="tx"><startEvent id="i"/>'
        '<endEvent id="cancel"><cancelEventDefinition/></endEvent>'
        + flows("i", "cancel")
        + "</transaction>"
    )

    with pytest.raises(EngineError, match="Could not find cancel boundary event for cancel end"):
        engine.start(deploy(engine, contents, "tx"))


def test_the_cancel_event_of_a_multi_instance_transaction_takes_all_its_instances(engine):
    contents = (
        f'<transaction id="tx">{TWICE}<startEvent id="i"/>'
        + undone("a")
        + '<endEvent id="cancel"><cancelEventDefinition/></endEvent>'
        + flows("i", "a", "cancel")
        + '</transaction><boundaryEvent id="canceled" attachedToRef="tx"><cancelEventDefinition/>'
        "</boundaryEvent>" + task("after") + flows("canceled", "after")
    )
    engine.start(deploy(engine, contents, "tx"))

    complete(engine, "a")
    complete(engine, "undo_a")

    assert waiting(engine) == ["after"]


def test_what_a_handler_itself_leaves_to_compensate_goes_with_it(engine):
    handler = subprocess("undo", undone("inner"), "inner", isForCompensation="true")
    contents = (
        task("a")
        + '<boundaryEvent id="of_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        + handler
        + '<association id="link" sourceRef="of_a" targetRef="undo"/>'
        '<intermediateThrowEvent id="throw"><compensateEventDefinition/></intermediateThrowEvent>'
        + task("after")
        + flows("a", "throw", "after")
    )
    engine.start(deploy(engine, contents, "a"))
    complete(engine, "a")

    complete(engine, "inner")

    assert waiting(engine) == ["after"]
    assert not any(e.is_event_scope for e in engine.rows[state.Execution].values())


@pytest.mark.parametrize("sequential", ["true", "false"])
@pytest.mark.parametrize("by_reference", [True, False])
def test_each_instance_of_a_multi_instance_activity_is_undone(engine, sequential, by_reference):
    twice = TWICE.replace("Characteristics>", f'Characteristics isSequential="{sequential}">', 1)
    inside = undone("a").replace("</serviceTask>", f"{twice}</serviceTask>", 1)
    end = THROW
    if by_reference:
        end = end.replace("Definition/", 'Definition activityRef="a"/')
    engine.start(deploy(engine, inside + end + flows("a", "throw"), "a"))
    complete(engine, "a")

    complete(engine, "a")

    assert waiting(engine) == ["undo_a", "undo_a"]
    complete(engine, "undo_a")
    complete(engine, "undo_a")
    assert engine.is_empty()


def test_a_handler_runs_once_for_what_it_undoes_whatever_its_loop(engine):
    content = undone("a").replace("</serviceTask>", f"{TWICE}</serviceTask>")
    content = content.replace(f"{TWICE}</serviceTask>", "</serviceTask>", 1)
    engine.start(deploy(engine, content + THROW + flows("a", "throw"), "a"))

    complete(engine, "a")

    assert waiting(engine) == ["undo_a"]


def test_handlers_that_do_not_wait_all_run(engine):
    def handler(name):
        expression = "${execution.setVariable('log', log.concat('" + name + "'))}"
        return (
            f'<task id="{name}"/><boundaryEvent id="of_{name}" attachedToRef="{name}">'
            f'<compensateEventDefinition/></boundaryEvent><serviceTask id="undo_{name}"'
            f' isForCompensation="true" camunda:expression="{expression}"/>'
            f'<association id="link_{name}" sourceRef="of_{name}" targetRef="undo_{name}"/>'
        )

    throw = (
        '<intermediateThrowEvent id="throw"><compensateEventDefinition/></intermediateThrowEvent>'
    )
    content = handler("a") + handler("b") + throw + task("after")

    engine.start(deploy(engine, content + flows("a", "b", "throw", "after"), "a"), log="")

    assert sorted(engine.variables()["log"]) == ["a", "b"]
    assert waiting(engine) == ["after"]


def test_a_scope_is_undone_by_as_few_executions_as_it_needs(engine):
    contents = subprocess("sub", undone("a"), "a") + task("t") + THROW + flows("sub", "t", "throw")
    engine.start(deploy(engine, contents, "sub"))
    complete(engine, "a")
    complete(engine, "t")

    # the instance, the throwing event, what was kept, and the handler with its token
    assert len(engine.rows[state.Execution]) == 5
    complete(engine, "undo_a")

    assert engine.is_empty()


def test_the_handlers_of_two_scopes_end_in_any_order(engine):
    nested = subprocess("inner", undone("a") + undone("b") + flows("a", "b"), "a")
    contents = subprocess("outer", nested, "inner") + undone("c") + THROW
    engine.start(deploy(engine, contents + flows("outer", "c", "throw"), "outer"))
    for name in ("a", "b", "c", "undo_b", "undo_c", "undo_a"):
        complete(engine, name)

    assert engine.is_empty()


def test_a_repeated_handler_runs_once_below_the_event_that_throws(engine):
    handler = f'<userTask id="undo" isForCompensation="true">{TWICE}</userTask>'
    contents = (
        task("a")
        + '<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        + handler
        + '<association id="l" sourceRef="b" targetRef="undo"/>'
        + THROW
        + flows("a", "throw")
    )
    engine.start(deploy(engine, contents, "a"))

    complete(engine, "a")

    assert len(engine.rows[state.Task]) == 1
    visits = {r.activity_id: r for r in engine.history.values() if hasattr(r, "activity_type")}
    assert visits["undo"].parent_activity_instance_id == visits["throw"].id


@pytest.mark.parametrize("name", [None, "sub"])
def test_a_scope_with_a_handler_is_undone_by_it_and_in_general_from_inside_too(engine, name):
    border = (
        '<boundaryEvent id="of_sub" attachedToRef="sub"><compensateEventDefinition/>'
        "</boundaryEvent>"
        + task("undo_sub", isForCompensation="true")
        + '<association id="link_sub" sourceRef="of_sub" targetRef="undo_sub"/>'
    )
    throw = THROW if name is None else THROW.replace("/></end", f' activityRef="{name}"/></end')
    contents = subprocess("sub", undone("a"), "a") + border + task("t") + throw
    engine.start(deploy(engine, contents + flows("sub", "t", "throw"), "sub"))
    complete(engine, "a")

    complete(engine, "t")

    inside = ["undo_a"] if name is None else []
    assert sorted(waiting(engine)) == [*inside, "undo_sub"]
    for undoing in waiting(engine):
        complete(engine, undoing)
    assert engine.is_empty()


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside another token"])
def test_the_history_of_what_is_kept_says_where_it_is(engine, beside):
    """At the activity where the scope around counts as being; set by an instance of its own."""
    mapped = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="mine">1</camunda:inputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    inner = subprocess("inner", mapped + undone("t"), "t")
    fork = '<parallelGateway id="fork"/>' + flow("fork", "inner") + flow("fork", "w") + task("w")
    contents = inner + flow("inner", "after") + task("after") + fork * beside
    outer = subprocess("outer", contents, "fork" if beside else "inner")
    engine.start(deploy(engine, outer, "outer"))

    complete(engine, "t")

    kept = {e.id for e in engine.rows[state.Execution].values() if e.is_event_scope}
    (copy,) = (v for v in told(engine, HistoricVariableInstance) if v.execution_id in kept)
    ids = {a.activity_id: a.id for a in told(engine, HistoricActivityInstance)}
    assert copy.activity_instance_id == ids["outer" if beside else "inner"]
    assert copy.detail_activity_instance_id.startswith("inner:")
    assert copy.detail_activity_instance_id not in ids.values()


@pytest.mark.parametrize(
    ("named", "undone_by"),
    [
        pytest.param("", ["undo_c", "undo_b", "undo_a"], id="everything"),
        pytest.param("c", ["undo_c"], id="inside the event sub-process"),
        pytest.param("a", ["undo_a"], id="around it"),
    ],
)
def test_an_event_subprocess_undoes_what_completed_in_it_and_around_it(engine, named, undone_by):
    reference = f' activityRef="{named}"' * bool(named)
    throw = THROW.replace(
        "<compensateEventDefinition/>", f"<compensateEventDefinition{reference}/>"
    )
    caught = (
        '<subProcess id="es" triggeredByEvent="true"><startEvent id="start_es">'
        '<messageEventDefinition messageRef="go"/></startEvent>'
        f"{undone('c')}{throw}{flows('start_es', 'c', 'throw')}</subProcess>"
    )
    contents = undone("a") + undone("b") + task("last") + flows("a", "b", "last") + caught
    engine.start(deploy(engine, subprocess("outer", contents, "a"), "outer"))
    complete(engine, "a")
    complete(engine, "b")
    engine.send("go")

    complete(engine, "c")

    assert waiting(engine) == undone_by
    outer, es = (visit(engine, name).id for name in ("outer", "es"))
    inside = {name: visit(engine, name).parent_activity_instance_id for name in undone_by}
    assert inside == {name: es if name == "undo_c" else outer for name in undone_by}
