"""The limits of a run: tokens, records and seconds, beside its steps."""

import itertools

import pytest

from app.engine import state
from app.engine.execution import limits
from app.errors import TooManyRecordsError, TooManyTokensError, TooSlowRunError
from tests.engine.host import MemoryHost
from tests.models import flow, flows, process, task

LOOP = process(
    '<startEvent id="s"/><exclusiveGateway id="again"/><manualTask id="hop"/>'
    + flows("s", "again", "hop", "again")
)


def doubling(times):
    """A model that makes two tokens of each, so many times."""
    names = [f"t{number}" for number in range(times)]
    twice = "".join(
        flow(a, b) + flow(a, b).replace('id="', 'id="again_') for a, b in itertools.pairwise(names)
    )
    tasks = "".join(f'<task id="{name}"/>' for name in names)
    return process(
        '<startEvent id="s"/>' + tasks + task("work") + flow("s", "t0") + twice
        + flow(names[-1], "work")
    )  # fmt: skip


def several(count):
    """A task of which there are so many instances at once, each with a scope of its own."""
    loop = f"<multiInstanceLoopCharacteristics><loopCardinality>{count}</loopCardinality>"
    return process(
        '<startEvent id="s"/>'
        + task("work", inner=f"{loop}</multiInstanceLoopCharacteristics>")
        + '<boundaryEvent id="b" attachedToRef="work"><errorEventDefinition/></boundaryEvent>'
        + flow("s", "work")
    )


def test_a_model_that_doubles_its_tokens_is_stopped_and_changes_nothing(engine):
    graph = engine.deploy(doubling(18))

    with pytest.raises(TooManyTokensError, match="More than 20000 branches or instances"):
        engine.start(graph)

    assert not engine.rows[state.Execution]


def test_ten_thousand_instances_at_once_are_within_the_limits(engine):
    engine.start(engine.deploy(several(10_000)))

    assert len(engine.tasks()) == 10_000


def test_more_instances_than_the_limit_are_refused(engine):
    with pytest.raises(TooManyTokensError):
        engine.start(engine.deploy(several(20_001)))

    assert not engine.rows[state.Execution]


def test_a_process_that_calls_itself_is_stopped(engine, monkeypatch):
    monkeypatch.setattr(MemoryHost, "max_records", 500)
    model = process('<startEvent id="s"/><callActivity id="c" calledElement="p"/>' + flow("s", "c"))

    with pytest.raises(TooManyTokensError):
        engine.start(engine.deploy(model))


def test_a_loop_that_writes_history_for_ever_is_stopped(engine, monkeypatch):
    monkeypatch.setattr(MemoryHost, "max_records", 100)

    with pytest.raises(TooManyRecordsError, match="More than 1000 records"):
        engine.start(engine.deploy(LOOP))

    assert not engine.rows[state.Execution]


def test_a_run_that_computes_for_too_long_is_stopped(engine, monkeypatch):
    looks = iter(range(limits.STEPS_BETWEEN_LOOKS))
    monkeypatch.setattr(MemoryHost, "seconds_spent", lambda _: next(looks))
    monkeypatch.setattr(MemoryHost, "max_seconds", 10)

    with pytest.raises(TooSlowRunError, match="within 10 seconds"):
        engine.start(engine.deploy(LOOP))

    assert not engine.rows[state.Execution]
