"""The common ground of all activities at which a token waits, wherever they stand.

Each kind of waiting activity is entered, left, interrupted and deleted in each kind of scope.
"""

import pytest

from app.engine import state
from app.engine.history.history_records import HistoricActivityInstance
from tests.engine.commands import (
    advance,
    broadcast,
    complete,
    delete,
    job_log,
    only_job,
    set_variables,
    told,
    visit,
)
from tests.engine.elements import (
    boundary,
    call,
    catch,
    condition,
    element,
    end,
    event_subprocess,
    message,
    model,
    sequence,
    signal,
    start,
    subprocess,
    task,
    timer,
    transaction,
    user,
)
from tests.models import flow


def receive(name):
    return element("receiveTask", name, messageRef="m.asked")


def do_call(engine, _):
    complete(engine, "work")


WAITING = {  # what makes it, and what lets its token go on
    "external task": (task, lambda engine, _: complete(engine, "x")),
    "user task": (user, lambda engine, _: complete(engine, "x")),
    "receive task": (receive, lambda engine, _: engine.send("asked")),
    "call activity": (lambda name: call(name, "called"), do_call),
    "message event": (
        lambda name: catch(name, message("asked")),
        lambda engine, _: engine.send("asked"),
    ),
    "signal event": (
        lambda name: catch(name, signal("rung")),
        lambda engine, _: broadcast(engine, "rung"),
    ),
    "timer event": (
        lambda name: catch(name, timer("PT5M")),
        lambda engine, _: advance(engine, minutes=5),
    ),
    "conditional event": (
        lambda name: catch(name, condition("${ready}")),
        lambda engine, instance: set_variables(engine, instance, ready=True),
    ),
    "sub-process": (
        lambda name: subprocess(name, sequence(start("xi"), task("in_x"), end("xe"))),
        lambda engine, _: complete(engine, "in_x"),
    ),
}
WORK = (state.ExternalTask, state.Task, state.Job, state.EventSubscription)
TASKS = ("external task", "user task", "receive task", "call activity", "sub-process")
KINDS = [pytest.param(*made, id=name) for name, made in WAITING.items()]
HOSTS = [pytest.param(*WAITING[name], id=name) for name in TASKS]


def in_process(*contents):
    return "".join(contents)


def in_subprocess(*contents):
    return sequence(start("outer_s"), subprocess("outer", *contents), end("outer_e"))


def in_transaction(*contents):
    return sequence(start("outer_s"), transaction("outer", *contents), end("outer_e"))


SCOPES = [
    pytest.param(in_process, id="process"),
    pytest.param(in_subprocess, id="sub-process"),
    pytest.param(in_transaction, id="transaction"),
]


def deploy(engine, where, activity, *more):
    engine.deploy(model(sequence(start("cs"), task("work"), end("ce")), key="called"))
    return engine.deploy(model(where(sequence(start(), activity, user("after"), end()), *more)))


def is_clean(engine):
    return engine.is_empty() and not [v for v in engine.visits() if v.endswith("…")]


@pytest.mark.parametrize("where", SCOPES)
@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_a_token_waits_until_it_is_let_go_on(engine, made, go_on, where):
    instance = engine.start(deploy(engine, where, made("x")))
    assert "x …" in engine.visits()

    go_on(engine, instance)

    assert {"x", "after …"} <= set(engine.visits())
    complete(engine, "after")
    assert is_clean(engine)


@pytest.mark.parametrize("where", SCOPES)
@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_what_waits_goes_with_its_instance(engine, made, go_on, where):
    instance = engine.start(deploy(engine, where, made("x")))

    delete(engine, instance)

    assert "x (canceled)" in engine.visits()
    assert is_clean(engine)


@pytest.mark.parametrize("where", SCOPES)
@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_what_waits_goes_when_an_event_subprocess_interrupts_its_scope(engine, made, go_on, where):
    aside = event_subprocess("aside", message("stop"), user("handle"))
    engine.start(deploy(engine, where, made("x"), aside))

    engine.send("stop")

    assert "x (canceled)" in engine.visits()
    assert [kind for kind in WORK if engine.rows[kind]] == [state.Task]  # the handler's
    complete(engine, "handle")
    assert is_clean(engine)


@pytest.mark.parametrize("where", SCOPES)
@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_what_waits_goes_on_when_an_event_subprocess_runs_besides(engine, made, go_on, where):
    aside = event_subprocess("aside", message("tell"), user("handle"), interrupts=False)
    instance = engine.start(deploy(engine, where, made("x"), aside))

    engine.send("tell")
    go_on(engine, instance)
    complete(engine, "after")
    complete(engine, "handle")

    assert is_clean(engine)
    assert not [v for v in engine.visits() if "canceled" in v]


