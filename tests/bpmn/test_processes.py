import pytest

from app.bpmn import reader
from app.errors import ExpressionSyntaxError


def test_a_process_keeps_what_its_definition_shows(read_process):
    process = read_process(
        "<documentation> How orders run </documentation>",
        attributes='name="Order" camunda:versionTag="2.1" camunda:historyTimeToLive="P30D"'
        ' camunda:isStartableInTasklist="false"',
    )

    assert (process.id, process.name, process.category) == (
        "order",
        "Order",
        "http://example.org/orders",
    )
    assert (process.version_tag, process.history_time_to_live) == ("2.1", 30)
    assert process.description == "How orders run"
    assert process.is_startable_in_tasklist is False


def test_potential_starters_are_named_by_resources_and_by_attributes(read_process):
    process = read_process(
        "<extensionElements><camunda:potentialStarter><resourceAssignmentExpression>"
        "<formalExpression>user(ann), group(crew), clerks</formalExpression>"
        "</resourceAssignmentExpression></camunda:potentialStarter></extensionElements>",
        attributes='camunda:candidateStarterUsers="bob" camunda:candidateStarterGroups="chiefs"',
    )

    assert process.candidate_starter_users == ("ann", "bob")
    assert process.candidate_starter_groups == ("crew", "clerks", "chiefs")


@pytest.mark.parametrize("value", ["", 'isExecutable="false"', 'isExecutable="1"'])
def test_a_process_that_is_not_marked_executable_is_left_out(value):
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        f'<process id="p" {value}><complexGateway id="c"/></process></definitions>'
    )

    parsed = reader.read("p.bpmn", xml.encode(), require_history_time_to_live=True)

    assert parsed.processes == ()


def test_a_file_may_define_several_processes(read_file):
    second = '<process id="second" isExecutable="true"><startEvent id="s"/></process>'

    parsed = read_file(beside=second)

    assert [process.id for process in parsed.processes] == ["second", "order"]


def test_any_prefix_stands_for_the_bpmn_namespace():
    xml = (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        '<b:process id="p" isExecutable="true"><b:startEvent id="s"/></b:process></b:definitions>'
    )

    parsed = reader.read("p.bpmn", xml.encode(), require_history_time_to_live=False)

    assert list(parsed.processes[0].nodes) == ["s"]


@pytest.mark.parametrize(("value", "days"), [("5", 5), ("P12D", 12), ("0", 0), ("", None)])
def test_the_history_time_to_live_is_in_days(read_process, value, days):
    process = read_process(attributes=f'camunda:historyTimeToLive="{value}"')

    assert process.history_time_to_live == days


def test_a_process_without_history_time_to_live_is_refused_where_one_is_required(problems_of):
    problems = problems_of(require_ttl=True)

    assert len(problems) == 1
    assert problems[0].startswith("ENGINE-12018 History Time To Live (TTL) cannot be null. ")
    assert problems[0].count("ENGINE-12018") == 2


@pytest.mark.parametrize("value", ["P1M", "x", "1.5", "99999999999"])
def test_a_history_time_to_live_of_another_format_is_refused(problems_of, value):
    problems = problems_of(attributes=f'camunda:historyTimeToLive="{value}"')

    text = f'Cannot parse historyTimeToLive: For input string: "{value}"'
    assert problems == [f"{text}: {text}"]


def test_a_negative_history_time_to_live_is_refused(problems_of):
    problems = problems_of(attributes='camunda:historyTimeToLive="-1"')

    assert "negative value is not allowed" in problems[0]


def test_names_are_all_that_some_expression_may_look_up(read_process):
    process = read_process(
        '<task id="task"><extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="a">${amount + 1}</camunda:inputParameter>'
        "</camunda:inputOutput></extensionElements></task>"
        '<sequenceFlow id="f" sourceRef="start" targetRef="task">'
        "<conditionExpression>${approved}</conditionExpression></sequenceFlow>"
        '<intermediateCatchEvent id="catch"><messageEventDefinition messageRef="m"/>'
        "</intermediateCatchEvent>",
        beside='<message id="m" name="order-${number}"/><message id="other" name="${unused}"/>',
    )

    assert process.names == {"amount", "approved", "number"}


def test_an_expression_that_does_not_follow_the_grammar_is_no_parse_problem(read_file):
    with pytest.raises(ExpressionSyntaxError, match="ENGINE-01009 Error while parsing"):
        read_file('<userTask id="task" camunda:assignee="${"/>')


def test_nodes_at_any_depth_lie_side_by_side_in_document_order(read_process):
    process = read_process(
        '<subProcess id="outer"><startEvent id="s1"/><subProcess id="inner"><startEvent id="s2"/>'
        '</subProcess></subProcess><endEvent id="end"/>'
    )

    assert {node.id: node.scope_id for node in process.nodes.values()} == {
        "start": "order",
        "outer": "order",
        "s1": "outer",
        "inner": "outer",
        "s2": "inner",
        "end": "order",
    }


@pytest.mark.parametrize(
    ("starts", "initial"),
    [
        ('<startEvent id="a"/>', "a"),
        ('<startEvent id="a"><messageEventDefinition messageRef="m"/></startEvent>', "a"),
        (
            '<startEvent id="a"><messageEventDefinition messageRef="m"/></startEvent>'
            '<startEvent id="b"/>',
            "b",
        ),
        (
            '<startEvent id="a"><messageEventDefinition messageRef="m"/></startEvent>'
            '<startEvent id="b"><messageEventDefinition messageRef="n"/></startEvent>',
            None,
        ),
    ],
)
def test_the_initial_event_is_the_one_without_trigger_or_the_only_one(
    read_process, starts, initial
):
    process = read_process(
        start=starts, beside='<message id="m" name="m"/><message id="n" name="n"/>'
    )

    assert process.initial == initial
