"""A deployment, its removal or its suspension beside what starts of its definitions."""

import pytest

from app.errors import EngineError
from app.services import (
    deletion,
    deployments,
    jobs,
    lists,
    signals,
    suspension,
)
from tests.models import flows, process, task

from .every_service.world import SIGNAL
from .races import (
    CALLER,
    DEFINITION,
    MODEL,
    TIMED,
    Held,
    assert_whole,
    deploy,
    job_of,
    message,
    start,
)


@pytest.mark.parametrize("cascade", [False, True])
def test_an_instance_that_starts_before_its_deployment_goes_is_counted(
    raced, postgres_url, cascade
):
    deployment_id = deploy(raced, MODEL)
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(start, raced, "race")
    held.line_up(deployments.delete, raced, deployment_id, cascade=cascade)

    first, second = held.let_go()

    assert first is None
    assert isinstance(second, deletion.RunningInstancesError) if not cascade else second is None
    assert lists.count(raced, "process_instance", {}) == (0 if cascade else 1)
    assert lists.count(raced, "historic_process_instance", {}) == (0 if cascade else 1)
    assert_whole(raced)


STARTS = {
    "key": lambda s: start(s, "race"),
    "message": lambda s: message(s),
    "signal": lambda s: signals.deliver(s, name="g", execution_id=None, **SIGNAL),
    "call": lambda s: start(s, "caller"),
}
STARTED = process(
    '<startEvent id="s"/>'
    '<startEvent id="by_m"><messageEventDefinition messageRef="m"/></startEvent>'
    '<startEvent id="by_g"><signalEventDefinition signalRef="g"/></startEvent>'
    '<exclusiveGateway id="g1"/>'
    + task("t")
    + '<endEvent id="e"/>'
    + flows("s", "g1", "t", "e")
    + flows("by_m", "g1")
    + flows("by_g", "g1"),
    "race",
).replace(
    '<process id="race"', '<message id="m" name="m"/><signal id="g" name="g"/><process id="race"'
)


@pytest.mark.parametrize("how", STARTS)
def test_nothing_starts_of_a_definition_that_goes_first(raced, postgres_url, how):
    deployment_id = deploy(raced, STARTED)
    deploy(raced, CALLER.replace('calledElement="called"', 'calledElement="race"'))
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(deployments.delete, raced, deployment_id)
    held.line_up(STARTS[how], raced)

    first, second = held.let_go()

    assert first is None
    assert second is None if how == "signal" else isinstance(second, EngineError)
    assert lists.count(raced, "execution", {}) == 0


@pytest.mark.parametrize("how", STARTS)
def test_what_has_started_of_a_definition_keeps_it(raced, postgres_url, how):
    deployment_id = deploy(raced, STARTED)
    deploy(raced, CALLER.replace('calledElement="called"', 'calledElement="race"'))
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(STARTS[how], raced)
    held.line_up(deployments.delete, raced, deployment_id)

    first, second = held.let_go()

    assert first is None
    assert isinstance(second, deletion.RunningInstancesError)
    assert_whole(raced)


def test_an_instance_that_starts_before_its_definition_is_suspended_is_suspended(
    raced, postgres_url
):
    deploy(raced, MODEL)
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(start, raced, "race")
    held.line_up(
        suspension.set_definitions,
        raced,
        suspended=True,
        include_process_instances=True,
        process_definition_key="race",
    )

    assert held.let_go() == [None, None]

    (instance,) = lists.find(raced, "process_instance", {})
    assert instance["is_suspended"]


def test_nothing_starts_of_a_definition_that_is_suspended_first(raced, postgres_url):
    deploy(raced, MODEL)
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(
        suspension.set_definitions,
        raced,
        suspended=True,
        include_process_instances=False,
        process_definition_key="race",
    )
    held.line_up(start, raced, "race")

    first, second = held.let_go()

    assert first is None
    assert "is suspended" in str(second)
    assert lists.count(raced, "execution", {}) == 0


def test_of_two_deployments_at_once_one_has_the_message_that_starts_it(raced, postgres_url):
    lock_name = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
    held = Held(postgres_url, lock_name, "baton message:m")
    held.line_up(deploy, raced, STARTED)
    held.line_up(deploy, raced, STARTED.replace('id="race"', 'id="other"'))

    outcomes = held.let_go()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "NoneType",
        "SubscribedTwiceError",
    ]


def test_a_timer_that_fires_beside_a_deployment_leaves_one_timer(raced, postgres_url):
    deploy(raced, TIMED)
    timer = job_of(raced, "s")
    held = Held(postgres_url, "SELECT 1 FROM job WHERE id = %s FOR UPDATE", timer)
    held.line_up(jobs.execute, raced, timer)
    held.line_up(deploy, raced, TIMED)

    assert held.let_go() == [None, None]

    newest = lists.definition(raced, "timed", None)
    assert [j["process_definition_id"] for j in lists.find(raced, "job", {})] == [newest["id"]]
