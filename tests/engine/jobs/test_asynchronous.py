"""Where a token waits for a job before it begins."""

import pytest

from app.engine import state
from app.errors import ExpressionError
from tests.engine.commands import only_job
from tests.models import flows, process, task

MESSAGE = '<message id="go" name="go"/>'
WAIT = 'camunda:asyncBefore="true"'


def model(content):
    return process(content).replace("<process ", f"{MESSAGE}<process ", 1)


@pytest.mark.parametrize(("interrupts", "left"), [("true", ["handle"]), ("false", ["handle", "t"])])
def test_a_boundary_event_may_wait_for_a_job(engine, interrupts, left):
    graph = engine.deploy(
        model(
            '<startEvent id="s"/>'
            + task("t")
            + f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="{interrupts}" {WAIT}>'
            '<messageEventDefinition messageRef="go"/></boundaryEvent>'
            + task("handle")
            + flows("s", "t")
            + flows("b", "handle")
        )
    )
    engine.start(graph)

    engine.send("go")
    assert only_job(engine).activity_id == "b"
    assert not engine.tasks("handle")

    engine.execute(only_job(engine))
    assert sorted(t.activity_id for t in engine.tasks()) == left


@pytest.mark.parametrize("interrupts", ["true", "false"])
def test_an_event_subprocess_and_its_start_event_may_wait_for_jobs(engine, interrupts):
    graph = engine.deploy(
        model(
            '<startEvent id="s"/>'
            + task("t")
            + flows("s", "t")
            + f'<subProcess id="sub" triggeredByEvent="true" {WAIT}>'
            f'<startEvent id="i" isInterrupting="{interrupts}" {WAIT}>'
            '<messageEventDefinition messageRef="go"/></startEvent>'
            + task("handle")
            + flows("i", "handle")
            + "</subProcess>"
        )
    )
    engine.start(graph)

    engine.send("go")
    assert only_job(engine).activity_id == "sub"
    engine.execute(only_job(engine))
    assert only_job(engine).activity_id == "i"
    engine.execute(only_job(engine))

    assert len(engine.tasks("handle")) == 1
    assert len(engine.tasks("t")) == (interrupts == "false")


def test_a_compensation_handler_may_wait_for_a_job(engine):
    graph = engine.deploy(
        model(
            '<startEvent id="s"/>'
            + task("t")
            + '<boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
            + task("undo", isForCompensation="true", camunda_asyncBefore="true")
            + '<association id="a" sourceRef="b" targetRef="undo"/>'
            '<endEvent id="e"><compensateEventDefinition/></endEvent>' + flows("s", "t", "e")
        )
    )
    engine.start(graph)

    engine.complete(engine.tasks("t")[0])
    assert not engine.tasks()

    engine.execute(only_job(engine))
    engine.complete(engine.tasks("undo")[0])
    assert engine.is_empty()


def test_an_event_behind_a_gateway_that_starts_asynchronously_has_happened_already(engine):
    content = (
        f'<eventBasedGateway id="gate"/><intermediateCatchEvent id="hear" {WAIT}>'
        '<messageEventDefinition messageRef="go"/></intermediateCatchEvent>'
        + task("after")
        + flows("s", "gate", "hear", "after")
    )
    engine.start(engine.deploy(model(f'<startEvent id="s"/>{content}')))

    engine.send("go")

    job = only_job(engine)
    assert (job.activity_id, engine.tasks()) == ("hear", [])
    engine.execute(job)
    assert [t.activity_id for t in engine.tasks()] == ["after"]


@pytest.mark.parametrize(("attribute", "is_exclusive"), [("", True), ("false", False)])
def test_the_job_of_a_timer_is_exclusive_unless_its_definition_says_otherwise(
    engine, attribute, is_exclusive
):
    said = f'camunda:exclusive="{attribute}"' if attribute else ""
    timer = f"<timerEventDefinition {said}><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    late = f'<camunda:taskListener event="timeout" id="late" expression="${{1}}">{timer}'
    user = f"<extensionElements>{late}</camunda:taskListener></extensionElements>"
    graph = engine.deploy(
        model(
            f'<startEvent id="s"/><userTask id="u">{user}</userTask>'
            f'<boundaryEvent id="b" attachedToRef="u">{timer}</boundaryEvent>' + flows("s", "u")
        )
    )

    engine.start(graph)

    found = [(job.activity_id, job.is_exclusive) for job in engine.rows[state.Job].values()]
    assert sorted(found) == [("b", is_exclusive), ("u", is_exclusive)]


@pytest.mark.parametrize("name", ["who", ""])
def test_the_variable_of_the_user_who_starts_has_the_name_that_the_model_says(engine, name):
    start = f'<startEvent id="s" camunda:initiator="{name}"/>'

    engine.start(engine.deploy(model(start + '<userTask id="u"/>' + flows("s", "u"))))

    assert engine.variables() == {name: None}


def told(event, what):
    text = f"${{execution.setVariable('log', log.concat(' {what}'))}}"
    return f'<camunda:executionListener event="{event}" expression="{text}"/>'


def extended(*listeners):
    return f"<extensionElements>{''.join(listeners)}</extensionElements>"


