"""Scripts in a process: tasks, conditions, listeners, parameters, files of the deployment."""

import pytest

from app.engine import state
from app.engine.execution.signaling import MissingScopeError
from app.errors import EngineError, ScriptEvaluationError
from tests.models import flow, flows, process, task


def script(source, language="javascript", **attributes):
    extra = "".join(f' {k.replace("_", ":")}="{v}"' for k, v in attributes.items())
    return (
        f'<scriptTask id="calc" scriptFormat="{language}" camunda:resultVariable="result"{extra}>'
        f"<script><![CDATA[{source}]]></script></scriptTask>"
    )


def around(content, *more):
    return process(
        f'<startEvent id="s"/>{content}<userTask id="u"/>{flows("s", "calc", "u")}{"".join(more)}'
    )


def listener(kind, event, source):
    return (
        f'<extensionElements><camunda:{kind}Listener event="{event}"><camunda:script '
        f'scriptFormat="javascript">{source}</camunda:script></camunda:{kind}Listener>'
        "</extensionElements>"
    )


def test_a_script_task_keeps_its_result_and_sets_variables(engine):
    source = "execution.setVariable('twice', n * 2); n + 1"

    engine.start(engine.deploy(around(script(source))), n=7)

    assert engine.variables() == {"n": 7, "twice": 14, "result": 8}


def test_a_script_without_a_value_sets_no_result_variable(engine):
    engine.start(engine.deploy(around(script("null"))))

    assert engine.variables() == {}


def test_what_a_script_assigns_to_a_name_is_no_variable(engine):
    engine.start(engine.deploy(around(script("n = 9; other = 1; n"))), n=7)

    assert engine.variables() == {"n": 7, "result": 9}


def test_a_list_that_a_script_changes_is_stored(engine):
    engine.start(engine.deploy(around(script("items.add('b'); items.size()"))), items=["a"])

    assert engine.variables() == {"items": ["a", "b"], "result": 2}


def test_a_condition_in_javascript_decides(engine):
    condition = (
        '<sequenceFlow id="f" sourceRef="g" targetRef="a"><conditionExpression '
        'xsi:type="tFormalExpression" language="javascript">{}</conditionExpression></sequenceFlow>'
    )
    model = process(
        '<startEvent id="s"/><exclusiveGateway id="g" default="g_b"/>'
        + task("a")
        + task("b")
        + flows("s", "g", "b")
        + condition.format("var limit = 5; n &gt; limit")
    )
    graph = engine.deploy(model)

    engine.start(graph, n=6)
    engine.start(graph, n=5)

    assert [t.activity_id for t in engine.tasks()] == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("null", "condition script returns null: result is null"),
        (
            "5",
            "condition script returns non-Boolean: result has class java.lang.Integer and not ",
        ),
    ],
)
def test_a_condition_in_javascript_must_be_a_boolean(engine, source, message):
    model = process(
        '<startEvent id="s"/><exclusiveGateway id="g" default="g_b"/>'
        + task("a")
        + task("b")
        + flows("s", "g", "b")
        + '<sequenceFlow id="f" sourceRef="g" targetRef="a"><conditionExpression '
        f'xsi:type="tFormalExpression" language="javascript">{source}</conditionExpression>'
        "</sequenceFlow>"
    )

    with pytest.raises(EngineError, match=message):
        engine.start(engine.deploy(model))


def test_listeners_in_javascript_see_the_execution_and_the_task(engine):
    on_task = listener("task", "create", "task.setName('For ' + n + task.getEventName())")
    source = "execution.setVariable('e', execution.getEventName())"
    on_start = listener("execution", "start", source)
    model = process(
        f'<startEvent id="s">{on_start}</startEvent><userTask id="u">{on_task}</userTask>'
        + flow("s", "u")
    )

    engine.start(engine.deploy(model), n=7)

    (found,) = engine.rows[state.Task].values()
    assert found.name == "For 7create"
    assert engine.variables()["e"] == "start"


