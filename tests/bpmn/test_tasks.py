import pytest

from app.bpmn import model
from app.errors import ExpressionSyntaxError


def extended(contents):
    return f"<extensionElements>{contents}</extensionElements>"


@pytest.mark.parametrize("namespace", ["camunda", "operaton"])
@pytest.mark.parametrize("element", ["serviceTask", "sendTask", "businessRuleTask"])
def test_a_task_may_be_external(read_process, element, namespace):
    process = read_process(
        f'<{element} id="work" {namespace}:type="external" {namespace}:topic="pack-${{kind}}"'
        f' {namespace}:taskPriority="7"/>'
    )

    work = process.nodes["work"]
    assert work.kind == element
    assert work.detail.topic.text == "pack-${kind}"
    assert work.detail.priority.text == "7"


def test_an_external_task_needs_a_topic(problems_of):
    problems = problems_of('<serviceTask id="work" camunda:type="external"/>')

    assert problems == ["External tasks must specify a 'topic' attribute in the camunda namespace"]


def test_an_empty_topic_is_a_topic(read_process):
    process = read_process('<serviceTask id="work" camunda:type="external" camunda:topic=""/>')

    assert process.nodes["work"].detail.topic.text == ""


@pytest.mark.parametrize("attribute", ["taskPriority", "jobPriority"])
def test_a_constant_priority_must_be_an_integer(problems_of, attribute):
    problems = problems_of(
        f'<serviceTask id="w" camunda:type="external" camunda:topic="t" camunda:{attribute}="1.5"/>'
    )

    assert problems == [f"Value '1.5' for attribute '{attribute}' is not a valid number"]


def test_an_error_definition_knows_the_code_of_its_error(read_process):
    process = read_process(
        '<serviceTask id="work" camunda:type="external" camunda:topic="t">'
        + extended(
            '<camunda:errorEventDefinition errorRef="short" expression="${stock == 0}"/>'
            '<camunda:errorEventDefinition errorRef="literal" expression="${false}"/>'
        )
        + "</serviceTask>",
        beside='<error id="short" errorCode="OUT"/>',
    )

    definitions = process.nodes["work"].detail.error_definitions
    assert [d.error_code for d in definitions] == ["OUT", "literal"]


def test_an_error_definition_needs_an_expression(read_file):
    with pytest.raises(ExpressionSyntaxError, match="'work' has no expression"):
        read_file(
            '<serviceTask id="work" camunda:type="external" camunda:topic="t">'
            + extended('<camunda:errorEventDefinition errorRef="x"/>')
            + "</serviceTask>"
        )


@pytest.mark.parametrize("element", ["serviceTask", "sendTask", "businessRuleTask"])
def test_a_task_that_nothing_executes_is_refused(problems_of, element):
    problems = problems_of(f'<{element} id="work"/>')

    assert problems[0].startswith(
        "One of the attributes 'class', 'delegateExpression', 'type', or 'expression' is "
        f"mandatory on {element}."
    )


def test_an_unknown_type_is_refused(problems_of):
    problems = problems_of('<serviceTask id="work" camunda:type="magic"/>')

    assert problems == ["Invalid usage of type attribute on serviceTask: 'magic'"]


def test_a_task_may_evaluate_an_expression(read_process):
    process = read_process(
        '<serviceTask id="work" camunda:expression="${a + 1}" camunda:resultVariable="b"/>'
    )

    detail = process.nodes["work"].detail
    assert (detail.expression.text, detail.result_variable) == ("${a + 1}", "b")


@pytest.mark.parametrize(
    ("attributes", "contents", "kind", "name"),
    [
        ('camunda:class="org.Pack"', "", "class", "org.Pack"),
        ('camunda:delegateExpression="${pack}"', "", "delegateExpression", "${pack}"),
        (
            "",
            "<camunda:connector><camunda:connectorId>http</camunda:connectorId></camunda:connector>",
            "connector",
            "http",
        ),
        ('camunda:type="mail"', "", "mail", "mail"),
    ],
)
def test_what_needs_java_is_kept_and_named(read_file, attributes, contents, kind, name):
    parsed = read_file(f'<serviceTask id="work" {attributes}>{extended(contents)}</serviceTask>')

    detail = parsed.processes[0].nodes["work"].detail
    assert (detail.kind, detail.name) == (kind, name)
    (need,) = parsed.needs
    assert (need.kind, need.name, need.place) == (kind, name, "task")
    assert need.problem.message == f"The {kind} '{name}' needs a Java virtual machine."
    assert need.problem.element_ids == ("work",)
    assert parsed.warnings == ()


def test_a_business_rule_task_may_refer_to_a_decision(read_process):
    process = read_process(
        '<businessRuleTask id="decide" camunda:decisionRef="fee" camunda:resultVariable="fee"'
        ' camunda:mapDecisionResult="singleEntry" camunda:decisionRefBinding="version"'
        ' camunda:decisionRefVersion="3"/>'
    )

    detail = process.nodes["decide"].detail
    assert isinstance(detail, model.Decision)
    assert (detail.reference.text, detail.binding, detail.version.text) == ("fee", "version", "3")


