"""Call activities: what goes in and out, and what becomes of the called when the caller goes."""

import pytest

from app.engine import state
from app.engine.execution import starting
from app.engine.state.values import TypedValue
from app.errors import EngineError
from tests.engine.commands import (
    advance,
    at,
    complete,
    delete,
    fail_task,
    incidents,
    instance_of,
    throw_error,
    visit,
)
from tests.engine.elements import (
    TERMINATE,
    boundary,
    call,
    computed,
    end,
    error,
    escalation,
    event_subprocess,
    gateway,
    message,
    model,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    throw,
    timer,
)
from tests.models import flow


def deploy(engine, *mappings, called=None, inner="", more=""):
    """A caller with a task behind the call, and what it calls."""
    inside = called or sequence(start("cs"), task("work"), end("ce"))
    engine.deploy(model(inside, key="called"))
    calling = call("call", "called", *mappings, inner=inner)
    return engine.deploy(model(sequence(start(), calling, task("after"), end()), more))


def called_instance(engine):
    (found,) = (
        e for e in engine.rows[state.Execution].values() if e.super_execution_id is not None
    )
    return found


def variables_in(engine, key):
    """The variables of all instances of a process."""
    ids = {e.id for e in engine.rows[state.Execution].values() if e.process_definition_key == key}
    return {
        v.name: v.text_value if v.type == "String" else v.long_value
        for v in engine.rows[state.Variable].values()
        if v.execution_id in ids
    }


def test_the_caller_waits_for_the_end_of_what_it_calls(engine):
    instance = engine.start(deploy(engine))
    called = called_instance(engine)
    assert at(engine) == ["call", "work"]
    assert called.root_process_instance_id == instance
    assert visit(engine, "call").called_process_instance_id == called.id

    complete(engine, "work")

    assert at(engine) == ["after"]
    assert engine.instances() == {instance: "ACTIVE", called.id: "COMPLETED"}
    assert instance_of(engine, called.id).super_process_instance_id == instance


def test_nothing_passes_unless_it_is_mapped(engine):
    graph = deploy(engine)
    engine.command(
        lambda run, _: start_with_key(run, graph, {"secret": TypedValue("String", "x")}, "order 1")
    )

    assert variables_in(engine, "called") == {}
    assert called_instance(engine).business_key is None
    complete(engine, "work", result=1)
    assert variables_in(engine, "p") == {"secret": "x"}


def start_with_key(run, graph, variables, business_key):
    starting.start(run, graph, variables, business_key=business_key)


@pytest.mark.parametrize(
    ("mappings", "expected"),
    [
        pytest.param(['in source="a" target="x"'], {"x": 1}, id="source"),
        pytest.param(['in source="gone" target="x"'], {"x": None}, id="missing source is null"),
        pytest.param(['in sourceExpression="${a + b}" target="x"'], {"x": 3}, id="expression"),
        pytest.param(['in variables="all"'], {"a": 1, "b": 2}, id="all"),
        pytest.param(
            ['in variables="all"', 'in sourceExpression="${9}" target="a"'],
            {"a": 9, "b": 2},
            id="a later mapping overwrites what all has brought",
        ),
        pytest.param(
            ['in source="a" target="x"', 'in source="b" target="x"'], {"x": 2}, id="the last wins"
        ),
        pytest.param(['in variables="all" local="true"'], {}, id="local: of the call alone"),
        pytest.param(['in source="a" target="x" local="true"'], {"x": None}, id="local source"),
    ],
)
def test_what_is_mapped_goes_in(engine, mappings, expected):
    engine.start(deploy(engine, *mappings), a=1, b=2)

    assert variables_in(engine, "called") == expected


def test_inputs_of_the_call_are_seen_by_its_mappings(engine):
    inputs = parameters({"mine": "${a * 10}"}, mappings=['in source="mine" target="x"'])

    engine.start(deploy(engine, inner=inputs), a=4)

    assert variables_in(engine, "called") == {"x": 40}


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        pytest.param('in businessKey="#{execution.processBusinessKey}"', "order 1", id="handed on"),
        pytest.param('in businessKey="fixed"', "fixed", id="literal"),
        pytest.param('in businessKey="${null}"', None, id="null"),
    ],
)
def test_a_business_key_passes_when_it_is_mapped(engine, mapping, key):
    graph = deploy(engine, mapping)

    engine.command(lambda run, _: start_with_key(run, graph, {}, "order 1"))

    assert called_instance(engine).business_key == key


