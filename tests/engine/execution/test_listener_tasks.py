"""Listeners that a worker does: the token waits until the task of each is done."""

import pytest

from app.engine import state
from app.errors import EngineError
from tests.engine import commands
from tests.engine.elements import extensions
from tests.models import flow, flows, process, task

from .listening import PLACES, WORK, between, do, listener, listening_flow, sub, waiting


@pytest.mark.parametrize(("content", "topics"), PLACES.values(), ids=PLACES)
def test_a_token_waits_for_each_listener_in_its_turn(engine, content, topics):
    engine.delegates = WORK
    first = "g" if "eventBasedGateway" in content else "a"
    model = between(content, first)
    model = model.replace("<process", '<message id="m" name="m"/><process')
    instance = engine.start(engine.deploy(model))

    found = []
    while engine.rows[state.Execution]:
        if engine.tasks():
            (work,) = engine.tasks()
            found.append(work.topic_name)
            assert work.activity_id in ("a", "z", "in", "a_s")
            engine.complete(work)
        elif engine.rows[state.Task]:
            found.append("user")
            engine.complete_user_task(next(iter(engine.rows[state.Task].values())))
        else:
            found.append("message")
            engine.send("m")

    assert " ".join(found) == topics
    assert engine.is_empty()
    assert engine.instances() == {instance: "COMPLETED"}
    left = [v for v in engine.visits() if "…" in v or "canceled" in v]
    assert left == (["g (canceled)"] if first == "g" else [])  # a gateway is left by its event


def test_a_flow_is_taken_when_its_listeners_are_done(engine):
    engine.delegates = WORK
    content = '<task id="a"/>' + task("b") + listening_flow("a", "b", listener("x"), listener("y"))
    engine.start(engine.deploy(process(f'<startEvent id="s"/>{content}' + flow("s", "a"))))

    assert waiting(engine) == [("x", "a")]
    assert engine.visits() == ["s", "a"]
    do(engine, "x")
    do(engine, "x")

    assert waiting(engine) == [("b", "b")]
    assert engine.visits() == ["s", "a", "b …"]


def test_parallel_flows_wait_each_by_itself_and_meet(engine):
    engine.delegates = WORK
    content = (
        '<parallelGateway id="fork"/><parallelGateway id="join"/><task id="b"/>'
        + listening_flow("fork", "join", listener("x"))
        + flows("fork", "b", "join", "z")
        + task("z")
    )
    engine.start(engine.deploy(process(f'<startEvent id="s"/>{content}' + flow("s", "fork"))))

    assert waiting(engine) == [("x", "fork")]
    do(engine, "x")

    assert waiting(engine) == [("z", "z")]


@pytest.mark.parametrize("event", ["start", "end"])
def test_a_token_may_be_folded_into_its_scope_while_it_waits(engine, event):
    engine.delegates = WORK
    content = (
        f'<parallelGateway id="fork"/><task id="a">{extensions(listener(event))}</task>'
        + task("b")
        + flows("fork", "a", "z")
        + flows("fork", "b")
        + task("z")
    )
    engine.start(engine.deploy(process(f'<startEvent id="s"/>{content}' + flow("s", "fork"))))
    assert set(waiting(engine)) == {("x", "a"), ("b", "b")}

    do(engine, "b")
    do(engine, "x")

    assert waiting(engine) == [("z", "z")]
    do(engine, "z")
    assert engine.is_empty()


def test_an_instance_waits_at_its_start_and_at_its_end(engine):
    engine.delegates = WORK
    model = process(
        extensions(listener("start"), listener("end", "org.Y"))
        + '<startEvent id="s"/><endEvent id="e"/>'
        + flow("s", "e")
    )
    instance = engine.start(engine.deploy(model))

    assert (waiting(engine), engine.visits()) == ([("x", "s")], [])
    do(engine, "x")
    assert (waiting(engine), engine.visits()) == ([("y", "e")], ["s", "e"])
    do(engine, "y", n=1)

    assert engine.is_empty()
    assert engine.instances() == {instance: "COMPLETED"}


def test_a_caller_goes_on_when_the_end_of_the_called_instance_is_done(engine):
    engine.delegates = WORK
    engine.deploy(process(extensions(listener("end")) + '<startEvent id="s"/>', "called"))
    engine.start(engine.deploy(between('<callActivity id="a" calledElement="called"/>')))

    do(engine, "x")

    assert waiting(engine) == [("z", "z")]


