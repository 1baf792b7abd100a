"""The ids of a file: trimmed, made up where one is missing, each of one element.

Source: the BPMN 2.0 schema (`xsd:ID`); Camunda 7 `BpmnParse.createActivityOnScope`.
"""

import pytest

from app.bpmn.scope import FLOW_NODES
from app.errors import ParseError

from .elements import element, external, flow, start, subprocess


def tasks(*ids):
    return "".join(element("task", id_) for id_ in ids)


@pytest.mark.parametrize(
    ("id_", "is_name"),
    [
        ("a", True),
        ("_a", True),
        ("a1", True),
        ("a-b", True),
        ("a.b", True),
        ("größe", True),
        ("a_b", True),
        ("1a", False),
        ("-a", False),
        (".a", False),
        ("a b", False),
        ("a:b", False),
        ("a/b", False),
        ("", False),
    ],
)
def test_an_id_is_a_name_of_xml(read_process, problems_of, id_, is_name):
    if is_name:
        assert id_ in read_process(tasks(id_)).nodes
    else:
        assert problems_of(tasks(id_)) == [
            f"cvc-datatype-valid.1.2.1: '{id_}' is not a valid value for 'NCName'.",
            f"cvc-attribute.3: The value '{id_}' of attribute 'id' on element 'task' is not valid "
            "with respect to its type, 'ID'.",
        ]


@pytest.mark.parametrize("id_", [" a", "a ", "\n a\t"])
def test_blanks_around_an_id_are_none_of_it(read_process, id_):
    assert "a" in read_process(tasks(id_)).nodes


@pytest.mark.parametrize(
    ("contents", "beside"),
    [
        pytest.param(tasks("a", "a"), "", id="two tasks"),
        pytest.param(tasks("a") + subprocess("s", tasks("a")), "", id="at two depths"),
        pytest.param(tasks("a"), element("message", "a", name="m"), id="a task and a message"),
        pytest.param(tasks("a") + flow("start", "a", id_="a"), "", id="a task and a flow"),
        pytest.param(tasks("a"), element("error", "a"), id="a task and an error"),
        pytest.param(tasks("a") + element("textAnnotation", "a"), "", id="a task and a note"),
    ],
)
def test_an_id_stands_once_in_a_file(problems_of, contents, beside):
    assert "cvc-id.2: There are multiple occurrences of ID value 'a'." in problems_of(
        contents, beside=beside
    )


TWICE = [
    "cvc-id.2: There are multiple occurrences of ID value 'a'.",
    "cvc-attribute.3: The value 'a' of attribute 'id' on element 'task' is not valid with respect "
    "to its type, 'ID'.",
]


def test_three_times_are_two_problems_twice(problems_of):
    assert problems_of(tasks("a", "a", "a")) == TWICE * 2


def test_what_the_schema_forbids_has_no_id_and_comes_first(read_file):
    with pytest.raises(ParseError) as caught:
        read_file(element("serviceTask", "s") + tasks("a", "a"))

    assert [(p.message, p.element_ids) for p in caught.value.problems][:2] == [
        (message, ()) for message in TWICE
    ]
    assert [p.element_ids for p in caught.value.problems[2:]] == [("s",)]


def test_an_id_of_a_diagram_is_one_of_the_file(problems_of):
    shapes = (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="d">'
        '<di:BPMNPlane id="a"/></di:BPMNDiagram>'
    )

    assert problems_of(tasks("a"), beside=shapes) == TWICE


@pytest.mark.parametrize(
    ("contents", "missing"),
    [
        pytest.param(element("task", "t", default="no"), ["no"], id="default flow"),
        pytest.param(
            element("task", "t", default="no") + flow("no", "way") + flow("no", "way"),
            ["no", "way"],
            id="both ends, twice",
        ),
    ],
)
def test_what_is_referred_to_is_missed_at_the_end_of_the_file(read_file, contents, missing):
    with pytest.raises(ParseError) as caught:
        read_file(contents)

    found = [p for p in caught.value.problems if p.message.startswith("cvc-id.1")]
    assert [p.message for p in found] == [
        f"cvc-id.1: There is no ID/IDREF binding for IDREF '{id_}'." for id_ in missing
    ]
    # One line, whose last tag ends behind all others.
    assert {p.column for p in found} == {max(p.column for p in caught.value.problems)}


@pytest.mark.parametrize("end", ["sourceRef", "targetRef"])
def test_a_flow_without_an_end_lacks_an_attribute(problems_of, end):
    ends = {"sourceRef": "start", "targetRef": "start"}
    del ends[end]

    problems = problems_of(element("sequenceFlow", "f", **ends))

    assert problems[0] == (
        f"cvc-complex-type.4: Attribute '{end}' must appear on element 'sequenceFlow'."
    )


@pytest.mark.parametrize("name", sorted(FLOW_NODES - {"boundaryEvent", "exclusiveGateway"}))
def test_a_flow_node_without_an_id_gets_one_of_its_kind(read_process, name):
    made = {
        "startEvent": "",
        "callActivity": element("callActivity", None, calledElement="c"),
        "scriptTask": element("scriptTask", None, element("script", None, "${1}")),
        "subProcess": element("subProcess", None, start("s")),
        "transaction": element("transaction", None, start("s")),
        "serviceTask": external(None),
        "sendTask": external(None, element_name="sendTask"),
        "businessRuleTask": external(None, element_name="businessRuleTask"),
        "intermediateCatchEvent": element(
            "intermediateCatchEvent",
            None,
            element("timerEventDefinition", None, element("timeDuration", None, "PT1H")),
        ),
    }

    process = read_process(
        made.get(name, element(name)), start=start(None) if name == "startEvent" else start("start")
    )

    assert f"{name}_1" in process.nodes


def test_an_id_that_is_made_up_is_no_other(read_process):
    process = read_process(tasks("task_1", None, "task_3", None))

    assert list(process.nodes) == ["start", "task_1", "task_2", "task_3", "task_4"]


def test_the_same_file_always_gets_the_same_ids(read_process):
    contents = tasks(None, None) + element("subProcess", None, start(None), tasks(None))

    assert list(read_process(contents).nodes) == list(read_process(contents).nodes)


def test_a_flow_may_do_without_an_id(read_process):
    process = read_process(
        tasks("t") + element("sequenceFlow", None, sourceRef="start", targetRef="t")
    )

    (id_,) = process.flows
    assert (process.flows[id_].source_id, process.flows[id_].target_id) == ("start", "t")
