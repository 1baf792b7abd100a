"""Input and output parameters: when they are evaluated, what they see, where they go."""

import pytest

from app.engine.execution.options import RunOptions
from app.engine.history.history_records import HistoricVariableInstance
from app.errors import EngineError
from tests.engine.commands import advance, at, complete, delete, local, throw_error, variables_of
from tests.engine.elements import (
    TERMINATE,
    boundary,
    element,
    end,
    error,
    extensions,
    gateway,
    model,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow

ACTIVITIES = [
    pytest.param(lambda inner: task("a", inner=inner), id="external task"),
    pytest.param(lambda inner: user("a", inner), id="user task"),
    pytest.param(
        lambda inner: element("receiveTask", "a", inner, messageRef="m.go"), id="receive task"
    ),
    pytest.param(
        lambda inner: subprocess("a", inner, sequence(start("i"), user("x"))), id="sub-process"
    ),
]


def deploy(engine, activity, *more):
    return engine.deploy(model(sequence(start(), activity, task("after"), end()), *more))


@pytest.mark.parametrize("made", ACTIVITIES)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", "plain", id="a text"),
        pytest.param("", None, id="nothing is null"),
        pytest.param("${n}", 4, id="an expression keeps the type"),
        pytest.param("${n + 1}", 5, id="arithmetic"),
        pytest.param("n=${n}", "n=4", id="a text around makes a text"),
        pytest.param(" ${n} ", 4, id="blanks around make none"),
        pytest.param(
            "<camunda:list><camunda:value>a</camunda:value><camunda:value>${n}</camunda:value>"
            "</camunda:list>",
            ["a", 4],
            id="a list",
        ),
        pytest.param(
            '<camunda:map><camunda:entry key="k">${n}</camunda:entry></camunda:map>',
            {"k": 4},
            id="a map",
        ),
    ],
)
def test_an_input_is_local_to_its_activity(engine, made, text, expected):
    instance = engine.start(deploy(engine, made(parameters({"given": text}))), n=4)

    assert local(engine, "a") == {"given": expected}
    assert variables_of(engine, instance) == {"n": 4}


def test_an_input_does_not_see_one_before_it(engine):
    graph = deploy(engine, task("a", inner=parameters({"x": "mine", "y": "${x}"})))

    engine.start(graph, x="outer")
    assert local(engine, "a") == {"x": "mine", "y": "outer"}

    with pytest.raises(EngineError, match="Cannot resolve identifier 'x'"):
        engine.start(graph)


def test_an_output_sees_one_before_it(engine):
    mapped = parameters(outputs={"x": "${n + 1}", "y": "${x + 1}"})
    engine.start(deploy(engine, task("a", inner=mapped)), n=1)

    complete(engine, "a")

    assert engine.variables() == {"n": 1, "x": 2, "y": 3}


def test_an_output_goes_to_the_nearest_scope_around_that_has_the_name(engine):
    inner = task("a", inner=parameters({"n": "task"}, {"n": "out", "m": "out"}))
    scope = subprocess("sub", parameters({"n": "sub"}), sequence(start("i"), inner, user("x")))
    instance = engine.start(deploy(engine, scope))

    complete(engine, "a")

    assert local(engine, "sub") == {"n": "out"}
    assert variables_of(engine, instance) == {"m": "out"}


def test_an_input_that_fails_undoes_the_command_before(engine):
    inner = parameters({"x": "${unknown}"})
    engine.start(
        engine.deploy(model(sequence(start(), task("before"), task("a", inner=inner), end())))
    )

    with pytest.raises(EngineError, match="Cannot resolve identifier 'unknown'"):
        complete(engine, "before", n=1)

    assert at(engine) == ["before"]
    assert engine.variables() == {}


OUTPUT = parameters(outputs={"left": "${1}"})
BROKEN = parameters(outputs={"left": "${unknown}"})
WAYS = [
    pytest.param(lambda engine, _: complete(engine, "a"), id="completed"),
    pytest.param(lambda engine, _: throw_error(engine, "a", "E"), id="an error"),
    pytest.param(lambda engine, _: throw_error(engine, "a", "F"), id="an uncaught error"),
    pytest.param(lambda engine, _: advance(engine, hours=1), id="interrupted"),
    pytest.param(lambda engine, _: complete(engine, "stops"), id="terminated"),
    pytest.param(lambda engine, instance: delete(engine, instance), id="deleted"),
]


def leaving(mapped):
    """A sub-process in which a task may be left in every way."""
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), task("a", inner=mapped), end("ae"))
        + sequence(task("stops"), end("stop", TERMINATE))
        + flow("fork", "stops")
        + boundary("caught", "a", error("E"))
        + boundary("late", "a", timer("PT1H"))
    )
    return model(sequence(start(), subprocess("sub", inner), user("after")))


@pytest.mark.parametrize("leave", WAYS)
def test_outputs_are_mapped_however_an_activity_is_left(engine, leave):
    instance = engine.start(engine.deploy(leaving(OUTPUT)))

    leave(engine, instance)

    (found,) = (v for v in engine.history.values() if isinstance(v, HistoricVariableInstance))
    assert (found.name, found.execution_id) == ("left", instance)


@pytest.mark.parametrize("leave", WAYS)
def test_an_output_that_fails_undoes_whatever_leaves_the_activity(engine, leave):
    instance = engine.start(engine.deploy(leaving(BROKEN)))

    with pytest.raises(EngineError):
        leave(engine, instance)

    assert at(engine) == ["a", "stops"]
    assert engine.instances() == {instance: "ACTIVE"}


def test_a_deletion_may_leave_mappings_out(engine):
    instance = engine.start(engine.deploy(leaving(BROKEN)))

    delete(engine, instance, options=RunOptions(skips_mappings=True))

    assert engine.is_empty()


def test_parameters_in_a_loop_are_evaluated_anew(engine):
    counted = parameters({"mine": "${n}"}, {"n": "${mine + 1}"})
    contents = (
        start()
        + gateway("exclusive", "again")
        + task("a", inner=counted)
        + gateway("exclusive", "more", default="more_e")
        + end()
        + flow("s", "again")
        + flow("again", "a")
        + flow("a", "more")
        + flow("more", "again", "${n < 3}")
        + flow("more", "e")
    )
    instance = engine.start(engine.deploy(model(contents)), n=0)
    seen = []

    while engine.tasks("a"):
        seen.append(local(engine, "a")["mine"])
        complete(engine, "a")

    assert seen == [0, 1, 2]
    assert engine.instances() == {instance: "COMPLETED"}


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(["${null}"], id="null"),
        pytest.param(["a", "${1}"], id="of two classes"),
        pytest.param(["${n}", "${n + 1}"], id="Integer and Long"),
    ],
)
def test_keys_of_a_map_that_java_could_not_sort_are_refused(engine, keys):
    entries = "".join(f'<camunda:entry key="{key}">x</camunda:entry>' for key in keys)
    graph = deploy(
        engine, task("a", inner=parameters({"m": f"<camunda:map>{entries}</camunda:map>"}))
    )

    with pytest.raises(EngineError, match="keys of a map cannot be compared"):
        engine.start(graph, n=1)


def test_extensions_that_are_no_parameters_map_nothing(engine):
    properties = '<camunda:properties><camunda:property name="p" value="v"/></camunda:properties>'

    engine.start(deploy(engine, task("a", inner=extensions(properties))))

    assert engine.variables() == {}
