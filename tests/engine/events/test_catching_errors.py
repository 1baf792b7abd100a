"""The handlers of errors and escalations, and the variables that they get (semantics 2.10)."""

import pytest

from app.engine import state
from tests.engine.commands import at, complete, escalate, task_log, throw_error, visit
from tests.engine.elements import (
    boundary,
    call,
    computed,
    end,
    error,
    escalation,
    event_subprocess,
    gateway,
    model,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    throw,
    user,
)
from tests.models import flow, flows


def at_border(name, host, definition, **how):
    """An event at a border, with a task of its name and ``handle_`` behind it."""
    return (
        boundary(name, host, definition, **how)
        + task(f"handle_{name}")
        + flow(name, f"handle_{name}")
    )


def aside(name, definition, **how):
    """An event sub-process with a task of its name and ``handle_`` inside."""
    return event_subprocess(name, definition, task(f"handle_{name}"), begin=f"start_{name}", **how)


WORKERS = [
    pytest.param(task, id="external task"),
    pytest.param(user, id="user task"),
]


@pytest.mark.parametrize("made", WORKERS)
@pytest.mark.parametrize(
    ("handlers", "catches"),
    [
        pytest.param({"exact": "E"}, "exact", id="its code"),
        pytest.param({"other": "F"}, None, id="another code"),
        pytest.param({"any": None}, "any", id="no code catches all"),
        pytest.param({"any": None, "exact": "E"}, "exact", id="a code before none"),
        pytest.param({"exact": "E", "any": None}, "exact", id="whatever the order"),
        pytest.param({"other": "F", "any": None}, "any", id="none before another code"),
        pytest.param({"first": "E", "second": "E"}, "first", id="the first of two alike"),
    ],
)
def test_the_most_exact_event_at_the_border_catches(engine, made, handlers, catches):
    events = "".join(at_border(name, "a", error(code)) for name, code in handlers.items())
    engine.start(engine.deploy(model(sequence(start(), made("a"), end()), events)))

    throw_error(engine, "a", "E")

    assert at(engine) == ([] if catches is None else [f"handle_{catches}"])


@pytest.mark.parametrize(
    ("inside", "border", "catches"),
    [
        pytest.param("E", "E", "in", id="both exact"),
        pytest.param(None, "E", "in", id="a catch-all inside beats the exact one at the border"),
        pytest.param("F", "E", "out", id="only the border fits"),
        pytest.param("F", None, "out", id="only the border's catch-all fits"),
    ],
)
def test_an_event_subprocess_comes_before_the_border_of_its_scope(engine, inside, border, catches):
    sub = subprocess("sub", sequence(start("i"), task("a")), aside("in", error(inside)))
    engine.start(
        engine.deploy(model(sequence(start(), sub, end()), at_border("out", "sub", error(border))))
    )

    throw_error(engine, "a", "E")

    assert at(engine) == [f"handle_{catches}"]


def test_the_nearest_scope_that_catches_wins(engine):
    inner = subprocess("inner", sequence(start("ii"), task("a")))
    contents = sequence(start("oi"), inner) + at_border("near", "inner", error("E"))
    outer = subprocess("outer", contents)
    far = at_border("far", "outer", error("E"))
    engine.start(engine.deploy(model(sequence(start(), outer, end()), far)))

    throw_error(engine, "a", "E")

    assert at(engine) == ["handle_near"]
    assert visit(engine, "inner").is_canceled
    assert visit(engine, "outer").end_time is None


def test_a_handler_does_not_catch_what_it_throws_itself(engine):
    sub = subprocess("sub", sequence(start("i"), task("a")), aside("in", error()))
    engine.start(
        engine.deploy(model(sequence(start(), sub, end()), at_border("out", "sub", error())))
    )
    throw_error(engine, "a", "E")

    throw_error(engine, "handle_in", "E")

    assert at(engine) == ["handle_out"]


