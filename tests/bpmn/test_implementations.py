"""Implementations of tasks and message events: workers, expressions, Java, connectors, decisions.

Source: Camunda 7 `BpmnParse.parseServiceTaskLike`, `parseBusinessRuleTask`, `parseMessageEvent`.
"""

import pytest

from app.bpmn import model

from .elements import definition, element, end, extension, external, start, subprocess, throw

LIKE_SERVICE = ("serviceTask", "sendTask", "businessRuleTask")
SOAP = extension("connector", extension("connectorId", " soap "))


@pytest.fixture
def read_detail(read_process):
    """The detail of the flow node ``n``."""
    return lambda contents, **options: read_process(contents, **options).nodes["n"].detail


@pytest.mark.parametrize("name", LIKE_SERVICE)
@pytest.mark.parametrize("value", ["external", "External", "EXTERNAL"])
def test_the_type_of_an_external_task_has_no_case(read_detail, name, value):
    found = read_detail(element(name, "n", camunda_type=value, camunda_topic="t"))

    assert isinstance(found, model.ExternalTask)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(
            {"camunda_type": "external", "camunda_topic": "t", "camunda_class": "org.A"},
            model.ExternalTask,
            id="a type wins over a class",
        ),
        pytest.param(
            {"camunda_type": "external", "camunda_topic": "t", "camunda_expression": "${a}"},
            model.ExternalTask,
            id="a type wins over an expression",
        ),
        pytest.param(
            {"camunda_class": "org.A", "camunda_expression": "${a}"},
            model.Delegate,
            id="a class wins over an expression",
        ),
        pytest.param(
            {"camunda_class": " ", "camunda_expression": "${a}"},
            model.ExpressionTask,
            id="a blank class is none",
        ),
    ],
)
@pytest.mark.parametrize("name", LIKE_SERVICE)
def test_what_wins_where_a_task_says_several_things(read_detail, name, attributes, expected):
    assert isinstance(read_detail(element(name, "n", **attributes)), expected)


@pytest.mark.parametrize(
    ("attributes", "variable"),
    [
        ({"camunda_resultVariable": "r"}, "r"),
        ({"camunda_resultVariableName": "r"}, "r"),
        ({"camunda_resultVariable": "new", "camunda_resultVariableName": "old"}, "new"),
        ({}, None),
    ],
)
def test_a_result_variable_has_an_older_name(read_detail, attributes, variable):
    found = read_detail(element("serviceTask", "n", camunda_expression="${1}", **attributes))

    assert found.result_variable == variable


@pytest.mark.parametrize("kind", ["class", "delegateExpression"])
@pytest.mark.parametrize("name", LIKE_SERVICE)
def test_java_has_no_result_variable(problems_of, name, kind):
    contents = element(name, "n", camunda_resultVariable="r", **{f"camunda_{kind}": "${a}"})

    assert problems_of(contents) == [
        f"'resultVariableName' not supported for {name} elements using '{kind}'"
    ]


@pytest.mark.parametrize("value", ["mail", "Mail", "shell"])
def test_the_reference_has_classes_for_some_types(read_file, value):
    parsed = read_file(element("serviceTask", "n", camunda_type=value))

    detail = parsed.processes[0].nodes["n"].detail
    assert (detail.kind, detail.name) == (value.lower(), value.lower())
    assert [(need.kind, need.place) for need in parsed.needs] == [(value.lower(), "task")]


@pytest.mark.parametrize("value", ["", "camel", "externals"])
@pytest.mark.parametrize("name", LIKE_SERVICE)
def test_a_type_that_is_none_is_refused(problems_of, name, value):
    assert problems_of(element(name, "n", camunda_type=value)) == [
        f"Invalid usage of type attribute on {name}: '{value}'"
    ]


def test_a_connector_has_parameters_of_its_own(read_detail):
    mapping = extension(
        "inputOutput",
        extension("inputParameter", "http://x", name="url"),
        extension("outputParameter", "${response}", name="answer"),
    )
    found = read_detail(
        element(
            "serviceTask",
            "n",
            extensions=extension("connector", extension("connectorId", " soap "), mapping),
        )
    )

    assert (found.kind, found.name) == ("connector", "soap")
    assert [(each.name, each.value.text) for each in found.inputs] == [("url", "http://x")]
    assert [(each.name, each.value.text) for each in found.outputs] == [("answer", "${response}")]


def test_a_connector_is_what_is_left(read_detail):
    found = read_detail(element("serviceTask", "n", extensions=SOAP, camunda_class="org.A"))

    assert (found.kind, found.name) == ("class", "org.A")


@pytest.mark.parametrize("name", LIKE_SERVICE)
def test_an_empty_expression_executes_nothing(problems_of, name):
    (problem,) = problems_of(element(name, "n", camunda_expression=" "))

    assert problem.startswith("One of the attributes 'class', 'delegateExpression', 'type', or")
    assert name in problem


