"""Elements of a scope, and the flows, links and associations that connect them.

Source: Camunda 7 `BpmnParse.parseSequenceFlow`, `parseAssociations`; BPMN 2.0.2 §10.5.
"""

import pytest

from app.bpmn import model
from app.bpmn.scope import FLOW_NODES, WITHOUT_EFFECT

from .elements import (
    boundary,
    catch,
    definition,
    element,
    event_subprocess,
    extension,
    flow,
    guard,
    start,
    subprocess,
    throw,
    timer,
)

IDLE = sorted(
    WITHOUT_EFFECT
    - {
        "association",
        "extensionElements",
        "multiInstanceLoopCharacteristics",
        "sequenceFlow",
    }
)


def tasks(*names):
    return "".join(element("task", name) for name in names)


@pytest.mark.parametrize("name", IDLE)
def test_what_no_token_meets_is_read_over(read_process, name):
    process = read_process(element(name, f"{name}-1") + tasks("t"))

    assert list(process.nodes) == ["start", "t"]


@pytest.mark.parametrize(
    "name",
    [
        "complexGateway",
        "adHocSubProcess",
        "callChoreography",
        "choreographyTask",
        "implicitThrowEvent",
    ],
)
@pytest.mark.parametrize("is_inside", [False, True])
def test_what_is_not_run_is_refused_at_any_depth(problems_of, name, is_inside):
    contents = element(name, "x")

    problems = problems_of(subprocess("s", contents) if is_inside else contents)

    assert problems == [f"Unsupported element '{name}'."]


def test_each_flow_node_of_the_list_is_one_of_the_model(read_process):
    made = {
        "boundaryEvent": boundary("boundaryEvent-1", "task-1", definition("error")),
        "intermediateCatchEvent": catch("intermediateCatchEvent-1", timer("duration", "PT1H")),
        "callActivity": element("callActivity", "callActivity-1", calledElement="c"),
        "exclusiveGateway": element("exclusiveGateway", "exclusiveGateway-1")
        + flow("exclusiveGateway-1", "task-1"),
        "scriptTask": element("scriptTask", "scriptTask-1", element("script", None, "${1}")),
        "startEvent": "",
        "subProcess": subprocess("subProcess-1"),
        "transaction": element("transaction", "transaction-1", start("transaction-start")),
    }
    for name in ("serviceTask", "sendTask", "businessRuleTask"):
        made[name] = element(name, f"{name}-1", camunda_expression="${1}")

    process = read_process(
        "".join(made.get(name, element(name, f"{name}-1")) for name in sorted(FLOW_NODES)),
        start=start("startEvent-1"),
    )

    assert {f"{name}-1" for name in FLOW_NODES} <= set(process.nodes)


def test_a_flow_knows_its_ends_its_name_and_its_condition(read_process):
    process = read_process(
        tasks("t") + flow("start", "t", guard(" ${a < b} "), id_="f", name="Named")
    )

    found = process.flows["f"]
    assert (found.id, found.name) == ("f", "Named")
    assert (found.source_id, found.target_id) == ("start", "t")
    assert found.condition.text == "${a < b}"


def test_flows_between_the_same_nodes_are_told_apart_without_ids(read_process):
    between = element("sequenceFlow", None, sourceRef="start", targetRef="t")

    process = read_process(tasks("t") + between + between)

    assert len(process.flows) == 2
    assert process.nodes["start"].outgoing == process.nodes["t"].incoming == tuple(process.flows)


def test_a_flow_may_lead_back_to_its_source(read_process):
    process = read_process(tasks("t") + flow("t", "t"))

    assert process.nodes["t"].incoming == process.nodes["t"].outgoing == ("t_t",)


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        pytest.param({}, True, id="no type"),
        pytest.param({"xsi_type": "tFormalExpression"}, True, id="the type"),
        pytest.param({"xsi_type": "bpmn:tFormalExpression"}, True, id="with a prefix"),
        pytest.param({"xsi_type": "tExpression"}, False, id="another type"),
    ],
)
def test_a_condition_is_a_formal_expression(read_process, problems_of, given, is_taken):
    contents = tasks("t") + flow("start", "t", guard("${x}", **given))

    if is_taken:
        assert read_process(contents).flows["start_t"].condition.text == "${x}"
    else:
        assert problems_of(contents) == [
            "Invalid type, only tFormalExpression is currently supported"
        ]


def test_a_condition_in_a_language_is_a_script(read_process):
    process = read_process(
        tasks("t", "u")
        + flow("start", "t", guard("a > 1", language="javascript"))
        + flow("start", "u", guard("", language="javascript", camunda_resource="deployment://c.js"))
    )

    assert process.flows["start_t"].condition == model.Script("javascript", "a > 1")
    assert process.flows["start_u"].condition.resource.text == "deployment://c.js"


