"""Signals: their receivers, the order in which these move, and the variables (semantics 2.9)."""

import pytest

from app.engine import state
from app.engine.events import signals
from app.engine.jobs import jobs
from app.engine.jobs.jobs import EVENT
from app.errors import SuspendedEntityInteractionError
from tests.engine.commands import (
    at,
    broadcast,
    deploy,
    job_log,
    only_job,
    set_variables,
    subscriptions,
    suspend,
    variables_of,
)
from tests.engine.elements import (
    boundary,
    catch,
    end,
    event_subprocess,
    model,
    sequence,
    signal,
    start,
    subprocess,
    task,
    throw,
    user,
)
from tests.models import flow


def hearing(engine, key="hears"):
    return deploy(engine, sequence(start(), catch("c", signal("ring")), task("heard")), key=key)


# -- signals ----------------------------------------------------------------------------------


def test_all_who_wait_for_a_signal_hear_it(engine):
    graph = hearing(engine)
    for _ in range(3):
        engine.start(graph)

    broadcast(engine, "ring")

    assert at(engine) == ["heard"] * 3
    assert subscriptions(engine) == []


@pytest.mark.parametrize("name", ["rin", "ring ", "RING", ""])
def test_a_signal_has_exactly_its_name(engine, name):
    engine.start(hearing(engine))

    broadcast(engine, name)

    assert at(engine) == ["c"]


def test_the_variables_of_a_signal_go_to_each_who_hears_it(engine):
    graph = hearing(engine)
    instances = [engine.start(graph, n=number) for number in range(2)]

    broadcast(engine, "ring", n=7, who="me")

    assert [variables_of(engine, i) for i in instances] == [{"n": 7, "who": "me"}] * 2


def test_the_name_of_a_signal_may_be_computed_on_entry(engine):
    contents = sequence(start(), catch("c", signal("computed")), task("heard"))
    xml = model(contents).replace('name="computed"', 'name="ring-${n}"')
    instance = engine.start(engine.deploy(xml), n=1)

    set_variables(engine, instance, n=2)
    assert subscriptions(engine) == [("signal", "ring-1", "c")]
    broadcast(engine, "ring-1")

    assert at(engine) == ["heard"]


def test_a_thrown_signal_reaches_others_before_its_sender_goes_on(engine):
    waiting = hearing(engine)
    engine.start(waiting)
    engine.start(deploy(engine, sequence(start(), throw("t", signal("ring")), task("next"))))

    visits = [v.split(" ")[0] for v in engine.visits()]

    assert visits.index("heard") < visits.index("next")


def test_a_signal_end_event_tells_others_and_ends(engine):
    waiting = engine.start(hearing(engine))
    sender = engine.start(deploy(engine, sequence(start(), end("e", signal("ring")))))

    assert engine.instances() == {waiting: "ACTIVE", sender: "COMPLETED"}
    assert at(engine) == ["heard"]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        pytest.param('<camunda:in source="a" target="x"/>', {"x": 1}, id="source"),
        pytest.param('<camunda:in sourceExpression="${a + b}" target="x"/>', {"x": 3}, id="value"),
        pytest.param('<camunda:in variables="all"/>', {"a": 1, "b": 2}, id="all"),
        pytest.param("", {}, id="nothing by itself"),
    ],
)
def test_a_thrown_signal_takes_along_what_is_mapped(engine, mapping, expected):
    instance = engine.start(hearing(engine))
    thrower = throw("t", signal("ring", mapping))

    engine.start(deploy(engine, sequence(start(), thrower, end())), a=1, b=2)

    assert variables_of(engine, instance) == expected


def test_a_receiver_that_ends_another_one_keeps_it_from_hearing(engine):
    # the event sub-process interrupts the scope in which the second one waits
    inner = sequence(start("i"), catch("c", signal("ring")), task("heard"))
    aside = event_subprocess("aside", signal("ring"), task("instead"))
    engine.start(deploy(engine, sequence(start(), subprocess("sub", inner + aside), end())))

    broadcast(engine, "ring")

    assert at(engine) == ["instead"]  # the scope has subscribed before what is inside of it
    assert "c (canceled)" in engine.visits()


