"""Workers in place of Java: classes, beans, and scripts in languages that are not run."""

import pytest

from app.bpmn.delegates import Delegates, DelegatesError
from app.engine import state
from app.errors import EngineError
from tests.models import flows, process


def around(content):
    return process(f'<startEvent id="s"/>{content}<userTask id="u"/>' + flows("s", "a", "u"))


def service(attributes, inner=""):
    return f'<serviceTask id="a" {attributes}>{inner}</serviceTask>'


CONNECTOR = (
    "<extensionElements><camunda:connector><camunda:connectorId>http-connector"
    "</camunda:connectorId></camunda:connector></extensionElements>"
)
SCRIPT = (
    '<scriptTask id="a" scriptFormat="Groovy" camunda:resultVariable="r">'
    "<script>1 + 1</script></scriptTask>"
)


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("org.example.Pack", service('camunda:class="org.example.Pack"')),
        ("org.example.*", service('camunda:class="org.example.Pack"')),
        ("*", service('camunda:class="org.example.Pack"')),
        ("${pack}", service('camunda:delegateExpression="${pack}"')),
        ("pack", service('camunda:delegateExpression="${pack}"')),
        ("http-connector", service("", CONNECTOR)),
        ("mail", service('camunda:type="mail"')),
        ("orders.check", service('camunda:expression="${orders.check(1)}"')),
        ("orders", service('camunda:expression="${orders.check(1)}"')),
        ("orders.*", service('camunda:expression="#{orders.check(1)}"')),
        ("script:groovy", SCRIPT),
    ],
)
def test_a_topic_stands_in_for_what_a_task_does(engine, key, content):
    engine.delegates = {key: "work"}

    engine.start(engine.deploy(around(content)))

    (found,) = engine.tasks()
    assert (found.topic_name, found.activity_id) == ("work", "a")
    engine.complete(found)
    assert len(engine.rows[state.Task]) == 1


def test_an_exact_name_goes_before_a_pattern_and_a_long_one_before_a_short_one():
    delegates = Delegates({"*": "any", "org.*": "org", "org.example.*": "example", "org.X": "x"})

    found = [delegates.of(name).topic for name in ("org.X", "org.example.Y", "org.Y", "com.Y")]

    assert found == ["x", "example", "org", "any"]


def test_the_arguments_of_a_bean_go_along_and_its_result_comes_back(engine):
    engine.delegates = {"orders.check": "check"}
    content = service('camunda:expression="${orders.check(id, 2 * n)}" camunda:resultVariable="ok"')
    engine.start(engine.deploy(around(content)), id="o1", n=4)
    assert engine.variables() == {"id": "o1", "n": 4, "arg0": "o1", "arg1": 8}

    engine.complete(engine.tasks()[0], result=True, other=1)

    assert engine.variables() == {"id": "o1", "n": 4, "ok": True, "other": 1}


def test_a_script_goes_along_with_its_language(engine):
    engine.delegates = {"script:groovy": "groovy"}
    engine.start(engine.deploy(around(SCRIPT)))
    assert engine.variables() == {"script": "1 + 1", "scriptFormat": "Groovy"}

    engine.complete(engine.tasks()[0], result=2)

    assert engine.variables() == {"r": 2}


@pytest.mark.parametrize(
    ("substitute", "variables"),
    [
        ({"ignore": True}, {"n": 1}),
        ({"variables": {"x": "${n + 1}", "y": "t"}}, {"n": 1, "x": 2, "y": "t"}),
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        service('camunda:class="org.X"'),
        '<task id="a"><extensionElements><camunda:executionListener event="end" class="org.X"/>'
        "</extensionElements></task>",
        '<task id="a"><extensionElements><camunda:executionListener event="start" '
        'expression="${x.go(n)}"/></extensionElements></task>',
        '<task id="a"><extensionElements><camunda:executionListener event="start" '
        'delegateExpression="${x}"/></extensionElements></task>',
        '<task id="a"><extensionElements><camunda:executionListener event="start">'
        '<camunda:script scriptFormat="groovy">1</camunda:script></camunda:executionListener>'
        "</extensionElements></task>",
    ],
    ids=["task", "class", "bean", "delegateExpression", "script"],
)
def test_java_is_ignored_or_sets_variables(engine, substitute, variables, content):
    engine.delegates = {"org.X": substitute, "x": substitute, "script:groovy": substitute}

    engine.start(engine.deploy(around(content)), n=1)

    assert engine.variables() == variables
    assert len(engine.rows[state.Task]) == 1


