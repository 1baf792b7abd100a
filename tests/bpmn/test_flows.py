import pytest


def flow(id_, source, target, condition=None, attributes=""):
    inside = "" if condition is None else f"<conditionExpression>{condition}</conditionExpression>"
    return (
        f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}" {attributes}>'
        f"{inside}</sequenceFlow>"
    )


def gateway(*flows, default=""):
    attribute = f'default="{default}"' if default else ""
    ends = '<endEvent id="a"/><endEvent id="b"/><endEvent id="c"/>'
    return (
        f'<exclusiveGateway id="gate" {attribute}/>{ends}{flow("in", "start", "gate")}'
        + "".join(flows)
    )


def test_flows_have_the_order_of_their_elements(read_process):
    process = read_process(
        '<parallelGateway id="gate"><outgoing>f1</outgoing><outgoing>f2</outgoing>'
        '</parallelGateway><task id="a"/><task id="b"/>'
        + flow("f2", "gate", "b")
        + flow("in", "start", "gate")
        + flow("f1", "gate", "a")
    )

    assert process.nodes["gate"].outgoing == ("f2", "f1")
    assert process.nodes["gate"].incoming == ("in",)


def test_a_condition_is_trimmed(read_process):
    process = read_process(
        gateway(flow("f", "start", "a", "\n ${x > 1} ")) + flow("g", "gate", "a")
    )

    assert process.flows["f"].condition.text == "${x > 1}"


def test_a_flow_without_id_gets_one(read_process):
    process = read_process('<task id="t"/><sequenceFlow sourceRef="start" targetRef="t"/>')

    assert process.nodes["t"].incoming == process.nodes["start"].outgoing
    assert len(process.flows) == 1


def test_a_flow_that_leaves_an_asynchronous_activity_needs_an_id(problems_of):
    problems = problems_of(
        '<task id="t"/><task id="u" camunda:asyncAfter="true"/>'
        '<sequenceFlow sourceRef="u" targetRef="t"/>'
    )

    assert problems == [
        "Sequence flow with sourceRef='u' must have an id, activity with id 'u' uses 'asyncAfter'."
    ]


@pytest.mark.parametrize(
    ("source", "target", "problem"),
    [
        ("no", "t", "Invalid source 'no' of sequence flow 'f'"),
        ("start", "no", "Invalid destination 'no' of sequence flow 'f'"),
        ("start", "inside", "Invalid destination 'inside' of sequence flow 'f'"),
        ("event-sub", "t", "Invalid outgoing sequence flow of event subprocess"),
        ("start", "event-sub", "Invalid incoming sequence flow of event subprocess"),
        (
            "start",
            "undo",
            "Invalid incoming sequence flow of compensation activity 'undo'. A compensation "
            "activity should not have an incoming or outgoing sequence flow.",
        ),
    ],
)
def test_a_flow_connects_two_flow_nodes_of_one_scope(problems_of, source, target, problem):
    problems = problems_of(
        '<task id="t"/><subProcess id="sub"><startEvent id="inside"/></subProcess>'
        '<subProcess id="event-sub" triggeredByEvent="true"><startEvent id="s">'
        "<errorEventDefinition/></startEvent></subProcess>"
        '<task id="undo" isForCompensation="true"/>' + flow("f", source, target)
    )

    # An end that is nowhere in the file breaks its schema as well, which is told first.
    assert problems[-1] == problem
    assert all(p.startswith("cvc-id.1") for p in problems[:-1])


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (gateway(), "Exclusive Gateway 'gate' has no outgoing sequence flows."),
        (
            gateway(flow("f", "gate", "a", "${x}")),
            "Exclusive Gateway 'gate' has only one outgoing sequence flow ('f'). This is not "
            "allowed to have a condition.",
        ),
        (
            gateway(flow("f", "gate", "a", "${x}"), flow("g", "gate", "b", "${y}"), default="f"),
            "Exclusive Gateway 'gate' has outgoing sequence flow 'f' which is the default flow "
            "but has a condition too.",
        ),
        (
            gateway(flow("f", "gate", "a"), flow("g", "gate", "b"), default="f"),
            "Exclusive Gateway 'gate' has outgoing sequence flow 'g' without condition which is "
            "not the default flow.",
        ),
    ],
)
def test_an_exclusive_gateway_that_cannot_decide_is_refused(problems_of, model, problem):
    assert problems_of(model) == [problem]


def test_an_exclusive_gateway_with_two_flows_without_condition_is_refused(problems_of):
    problems = problems_of(gateway(flow("f", "gate", "a"), flow("g", "gate", "b")))

    assert len(problems) == 2


def test_one_flow_without_condition_at_an_exclusive_gateway_is_a_warning(read_file):
    parsed = read_file(gateway(flow("f", "gate", "a", "${x}"), flow("g", "gate", "b")))

    assert len(parsed.warnings) == 1
    assert parsed.processes[0].nodes["gate"].default_flow is None