def test_an_error_of_a_handler_at_the_border_goes_further_out(engine):
    inner = sequence(start("i"), task("a"), end("ie")) + at_border("near", "a", error())
    sub = subprocess("sub", inner)
    engine.start(
        engine.deploy(model(sequence(start(), sub, end()), at_border("far", "sub", error())))
    )
    throw_error(engine, "a", "E")

    throw_error(engine, "handle_near", "E")

    assert at(engine) == ["handle_far"]


@pytest.mark.parametrize(
    ("thrown", "message", "expected"),
    [
        pytest.param("E", "no paper", {"code": "E", "text": "no paper"}, id="both"),
        pytest.param("E", None, {"code": "E", "text": None}, id="no message is null"),
        pytest.param("E", "", {"code": "E", "text": ""}, id="an empty one is a text"),
    ],
)
def test_a_handler_is_told_the_code_and_the_message(engine, thrown, message, expected):
    told = error("E", camunda_errorCodeVariable="code", camunda_errorMessageVariable="text")
    engine.start(
        engine.deploy(model(sequence(start(), task("a"), end()), at_border("b", "a", told)))
    )

    throw_error(engine, "a", thrown, message)

    assert engine.variables() == expected


def test_a_catch_all_is_told_the_code_that_it_has_caught(engine):
    told = error(camunda_errorCodeVariable="code")
    engine.start(
        engine.deploy(model(sequence(start(), task("a"), end()), at_border("b", "a", told)))
    )

    throw_error(engine, "a", "whatever")

    assert engine.variables() == {"code": "whatever"}


def test_output_parameters_of_what_is_canceled_are_mapped(engine):
    mapped = parameters(outputs={"left": "${1 + 1}"})
    engine.start(
        engine.deploy(
            model(sequence(start(), task("a", inner=mapped), end()), at_border("b", "a", error()))
        )
    )

    throw_error(engine, "a", "E")

    assert engine.variables() == {"left": 2}
    assert task_log(engine, "a") == ["created", "deleted"]


@pytest.mark.parametrize("made", WORKERS)
def test_without_a_handler_the_token_ends_quietly(engine, made):
    instance = engine.start(
        engine.deploy(model(sequence(start(), made("a"), task("after"), end())))
    )

    throw_error(engine, "a", "E")

    assert engine.is_empty()
    assert engine.instances() == {instance: "COMPLETED"}
    assert engine.visits() == ["s", "a"]
    assert visit(engine, "a").is_complete_scope


def test_an_uncaught_error_lets_the_scope_around_go_on(engine):
    sub = subprocess("sub", sequence(start("i"), task("a"), task("never")))
    engine.start(engine.deploy(model(sequence(start(), sub, task("after")))))

    throw_error(engine, "a", "E")

    assert at(engine) == ["after"]


def test_an_error_end_event_throws_as_a_worker_does(engine):
    sub = subprocess("sub", sequence(start("i"), task("a"), end("broken", error("E"))))
    engine.start(
        engine.deploy(model(sequence(start(), sub, end()), at_border("b", "sub", error("E"))))
    )

    complete(engine, "a")

    assert at(engine) == ["handle_b"]
    assert "broken" in [v.split(" ")[0] for v in engine.visits()]


def test_an_error_end_event_that_nobody_catches_ends_like_a_none_event(engine):
    instance = engine.start(
        engine.deploy(model(sequence(start(), task("a"), end("broken", error("E")))))
    )

    complete(engine, "a")

    assert engine.instances() == {instance: "COMPLETED"}
    assert engine.visits()[-1] == "broken"


def test_an_error_event_interrupts_whatever_else_its_scope_does(engine):
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), task("a"), end("ae"))
        + user("b")
        + flow("fork", "b")
        + aside("in", error())
    )
    engine.start(engine.deploy(model(sequence(start(), subprocess("sub", inner), end()))))

    throw_error(engine, "a", "E")

    assert at(engine) == ["handle_in"]
    assert not engine.rows[state.Task]
    assert {"a (canceled)", "b (canceled)"} <= set(engine.visits())


# -- escalations ------------------------------------------------------------------------------


