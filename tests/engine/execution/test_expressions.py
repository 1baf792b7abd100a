"""Expressions: their view of an execution, and the values that are stored of them."""

import json
import re

import orjson
import pytest

from app.engine import state
from app.engine.execution.variables import value_of
from app.engine.state.conversion import to_object
from app.engine.state.values import TypedValue
from app.errors import EngineError
from app.expressions.values import to_text
from tests.models import flows, process, task


def inputs(**texts):
    """A process with a task that has these input parameters."""
    parameters = "".join(
        f'<camunda:inputParameter name="{name}">{text}</camunda:inputParameter>'
        for name, text in texts.items()
    )
    mapping = (
        f"<extensionElements><camunda:inputOutput>{parameters}</camunda:inputOutput>"
        "</extensionElements>"
    )
    return process('<startEvent id="s"/>' + task("t", inner=mapping) + flows("s", "t"))


def mapped(engine, text, **variables):
    """The variable that an input parameter makes."""
    graph = engine.deploy(inputs(result=text))
    engine.start(graph, **variables)
    return next(v for v in engine.rows[state.Variable].values() if v.name == "result")


def from_java(text, name):
    """An Object of Java's in JSON."""
    info = {"objectTypeName": name, "serializationDataFormat": "application/json"}
    return TypedValue("Object", text, info)


OBJECTS = [
    ("${big}", "18446744073709551615", "java.math.BigInteger"),
    ("${big + 1}", "18446744073709551616", "java.math.BigInteger"),
    (
        "${map.entrySet()}",
        '[{"a":1}]',
        "java.util.ArrayList<java.util.LinkedHashMap$Entry>",
    ),
    ("${map.entrySet()[0]}", '{"a":1}', "java.util.LinkedHashMap$Entry"),
]


@pytest.mark.parametrize(("text", "stored", "name"), OBJECTS, ids=[text for text, *_ in OBJECTS])
def test_what_has_no_type_of_its_own_is_stored_as_an_object(engine, text, stored, name):
    big = from_java("18446744073709551615", "java.math.BigInteger")

    variable = mapped(engine, text, big=big, map=from_java('{"a":1}', "java.util.TreeMap"))

    assert (variable.type, variable.text_value) == ("Object", stored)
    assert json.loads(variable.value_info)["objectTypeName"] == name


def test_a_list_holds_what_jackson_writes_of_each_item(engine):
    values = "".join(
        f"<camunda:value>{text}</camunda:value>"
        for text in ("${0/0}", "${now()}", "${dateTime()}", "${execution.getVariableTyped('a')}")
    )

    variable = mapped(engine, f"<camunda:list>{values}</camunda:list>", a=1)

    timestamp = int(engine.now.timestamp() * 1000)
    assert json.loads(variable.text_value) == ["NaN", timestamp, timestamp, 1]


def test_a_list_cannot_hold_what_json_has_no_word_for(engine):
    text = "<camunda:list><camunda:value>${execution}</camunda:value></camunda:list>"

    with pytest.raises(EngineError, match="Cannot store a value of"):
        mapped(engine, text)


PROPERTIES = [
    ("${execution.businessKey}", None),
    ("${execution.getBusinessKey()}", None),
    ("${execution.id == execution.processInstanceId}", True),
    ("${execution.activityInstanceId == execution.processInstanceId}", True),
    ("${execution.parentActivityInstanceId == execution.processInstanceId}", True),
    ("${execution.rootProcessInstanceId == execution.id}", True),
    ("${execution.superExecution}", None),
    ("${execution.eventName}", None),
    ("${execution.currentTransitionId}", None),
    ("${execution.isCanceled()}", False),
    ("${execution.processDefinition.key}", "p"),
    ("${execution.processDefinition.getVersion()}", 1),
    ("${execution.processDefinitionKey}", "p"),
    ("${execution.variableNames.size()}", 2),
    ("${execution.getVariableNamesLocal().contains('a')}", True),
    ("${execution.variablesLocal.a}", 1),
    ("${execution.hasVariables()}", True),
    ("${execution.hasVariablesLocal()}", True),
    ("${execution.getVariable(5)}", "five"),
    ("${execution.getVariable(null)}", None),
    ("${execution.hasVariable(null)}", False),
    ("${execution.removeVariable('a') == null and !execution.hasVariable('a')}", True),
    ("${execution.setVariables(execution.variables)}", None),
    ("${execution.setVariable(5, 6) == null ? execution.getVariable('5') : 0}", 6),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTIES, ids=[text for text, _ in PROPERTIES])
def test_an_execution_has_the_properties_and_methods_of_java(engine, text, expected):
    variable = mapped(engine, text, **{"a": 1, "5": "five"})

    assert value_of(variable).value == expected


def test_a_property_that_an_execution_lacks_is_named_with_its_class(engine):
    expected = (
        "Unknown property used in expression: ${execution.nobody}. Cause: The class 'org.camunda."
        "bpm.engine.impl.persistence.entity.ExecutionEntity' does not have the property 'nobody'."
    )

    with pytest.raises(EngineError, match=re.escape(expected)):
        mapped(engine, "${execution.nobody}")