def test_a_default_flow_that_does_not_exist_is_refused(problems_of):
    problems = problems_of('<task id="t" default="no"/>')

    assert problems == ["cvc-id.1: There is no ID/IDREF binding for IDREF 'no'."]


CATCH = (
    '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
)


def test_an_event_based_gateway_is_followed_by_catch_events_only(problems_of):
    problems = problems_of(
        '<eventBasedGateway id="gate"/><receiveTask id="t"/>' + flow("f", "gate", "t")
    )

    assert problems == [
        "Event based gateway can only be connected to elements of type intermediateCatchEvent"
    ]


def test_an_event_after_an_event_based_gateway_has_no_other_incoming_flow(problems_of):
    problems = problems_of(
        f'<eventBasedGateway id="gate"/>{CATCH}'
        + flow("f", "gate", "wait")
        + flow("g", "start", "wait")
    )

    assert problems == [
        "Invalid incoming sequenceflow for intermediateCatchEvent with id 'wait' connected to an "
        "event-based gateway."
    ]


def test_an_event_based_gateway_is_not_asynchronous_afterwards(problems_of):
    problems = problems_of('<eventBasedGateway id="gate" camunda:asyncAfter="true"/>')

    assert problems == ["'asyncAfter' not supported for eventBasedGateway elements."]


def link(element, id_, name="L"):
    return f'<{element} id="{id_}"><linkEventDefinition name="{name}"/></{element}>'


def test_flows_to_a_throwing_link_lead_to_the_catching_one(read_process):
    process = read_process(
        link("intermediateThrowEvent", "jump")
        + link("intermediateCatchEvent", "land")
        + flow("f", "start", "jump")
    )

    assert process.flows["f"].target_id == "land"
    assert "jump" not in process.nodes
    assert process.nodes["land"].incoming == ("f",)


def test_a_throwing_link_needs_a_catching_one(problems_of):
    problems = problems_of(link("intermediateThrowEvent", "jump") + flow("f", "start", "jump"))

    assert problems[0].startswith("sequence flow points to link event source with name 'L' but")


def test_a_link_is_caught_in_one_place(problems_of):
    problems = problems_of(
        link("intermediateCatchEvent", "a") + link("intermediateCatchEvent", "b")
    )

    assert problems == [
        "Multiple Intermediate Catch Events with the same link event name ('L') are not allowed."
    ]


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        ("", "process must define a startEvent element"),
        (
            '<startEvent id="s1"/><startEvent id="s2"/>',
            "multiple none start events or timer start events not supported on process definition",
        ),
    ],
)
def test_a_process_has_one_plain_start_event(problems_of, start, problem):
    assert problems_of(start=start) == [problem]


def test_a_subprocess_needs_a_start_event(problems_of):
    assert problems_of('<subProcess id="sub"/>') == ["subProcess must define a startEvent element"]


def test_a_subprocess_has_one_start_event_only(problems_of):
    problems = problems_of(
        '<subProcess id="sub"><startEvent id="a"/><startEvent id="b"/></subProcess>'
    )

    assert problems == ["multiple start events not supported for subprocess"]


def test_an_id_stands_for_one_element(problems_of):
    problems = problems_of('<task id="start"/>')

    assert problems[0] == "cvc-id.2: There are multiple occurrences of ID value 'start'."


def test_an_id_is_a_name(problems_of):
    problems = problems_of('<task id="1st task"/>')

    assert problems[0] == "cvc-datatype-valid.1.2.1: '1st task' is not a valid value for 'NCName'."


def test_only_a_boundary_event_needs_an_id(problems_of, read_process):
    boundary = (
        '<task id="t"/><boundaryEvent attachedToRef="t"><errorEventDefinition/></boundaryEvent>'
    )

    process = read_process('<task/><task id="task_1"/><subProcess><startEvent/></subProcess>')

    assert problems_of(boundary) == ["boundary event has no id"]
    assert list(process.nodes) == ["start", "task_2", "task_1", "subProcess_3", "startEvent_4"]


def test_blanks_around_ids_and_references_are_no_part_of_them(read_process):
    process = read_process(
        '<task id=" a "/><task id="b" default="f "/>'
        '<sequenceFlow id="f " sourceRef="b" targetRef=" a"/>'
    )

    assert process.flows["f"].target_id == "a"
    assert process.nodes["b"].default_flow == "f"


def test_ids_in_foreign_extension_elements_are_free(read_process):
    foreign = '<x:thing xmlns:x="urn:x" id="1 2"><Model id="start"/></x:thing>'

    process = read_process(f'<task id="t"><extensionElements>{foreign}</extensionElements></task>')

    assert "t" in process.nodes


def test_elements_of_bpmn_inside_extension_elements_count(problems_of):
    inside = '<extensionElements><task id="start"/></extensionElements>'

    problems = problems_of(f'<task id="t">{inside}</task>')

    assert problems[0] == "cvc-id.2: There are multiple occurrences of ID value 'start'."
