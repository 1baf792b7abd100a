"""Hints about a model at its deployment: calls of beans, FEEL, models of Camunda 8.

Source: semantics 11.11.
"""

import pytest

from app.bpmn import reader
from app.errors import ParseError

from .elements import catch, element, extension, external, flow, guard, timer

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def needs_of(parsed):
    return [(need.kind, need.name, need.place) for need in parsed.needs]


def notes_of(parsed):
    return [warning.message for warning in parsed.warnings]


@pytest.mark.parametrize(
    ("contents", "place"),
    [
        pytest.param(
            element("serviceTask", "t", camunda_expression="${orders.check(id)}"), "task", id="task"
        ),
        pytest.param(
            element("sendTask", "t", camunda_expression="${orders.check(id)}"),
            "task",
            id="send task",
        ),
        pytest.param(
            element("serviceTask", "t", camunda_expression="${(orders.check(id))}"),
            "task",
            id="in parentheses",
        ),
        pytest.param(
            element("serviceTask", "t", camunda_expression="${orders.check(id) + 1}"),
            "elsewhere",
            id="a part of what a task does",
        ),
        pytest.param(
            element("serviceTask", "t", camunda_expression="id: ${orders.check(id)}"),
            "elsewhere",
            id="a text around",
        ),
        pytest.param(
            element("userTask", "t", camunda_assignee="${orders.check(id)}"),
            "elsewhere",
            id="an assignee",
        ),
        pytest.param(
            element("task", "t") + flow("start", "t", guard("${orders.check(id)}")),
            "elsewhere",
            id="a condition",
        ),
        pytest.param(
            external(
                "t",
                extensions=extension(
                    "executionListener", event="start", expression="${orders.check(id)}"
                ),
            ),
            "listener",
            id="a listener",
        ),
        pytest.param(
            element(
                "userTask",
                "t",
                extensions=extension(
                    "taskListener", event="create", expression="${orders.check(1)}"
                ),
            ),
            "listener",
            id="a listener that is waited for",
        ),
        pytest.param(
            element(
                "userTask",
                "t",
                extensions=extension(
                    "taskListener", event="delete", expression="${orders.check(1)}"
                ),
            ),
            "notified",
            id="a listener that is only notified",
        ),
    ],
)
def test_a_call_of_a_bean_is_a_need_where_it_stands(read_file, contents, place):
    parsed = read_file(contents)

    assert needs_of(parsed) == [("bean", "orders.check", place)]
    assert "orders.check" in parsed.needs[0].problem.message


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("${orders}", id="a variable"),
        pytest.param("${orders.size()}", id="a method that values have"),
        pytest.param("${execution.getVariable('x')}", id="the execution"),
        pytest.param("${orders.total}", id="a property"),
        pytest.param("orders.check(id)", id="a text"),
    ],
)
def test_what_is_no_call_of_a_bean_needs_nothing(read_file, expression):
    parsed = read_file(element("serviceTask", "t", camunda_expression=expression))

    assert parsed.needs == ()


def test_each_place_that_calls_a_bean_is_a_need(read_file):
    parsed = read_file(
        element("serviceTask", "a", camunda_expression="${x.run()}")
        + element("serviceTask", "b", camunda_expression="${x.run()}")
        + element("serviceTask", "c", camunda_expression="${y.run()}")
    )

    assert [name for _, name, _ in needs_of(parsed)] == ["x.run", "x.run", "y.run"]
    assert [need.problem.element_ids for need in parsed.needs] == [("a",), ("b",), ("c",)]


@pytest.mark.parametrize(
    ("contents", "is_told"),
    [
        pytest.param(
            element("task", "t") + flow("start", "t", guard("= x > 1")), True, id="a condition"
        ),
        pytest.param(catch("c", timer("duration", '= duration("PT1H")')), True, id="a duration"),
        pytest.param(catch("c", timer("date", "=now()")), True, id="a date"),
        pytest.param(catch("c", timer("duration", "PT1H")), False, id="no FEEL"),
        pytest.param(
            element("serviceTask", "t", camunda_expression="= 1"),
            False,
            id="elsewhere it is a text",
        ),
    ],
)
def test_what_looks_like_feel_is_told(read_file, contents, is_told):
    notes = notes_of(read_file(contents))

    assert any("looks like FEEL" in note for note in notes) is is_told


def test_a_long_text_is_told_in_part(read_file):
    parsed = read_file(catch("c", timer("duration", "=" + "x" * 500)))

    assert f"'={'x' * 99}' looks like FEEL" in notes_of(parsed)[0]


def camunda_8(contents="", platform="Camunda Cloud", declared=""):
    xml = (
        f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" xmlns:modeler="{MODELER}" '
        f'modeler:executionPlatform="{platform}">{declared}<process id="p" isExecutable="true">'
        f'<startEvent id="s"/>{contents}</process></definitions>'
    )
    return reader.read("p.bpmn", xml.encode(), require_history_time_to_live=False)


ZEEBE_TASK = (
    '<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="pay"/></extensionElements>'
    "</serviceTask>"
)


def test_a_model_of_camunda_8_that_has_only_what_both_know_is_told_of():
    assert notes_of(camunda_8()) == [
        "This is a Camunda 8 model; what only Camunda 8 knows of it is ignored."
    ]


@pytest.mark.parametrize("platform", ["Camunda Cloud", "Camunda Platform"])
def test_a_model_of_camunda_8_that_is_refused_says_why(platform):
    with pytest.raises(ParseError) as caught:
        camunda_8(ZEEBE_TASK, platform)

    messages = [problem.message for problem in caught.value.problems]
    assert "This is a Camunda 8 model, which is not run here." in messages


def test_a_model_of_camunda_7_is_not_called_one_of_camunda_8():
    assert notes_of(camunda_8(platform="Camunda Platform")) == []
    with pytest.raises(ParseError) as caught:
        camunda_8('<serviceTask id="t"/>', "Camunda Platform")
    assert all("Camunda 8" not in problem.message for problem in caught.value.problems)
