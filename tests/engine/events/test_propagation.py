"""The propagation of errors and escalations outwards."""

from app.engine import state
from tests.models import flows, process, task

DECLARED = (
    '<error id="broken" errorCode="E"/><escalation id="late" escalationCode="L"/>'
    '<message id="go" name="go"/>'
)


def model(content, key="p"):
    return process(content, key).replace("<process ", f"{DECLARED}<process ", 1)


def inputs(**values):
    found = "".join(
        f'<camunda:inputParameter name="{n}">{v}</camunda:inputParameter>'
        for n, v in values.items()
    )
    inner = f"<camunda:inputOutput>{found}</camunda:inputOutput>"
    return f"<extensionElements>{inner}</extensionElements>"


def test_an_input_parameter_of_the_host_takes_the_code_of_a_caught_error(engine):
    graph = engine.deploy(
        model(
            '<startEvent id="s"/>'
            + task("t", inner=inputs(code="mine"))
            + '<boundaryEvent id="b" attachedToRef="t"><errorEventDefinition errorRef="broken" '
            'camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/>'
            "</boundaryEvent>" + task("handle") + flows("s", "t") + flows("b", "handle")
        )
    )
    engine.start(graph)

    engine.bpmn_error(engine.tasks()[0], "E", "no paper")

    assert engine.variables() == {"text": "no paper"}


def test_an_escalation_that_leaves_a_called_process_takes_its_variables_out(engine):
    engine.deploy(
        model(
            '<startEvent id="s"/>'
            '<serviceTask id="set" camunda:expression="${7}" camunda:resultVariable="n"/>'
            '<intermediateThrowEvent id="throw"><escalationEventDefinition escalationRef="late"/>'
            "</intermediateThrowEvent>" + task("t") + flows("s", "set", "throw", "t"),
            "called",
        )
    )
    graph = engine.deploy(
        model(
            '<startEvent id="s"/><subProcess id="sub"><startEvent id="i"/>'
            '<callActivity id="call" calledElement="called"><extensionElements>'
            '<camunda:out source="n" target="seen"/></extensionElements></callActivity>'
            + flows("i", "call")
            + '</subProcess><boundaryEvent id="b" attachedToRef="sub" cancelActivity="false">'
            '<escalationEventDefinition escalationRef="late"/></boundaryEvent>' + flows("s", "sub")
        )
    )

    engine.start(graph)

    assert engine.variables() == {"n": 7, "seen": 7}


def test_a_task_that_ends_by_an_uncaught_error_is_not_compensated_for(engine):
    graph = engine.deploy(
        model(
            '<startEvent id="s"/><parallelGateway id="fork"/>'
            + task("t")
            + task("other")
            + '<boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
            + task("undo", isForCompensation="true")
            + '<association id="a" sourceRef="b" targetRef="undo"/>'
            + flows("s", "fork", "t")
            + flows("fork", "other")
        )
    )
    engine.start(graph)

    engine.bpmn_error(engine.tasks("t")[0], "E")

    assert not engine.rows[state.EventSubscription]
