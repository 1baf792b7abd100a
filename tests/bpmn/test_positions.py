import pytest

from app.bpmn import reader
from app.errors import ParseError

from .conftest import DEFINITIONS


def problems_of(contents, newline="\n", beside=""):
    lines = [DEFINITIONS + beside, '<process id="p" isExecutable="true">', *contents, "</process>"]
    xml = newline.join([*lines, "</definitions>"])
    with pytest.raises(ParseError) as caught:
        reader.read("p.bpmn", xml.encode(), require_history_time_to_live=False)
    return caught.value


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_problem_is_where_the_start_tag_ends(newline):
    error = problems_of(['<startEvent id="s"/>', '  <serviceTask id="work"/>'], newline)

    (problem,) = error.problems
    assert (problem.line, problem.column) == (4, 27)
    assert problem.element_ids == ("work",)


def test_a_start_tag_may_have_several_lines_and_odd_attributes():
    error = problems_of(
        [
            '<startEvent id="s"/><!-- <serviceTask id="not"/> -->',
            "<documentation><![CDATA[<serviceTask/>]]></documentation>",
            "<serviceTask id='work' name=\"a > b\"",
            "   camunda:topic='<'>".replace("<", "&lt;"),
            "</serviceTask>",
        ]
    )

    assert [(p.line, p.column) for p in error.problems] == [(6, 25)]


def test_problems_come_in_the_order_of_the_document():
    error = problems_of(
        [
            '<sequenceFlow id="f" sourceRef="s" targetRef="no"/>',
            '<exclusiveGateway id="g"/><serviceTask id="a"/><serviceTask id="b"/>',
        ]
    )

    # Violations of the schema come first: here two references, found at the end of the file.
    beyond, found = error.problems[:2], error.problems[2:]
    assert [p.message.partition(":")[0] for p in beyond] == ["cvc-id.1"] * 2
    assert [(p.line, p.column) for p in beyond] == [(6, 15)] * 2
    assert [p.element_ids for p in found] == [("p",), ("f",), ("a",), ("b",), ("g",)]


def test_the_message_lists_every_problem_with_its_place():
    error = problems_of(['<startEvent id="s"/>', '<serviceTask id="a" camunda:type="external"/>'])

    assert str(error) == (
        "ENGINE-09005 Could not parse BPMN process. Errors: \n"
        "* External tasks must specify a 'topic' attribute in the camunda namespace"
        " | resource p.bpmn | line 4 | column 46"
    )


def test_columns_count_characters_not_bytes():
    error = problems_of(['<startEvent id="s"/>', '<serviceTask id="a" name="ÄÖÜ"/>'])

    assert error.problems[0].column == 33


@pytest.mark.parametrize(("type_", "scope"), [("message", "null"), ("escalation", None)])
def test_events_that_catch_the_same_are_told_of_at_their_definitions(type_, scope):
    definition = f'<{type_}EventDefinition {type_}Ref="m"/>'
    handler = (
        '<subProcess id="h{0}" triggeredByEvent="true"><startEvent id="{0}">',
        definition,
        "</startEvent></subProcess>",
    )

    error = problems_of(
        [
            '<startEvent id="s"/>',
            *(part.format("a") for part in handler),
            *(part.format("b") for part in handler),
        ],
        beside=f'<{type_} id="m" name="go" escalationCode="c"/>',
    )

    (problem,) = error.problems
    assert (problem.line, problem.column) == (8, len(definition) + 1)
    assert problem.element_ids == ("b",)
    assert scope is None or problem.message.endswith(f"for scope '{scope}'")
