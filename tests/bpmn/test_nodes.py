"""Common parts of all flow nodes: jobs, parameters, listeners, properties, references."""

import pytest

from app.bpmn import model
from app.errors import ParseError

from .elements import (
    boundary,
    catch,
    definition,
    element,
    end,
    event_subprocess,
    extension,
    external,
    flow,
    start,
    subprocess,
    throw,
    timer,
)

MESSAGE = definition("message", messageRef="m")
ACTIVITIES = {
    "task": element,
    "manualTask": element,
    "userTask": element,
    "receiveTask": element,
    "serviceTask": lambda tag, id_, /, *c, **o: external(id_, *c, element_name=tag, **o),
    "sendTask": lambda tag, id_, /, *c, **o: external(id_, *c, element_name=tag, **o),
    "businessRuleTask": lambda tag, id_, /, *c, **o: external(id_, *c, element_name=tag, **o),
    "scriptTask": lambda tag, id_, /, *c, **o: element(
        tag, id_, element("script", None, "1"), *c, scriptFormat="javascript", **o
    ),
    "subProcess": lambda tag, id_, /, *c, **o: element(tag, id_, start("inner"), *c, **o),
    "transaction": lambda tag, id_, /, *c, **o: element(tag, id_, start("inner"), *c, **o),
    "callActivity": lambda tag, id_, /, *c, **o: element(tag, id_, *c, calledElement="c", **o),
}
GATEWAYS = ("parallelGateway", "inclusiveGateway", "eventBasedGateway")
EVENTS = {
    "endEvent": end,
    "intermediateThrowEvent": throw,
    "intermediateCatchEvent": lambda id_, **o: catch(id_, timer("duration", "PT1H"), **o),
}
ALL = [*ACTIVITIES, *GATEWAYS, *EVENTS]


def made(name, /, **options):
    if name in ACTIVITIES:
        return ACTIVITIES[name](name, "n", **options)
    if name in EVENTS:
        return EVENTS[name]("n", **options)
    return element(name, "n", **options)


@pytest.fixture
def read_node(read_process):
    """A flow node of a kind."""
    return lambda name, /, **options: read_process(made(name, **options)).nodes["n"]


@pytest.mark.parametrize("name", [*ACTIVITIES, *GATEWAYS])
def test_the_kind_of_an_activity_or_gateway_is_its_element(read_node, name):
    node = read_node(name, name="Named")

    assert (node.kind, node.name, node.scope_id) == (name, "Named", "order")


@pytest.mark.parametrize("name", ALL)
def test_a_flow_node_is_plain_unless_it_says_otherwise(read_node, name):
    node = read_node(name)

    assert (node.async_before, node.async_after, node.is_exclusive) == (False, False, True)
    assert (node.inputs, node.outputs, node.listeners, node.properties) == ((), (), (), {})
    assert (node.job_priority, node.job_retry_cycle, node.loop) == (None, None, None)
    assert (node.default_flow, node.attached_to, node.form) == (None, None, None)
    assert not node.is_for_compensation


@pytest.mark.parametrize("name", [each for each in ALL if each != "eventBasedGateway"])
def test_every_flow_node_may_have_jobs(read_node, name):
    node = read_node(
        name,
        camunda_asyncBefore="true",
        camunda_asyncAfter="true",
        camunda_exclusive="false",
        camunda_jobPriority="7",
        extensions=extension("failedJobRetryTimeCycle", "R3/PT1M"),
    )

    assert (node.async_before, node.async_after, node.is_exclusive) == (True, True, False)
    assert (node.job_priority.text, node.job_retry_cycle.text) == ("7", "R3/PT1M")


@pytest.mark.parametrize("value", ["false", "TRUE", "1", "", "yes"])
def test_an_attribute_is_true_by_one_word_alone(read_node, value):
    assert not read_node("task", camunda_asyncBefore=value).async_before


def test_async_is_the_old_name_of_async_before(read_node):
    node = read_node("task", camunda_async="true")

    assert (node.async_before, node.async_after) == (True, False)


def test_an_event_based_gateway_has_no_job_behind_it(problems_of):
    assert problems_of(made("eventBasedGateway", camunda_asyncAfter="true")) == [
        "'asyncAfter' not supported for eventBasedGateway elements."
    ]


@pytest.mark.parametrize("name", ALL)
def test_every_flow_node_may_have_listeners_and_properties(read_node, name):
    node = read_node(
        name,
        extensions=extension("executionListener", event="start", expression="${1}")
        + extension("executionListener", event="end", expression="${2}")
        + extension("properties", extension("property", name="a", value="b")),
    )

    assert [listener.event for listener in node.listeners] == ["start", "end"]
    assert node.properties == {"a": "b"}


@pytest.mark.parametrize("name", [each for each in ALL if each not in GATEWAYS])
def test_activities_and_events_may_have_inputs(read_node, name):
    node = read_node(
        name, extensions=extension("inputOutput", extension("inputParameter", "1", name="a"))
    )

    assert [(each.name, each.value.text) for each in node.inputs] == [("a", "1")]
    assert node.outputs == ()


@pytest.mark.parametrize("name", [*GATEWAYS, "exclusiveGateway"])
def test_a_gateway_maps_nothing(problems_of, name):
    mapping = extension("inputOutput", extension("inputParameter", "1", name="a"))
    contents = (
        element(name, "n", extensions=mapping)
        + element("task", "t")
        + (flow("n", "t") if name != "eventBasedGateway" else "")
    )

    assert problems_of(contents) == [
        f"camunda:inputOutput mapping unsupported for element type '{name}'."
    ]


