"""Objects, Json and Xml that are read: what is answered, and what cannot be read.

Source: contract 2.5 and 2.6.
"""

import pytest

JSON = "application/json"
UNREADABLE = {
    "Json": {"type": "Json", "value": "{oops"},
    "empty Json": {"type": "Json", "value": ""},
    "deep Json": {"type": "Json", "value": "[" * 300 + "]" * 300},
    "Xml": {"type": "Xml", "value": "<a><b></a>"},
    "Xml with entities": {
        "type": "Xml",
        "value": '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
    },
}


def an_object(text, class_name, data_format=JSON):
    info = {"objectTypeName": class_name, "serializationDataFormat": data_format}
    return {"type": "Object", "value": text, "valueInfo": info}


@pytest.mark.parametrize(
    ("text", "declared", "read"),
    [
        ("[1, 2]", "java.util.ArrayList", "java.util.ArrayList<java.lang.Integer>"),
        ('["a", 1]', "java.util.List", "java.util.ArrayList<java.lang.String>"),
        ("[]", "java.util.ArrayList", "java.util.ArrayList<java.lang.Object>"),
        (
            "[1]",
            "java.util.ArrayList<java.lang.Long>",
            "java.util.ArrayList<java.lang.Long>",
        ),
        (
            "[[1.5]]",
            "java.util.LinkedList<java.util.List>",
            "java.util.LinkedList<java.util.ArrayList<java.lang.Double>>",
        ),
        (
            '[{"a": 1}]',
            "java.util.ArrayList<java.lang.Object>",
            "java.util.ArrayList<java.util.LinkedHashMap<java.lang.Object,java.lang.Object>>",
        ),
        (
            '{"a": 1}',
            "java.util.HashMap",
            "java.util.HashMap<java.lang.Object,java.lang.Object>",
        ),
        (
            "{}",
            "java.util.Map<java.lang.String,java.lang.Integer>",
            "java.util.LinkedHashMap<java.lang.Object,java.lang.Object>",
        ),
        (
            '[{"a": [1]}]',
            "java.util.List<java.util.Map<java.lang.String,java.util.List<java.lang.Long>>>",
            "java.util.ArrayList<java.util.LinkedHashMap<java.lang.Object,java.lang.Object>>",
        ),
        ("5", "java.lang.Integer", "java.lang.Integer"),
        ('"a"', "java.lang.Object", "java.lang.String"),
    ],
)
def test_an_object_that_is_read_names_the_class_that_it_was_read_as(calls, text, declared, read):
    instance = calls.start(variables={"v": an_object(text, declared)})
    path = f"/process-instance/{instance}/variables"

    kept = calls.get(f"{path}/v?deserializeValue=false")
    single, several = calls.get(f"{path}/v"), calls.get(path)["v"]
    listed = calls.get(f"/variable-instance?processInstanceIdIn={instance}")[0]
    past = calls.get(f"/history/variable-instance?processInstanceId={instance}")[0]

    assert (kept["value"], kept["valueInfo"]["objectTypeName"]) == (text, declared)
    for shown in (single, several, listed):
        assert shown["valueInfo"] == {"objectTypeName": read, "serializationDataFormat": JSON}
    assert past["valueInfo"]["objectTypeName"] == declared
    assert past["value"] == single["value"]


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ('{"a": 1}', "java.util.ArrayList"),
        ("[1]", "java.util.HashMap"),
        ('"a"', "java.util.List<java.lang.String>"),
        ('"a"', "java.lang.Integer"),
        ("true", "java.lang.Long"),
        ("[", "java.util.ArrayList"),
        ("{}", "java.util.NoSuchClass"),
        ("{}", "org.example.Order"),
        ("[]", "java.util.ArrayList<org.example.Order>"),
        ("[1, true]", "java.util.ArrayList<java.lang.Integer>"),
        ("[[1]]", "java.util.List<java.util.List<java.util.List>>"),
        ('{"a": ["b"]}', "java.util.Map<java.lang.String,java.util.List<java.lang.Long>>"),
        ('["\\ud800", 12345678901234567890]', "java.util.ArrayList"),
        ("[NaN, 12345678901234567890]", "java.util.ArrayList"),
        ("[]", "java.util.List<" * 5000),
    ],
)
def test_an_object_of_another_shape_than_its_class_cannot_be_read(calls, text, declared):
    instance = calls.start(variables={"v": an_object(text, declared)})

    status, answer = calls.send("GET", f"/process-instance/{instance}/variables/v")

    assert (status, answer["type"], answer["code"]) == (500, "RestException", 0)
    assert answer["message"].startswith(
        "Cannot get process instance variable v: Cannot deserialize object in variable 'v': "
    )