def starting_with(listener):
    """A process whose start waits for a job, and that is told of its start."""
    return process(
        extended(listener)
        + f'<startEvent id="s" {WAIT}>'
        + extended(told("start", "event"))
        + "</startEvent>"
        + task("t")
        + flows("s", "t")
    )


def test_a_process_is_told_of_its_start_by_the_job_of_its_start_event(engine):
    engine.start(engine.deploy(starting_with(told("start", "process"))), log="")

    assert only_job(engine).activity_id == "s"
    assert engine.variables() == {"log": ""}
    assert engine.visits() == []

    engine.execute(only_job(engine))

    assert engine.variables()["log"] == " process event"
    assert engine.visits() == ["s", "t …"]


def test_a_start_listener_that_fails_leaves_the_job_of_the_start(engine):
    listener = '<camunda:executionListener event="start" expression="${unknown}"/>'
    engine.start(engine.deploy(starting_with(listener)), log="")

    with pytest.raises(ExpressionError, match="unknown"):
        engine.execute(only_job(engine))

    assert only_job(engine).activity_id == "s"
    assert engine.visits() == []


def test_a_called_process_is_told_of_its_start_by_the_job_of_its_start_event(engine):
    engine.deploy(starting_with(told("start", "process")))
    caller = process(
        '<startEvent id="s"/><callActivity id="call" calledElement="p">'
        '<extensionElements><camunda:in variables="all"/></extensionElements></callActivity>'
        + flows("s", "call"),
        key="caller",
    )
    engine.start(engine.deploy(caller), log="")

    assert engine.tasks() == []
    engine.execute(only_job(engine))

    assert [t.activity_id for t in engine.tasks()] == ["t"]


def test_a_token_that_starts_beside_a_parked_start_leaves_its_job_alone(engine):
    graph = engine.deploy(
        model(
            extended(told("start", "process"))
            + f'<startEvent id="s" {WAIT}/>'
            + task("t")
            + flows("s", "t")
            + '<subProcess id="sub" triggeredByEvent="true">'
            '<startEvent id="i" isInterrupting="false">'
            '<messageEventDefinition messageRef="go"/></startEvent>'
            + task("handle")
            + flows("i", "handle")
            + "</subProcess>"
        )
    )
    engine.start(graph, log="")

    engine.send("go")
    engine.execute(only_job(engine))

    assert sorted(t.activity_id for t in engine.tasks()) == ["handle", "t"]
    assert engine.variables()["log"] == " process"


@pytest.mark.parametrize("element", ["parallelGateway", "inclusiveGateway", "manualTask"])
def test_each_flow_out_of_what_ends_asynchronously_has_a_job_of_its_own(engine, element):
    graph = engine.deploy(
        process(
            f'<startEvent id="s"/><{element} id="g" camunda:asyncAfter="true"/>'
            + task("a")
            + task("b")
            + flows("s", "g", "a")
            + flows("g", "b")
        )
    )
    engine.start(graph)

    jobs = list(engine.rows[state.Job].values())
    assert [j.activity_id for j in jobs] == ["g", "g"]
    assert len({j.execution_id for j in jobs}) == 2
    assert engine.visits() == ["s", "g"]

    engine.execute(jobs[0])
    assert [t.activity_id for t in engine.tasks()] == ["a"]
    engine.execute(jobs[1])
    assert sorted(t.activity_id for t in engine.tasks()) == ["a", "b"]
    assert engine.visits() == ["s", "g", "a …", "b …"]


def test_an_old_job_for_several_flows_becomes_one_for_each(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><manualTask id="g" camunda:asyncAfter="true"/>'
            + task("a")
            + task("b")
            + flows("s", "g", "a")
            + flows("g", "b")
        )
    )
    engine.start(graph)
    first, second = engine.rows[state.Job].values()
    engine.execute(first)
    second.configuration += "$g_a"

    engine.execute(second)

    assert [j.activity_id for j in engine.rows[state.Job].values()] == ["g", "g"]


@pytest.mark.parametrize(
    ("around", "event"),
    [("subProcess", "terminate"), ("transaction", "cancel")],
)
def test_an_end_that_interrupts_its_scope_does_so_before_its_job(engine, around, event):
    border = (
        f'<boundaryEvent id="border" attachedToRef="sub"><{event}EventDefinition/></boundaryEvent>'
    )
    late = (
        '<boundaryEvent id="late" attachedToRef="sub"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
    )
    inside = (
        '<startEvent id="in"/><parallelGateway id="fork"/>'
        + "".join(task(name) + flows("fork", name) for name in ("a", "b"))
        + f'<endEvent id="last" {WAIT}><{event}EventDefinition/></endEvent>'
        + flows("in", "fork")
        + flows("a", "last")
    )
    contents = f'<{around} id="sub">{inside}</{around}>' + late
    behind = "border" if event == "cancel" else "sub"
    contents += border * (event == "cancel") + task("after") + flows(behind, "after")
    engine.start(engine.deploy(model('<startEvent id="s"/>' + contents + flows("s", "sub"))))

    engine.complete(engine.tasks("a")[0])

    assert not engine.tasks()
    job = only_job(engine)
    assert job.activity_id == "last"
    engine.execute(job)
    assert [t.activity_id for t in engine.tasks()] == ["after"]