@pytest.mark.parametrize(
    ("mappings", "expected"),
    [
        pytest.param(['out source="r" target="x"'], {"x": 5}, id="source"),
        pytest.param(['out source="gone" target="x"'], {"x": None}, id="missing source is null"),
        pytest.param(['out sourceExpression="${r * 2}" target="x"'], {"x": 10}, id="expression"),
        pytest.param(['out variables="all"'], {"r": 5, "t": 6}, id="all"),
        pytest.param(
            ['out source="r" target="x"', 'out source="t" target="x"'], {"x": 6}, id="the last wins"
        ),
    ],
)
def test_what_is_mapped_comes_out_at_the_end(engine, mappings, expected):
    engine.start(deploy(engine, *mappings))

    complete(engine, "work", r=5, t=6)

    assert engine.variables() == expected


def test_a_local_out_mapping_ends_with_the_call(engine):
    engine.start(deploy(engine, 'out source="r" target="x" local="true"'))

    complete(engine, "work", r=5)

    assert engine.variables() == {}


def test_what_never_waits_comes_back_in_the_same_transaction(engine):
    inside = sequence(start("cs"), computed("c", "${a + 1}", "b"), end("ce"))

    engine.start(
        deploy(engine, 'in source="a" target="a"', 'out source="b" target="result"', called=inside),
        a=1,
    )

    assert at(engine) == ["after"]
    assert engine.variables() == {"a": 1, "result": 2}


@pytest.mark.parametrize(
    "happen",
    [
        pytest.param(lambda engine: engine.send("go"), id="message"),
        pytest.param(lambda engine: advance(engine, hours=1), id="timer"),
    ],
)
def test_an_event_at_the_border_ends_the_called_instance(engine, happen):
    more = (
        boundary("asked", "call", message("go"))
        + boundary("late", "call", timer("PT1H"))
        + task("rescue")
        + flow("asked", "rescue")
        + flow("late", "rescue")
    )
    instance = engine.start(deploy(engine, more=more))
    called = called_instance(engine).id

    happen(engine)

    assert at(engine) == ["rescue"]
    assert engine.instances() == {instance: "ACTIVE", called: "INTERNALLY_TERMINATED"}
    assert {"work (canceled)", "call (canceled)"} <= set(engine.visits())


def test_an_error_in_the_called_instance_is_caught_at_the_call(engine):
    more = boundary("b", "call", error("E", camunda_errorCodeVariable="code"))
    more += task("handle") + flow("b", "handle")
    engine.start(deploy(engine, 'out source="r" target="x"', more=more))

    throw_error(engine, "work", "E")

    assert at(engine) == ["handle"]
    assert engine.variables() == {"code": "E", "x": None}  # outs run on the way (semantics 2.8)


def test_an_error_that_nobody_catches_lets_the_called_instance_return(engine):
    instance = engine.start(deploy(engine))
    called = called_instance(engine).id

    throw_error(engine, "work", "E")

    assert at(engine) == ["after"]
    assert engine.instances() == {instance: "ACTIVE", called: "COMPLETED"}


def test_an_error_is_caught_by_an_event_subprocess_around_the_call(engine):
    aside = event_subprocess("aside", error("E"), task("handle"))
    engine.start(deploy(engine, more=aside))

    throw_error(engine, "work", "E")

    assert at(engine) == ["handle"]


def test_an_escalation_of_the_called_instance_starts_something_besides_the_call(engine):
    inside = sequence(start("cs"), throw("up", escalation("L")), task("work"), end("ce"))
    more = boundary("b", "call", escalation("L"), interrupts=False) + task("beside")
    engine.start(deploy(engine, called=inside, more=more + flow("b", "beside")))

    assert at(engine) == ["beside", "call", "work"]


def test_a_terminate_end_event_ends_the_called_instance_and_not_the_caller(engine):
    inside = (
        sequence(start("cs"), gateway("parallel", "f"), task("work"), end("stop", TERMINATE))
        + task("other")
        + flow("f", "other")
    )
    engine.start(deploy(engine, called=inside))

    complete(engine, "work")

    assert at(engine) == ["after"]


def test_deleting_the_caller_deletes_what_it_has_called(engine):
    instance = engine.start(deploy(engine))
    called = called_instance(engine).id

    delete(engine, instance, "enough")

    assert engine.is_empty()
    assert set(engine.instances().values()) == {"EXTERNALLY_TERMINATED"}
    assert instance_of(engine, called).delete_reason == "enough"