@pytest.mark.parametrize(
    ("source", "target", "problem"),
    [
        ("", "t", "Invalid source '' of sequence flow 'f'"),
        ("start", "", "Invalid destination '' of sequence flow 'f'"),
        ("sub-start", "t", "Invalid source 'sub-start' of sequence flow 'f'"),
        ("start", "sub-start", "Invalid destination 'sub-start' of sequence flow 'f'"),
        ("note", "t", "Invalid source 'note' of sequence flow 'f'"),
        ("event", "t", "Invalid outgoing sequence flow of event subprocess"),
        ("t", "event", "Invalid incoming sequence flow of event subprocess"),
        (
            "undo",
            "t",
            "Invalid outgoing sequence flow of compensation activity 'undo'. A compensation "
            "activity should not have an incoming or outgoing sequence flow.",
        ),
    ],
)
def test_a_flow_that_connects_nothing_is_refused(problems_of, source, target, problem):
    contents = (
        tasks("t")
        + subprocess("sub")
        + element("textAnnotation", "note")
        + event_subprocess("event", definition("error"))
        + element("task", "undo", isForCompensation="true")
        + flow(source, target, id_="f")
    )

    problems = problems_of(contents)

    assert problems[-1] == problem
    # An invalid name also violates the schema, and those problems come first.
    assert all(p.startswith("cvc-") for p in problems[:-1])


def link(make, id_, name="L"):
    return make(id_, definition("link", **({} if name is None else {"name": name})))


def test_several_links_may_lead_to_one_place(read_process):
    process = read_process(
        tasks("t", "u")
        + link(throw, "jump1")
        + link(throw, "jump2")
        + link(catch, "land")
        + flow("t", "jump1")
        + flow("u", "jump2")
    )

    assert process.nodes["land"].incoming == ("t_jump1", "u_jump2")
    assert {"jump1", "jump2"}.isdisjoint(process.nodes)


def test_links_are_told_apart_by_their_names(read_process):
    process = read_process(
        tasks("t", "u")
        + link(throw, "jump1", "A")
        + link(throw, "jump2", "B")
        + link(catch, "land2", "B")
        + link(catch, "land1", "A")
        + flow("t", "jump1")
        + flow("u", "jump2")
    )

    assert process.flows["t_jump1"].target_id == "land1"
    assert process.flows["u_jump2"].target_id == "land2"


def test_a_link_does_not_leave_its_scope(problems_of):
    contents = subprocess("s", link(throw, "jump"), flow("s-start", "jump")) + link(catch, "land")

    (problem,) = problems_of(contents)
    assert problem.startswith("sequence flow points to link event source with name 'L' but no")


def test_links_of_two_scopes_may_have_one_name(read_process):
    process = read_process(link(catch, "land") + subprocess("s", link(catch, "land2")))

    assert [process.nodes[name].detail.name for name in ("land", "land2")] == ["L", "L"]


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (
            tasks("t"),
            "Event based gateway can only be connected to elements of type intermediateCatchEvent",
        ),
        (
            link(catch, "t"),
            "IntermediateCatchLinkEvent is not allowed after an EventBasedGateway.",
        ),
    ],
)
def test_an_event_based_gateway_waits_for_events(problems_of, target, problem):
    assert problems_of(element("eventBasedGateway", "g") + target + flow("g", "t")) == [problem]


def test_an_event_behind_a_gateway_is_reached_through_it_alone(problems_of):
    contents = (
        element("eventBasedGateway", "g")
        + catch("c", timer("duration", "PT1H"))
        + flow("g", "c")
        + flow("start", "c")
    )

    assert problems_of(contents) == [
        "Invalid incoming sequenceflow for intermediateCatchEvent with id 'c' connected to an "
        "event-based gateway."
    ]


@pytest.mark.parametrize(
    ("attributes", "problems"),
    [
        (
            {},
            [
                "association element missing attribute 'sourceRef'",
                "association element missing attribute 'targetRef'",
            ],
        ),
        ({"sourceRef": "t"}, ["association element missing attribute 'targetRef'"]),
        (
            {"sourceRef": "t", "targetRef": "no"},
            ["Invalid reference targetRef 'no' of association element "],
        ),
        (
            {"sourceRef": "no", "targetRef": "t"},
            ["Invalid reference sourceRef 'no' of association element "],
        ),
    ],
)
def test_an_association_connects_two_elements(problems_of, attributes, problems):
    assert problems_of(tasks("t") + element("association", "a", **attributes)) == problems


def test_an_association_may_lead_to_anything_of_the_file(read_process):
    process = read_process(
        tasks("t") + element("association", "a", sourceRef="t", targetRef="x:m"),
        beside=element("message", "m", name="m"),
    )

    assert process.nodes["t"].compensation_handler is None


@pytest.mark.parametrize("value", ["true", "TRUE", "True"])
def test_a_handler_may_say_true_in_any_case(read_process, value):
    assert (
        read_process(element("task", "t", isForCompensation=value)).nodes["t"].is_for_compensation
    )


def test_a_scope_is_connected_by_itself(read_process):
    process = read_process(
        subprocess("s", tasks("t"), flow("s-start", "t"), flow("t", "t", id_="again"))
        + tasks("u")
        + flow("start", "s")
        + flow("s", "u")
    )

    assert process.nodes["s"].incoming == ("start_s",)
    assert process.nodes["s"].outgoing == ("s_u",)
    assert process.nodes["t"].incoming == ("s-start_t", "again")


def test_flows_and_nodes_keep_their_listeners_apart(read_process):
    heard = extension("executionListener", event="start", expression="${1}")

    process = read_process(
        element("task", "t", extensions=heard) + flow("start", "t", extensions=heard * 2)
    )

    assert len(process.nodes["t"].listeners) == 1
    assert len(process.flows["start_t"].listeners) == 2