def test_an_event_at_the_border_that_does_not_interrupt_hears_each_signal(engine):
    beside = boundary("b", "a", signal("ring"), interrupts=False) + task("x") + flow("b", "x")
    engine.start(deploy(engine, sequence(start(), user("a"), end()), beside))

    for _ in range(3):
        broadcast(engine, "ring")

    assert at(engine) == ["a", "x", "x", "x"]


def of_definition(engine, graph, **fields):
    """The subscription by which a signal starts instances of a process."""
    start_event = next(a for a in graph.process.activities if a.node.is_start_event)
    subscription = state.EventSubscription(
        id=engine.next_id(),
        event_type="signal",
        created_date=engine.now,
        event_name="ring",
        activity_id=start_event.id,
        configuration=graph.definition.id,
        **fields,
    )
    engine.rows[state.EventSubscription][subscription.id] = subscription


@pytest.mark.parametrize(("is_suspended", "tasks"), [(False, ["a"]), (True, [])])
def test_a_signal_starts_instances_of_definitions_that_are_not_suspended(
    engine, is_suspended, tasks
):
    graph = deploy(engine, sequence(start("s", signal("ring")), task("a")))
    graph.definition.is_suspended = is_suspended
    of_definition(engine, graph)

    broadcast(engine, "ring", n=1)

    assert at(engine) == tasks
    assert engine.variables() == ({"n": 1} if tasks else {})


@pytest.mark.parametrize(
    ("sender", "heard_by"),
    [
        pytest.param("one", ["one"], id="its own tenant"),
        pytest.param("two", [], id="another tenant"),
        pytest.param(None, [None], id="without a tenant: those without one"),
    ],
)
def test_a_signal_of_a_model_stays_within_its_tenant(engine, sender, heard_by):
    graph = hearing(engine)
    for tenant in ("one", None):
        engine.start(graph)
        for kind in (state.Execution, state.EventSubscription):
            newest = max(engine.rows[kind].values(), key=lambda r: r.id)
            newest.tenant_id = tenant
    tenants = {s.execution_id: s.tenant_id for s in engine.rows[state.EventSubscription].values()}

    def notify(run, host):
        signals.broadcast(run, "ring", sender, {}, only_tenant=True)
        run.perform()

    engine.command(notify)

    left = {s.execution_id for s in engine.rows[state.EventSubscription].values()}
    assert [tenants[e] for e in tenants if e not in left] == heard_by


# -- asynchronous signals ----------------------------------------------------------------------


def tell_asynchronously(engine):
    thrower = throw("t", signal("ring", camunda_async="true"))
    engine.start(deploy(engine, sequence(start(), thrower, end())))


def test_an_asynchronous_signal_is_a_job_for_each_receiver(engine):
    engine.start(hearing(engine))
    engine.start(hearing(engine))

    tell_asynchronously(engine)

    assert at(engine) == ["c", "c"]
    found = sorted(engine.rows[state.Job].values(), key=lambda j: j.id)
    assert [job.kind for job in found] == [EVENT, EVENT]
    hear(engine, found[0])
    assert at(engine) == ["c", "heard"]
    hear(engine, found[1])
    assert at(engine) == ["heard", "heard"]
    assert job_log(engine) == ["created", "created", "successful", "successful"]


def hear(engine, job):
    def do(run, host):
        subscription = host.load(state.EventSubscription, job.configuration)
        signals.execute_job(run, host.load(state.Job, job.id), subscription)

    engine.command(do)


def test_a_receiver_that_has_gone_on_meanwhile_hears_nothing(engine):
    engine.start(hearing(engine))
    tell_asynchronously(engine)

    broadcast(engine, "ring")

    assert not engine.rows[state.Job]  # it went with its scope
    assert at(engine) == ["heard"]
    assert job_log(engine) == ["created", "deleted"]


def test_a_receiver_that_is_suspended_hears_it_later(engine):
    engine.start(hearing(engine))
    tell_asynchronously(engine)
    suspend(engine)

    with pytest.raises(SuspendedEntityInteractionError, match="is suspended"):
        hear(engine, only_job(engine))

    assert at(engine) == ["c"]
    assert only_job(engine).retries == jobs.DEFAULT_RETRIES