@pytest.mark.parametrize("where", SCOPES)
@pytest.mark.parametrize(("made", "go_on"), HOSTS)
def test_an_event_at_the_border_takes_the_place_of_its_host(engine, made, go_on, where):
    late = boundary("late", "x", timer("PT1H")) + user("rescue") + flow("late", "rescue")
    engine.start(deploy(engine, where, made("x"), late))

    advance(engine, hours=1)

    assert {"x (canceled)", "late", "rescue …"} <= set(engine.visits())
    assert not engine.tasks()
    complete(engine, "rescue")
    assert is_clean(engine)


@pytest.mark.parametrize("where", SCOPES)
@pytest.mark.parametrize(("made", "go_on"), HOSTS)
def test_an_event_at_the_border_that_does_not_interrupt_leaves_its_host(engine, made, go_on, where):
    beside = boundary("told", "x", message("tell"), interrupts=False) + user("beside")
    instance = engine.start(deploy(engine, where, made("x"), beside + flow("told", "beside")))
    engine.send("tell")
    engine.send("tell")

    go_on(engine, instance)

    assert engine.visits().count("beside …") == 2
    complete(engine, "beside")
    complete(engine, "after")
    complete(engine, "beside")
    assert is_clean(engine)


@pytest.mark.parametrize(("made", "go_on"), HOSTS)
def test_the_event_at_the_border_goes_with_the_host_that_is_left(engine, made, go_on):
    late = boundary("late", "x", timer("PT1H")) + boundary("told", "x", message("tell"))
    instance = engine.start(deploy(engine, in_process, made("x"), late))
    assert only_job(engine).activity_id == "late"

    go_on(engine, instance)

    assert not engine.rows[state.Job]
    assert not engine.rows[state.EventSubscription]
    assert job_log(engine) == ["created", "deleted"]


@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_an_activity_that_starts_asynchronously_is_no_visit_before_its_job(engine, made, go_on):
    activity = made("x").replace('id="x"', 'id="x" camunda:asyncBefore="true"', 1)
    instance = engine.start(deploy(engine, in_process, activity))
    (execution,) = engine.rows[state.Execution].values()
    assert (execution.activity_id, execution.activity_instance_id) == ("x", None)
    assert engine.visits() == ["s"]

    engine.execute(only_job(engine))
    assert "x …" in engine.visits()
    go_on(engine, instance)

    assert engine.visits()[-1] == "after …"


@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_an_activity_that_ends_asynchronously_is_over_before_its_job(engine, made, go_on):
    activity = made("x").replace('id="x"', 'id="x" camunda:asyncAfter="true"', 1)
    instance = engine.start(deploy(engine, in_process, activity))

    go_on(engine, instance)
    assert "x" in engine.visits()
    assert "after …" not in engine.visits()
    engine.execute(only_job(engine))

    assert engine.visits()[-1] == "after …"
    assert job_log(engine, "x")[-2:] == ["created", "successful"]


@pytest.mark.parametrize("place", ["Before", "After"])
@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_a_token_that_waits_for_a_job_goes_with_its_instance(engine, made, go_on, place):
    activity = made("x").replace('id="x"', f'id="x" camunda:async{place}="true"', 1)
    instance = engine.start(deploy(engine, in_process, activity))
    if place == "After":
        go_on(engine, instance)

    delete(engine, instance)

    assert is_clean(engine)
    assert job_log(engine, "x")[-1] == "deleted"


@pytest.mark.parametrize(("made", "go_on"), KINDS)
def test_every_wait_state_tells_its_place_in_the_history(engine, made, go_on):
    instance = engine.start(deploy(engine, in_process, made("x")))

    found = visit(engine, "x")

    assert found.parent_activity_instance_id == instance
    assert found.process_instance_id == instance
    assert (found.end_time, found.is_canceled) == (None, False)
    assert found.start_time == engine.now
    go_on(engine, instance)
    assert visit(engine, "x").end_time == engine.now


@pytest.mark.parametrize(
    ("made", "go_on"), [kind for kind in KINDS if kind.id != "conditional event"]
)
def test_a_loop_back_to_an_activity_is_another_visit(engine, made, go_on):
    engine.deploy(model(sequence(start("cs"), task("work"), end("ce")), key="called"))
    contents = (
        start()
        + made("x")
        + '<exclusiveGateway id="again" default="again_e"/>'
        + end()
        + flow("s", "x")
        + flow("x", "again")
        + flow("again", "x", "${more}")
        + flow("again", "e")
    )
    instance = engine.start(engine.deploy(model(contents)), more=True)

    go_on(engine, instance)
    set_variables(engine, instance, more=False)
    go_on(engine, instance)

    visits = [v for v in told(engine, HistoricActivityInstance) if v.activity_id == "x"]
    assert len({v.id for v in visits}) == len(visits) == 2
    assert not [v for v in visits if v.end_time is None]
