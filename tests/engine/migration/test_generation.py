"""The plan that suggests itself (contract 10.4)."""

import pytest

from app.engine.migration.generation import generate
from app.engine.migration.plan import Instruction
from tests.engine.commands import deploy
from tests.engine.elements import (
    COMPENSATION,
    boundary,
    catch,
    computed,
    condition,
    element,
    end,
    event_subprocess,
    gateway,
    handler,
    message,
    sequence,
    signal,
    start,
    task,
    timer,
    user,
)

from .models import KINDS, line, nested, with_boundary
from .steps import failures


def suggested(source, target, *, updates_triggers=False):
    plan = generate(source, target, updates_triggers=updates_triggers)
    assert failures(plan) == {}
    return {i.source_id: i.updates_trigger for i in plan.instructions}


@pytest.mark.parametrize("name", KINDS)
def test_every_activity_at_which_a_token_waits_is_mapped_to_itself(engine, name):
    source, target = line(engine, KINDS[name]("a")), line(engine, KINDS[name]("a"))

    found = suggested(source, target)

    assert "a" in found
    assert ("a#multiInstanceBody" in found) is (name in ("many", "one by one"))


@pytest.mark.parametrize(
    "activity",
    [
        pytest.param(computed("a", "${1}"), id="expression"),
        pytest.param(element("task", "a"), id="plain task"),
        pytest.param(element("manualTask", "a"), id="manual task"),
        pytest.param(gateway("exclusive", "a"), id="exclusive gateway"),
    ],
)
def test_where_no_token_waits_nothing_is_mapped(engine, activity):
    assert suggested(line(engine, activity), line(engine, activity)) == {}


@pytest.mark.parametrize("attribute", ["camunda:asyncBefore", "camunda:asyncAfter"])
def test_an_activity_in_front_of_which_tokens_wait_for_jobs_is_mapped(engine, attribute):
    activity = computed("a", "${1}").replace('id="a"', f'id="a" {attribute}="true"')

    assert suggested(line(engine, activity), line(engine, activity)) == {"a": False}


@pytest.mark.parametrize(
    ("target", "mapped"),
    [
        pytest.param(lambda e: nested(e), {"outer", "inner", "a"}, id="the same"),
        pytest.param(lambda e: nested(e, inner="other"), {"outer"}, id="another scope inside"),
        pytest.param(lambda e: nested(e, outer="other"), set(), id="another scope outside"),
        pytest.param(lambda e: line(e, task("a")), set(), id="another place"),
    ],
)
def test_what_has_the_same_place_is_mapped(engine, target, mapped):
    assert set(suggested(nested(engine), target(engine))) == mapped


def test_an_event_whose_host_is_not_mapped_is_left_out(engine):
    source = with_boundary(engine, timer("PT1H"))
    target = deploy(
        engine,
        sequence(start(), user("a"), task("z"), end()),
        boundary("b", "a", timer("PT1H")),
    )

    assert set(suggested(source, target)) == {"z"}


@pytest.mark.parametrize("updates", [True, False])
def test_triggers_are_updated_where_there_are_some_and_that_is_asked_for(engine, updates):
    content = (
        sequence(start(), task("a"), catch("m", message("go")), catch("c", condition("${x}")))
        + boundary("b", "a", timer("PT1H"))
        + event_subprocess("aside", signal("stop"), user("u"))
    )

    found = suggested(deploy(engine, content), deploy(engine, content), updates_triggers=updates)

    assert found == {
        "a": False,
        "u": False,
        "aside": False,
        "m": updates,
        "b": updates,
        "event": updates,
        "c": True,  # in any case
    }


def test_a_handler_of_a_compensation_is_not_mapped_and_the_event_before_it_is(engine):
    content = sequence(start(), task("a"), end("e", COMPENSATION)) + handler("a")

    found = suggested(deploy(engine, content), deploy(engine, content))

    assert set(found) == {"a", "of_a"}


def test_an_instruction_reads_as_the_reference_writes_it():
    texts = "sourceActivityId='a', targetActivityId='b', updateEventTrigger="

    assert str(Instruction("a", "b")) == f"MigrationInstructionImpl{{{texts}'false'}}"
    assert str(Instruction("a", "b", updates_trigger=True)) == (
        f"MigrationInstructionImpl{{{texts}'true'}}"
    )