@pytest.mark.parametrize("value", UNREADABLE.values(), ids=UNREADABLE)
def test_a_text_that_is_not_in_its_format_is_kept_and_cannot_be_read(calls, value):
    instance = calls.start(variables={"v": value, "n": {"value": 1}})
    path = f"/process-instance/{instance}/variables"
    detail = "Cannot deserialize object in variable 'v': "

    assert calls.get(f"{path}/v?deserializeValue=false")["value"] == value["value"]

    status, answer = calls.send("GET", f"{path}/v")
    assert (status, answer["type"]) == (500, "RestException")
    assert answer["message"].startswith(f"Cannot get process instance variable v: {detail}")

    status, answer = calls.send("GET", path)
    assert (status, answer["type"], answer["code"]) == (500, "ProcessEngineException", 0)
    assert answer["message"].startswith(detail)

    listed = calls.get(f"/history/variable-instance?processInstanceId={instance}&variableName=v")[0]
    assert (listed["value"], listed["valueInfo"]) == (None, None)
    assert listed["errorMessage"].startswith(detail)


@pytest.mark.parametrize("value", UNREADABLE.values(), ids=UNREADABLE)
def test_a_task_whose_variables_cannot_be_read_is_not_locked(calls, value):
    calls.start(variables={"v": value})
    topic = {"topicName": "work", "lockDuration": 60000, "deserializeValues": True}
    body = {"workerId": "w", "maxTasks": 1, "topics": [topic]}

    status, answer = calls.post("/external-task/fetchAndLock", body)

    assert (status, answer["type"], answer["code"]) == (500, "ProcessEngineException", 0)
    assert answer["message"].startswith("Cannot deserialize object in variable 'v': ")
    assert calls.get("/external-task/count?locked=true") == {"count": 0}


def test_a_list_in_a_list_names_what_both_hold(calls):
    instance = calls.start(variables={"v": {"value": [[1]]}, "w": {"value": [{"a": 1}]}})

    found = calls.get(f"/process-instance/{instance}/variables?deserializeValues=false")

    assert found["v"]["valueInfo"]["objectTypeName"] == (
        "java.util.ArrayList<java.util.ArrayList<java.lang.Integer>>"
    )
    assert found["w"]["valueInfo"]["objectTypeName"] == (
        "java.util.ArrayList<java.util.LinkedHashMap<java.lang.Object,java.lang.Object>>"
    )


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/variable-instance", "processInstanceIdIn"),
        ("/history/variable-instance", "processInstanceId"),
        ("/history/detail", "processInstanceId"),
    ],
)
def test_lists_have_a_flag_in_the_plural_and_single_items_one_in_the_singular(calls, path, named):
    instance = calls.start(variables={"v": {"value": [1]}})
    found = f"{path}?{named}={instance}"
    single = f"{path}/{calls.get(found)[0]['id']}"

    for shown in (
        calls.get(found)[0],
        calls.get(f"{found}&deserializeValue=false")[0],
        calls.get(single),
        calls.get(f"{single}?deserializeValues=false"),
    ):
        assert shown["value"] == [1]
    for shown in (
        calls.get(f"{found}&deserializeValues=false")[0],
        calls.get(f"{single}?deserializeValue=false"),
    ):
        assert shown["value"] == "[1]"


def test_each_change_of_a_file_keeps_its_content(calls):
    info = {"filename": "a.txt", "mimeType": "text/plain"}
    instance = calls.start(variables={"v": {"type": "File", "value": "aGk=", "valueInfo": info}})
    calls.put(f"/process-instance/{instance}/variables/v", {"value": 1})

    details = calls.get(f"/history/detail?processInstanceId={instance}&sortBy=time&sortOrder=asc")
    contents = [calls.send("GET", f"/history/detail/{d['id']}/data") for d in details]

    assert contents[0] == (200, b"hi")
    assert contents[1] == (
        400,
        {
            "type": "InvalidRequestException",
            "message": f"Value of variable with id {details[1]['id']} is not a binary value.",
            "code": None,
        },
    )
    assert calls.send("GET", "/history/detail/none/data")[0] == 404
