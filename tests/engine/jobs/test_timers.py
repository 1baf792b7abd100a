"""The jobs of timers: due dates, recalculation and repetition (semantics 6)."""

from datetime import timedelta

import pytest

from app.engine import state
from app.engine.events.timers import TimerError
from app.engine.jobs import jobs
from tests.engine.commands import (
    advance,
    at,
    complete,
    only_job,
    set_variables,
)
from tests.engine.elements import (
    boundary,
    catch,
    end,
    error,
    event_subprocess,
    model,
    sequence,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow

from .models import BEFORE, deploy


def test_a_timer_is_due_when_its_text_says_and_not_before(engine):
    engine.start(deploy(engine, catch("wait", timer("PT1H"))))
    assert only_job(engine).due_date == engine.now + timedelta(hours=1)

    advance(engine, minutes=59)
    assert at(engine) == ["wait"]
    advance(engine, minutes=1)

    assert at(engine) == ["after"]


@pytest.mark.parametrize("text", ["${when}", "${when.toString()}", "PT${hours}H"])
def test_a_timer_reads_variables(engine, text):
    engine.start(deploy(engine, catch("wait", timer(text))), when="PT3H", hours=3)

    assert only_job(engine).due_date == engine.now + timedelta(hours=3)


def test_a_timer_that_says_nothing_undoes_what_leads_to_it(engine):
    engine.start(
        engine.deploy(model(sequence(start(), task("a"), catch("wait", timer("${n}")), end())))
    )

    with pytest.raises(TimerError, match="was not configured with a valid duration/time"):
        complete(engine, "a", n=5)

    assert at(engine) == ["a"]


@pytest.mark.parametrize(
    ("is_creation_based", "hours"),
    [
        pytest.param(True, 5, id="from its creation"),
        pytest.param(False, 5 + 2, id="from now"),
    ],
)
def test_a_timer_may_be_worked_out_anew(engine, is_creation_based, hours):
    instance = engine.start(deploy(engine, catch("wait", timer("${d}"))), d="PT1H")
    begun = engine.now
    engine.now += timedelta(hours=2)
    set_variables(engine, instance, d="PT5H")

    engine.command(
        lambda run, host: jobs.recalculate(
            run,
            host.load(state.Job, only_job(engine).id),
            is_creation_based=is_creation_based,
        )
    )

    assert only_job(engine).due_date == begun + timedelta(hours=hours)


def test_only_timers_are_worked_out_anew(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))

    with pytest.raises(jobs.NoTimerError, match="Only timer jobs can be recalculated"):
        engine.command(
            lambda run, host: jobs.recalculate(
                run, host.load(state.Job, only_job(engine).id), is_creation_based=False
            )
        )


@pytest.mark.parametrize(
    ("event", "fires"),
    [
        pytest.param(lambda cycle: boundary("b", "u", cycle), 1, id="interrupting boundary"),
        pytest.param(
            lambda cycle: boundary("b", "u", cycle, interrupts=False), 3, id="boundary besides"
        ),
        pytest.param(
            lambda cycle: event_subprocess("aside", cycle, user("x")), 1, id="interrupting start"
        ),
        pytest.param(
            lambda cycle: event_subprocess("aside", cycle, user("x"), interrupts=False),
            3,
            id="start besides",
        ),
    ],
)
def test_only_events_that_do_not_interrupt_repeat(engine, event, fires):
    contents = sequence(start(), user("u"), end())
    engine.start(engine.deploy(model(contents, event(timer(cycle="R3/PT1H")))))
    fired = 0

    while engine.rows[state.Job]:
        advance(engine, hours=1)
        fired += 1

    assert fired == fires


def test_the_next_job_of_a_cycle_goes_with_a_scope_that_its_own_event_ends(engine):
    aside = event_subprocess(
        "aside",
        timer(cycle="R5/PT1H"),
        end("stop", error("E")),
        interrupts=False,
    )
    scope = subprocess("sub", sequence(start("i"), user("u")), aside)
    caught = boundary("b", "sub", error("E"))
    contents = sequence(start(), scope, end()) + caught + user("handle") + flow("b", "handle")
    engine.start(engine.deploy(model(contents)))

    advance(engine, hours=1)

    assert at(engine) == ["handle"]
    assert not engine.rows[state.Job]