def test_called_instances_go_on_by_themselves_where_that_is_asked_for(engine):
    instance = engine.start(deploy(engine))
    called = called_instance(engine).id

    delete(engine, instance, skips_subprocesses=True)

    assert at(engine) == ["work"]
    assert engine.rows[state.Execution][called].root_process_instance_id == called
    complete(engine, "work")
    assert engine.is_empty()
    assert engine.instances()[called] == "COMPLETED"


def test_deleting_the_called_cancels_the_call_and_the_caller_that_did_nothing_else(engine):
    engine.start(deploy(engine))

    delete(engine, called_instance(engine).id)

    assert engine.is_empty()
    assert "call (canceled)" in engine.visits()
    assert set(engine.instances().values()) == {"EXTERNALLY_TERMINATED"}


def test_deleting_the_called_leaves_a_caller_that_does_something_else(engine):
    engine.deploy(model(sequence(start("cs"), task("work"), end("ce")), key="called"))
    caller = (
        sequence(start(), gateway("parallel", "fork"), call("call", "called"))
        + task("beside")
        + flow("fork", "beside")
    )
    instance = engine.start(engine.deploy(model(caller)))

    delete(engine, called_instance(engine).id)

    assert at(engine) == ["beside"]
    assert engine.instances()[instance] == "ACTIVE"


def test_an_incident_of_the_called_is_one_of_each_caller(engine):
    engine.deploy(model(sequence(start("ds"), task("work")), key="deep"))
    engine.deploy(model(sequence(start("cs"), call("inner", "deep")), key="called"))
    engine.start(engine.deploy(model(sequence(start(), call("call", "called"), task("after")))))

    fail_task(engine, engine.tasks("work")[0], 0)

    found = list(engine.rows[state.Incident].values())
    assert [i.activity_id for i in found] == ["work", "inner", "call"]
    assert [i.cause_incident_id for i in found] == [found[0].id, found[0].id, found[1].id]
    assert {i.root_cause_incident_id for i in found} == {found[0].id}
    assert [i.incident_message for i in found] == ["broken", None, None]
    complete(engine, "work")
    assert not engine.rows[state.Incident]
    assert incidents(engine) == [("work", "resolved"), ("inner", "resolved"), ("call", "resolved")]


def test_a_chain_of_calls_comes_back_step_by_step(engine):
    engine.deploy(model(sequence(start("s0"), task("work")), key="c0"))
    for level in range(1, 6):
        calling = call(f"call{level}", f"c{level - 1}")
        graph = engine.deploy(model(sequence(start(f"s{level}"), calling), key=f"c{level}"))
    instance = engine.start(graph)
    roots = {e.root_process_instance_id for e in engine.rows[state.Execution].values()}

    complete(engine, "work")

    assert roots == {instance}
    assert engine.is_empty()
    assert list(engine.instances().values()) == ["COMPLETED"] * 6


def test_a_process_that_is_not_deployed_undoes_the_command_that_calls_it(engine):
    engine.start(
        engine.deploy(model(sequence(start(), task("before"), call("call", "${name}"), end())))
    )

    with pytest.raises(EngineError, match="no processes deployed with key 'nowhere'"):
        complete(engine, "before", name="nowhere")

    assert at(engine) == ["before"]
    assert engine.variables() == {}


def test_a_case_cannot_be_called(engine):
    activity = '<callActivity id="call" camunda:caseRef="case"/>'
    graph = engine.deploy(model(sequence(start(), activity)))

    with pytest.raises(EngineError, match="case"):
        engine.start(graph)


def test_a_process_without_a_none_start_event_cannot_be_called(engine):
    only_by_message = sequence(start("cs", message("go")), task("work"))
    only_by_message += start("other", message("other")) + flow("other", "work")
    graph = deploy(engine, called=only_by_message)

    with pytest.raises(EngineError, match="no default start activity"):
        engine.start(graph)


def test_a_call_inside_a_subprocess_is_ended_with_it(engine):
    engine.deploy(model(sequence(start("cs"), task("work"), end("ce")), key="called"))
    inner = sequence(start("i"), call("call", "called"), end("ie"))
    late = boundary("late", "sub", timer("PT1H")) + task("rescue") + flow("late", "rescue")
    engine.start(
        engine.deploy(model(sequence(start(), subprocess("sub", inner), task("after")), late))
    )

    advance(engine, hours=1)

    assert at(engine) == ["rescue"]
    assert {"call (canceled)", "sub (canceled)", "work (canceled)"} <= set(engine.visits())
