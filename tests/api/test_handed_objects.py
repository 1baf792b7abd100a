"""Objects that another instance stores: a collection is of the class of what it contains."""

import pytest

from tests.models import flows, process

from .calling import Caller

CALLED = process('<startEvent id="s"/><userTask id="u"/>' + flows("s", "u"), "called")
ANYTHING = "java.lang.Object"


def calling(mapping):
    inner = f"<extensionElements>{mapping}</extensionElements>"
    contents = f'<startEvent id="s"/><callActivity id="c" calledElement="called">{inner}'
    return process(f"{contents}</callActivity>" + flows("s", "c"), "calling")


def typed(text, class_name):
    info = {"objectTypeName": class_name, "serializationDataFormat": "application/json"}
    return {"type": "Object", "value": text, "valueInfo": info}


def stored(api, instance):
    query = f"processInstanceIdIn={instance}&deserializeValues=false"
    (found,) = api.get(f"/variable-instance?{query}")
    return found["value"], found["valueInfo"]["objectTypeName"]


@pytest.mark.parametrize(
    "mapping",
    [
        '<camunda:in variables="all"/>',
        '<camunda:in source="o" target="o"/>',
        '<camunda:in sourceExpression="${o}" target="o"/>',
    ],
)
@pytest.mark.parametrize(
    ("text", "declared", "text_of_called", "class_of_called"),
    [
        ('["a", "b"]', f"ArrayList<{ANYTHING}>", '["a","b"]', "ArrayList<java.lang.String>"),
        ("[1]", "ArrayList", "[1]", "ArrayList<java.lang.Integer>"),
        ("[]", f"ArrayList<{ANYTHING}>", "[]", f"ArrayList<{ANYTHING}>"),
        ('{"a":[1]}', f"HashMap<java.lang.String,{ANYTHING}>", '{"a":[1]}', "HashMap<{0},{0}>"),
    ],
)
def test_a_called_instance_names_it_anew(
    client, mapping, text, declared, text_of_called, class_of_called
):
    api = Caller(client)
    api.deploy(CALLED)
    api.deploy(calling(mapping))
    given = {"o": typed(text, f"java.util.{declared}")}
    instance = api.post("/process-definition/key/calling/start", {"variables": given})["id"]

    (called,) = api.get(f"/process-instance?superProcessInstance={instance}")

    class_name = f"java.util.{class_of_called.format(ANYTHING)}"
    assert stored(api, called["id"]) == (text_of_called, class_name)
    assert stored(api, instance)[1] == f"java.util.{declared}"


def test_a_class_that_is_none_of_java_itself_goes_on_as_it_is(client):
    api = Caller(client)
    api.deploy(CALLED)
    api.deploy(calling('<camunda:in variables="all"/>'))
    given = {"o": typed('{"a": 1}', "com.acme.Order")}
    instance = api.post("/process-definition/key/calling/start", {"variables": given})["id"]

    (called,) = api.get(f"/process-instance?superProcessInstance={instance}")

    assert stored(api, called["id"]) == ('{"a": 1}', "com.acme.Order")


def test_a_restarted_instance_names_it_anew(client):
    api = Caller(client)
    api.deploy(CALLED)
    given = {"o": typed('["a", "b"]', f"java.util.ArrayList<{ANYTHING}>")}
    started = api.post("/process-definition/key/called/start", {"variables": given})
    api.call("DELETE", f"/process-instance/{started['id']}")
    body = {
        "processInstanceIds": [started["id"]],
        "instructions": [{"type": "startBeforeActivity", "activityId": "u"}],
    }

    api.post(f"/process-definition/{started['definitionId']}/restart", body)

    (instance,) = api.get("/process-instance")
    assert stored(api, instance["id"]) == ('["a","b"]', "java.util.ArrayList<java.lang.String>")