def test_a_script_task_is_never_external(problems_of):
    problems = problems_of('<scriptTask id="s" camunda:type="external" camunda:topic="t"/>')

    assert problems == ["Unable to process ScriptTask: No script source or resource was given"]


def test_a_script_task_keeps_its_script(read_process):
    process = read_process(
        '<scriptTask id="s" scriptFormat="javascript" camunda:resultVariable="r">'
        "<script>1 + 1</script></scriptTask>"
    )

    assert process.nodes["s"].detail == model.ScriptTask(model.Script("javascript", "1 + 1"), "r")


def test_a_user_task_keeps_its_expressions(read_process):
    process = read_process(
        '<userTask id="t" name="Check ${id}" camunda:assignee="${who}"'
        ' camunda:candidateUsers="a, ${x.get(y, z)}" camunda:candidateGroups="b,c"'
        ' camunda:dueDate="${due}" camunda:followUpDate="${follow}" camunda:priority="9"'
        ' camunda:formKey="check"><documentation>Look</documentation></userTask>'
    )

    task = process.nodes["t"].detail
    assert (task.name.text, task.description.text) == ("Check ${id}", "Look")
    assert task.assignee.text == "${who}"
    assert [user.text for user in task.candidate_users] == ["a", "${x.get(y, z)}"]
    assert [group.text for group in task.candidate_groups] == ["b", "c"]
    assert (task.due_date.text, task.follow_up_date.text) == ("${due}", "${follow}")
    assert (task.priority.text, task.form.key.text) == ("9", "check")


def test_a_receive_task_waits_for_a_message_if_it_names_one(read_process):
    process = read_process(
        '<receiveTask id="named" messageRef="m"/><receiveTask id="plain"/>',
        beside='<message id="m" name="paid"/>',
    )

    assert process.nodes["named"].detail.message_name.text == "paid"
    assert process.nodes["plain"].detail.message_name is None


def test_a_call_activity_keeps_what_it_passes_on(read_process):
    process = read_process(
        '<callActivity id="call" calledElement="${child}" camunda:calledElementBinding="version"'
        ' camunda:calledElementVersion="2">'
        + extended(
            '<camunda:in businessKey="${key}"/><camunda:in variables="all" local="true"/>'
            '<camunda:in source="a" target="b"/><camunda:in sourceExpression="${c}" target="d"/>'
            '<camunda:out source="e" target="f"/>'
        )
        + "</callActivity>"
    )

    call = process.nodes["call"].detail
    assert (call.called_element.text, call.binding, call.version.text) == (
        "${child}",
        "version",
        "2",
    )
    assert call.business_key.text == "${key}"
    assert call.ins[0] == model.VariableMapping(is_all=True, is_local=True)
    assert call.ins[1] == model.VariableMapping("b", "a")
    assert (call.ins[2].target, call.ins[2].expression.text) == ("d", "${c}")
    assert call.outs == (model.VariableMapping("f", "e"),)


@pytest.mark.parametrize(
    ("attributes", "contents", "problem"),
    [
        ("", "", "Missing attribute 'calledElement' or 'caseRef'"),
        (
            'calledElement="c" camunda:calledElementBinding="version"',
            "",
            "Missing attribute 'calledElementVersion' when 'calledElementBinding' has value "
            "'version'",
        ),
        (
            'calledElement="c"',
            '<camunda:in target="x"/>',
            "Missing parameter 'source' or 'sourceExpression' when passing variables",
        ),
        (
            'calledElement="c"',
            '<camunda:out source="x"/>',
            "Missing attribute 'target' when attribute 'source' or 'sourceExpression' is set",
        ),
        (
            'calledElement="c"',
            '<camunda:in source="" target="x"/>',
            "Empty attribute 'source' when passing variables",
        ),
    ],
)
def test_a_call_activity_that_says_too_little_is_refused(
    problems_of, attributes, contents, problem
):
    problems = problems_of(
        f'<callActivity id="call" {attributes}>{extended(contents)}</callActivity>'
    )

    assert problems == [problem]


@pytest.mark.parametrize("element", ["complexGateway", "adHocSubProcess", "fooTask", "event"])
def test_an_element_that_is_not_supported_is_refused_by_its_name(problems_of, element):
    problems = problems_of(f'<{element} id="x"/>')

    assert problems == [f"Unsupported element '{element}'."]


def test_an_element_of_another_notation_between_the_flow_nodes_is_refused(problems_of):
    problems = problems_of('<x:robotTask xmlns:x="urn:robots" id="x"/>')

    assert problems == ["Unsupported element 'robotTask'."]


def test_plain_and_manual_tasks_have_no_detail(read_process):
    process = read_process('<task id="a"/><manualTask id="b"/>')

    assert [(n.kind, n.detail) for n in list(process.nodes.values())[1:]] == [
        ("task", None),
        ("manualTask", None),
    ]