def test_a_boundary_event_maps_nothing(problems_of):
    mapping = extension("inputOutput", extension("outputParameter", "1", name="a"))

    assert problems_of(
        element("task", "t") + boundary("b", "t", definition("error"), extensions=mapping)
    ) == ["camunda:inputOutput mapping unsupported for element type 'boundaryEvent'."]


def test_an_end_event_maps_in_and_not_out(problems_of, read_process):
    into = extension("inputOutput", extension("inputParameter", "1", name="a"))
    out = extension("inputOutput", extension("outputParameter", "1", name="a"))

    assert [each.name for each in read_process(end("e", extensions=into)).nodes["e"].inputs] == [
        "a"
    ]
    assert problems_of(end("e", extensions=out)) == [
        "camunda:outputParameter not allowed for element type 'endEvent'."
    ]


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        ("5", True),
        ("-5", True),
        ("+5", True),
        ("2147483647", True),
        ("-2147483648", True),
        ("2147483648", False),
        ("-2147483649", False),
        ("99999999999999999999999", False),
        ("1.5", False),
        ("", False),
        ("five", False),
        (" 5", False),
        ("1_0", False),
        ("${p}", True),
        (" ${p}", True),
        ("#{p}", True),
    ],
)
@pytest.mark.parametrize("attribute", ["camunda_jobPriority", "camunda_taskPriority"])
def test_a_priority_is_an_integer_of_java_or_an_expression(read_file, attribute, value, is_valid):
    contents = external("n", **{attribute: value})

    if is_valid:
        node = read_file(contents).processes[0].nodes["n"]
        found = node.job_priority if attribute == "camunda_jobPriority" else node.detail.priority
        assert found.text == value
    else:
        with pytest.raises(ParseError) as caught:
            read_file(contents)
        (problem,) = caught.value.problems
        name = attribute.removeprefix("camunda_")
        assert problem.message == f"Value '{value}' for attribute '{name}' is not a valid number"


def test_the_first_retry_cycle_counts_and_an_empty_one_is_none(read_node):
    cycles = extension("failedJobRetryTimeCycle", " R2/PT1M ") + extension(
        "failedJobRetryTimeCycle", "R9/PT9M"
    )

    assert read_node("task", extensions=cycles).job_retry_cycle.text == "R2/PT1M"
    empty = extension("failedJobRetryTimeCycle", " ")
    assert read_node("task", extensions=empty).job_retry_cycle is None


def test_properties_are_those_of_the_first_container_by_name(read_node):
    node = read_node(
        "task",
        extensions=extension(
            "properties",
            extension("property", name="a", value="1"),
            extension("property", name="a", value="2"),
            extension("property", value="3"),
            extension("property", name="", value="4"),
        )
        + extension("properties", extension("property", name="b", value="5")),
    )

    assert node.properties == {"a": "2", "": "4"}


@pytest.mark.parametrize(
    ("attribute", "is_interrupting"),
    [(None, True), ("true", True), ("1", True), ("false", False), ("0", False), (" False ", False)],
)
def test_an_event_interrupts_unless_it_says_otherwise(read_process, attribute, is_interrupting):
    given = {} if attribute is None else {"cancelActivity": attribute}
    at_start = {} if attribute is None else {"isInterrupting": attribute}

    process = read_process(
        element("task", "t")
        + boundary("b", "t", MESSAGE, **given)
        + event_subprocess("e", definition("signal", signalRef="s"), **at_start),
        beside=element("message", "m", name="m") + element("signal", "s", name="s"),
    )

    assert process.nodes["b"].is_interrupting is is_interrupting
    assert process.nodes["e-start"].is_interrupting is is_interrupting


@pytest.mark.parametrize("host", ["t", "defs:t", " t "])
def test_a_boundary_event_names_its_host_as_any_reference(read_process, host):
    process = read_process(element("task", "t") + boundary("b", host, definition("error")))

    assert process.nodes["b"].attached_to == "t"


def test_a_boundary_event_has_a_host(problems_of):
    contents = element("boundaryEvent", "b", definition("error"))

    assert problems_of(contents) == ["AttachedToRef is required when using a timerEventDefinition"]


def test_a_host_is_in_the_scope_of_its_boundary_event(problems_of):
    contents = subprocess("sub", element("task", "t")) + boundary("b", "t", definition("error"))

    assert problems_of(contents) == [
        "Invalid reference in boundary event. Make sure that the referenced activity is defined in "
        "the same scope as the boundary event"
    ]


def test_a_start_event_may_have_a_form_and_name_its_user(read_process):
    process = read_process(
        start=start("start", camunda_initiator="who", camunda_formKey="embedded:form")
    )

    node = process.nodes["start"]
    assert (node.initiator, node.form.key.text) == ("who", "embedded:form")


def test_a_subprocess_is_a_scope_of_its_own(read_process):
    process = read_process(
        subprocess("outer", subprocess("inner", element("task", "t"), flow("inner-start", "t")))
    )

    assert process.nodes["t"].scope_id == "inner"
    assert process.nodes["t"].incoming == ("inner-start_t",)
    assert process.nodes["inner"].detail == model.SubProcess()
    assert [node.id for node in process.nodes.values() if node.is_start_event] == [
        "start",
        "outer-start",
        "inner-start",
    ]


@pytest.mark.parametrize("value", [None, "", "false", "TRUE", "1"])
def test_a_subprocess_is_triggered_by_an_event_by_one_word_alone(read_process, value):
    given = {} if value is None else {"triggeredByEvent": value}

    assert not read_process(subprocess("s", **given)).nodes["s"].detail.is_triggered_by_event
