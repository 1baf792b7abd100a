"""Where a token waits for a job before it begins."""

import pytest

from app.engine import state
from tests.models import flows, process, task

MESSAGE = '<message id="go" name="go"/>'
WAIT = 'camunda:asyncBefore="true"'


def model(content):
    return process(content).replace("<process ", f"{MESSAGE}<process ", 1)


def only_job(engine):
    (job,) = engine.rows[state.Job].values()
    return job


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