def test_parameters_in_javascript_are_evaluated(engine):
    parameter = (
        '<extensionElements><camunda:inputOutput><camunda:{0}Parameter name="{1}"><camunda:script '
        'scriptFormat="javascript">{2}</camunda:script></camunda:{0}Parameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    model = process(
        '<startEvent id="s"/>'
        + task("a", inner=parameter.format("input", "doubled", "n * 2"))
        + task("b", inner=parameter.format("output", "after", "result.toUpperCase()"))
        + flows("s", "a", "b")
    )
    engine.start(engine.deploy(model), n=3)
    assert engine.variables() == {"n": 3, "doubled": 6}

    engine.complete(engine.tasks("a")[0])
    engine.complete(engine.tasks("b")[0], result="done")

    assert engine.is_empty()


ERRORS = (
    '<boundaryEvent id="b" attachedToRef="{0}"><errorEventDefinition errorRef="e" '
    'camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/></boundaryEvent>'
)
THROW = "throw new org.camunda.bpm.engine.delegate.BpmnError('wrong', 'said so')"


def with_error(model):
    return model.replace("<process", '<error id="e" errorCode="wrong"/><process')


@pytest.mark.parametrize(
    ("where", "content"),
    [
        ("calc", script(THROW)),
        ("calc", f'<userTask id="calc">{listener("task", "create", THROW)}</userTask>'),
        ("calc", f'<userTask id="calc">{listener("execution", "start", THROW)}</userTask>'),
        ("calc", f'<manualTask id="calc">{listener("execution", "end", THROW)}</manualTask>'),
    ],
    ids=["script task", "task listener", "start listener", "end listener"],
)
def test_a_bpmn_error_of_a_script_is_caught_at_the_border(engine, where, content):
    model = around(content, ERRORS.format(where), task("caught"), flow("b", "caught"))

    engine.start(engine.deploy(with_error(model)))

    assert [t.activity_id for t in engine.tasks()] == ["caught"]
    assert engine.variables() == {"code": "wrong", "text": "said so"}


@pytest.mark.parametrize("mover", ["worker", "message", "job"])
def test_a_bpmn_error_of_an_end_listener_is_caught_whoever_moves_the_token(engine, mover):
    extra = listener("execution", "end", THROW)
    content = {
        "worker": task("calc", inner=extra),
        "message": f'<receiveTask id="calc" messageRef="m">{extra}</receiveTask>',
        "job": f'<manualTask id="calc" camunda:asyncBefore="true">{extra}</manualTask>',
    }[mover]
    model = around(content, ERRORS.format("calc"), task("caught"), flow("b", "caught"))
    model = model.replace("<process", '<message id="m" name="m"/><process')
    engine.start(engine.deploy(with_error(model)))

    if mover == "worker":
        engine.complete(engine.tasks()[0])
    elif mover == "message":
        engine.send("m")
    else:
        engine.execute(next(iter(engine.rows[state.Job].values())))

    assert [t.activity_id for t in engine.tasks()] == ["caught"]


@pytest.mark.parametrize("event", ["start", "end"])
def test_a_bpmn_error_of_a_listener_of_a_process_is_a_failure(engine, event):
    model = process(listener("execution", event, THROW) + '<startEvent id="s"/>')

    with pytest.raises(EngineError, match=r"^said so$"):
        engine.start(engine.deploy(model))

    assert engine.is_empty()


def test_an_error_on_a_flow_that_nobody_catches_ends_the_token(engine):
    taken = listener("execution", "take", THROW)
    model = process(
        '<startEvent id="s"/><userTask id="u"/><sequenceFlow id="f" sourceRef="s" targetRef="u">'
        f"{taken}</sequenceFlow>"
    )

    instance = engine.start(engine.deploy(model))

    assert engine.is_empty()
    assert engine.instances() == {instance: "COMPLETED"}