def test_the_arguments_of_a_bean_go_along_and_away_again(engine):
    engine.delegates = WORK
    code = '<camunda:executionListener event="start" expression="${log.write(id, n + 1)}"/>'
    engine.start(engine.deploy(between(f'<task id="a">{extensions(code)}</task>')), id="o", n=1)
    assert engine.variables() == {"id": "o", "n": 1, "arg0": "o", "arg1": 2}

    do(engine, "log", written=True)

    assert engine.variables() == {"id": "o", "n": 1, "written": True}


def test_a_script_goes_along_and_away_again(engine):
    engine.delegates = WORK
    code = (
        '<camunda:executionListener event="end"><camunda:script scriptFormat="groovy">1'
        "</camunda:script></camunda:executionListener>"
    )
    engine.start(engine.deploy(between(f'<task id="a">{extensions(code)}</task>')))
    assert engine.variables() == {"script": "1", "scriptFormat": "groovy"}

    do(engine, "groovy")

    assert engine.variables() == {}


def test_flows_are_chosen_before_the_end_is_told_of(engine):
    engine.delegates = WORK
    content = (
        f'<exclusiveGateway id="a" default="a_z">{extensions(listener("end"))}</exclusiveGateway>'
        + task("b")
        + flow("a", "b", "${n == 1}")
    )
    engine.start(engine.deploy(between(content)), n=1)

    do(engine, "x", n=2)

    assert waiting(engine) == [("b", "b")]


def test_an_end_that_nothing_follows_is_not_asked_of_a_worker(engine):
    engine.delegates = WORK
    content = (
        task("a", inner=extensions(listener("end")))
        + '<boundaryEvent id="late" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H'
        "</timeDuration></timerEventDefinition></boundaryEvent>" + task("y") + flow("late", "y")
    )
    engine.start(engine.deploy(between(content)))
    (timer,) = engine.rows[state.Job].values()

    engine.execute(timer)

    assert waiting(engine) == [("y", "y")]


@pytest.mark.parametrize("event", ["assignment", "update", "delete"])
def test_what_no_token_can_wait_for_is_no_work(engine, event):
    engine.delegates = {"org.X": "x"}
    found = extensions(listener(event, kind="task"))
    content = f'<userTask id="a" camunda:assignee="me">{found}</userTask>'
    graph = engine.deploy(between(content))

    if event == "assignment":
        with pytest.raises(EngineError, match="Cannot load class"):
            engine.start(graph)
        return
    engine.start(graph)
    assert (len(engine.rows[state.Task]), engine.tasks()) == (1, [])


def test_an_open_process_goes_its_own_way_besides(engine):
    """The handler of a compensation ends when its listener is done."""
    engine.delegates = WORK
    handler = sub(
        "undo", task("u") + flow("undo_s", "u"), listener("end"), isForCompensation="true"
    )
    content = (
        '<task id="a"/><boundaryEvent id="c" attachedToRef="a"><compensateEventDefinition/>'
        '</boundaryEvent><association associationDirection="One" sourceRef="c" targetRef="undo"/>'
        + handler
        + '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
        + flow("a", "t")
    )
    engine.start(engine.deploy(between(content, last="t")))

    do(engine, "u")
    do(engine, "x")

    assert waiting(engine) == [("z", "z")]


@pytest.mark.parametrize("event", ["start", "create"])
def test_the_history_names_the_task_of_a_visit_that_has_waited_for_a_listener(engine, event):
    engine.delegates = WORK
    kind = "execution" if event == "start" else "task"
    content = f'<userTask id="a" camunda:assignee="mary">{extensions(listener(event, kind=kind))}'
    engine.start(engine.deploy(between(f"{content}</userTask>")))

    do(engine, "x")

    (waits,) = engine.rows[state.Task].values()
    visit = commands.visit(engine, "a")
    assert (visit.task_id, visit.assignee) == (waits.id, "mary")


def test_the_history_names_the_called_instance_of_a_visit_that_has_waited(engine):
    engine.delegates = WORK
    engine.deploy(process('<startEvent id="cs"/>' + task("in") + flow("cs", "in"), "called"))
    calling = f'<callActivity id="a" calledElement="called">{extensions(listener("start"))}'
    engine.start(engine.deploy(between(f"{calling}</callActivity>")))

    do(engine, "x")

    (called,) = [e for e in engine.rows[state.Execution].values() if e.super_execution_id]
    visit = commands.visit(engine, "a")
    assert visit.called_process_instance_id == called.id