def test_listeners_of_user_tasks_may_be_ignored(engine):
    engine.delegates = {"org.*": {"ignore": True}}
    listener = '<camunda:taskListener event="create" class="org.X"/>'
    content = f'<userTask id="a"><extensionElements>{listener}</extensionElements></userTask>'

    engine.start(engine.deploy(around(content)))

    assert len(engine.rows[state.Task]) == 1


DECISION = '<businessRuleTask id="a" camunda:decisionRef="{}" camunda:resultVariable="r"/>'


@pytest.mark.parametrize(
    ("key", "reference"), [("decision:risk", "risk"), ("decision:*", "${name}")]
)
def test_a_topic_stands_in_for_a_decision(engine, key, reference):
    engine.delegates = {key: "work"}
    engine.start(engine.deploy(around(DECISION.format(reference))), name="risk")
    assert engine.variables() == {"name": "risk", "decision": "risk"}

    engine.complete(engine.tasks()[0], result="high")

    assert engine.variables() == {"name": "risk", "r": "high"}


def test_a_decision_that_is_not_listed_is_evaluated(engine):
    engine.delegates = {"decision:other": "work"}

    with pytest.raises(EngineError, match="no decision definition deployed with key 'risk'"):
        engine.start(engine.deploy(around(DECISION.format("risk"))))


PARAMETERS = (
    "<extensionElements><camunda:connector><camunda:inputOutput>"
    '<camunda:inputParameter name="url">http://x/${id}</camunda:inputParameter>'
    '<camunda:inputParameter name="headers"><camunda:map><camunda:entry key="a">${id}'
    "</camunda:entry></camunda:map></camunda:inputParameter>"
    '<camunda:outputParameter name="code">${statusCode}</camunda:outputParameter>'
    '<camunda:outputParameter name="twice">${code * 2}</camunda:outputParameter>'
    "</camunda:inputOutput><camunda:connectorId>http-connector</camunda:connectorId>"
    "</camunda:connector></extensionElements>"
)


def test_the_parameters_of_a_connector_go_along_and_take_of_the_answer(engine):
    engine.delegates = {"http-connector": "call"}
    engine.start(engine.deploy(around(service("", PARAMETERS))), id="o1")
    assert engine.variables() == {"id": "o1", "url": "http://x/o1", "headers": {"a": "o1"}}

    engine.complete(engine.tasks()[0], statusCode=200, response="no one sees it")

    assert engine.variables() == {"id": "o1", "code": 200, "twice": 400}


EVENTS = [
    '<intermediateThrowEvent id="a"><messageEventDefinition {}/></intermediateThrowEvent>',
    '<endEvent id="a"><messageEventDefinition {}/></endEvent>',
    '<sendTask id="a" {}/>',
    '<businessRuleTask id="a" {}/>',
]


@pytest.mark.parametrize("element", EVENTS)
@pytest.mark.parametrize(
    "attribute",
    [
        'camunda:class="org.X"',
        'camunda:delegateExpression="${x}"',
        'camunda:expression="${x.go(1)}"',
    ],
)
def test_a_topic_stands_in_for_events_and_tasks_of_every_kind(engine, element, attribute):
    engine.delegates = {"org.X": "work", "x": "work"}
    model = process('<startEvent id="s"/>' + element.format(attribute) + flows("s", "a"))
    instance = engine.start(engine.deploy(model))

    (found,) = engine.tasks()
    assert (found.topic_name, found.activity_id) == ("work", "a")
    engine.complete(found)
    assert engine.instances() == {instance: "COMPLETED"}


def test_a_method_that_values_have_is_no_bean(engine):
    engine.delegates = {"*": "work"}

    engine.start(engine.deploy(around(service('camunda:expression="${items.size()}"'))), items=[1])

    assert engine.tasks() == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        1,
        None,
        [],
        {},
        {"topic": ""},
        {"ignore": False},
        {"topic": "a", "ignore": True},
        {"variables": {"x": 1}},
        {"variables": []},
    ],
)
def test_what_cannot_stand_in_is_refused(value):
    with pytest.raises(DelegatesError):
        Delegates({"org.X": value})


def test_an_expression_that_cannot_be_read_is_refused():
    with pytest.raises(EngineError):
        Delegates({"org.X": {"variables": {"x": "${"}}})