def test_an_error_on_a_flow_behind_a_scope_that_nobody_catches_is_told(engine):
    taken = listener("execution", "take", THROW)
    model = process(
        '<startEvent id="s"/>'
        + task("a")
        + '<task id="b"/>'
        + flow("s", "a")
        + f'<sequenceFlow id="f" sourceRef="a" targetRef="b">{taken}</sequenceFlow>'
    )
    engine.start(engine.deploy(model))
    (work,) = engine.tasks()

    with pytest.raises(MissingScopeError, match="more scope executions missing"):
        engine.complete(work)

    assert engine.tasks() == [work]


def test_a_script_on_a_flow_fails_at_what_the_flow_leaves(engine):
    broken = listener("execution", "take", "null.x")
    model = process(
        '<startEvent id="s"/><task id="b"/>'
        f'<sequenceFlow id="f" sourceRef="s" targetRef="b">{broken}</sequenceFlow>'
    )

    with pytest.raises(ScriptEvaluationError, match="while executing activity 's' in"):
        engine.start(engine.deploy(model))


def test_a_bpmn_error_of_a_complete_listener_is_caught_at_the_border(engine):
    content = f'<userTask id="calc">{listener("task", "complete", THROW)}</userTask>'
    model = around(content, ERRORS.format("calc"), task("caught"), flow("b", "caught"))
    engine.start(engine.deploy(with_error(model)))
    (waiting,) = engine.rows[state.Task].values()

    engine.complete_user_task(waiting)

    assert [t.activity_id for t in engine.tasks()] == ["caught"]
    assert not engine.rows[state.Task]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (script("nobody"), "Unable to evaluate script while executing activity 'calc' in the "),
        (script("var = 5"), "Unable to compile script while executing activity 'calc' in the "),
        (script("1", "cobol"), "Can't find scripting engine for 'cobol': scriptEngine is null"),
        (script("1", "text/javascript"), "Can't find scripting engine for 'text/javascript'"),
    ],
)
def test_a_script_that_fails_stops_the_start(engine, content, message):
    graph = engine.deploy(around(content))

    with pytest.raises(EngineError, match=message):
        engine.start(graph)
    assert engine.is_empty()


JUEL = "org.camunda.bpm.impl.juel.jakarta.el."


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("${nobody}", f":{JUEL}PropertyNotFoundException: Cannot find property nobody$"),
        ("${'a'.nope()}", f":{JUEL}MethodNotFoundException: Method not found: class java.lang.Str"),
        ("${1 + 'x'}", f":{JUEL}ELException: Cannot coerce 'x' to class java.lang.Long$"),
        ("${'a'.charAt(1)}", f":{JUEL}ELException: java.lang.StringIndexOutOfBoundsException: "),
        ("${1 +}", "syntax error at position 5"),
    ],
)
def test_a_script_in_juel_fails_as_scripts_do(engine, text, cause):
    graph = engine.deploy(around(script(text, "juel")))

    with pytest.raises(ScriptEvaluationError, match=cause) as refused:
        engine.start(graph)
    beginning = (
        "Unable to evaluate script while executing activity 'calc' in the process definition"
    )
    assert str(refused.value).startswith(beginning)


def test_a_script_stands_in_a_file_of_the_deployment(engine):
    engine.files["total.js"] = b"a + b"
    content = (
        '<scriptTask id="calc" scriptFormat="javascript" camunda:resource="${file}" '
        'camunda:resultVariable="result"/>'
    )
    graph = engine.deploy(around(content))

    engine.start(graph, a=2, b=3, file="deployment://total.js")

    assert engine.variables()["result"] == 5
    for path in ("deployment://nobody.js", "total.js", "/etc/passwd"):
        with pytest.raises(EngineError, match=f"Unable to find resource at path {path}"):
            engine.start(graph, a=2, b=3, file=path)