def test_a_moving_token_is_in_the_activity_instance_of_the_scope_around_it(engine):
    mapping = (
        '<extensionElements><camunda:inputOutput><camunda:inputParameter name="result">'
        "${execution.activityInstanceId}</camunda:inputParameter></camunda:inputOutput>"
        "</extensionElements>"
    )
    inner = '<startEvent id="i"/>' + task("t", inner=mapping) + flows("i", "t")
    graph = engine.deploy(
        process(f'<startEvent id="s"/><subProcess id="sub">{inner}</subProcess>{flows("s", "sub")}')
    )

    engine.start(graph)

    (variable,) = engine.rows[state.Variable].values()
    assert value_of(variable).value.startswith("sub:")


def a_map(*entries):
    return "<camunda:map>{}</camunda:map>".format(
        "".join(f'<camunda:entry key="{key}">{text}</camunda:entry>' for key, text in entries)
    )


MAPS = [
    (a_map(("b", "1"), ("a", "2")), '{"a":"2","b":"1"}'),
    (a_map(("${i + 10}", "x"), ("${i + 1}", "y")), '{"2":"y","11":"x"}'),
    (a_map(("${i == 1}", "x")), '{"true":"x"}'),
]


@pytest.mark.parametrize(("text", "stored"), MAPS)
def test_the_keys_of_a_map_are_sorted_by_their_values(engine, text, stored):
    variable = mapped(engine, text, i=1)

    assert variable.text_value == stored
    assert "TreeMap<java.lang.Object,java.lang.Object>" in variable.value_info


@pytest.mark.parametrize("key", ["${null}", "${items}", "${i}"])
def test_a_map_has_no_keys_that_cannot_be_compared(engine, key):
    items = from_java("[]", "java.util.ArrayList")

    with pytest.raises(EngineError, match="The keys of a map cannot be compared"):
        mapped(engine, a_map(("a", "x"), (key, "y")), i=1, items=items)


CLASSES = [
    ("java.util.HashMap", '{"name":"Ann","age":40,"city":"Rome"}', "{city=Rome, name=Ann, age=40}"),
    ("java.util.TreeMap", '{"b":1,"a":2}', "{a=2, b=1}"),
    ("java.util.LinkedHashMap", '{"b":1,"a":2}', "{b=1, a=2}"),
    (
        "java.util.HashMap<java.lang.Object,java.lang.Object>",
        json.dumps({f"k{n}": n for n in range(13)}),
        "{k0=0, k1=1, k2=2, k3=3, k4=4, k5=5, k11=11, k6=6, k10=10, k7=7, k8=8, k12=12, k9=9}",
    ),
]


@pytest.mark.parametrize(("name", "text", "shown"), CLASSES, ids=[name for name, *_ in CLASSES])
def test_a_map_keeps_its_class_and_the_order_of_that(engine, name, text, shown):
    given = from_java(text, name)

    copy = mapped(engine, "${given}", given=given)

    base = name.partition("<")[0]
    assert json.loads(copy.value_info)["objectTypeName"] == (
        f"{base}<java.lang.Object,java.lang.Object>"
    )
    assert to_text(to_object(value_of(copy))) == shown


NAMES = [
    ("${given}", "java.util.ArrayList<java.util.ArrayList<java.lang.Integer>>"),
    ("${given[1]}", "java.util.ArrayList<java.lang.Object>"),
    ("${given[2]}", "java.util.ArrayList<java.lang.Object>"),
    (
        "${given[3]}",
        "java.util.ArrayList<java.util.LinkedHashMap<java.lang.Object,java.lang.Object>>",
    ),
]


@pytest.mark.parametrize(("text", "name"), NAMES, ids=[text for text, _ in NAMES])
def test_a_list_is_named_with_the_class_of_its_first_item(engine, text, name):
    given = from_java("[[1],[],[null],[{}]]", "java.util.ArrayList")

    variable = mapped(engine, text, given=given)

    assert json.loads(variable.value_info)["objectTypeName"] == name


@pytest.mark.parametrize("text", ["${given}", "${XML(given)}", "${S(given)}"])
def test_a_copy_of_an_xml_value_is_one(engine, text):
    variable = mapped(engine, text, given=TypedValue("Xml", "<a b='c'/>"))

    assert (variable.type, variable.text_value) == ("Xml", "<a b='c'/>")


def test_a_large_variable_is_read_once_in_a_transaction(engine, monkeypatch):
    texts = {f"r{number}": "${given.a}" for number in range(20)}
    given = from_java(json.dumps({"a": 1, "text": "x" * 5_000}), "java.util.HashMap")
    graph = engine.deploy(inputs(**texts))
    read = []
    monkeypatch.setattr(
        orjson, "loads", lambda text, loads=orjson.loads: read.append(text) or loads(text)
    )

    engine.start(graph, given=given)

    assert read.count(given.value) == 1


def test_an_object_of_the_engine_has_a_text_of_javas_and_none_of_pythons(engine):
    texts = {
        "e": "${''.concat(execution)}",
        "d": "${''.concat(execution.processDefinition)}",
        "m": "${''.concat(execution.bpmnModelElementInstance)}",
    }

    instance = engine.start(engine.deploy(inputs(**texts)))

    values = {v.name: v.text_value for v in engine.rows[state.Variable].values()}
    (work,) = engine.tasks()
    assert values == {
        "e": f"ProcessInstance[{instance}]",
        "d": f"ProcessDefinitionEntity[{work.process_definition_id}]",
        "m": "org.camunda.bpm.model.bpmn.instance.FlowElement",
    }