def escalating(*handlers, code="L"):
    inner = sequence(start("i"), throw("up", escalation(code)), task("inside"), end("ie"))
    return model(sequence(start(), subprocess("sub", inner), task("after")), *handlers)


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        pytest.param(at_border("b", "sub", escalation("L")), ["handle_b"], id="interrupting"),
        pytest.param(
            at_border("b", "sub", escalation("L"), interrupts=False),
            ["handle_b", "inside"],
            id="not interrupting",
        ),
        pytest.param(at_border("b", "sub", escalation()), ["handle_b"], id="catch-all"),
        pytest.param(at_border("b", "sub", escalation("M")), ["inside"], id="another code"),
        pytest.param("", ["inside"], id="nobody: it goes on"),
        pytest.param(aside("out", escalation("L")), ["handle_out"], id="further out"),
        pytest.param(
            aside("out", escalation("L"), interrupts=False),
            ["handle_out", "inside"],
            id="further out, not interrupting",
        ),
    ],
)
def test_an_escalation_reaches_the_nearest_handler(engine, handler, expected):
    engine.start(engine.deploy(escalating(handler)))

    assert at(engine) == expected


def test_an_escalation_end_event_ends_its_token_after_it_was_caught(engine):
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), end("up", escalation("L")))
        + task("inside")
        + flow("fork", "inside")
    )
    beside = at_border("b", "sub", escalation("L"), interrupts=False)
    engine.start(
        engine.deploy(model(sequence(start(), subprocess("sub", inner), task("after")), beside))
    )

    assert at(engine) == ["handle_b", "inside"]
    complete(engine, "inside")
    assert at(engine) == ["after", "handle_b"]


@pytest.mark.parametrize(
    ("interrupts", "variables"), [(True, {"code": "L"}), (False, {"code": "L"})]
)
def test_a_handler_is_told_the_code_of_the_escalation(engine, interrupts, variables):
    told = escalation(camunda_escalationCodeVariable="code")
    handler = at_border("b", "sub", told, interrupts=interrupts)

    engine.start(engine.deploy(escalating(handler)))

    assert engine.variables() == variables


def test_a_user_may_escalate_from_a_task_that_goes_on(engine):
    beside = at_border("b", "a", escalation("L"), interrupts=False)
    engine.start(engine.deploy(model(sequence(start(), user("a"), end()), beside)))

    escalate(engine, "a", "L", why="late")

    assert at(engine) == ["a", "handle_b"]
    assert engine.variables() == {"why": "late"}


def test_an_escalation_passes_a_call_activity(engine):
    inside = sequence(start("cs"), throw("up", escalation("L")), task("work"))
    engine.deploy(model(inside, key="called"))
    calling = sequence(start(), call("call", "called"), end())
    engine.start(engine.deploy(model(calling, aside("out", escalation("L")))))

    assert at(engine) == ["handle_out"]
    assert "INTERNALLY_TERMINATED" in engine.instances().values()


def test_an_error_during_a_run_takes_the_token_that_is_under_way(engine):
    # the error ends the scope before the flow behind the fork's second branch is taken
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), end("broken", error("E")))
        + computed("second", "${1}", "seen")
        + flow("fork", "second")
    )
    engine.start(
        engine.deploy(
            model(
                sequence(start(), subprocess("sub", inner), end()), at_border("b", "sub", error())
            )
        )
    )

    assert at(engine) == ["handle_b"]
    assert engine.variables() == {}


def test_errors_are_caught_in_each_round_of_a_loop(engine):
    contents = (
        start()
        + gateway("exclusive", "again")
        + task("a")
        + end()
        + flows("s", "again", "a", "e")
        + boundary("b", "a", error())
        + flow("b", "again")
    )
    engine.start(engine.deploy(model(contents)))

    for _ in range(5):
        throw_error(engine, "a", "E")
        assert at(engine) == ["a"]
    complete(engine, "a")

    assert engine.is_empty()
    assert engine.visits().count("a (canceled)") == 5
