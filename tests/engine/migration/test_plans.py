"""The plans that can be followed, and the reasons against the others (contract 10.4)."""

import pytest

from tests.engine.commands import deploy
from tests.engine.elements import (
    catch,
    condition,
    element,
    end,
    gateway,
    message,
    sequence,
    signal,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow

from .models import KINDS, line, nested, receive, with_boundary
from .steps import failures, plan_of

# -- kinds of activities ----------------------------------------------------------------------
ALIKE = [
    {"external", "send"},
    {"sub", "transaction"},
    {"timer", "message", "signal"},
]


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("source", KINDS)
def test_an_activity_becomes_one_that_does_the_same(engine, source, target):
    updates = source == "condition"
    plan = plan_of(
        line(engine, KINDS[source]("a")), line(engine, KINDS[target]("b")), ("a", "b", updates)
    )

    found = failures(plan).get("a", [])

    is_alike = source == target or any({source, target} <= alike for alike in ALIKE)
    body = "many" in (source, target) or "one by one" in (source, target)
    if body:
        # the activity inside a body is what it is by itself; the body is missing in the plan
        is_alike = all(k in ("external", "send", "many", "one by one") for k in (source, target))
    assert any("incompatible types" in text for text in found) is not is_alike
    assert any("multi-instance body" in text for text in found) is (
        target in ("many", "one by one")
    )


@pytest.mark.parametrize(
    ("source", "target", "is_alike"),
    [
        ("many", "many", True),
        ("one by one", "one by one", True),
        ("many", "one by one", False),
        ("one by one", "many", False),
    ],
)
def test_a_body_becomes_one_of_the_same_order(engine, source, target, is_alike):
    plan = plan_of(
        line(engine, KINDS[source]("a")),
        line(engine, KINDS[target]("a")),
        "a#multiInstanceBody",
        "a",
    )

    assert (failures(plan) == {}) is is_alike


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        pytest.param((None, "a"), ["Source activity id is null"], id="no source"),
        pytest.param(("a", None), ["Target activity id is null"], id="no target"),
        pytest.param(
            (None, None), ["Source activity id is null", "Target activity id is null"], id="neither"
        ),
        pytest.param(("x", "a"), ["Source activity 'x' does not exist"], id="unknown source"),
        pytest.param(("a", "x"), ["Target activity 'x' does not exist"], id="unknown target"),
        pytest.param(
            ("x", "y"),
            ["Source activity 'x' does not exist", "Target activity 'y' does not exist"],
            id="both unknown",
        ),
    ],
)
def test_an_instruction_names_activities_that_exist(engine, instruction, expected):
    plan = plan_of(line(engine, task("a")), line(engine, task("a")), instruction)

    assert failures(plan) == {instruction[0]: expected}


def test_what_does_not_exist_is_told_of_first(engine):
    graph = line(engine, task("a"), user("b"))
    plan = plan_of(graph, graph, ("b", "a"), ("x", "a"), ("a", "b"), ("a", "y"))

    assert list(failures(plan)) == ["x", "a", "b"]


def test_an_activity_is_mapped_once(engine):
    graph = line(engine, task("a"), task("b"))
    plan = plan_of(graph, line(engine, task("a"), task("b")), ("a", "a"), ("a", "b"), "b")

    assert failures(plan) == {
        "a": [
            "There are multiple mappings for source activity id 'a': "
            "ValidatingMigrationInstructionImpl{sourceActivity=Activity(a), "
            "targetActivity=Activity(a)}, "
            "ValidatingMigrationInstructionImpl{sourceActivity=Activity(a), "
            "targetActivity=Activity(b)}"
        ]
    }
    assert plan.target_of("a").id == "a"  # the first of them


def test_several_activities_may_become_one(engine):
    source = line(engine, task("a"), task("b"))

    assert failures(plan_of(source, line(engine, task("c")), ("a", "c"), ("b", "c"))) == {}


# -- scopes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instructions", "is_valid"),
    [
        pytest.param(["a"], True, id="scopes may be left out"),
        pytest.param(["outer", "inner", "a"], True, id="all"),
        pytest.param(["outer", "a"], True, id="the outer one"),
        pytest.param([("outer", "inner"), "a"], True, id="the inner one becomes the outer one's"),
        pytest.param([("inner", "outer"), "a"], True, id="the outer one the inner one's"),
        pytest.param([("outer", "inner"), ("inner", "outer"), "a"], False, id="turned around"),
    ],
)
def test_what_is_inside_stays_inside_what_its_scope_becomes(engine, instructions, is_valid):
    plan = plan_of(nested(engine), nested(engine), *instructions)

    found = failures(plan)

    assert (found == {}) is is_valid
    for texts in found.values():
        assert all("closest mapped ancestor" in text for text in texts)


def test_an_activity_does_not_leave_its_scope_when_that_is_mapped(engine):
    target = deploy(
        engine,
        sequence(start(), subprocess("inner", sequence(start("ii"), user("x"))), task("a")),
    )

    found = failures(plan_of(nested(engine), target, "inner", "a"))

    assert found == {
        "a": [
            "The closest mapped ancestor 'inner' is mapped to scope 'inner' which is not an "
            "ancestor of target scope 'a'"
        ]
    }