@pytest.mark.parametrize(
    ("make", "kind", "plain"),
    [
        (throw, "intermediateMessageThrowEvent", "intermediateNoneThrowEvent"),
        (end, "messageEndEvent", "endEvent"),
    ],
)
def test_a_message_event_is_thrown_by_what_its_definition_says(read_process, make, kind, plain):
    thrown = {
        "external": definition("message", camunda_type="external", camunda_topic="t"),
        "expression": definition("message", camunda_expression="${a}"),
        "class": definition("message", camunda_class="org.A"),
        "connector": definition("message", extensions=SOAP),
    }

    for name, each in thrown.items():
        node = read_process(make("n", each)).nodes["n"]
        assert (node.kind, node.detail is None) == (kind, False), name
    node = read_process(make("n", definition("message", messageRef="no"))).nodes["n"]
    assert (node.kind, node.detail) == (plain, None)


def test_a_message_event_needs_java_at_its_own_place(read_file):
    parsed = read_file(end("n", definition("message", camunda_class="org.A")))

    (need,) = parsed.needs
    assert need.problem.element_ids == ("n",)


@pytest.mark.parametrize("mapper", ["singleEntry", "singleResult", "collectEntries", "resultList"])
def test_a_decision_may_have_one_of_four_mappers(read_detail, mapper):
    found = read_detail(
        element("businessRuleTask", "n", camunda_decisionRef="d", camunda_mapDecisionResult=mapper)
    )

    assert found.map_decision_result == mapper


@pytest.mark.parametrize("mapper", ["", "first", "SingleEntry"])
def test_another_mapper_is_refused(problems_of, mapper):
    contents = element(
        "businessRuleTask", "n", camunda_decisionRef="d", camunda_mapDecisionResult=mapper
    )

    assert problems_of(contents) == [
        f"No decision result mapper found for name '{mapper}'. Supported mappers are "
        "'singleEntry', 'singleResult', 'collectEntries' and 'resultList'."
    ]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, ("latest", None, None, None)),
        ({"camunda_decisionRefBinding": "deployment"}, ("deployment", None, None, None)),
        (
            {"camunda_decisionRefBinding": "version", "camunda_decisionRefVersion": "${v}"},
            ("version", "${v}", None, None),
        ),
        (
            {"camunda_decisionRefBinding": "versionTag", "camunda_decisionRefVersionTag": "a"},
            ("versionTag", None, "a", None),
        ),
        ({"camunda_decisionRefTenantId": "${t}"}, ("latest", None, None, "${t}")),
        ({"camunda_decisionRefTenantId": ""}, ("latest", None, None, None)),
    ],
)
def test_a_decision_has_a_version_and_a_tenant(read_detail, attributes, expected):
    found = read_detail(element("businessRuleTask", "n", camunda_decisionRef="d", **attributes))

    shown = (each and each.text for each in (found.version, found.version_tag, found.tenant_id))
    assert (found.binding, *shown) == expected


def test_a_decision_wins_over_what_executes_a_task(read_detail):
    found = read_detail(external("n", element_name="businessRuleTask", camunda_decisionRef="d"))

    assert isinstance(found, model.Decision)


def test_the_result_of_a_decision_is_a_name(read_process):
    process = read_process(
        element("businessRuleTask", "n", camunda_decisionRef="d", camunda_resultVariable="fee")
    )

    assert "fee" in process.names


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"errorRef": "e", "expression": "${a}"}, "E1"),
        ({"errorRef": "x:e", "expression": "${a}"}, "E1"),
        ({"errorRef": "E9", "expression": "${a}"}, "E9"),
        ({"errorRef": "mute", "expression": "${a}"}, None),
    ],
)
def test_an_external_task_knows_the_errors_that_it_may_have(read_detail, attributes, code):
    found = read_detail(
        external("n", extensions=extension("errorEventDefinition", **attributes)),
        beside=element("error", "e", errorCode="E1") + element("error", "mute"),
    )

    assert [each.error_code for each in found.error_definitions] == [code]


def test_an_error_definition_without_a_reference_is_left_out(read_detail):
    found = read_detail(
        external("n", extensions=extension("errorEventDefinition", expression="${a}"))
    )

    assert found.error_definitions == ()


@pytest.mark.parametrize("namespace", ["camunda", "operaton"])
def test_the_forks_have_namespaces_of_their_own(read_detail, namespace):
    given = {f"{namespace}_type": "external", f"{namespace}_topic": "t"}

    assert read_detail(element("serviceTask", "n", **given)).topic.text == "t"


def test_a_transaction_and_a_subprocess_are_scopes(read_process):
    process = read_process(subprocess("a") + element("transaction", "b", start("b-start")))

    assert [process.nodes[name].kind for name in "ab"] == ["subProcess", "transaction"]
    assert process.nodes["b"].detail == model.SubProcess()