# -- events -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (timer("PT1H"), timer("PT2H"), True),
        (message("go"), message("stop"), True),
        (timer("PT1H"), message("go"), False),
        (signal("go"), message("go"), False),
    ],
)
def test_an_event_at_the_border_becomes_one_of_its_type(engine, ours, theirs, same):
    plan = plan_of(with_boundary(engine, ours), with_boundary(engine, theirs), "a", "b")

    found = failures(plan)

    assert ("b" in found) is not same
    if not same:
        assert "Events are not of the same type" in found["b"][-1]


@pytest.mark.parametrize(
    ("instructions", "is_valid"),
    [
        pytest.param(["a", "b"], True, id="with its host"),
        pytest.param(["b"], False, id="without its host"),
        pytest.param([("a", "z"), "b"], False, id="its host becomes another"),
    ],
)
def test_an_event_at_the_border_goes_with_its_host(engine, instructions, is_valid):
    definition = timer("PT1H")
    plan = plan_of(
        with_boundary(engine, definition), with_boundary(engine, definition), *instructions
    )

    found = failures(plan)

    assert (found == {}) is is_valid
    if not is_valid:
        assert found["b"] == [
            "The source activity's event scope (a) must be mapped to the target activity's event "
            "scope (a)"
        ]


def test_a_receive_task_that_waits_for_a_message_does_not_become_one_that_does_not(engine):
    waits, does_not = line(engine, receive("a")), line(engine, element("receiveTask", "a"))

    assert failures(plan_of(waits, does_not, "a")) == {
        "a": [
            "The source activity's event scope (a) must be mapped but the target activity has no "
            "event scope"
        ]
    }
    assert failures(plan_of(does_not, waits, "a")) == {}


def test_an_event_in_the_flow_does_not_go_behind_a_gateway(engine):
    waits = line(engine, catch("a", timer("PT1H")))
    behind = line(engine, gateway("eventBased", "g"), catch("a", timer("PT1H")))

    assert failures(plan_of(waits, behind, "a")) == {
        "a": [
            "The source activity's event scope (a) must be mapped to the target activity's event "
            "scope (g)"
        ]
    }


def test_an_event_at_the_border_does_not_become_one_in_the_flow(engine):
    target = line(engine, task("a"), catch("b", timer("PT1H")))

    found = failures(plan_of(with_boundary(engine, timer("PT1H")), target, "a", "b"))

    assert "boundary event is not compatible with intermediate catch event" in found["b"][0]


@pytest.mark.parametrize(
    ("activity", "is_valid"),
    [
        pytest.param(catch("a", message("go")), True, id="message"),
        pytest.param(catch("a", timer("PT1H")), True, id="timer"),
        pytest.param(receive("a"), True, id="receive task"),
        pytest.param(task("a"), False, id="external task"),
        pytest.param(user("a"), False, id="user task"),
    ],
)
def test_only_a_trigger_that_is_kept_can_be_updated(engine, activity, is_valid):
    found = failures(plan_of(line(engine, activity), line(engine, activity), ("a", "a", True)))

    text = (
        "Cannot update event trigger because the activity does not define a persistent event "
        "trigger"
    )
    assert found == ({} if is_valid else {"a": [text]})


def test_a_condition_migrates_with_its_trigger(engine):
    activity = catch("a", condition("${x}"))
    source, target = line(engine, activity), line(engine, activity)

    assert failures(plan_of(source, target, "a")) == {
        "a": ["Conditional event has to migrate with update event trigger."]
    }
    assert failures(plan_of(source, target, ("a", "a", True))) == {}


# -- gateways ---------------------------------------------------------------------------------


def joining(engine, kind="parallel", count=2, scope=None):
    names = [f"t{n}" for n in range(count)]
    content = (
        sequence(start("begin"), gateway("parallel", "fork"))
        + sequence(gateway(kind, "join"), end("done"))
        + "".join(task(n) + flow("fork", n) + flow(n, "join") for n in names)
    )
    if scope is not None:
        content = sequence(start(), subprocess(scope, content))
    return deploy(engine, content)


@pytest.mark.parametrize(
    ("ours", "theirs", "is_valid"), [(2, 2, True), (2, 3, True), (3, 2, False)]
)
@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_join_becomes_one_with_as_many_flows_at_least(engine, kind, ours, theirs, is_valid):
    plan = plan_of(joining(engine, kind, ours), joining(engine, kind, theirs), "join")

    assert (failures(plan) == {}) is is_valid


def test_a_join_does_not_become_one_of_another_kind(engine):
    plan = plan_of(joining(engine), joining(engine, "inclusive"), "join")

    assert "incompatible types" in failures(plan)["join"][0]


def test_the_scope_around_a_join_is_mapped(engine):
    source, target = joining(engine, scope="sub"), joining(engine, scope="sub")

    assert failures(plan_of(source, target, "join")) == {
        "join": ["The gateway's flow scope 'sub' must be mapped"]
    }
    assert failures(plan_of(source, target, "sub", "join")) == {}


def test_two_joins_do_not_become_one(engine):
    content = sequence(start(), gateway("parallel", "x"), gateway("parallel", "y"), end())
    source = deploy(engine, content)

    found = failures(plan_of(source, deploy(engine, content), ("x", "x"), ("y", "x")))

    assert found == {key: ["Only one gateway can be mapped to gateway 'x'"] for key in ("x", "y")}
