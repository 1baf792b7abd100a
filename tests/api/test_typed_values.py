"""Typed values as clients send them.

Source: contract 2.
"""

import base64

import pytest

pytestmark = pytest.mark.no_database

JSON_OBJECT = {
    "objectTypeName": "java.util.ArrayList",
    "serializationDataFormat": "application/json",
}
NOT_BOOLEAN = "The property 'transient' should have a value of type 'boolean'."


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2020-01-02T03:04:05.678PST", "2020-01-02T11:04:05.678+0000"),
        ("2020-01-02T03:04:05.678CEST", "2020-01-02T01:04:05.678+0000"),
        ("2020-01-02T03:04:05.678UTC", "2020-01-02T03:04:05.678+0000"),
        ("2020-01-02T03:04:05.678GMT", "2020-01-02T03:04:05.678+0000"),
        ("2020-01-02T03:04:05.678GMT-03:30", "2020-01-02T06:34:05.678+0000"),
        ("2020-01-02T03:04:05.678+2359", "2020-01-01T03:05:05.678+0000"),
        ("2020-13-45T99:99:99.000+0000", "2021-02-18T04:40:39.000+0000"),
        ("2020-1-2T3:4:5.6+0000", "2020-01-02T03:04:05.006+0000"),
        ("2020-1-2T3:4:5.1234567+0000", "2020-01-02T03:24:39.567+0000"),
        (" 2020-01-02T03:04:05.678+0000xyz", "2020-01-02T03:04:05.678+0000"),
    ],
)
def test_a_date_is_read_as_leniently_as_java_reads_it(calls, variable, sent, kept):
    assert calls.put(variable, {"type": "Date", "value": sent})[0] == 204

    assert calls.get(variable)["value"] == kept


@pytest.mark.parametrize("kind", ["Boolean", "Short", "Integer", "Long", "Double", "Date"])
@pytest.mark.parametrize("sent", ["", " ", "null", " null "])
def test_blanks_and_the_word_for_null_are_null(calls, variable, kind, sent):
    assert calls.put(variable, {"type": kind, "value": sent})[0] == 204

    assert calls.get(variable) == {"type": kind, "value": None, "valueInfo": {}}


@pytest.mark.parametrize(
    ("sent", "status"), [(" YWJj YWJj\n", 204), ("YW Jj", 400), (True, 204), (False, 400)]
)
def test_blanks_stand_between_groups_of_base64(calls, variable, sent, status):
    assert calls.put(variable, {"type": "Bytes", "value": sent})[0] == status


@pytest.mark.parametrize("end", ["+2400", "+0060", "+02", "+02:00", "Z", "XYZ", "pst", ""])
def test_a_date_needs_an_offset_that_exists(calls, variable, end):
    value = "2020-01-02T03:04:05.678" + end

    status, answer = calls.put(variable, {"type": "Date", "value": value})

    assert (status, answer["message"]) == (
        400,
        f"Cannot put process instance variable v: Cannot convert value '{value}' of type 'Date' "
        "to java type java.util.Date",
    )


@pytest.mark.parametrize("transient", ["true", 1, None, [], {}])
def test_a_primitive_with_an_unfit_transient_does_not_convert(calls, variable, transient):
    body = {"type": "Integer", "value": 5, "valueInfo": {"transient": transient}}

    assert calls.put(variable, body) == (
        400,
        {
            "type": "InvalidRequestException",
            "message": "Cannot put process instance variable v: Cannot convert value '5' of type "
            "'Integer' to java type java.lang.Integer",
            "code": None,
        },
    )


@pytest.mark.parametrize(
    "value",
    [
        {"type": "Object", "value": "[]", "valueInfo": JSON_OBJECT},
        {"type": "Json", "value": "[]", "valueInfo": {}},
        {"type": "Xml", "value": "<a/>", "valueInfo": {}},
        {"type": "File", "value": "", "valueInfo": {"filename": "a"}},
    ],
)
def test_other_values_with_an_unfit_transient_are_an_error_of_java(calls, variable, value):
    value = {**value, "valueInfo": {**value["valueInfo"], "transient": "yes"}}

    assert calls.put(variable, value) == (
        500,
        {"type": "IllegalArgumentException", "message": NOT_BOOLEAN, "code": None},
    )


def test_a_value_without_type_ignores_an_unfit_transient(calls, variable):
    assert calls.put(variable, {"value": 5, "valueInfo": {"transient": "yes"}})[0] == 204

    assert calls.get(variable) == {"type": "Integer", "value": 5, "valueInfo": {}}


@pytest.mark.parametrize(
    "value",
    [
        {"type": "Number", "value": 1, "valueInfo": {"transient": True}},
        {"type": "Object", "value": "[]", "valueInfo": {"transient": True}},
    ],
)
def test_what_cannot_be_stored_can_be_transient(calls, variable, value):
    assert calls.put(variable, value)[0] == 204

    assert calls.send("GET", variable)[0] == 404


def test_a_transient_object_in_the_format_of_java_is_prohibited(calls, variable):
    info = {
        "objectTypeName": "a.B",
        "serializationDataFormat": "application/x-java-serialized-object",
        "transient": True,
    }

    status, answer = calls.put(variable, {"type": "Object", "value": "rO0", "valueInfo": info})

    assert (status, answer["message"]) == (
        500,
        "Cannot put process instance variable v: ENGINE-17007 Cannot set variable with name v. "
        "Java serialization format is prohibited",
    )


@pytest.mark.parametrize(
    ("info", "message"),
    [
        (None, "Cannot create file without valueInfo."),
        (
            {},
            "Cannot create file without filename! Please set a name into ValueInfo with key "
            "filename",
        ),
    ],
)
def test_a_file_needs_a_value_info_with_a_name(calls, variable, info, message):
    assert calls.put(variable, {"type": "File", "value": "aGk=", "valueInfo": info}) == (
        500,
        {"type": "IllegalArgumentException", "message": message, "code": None},
    )


@pytest.mark.parametrize("value", ["aGk=", "aGk", "a G\nk", "aGk=aGk=", "!aGk=!"])
def test_the_base64_of_a_file_ends_at_its_padding_and_may_hold_anything_else(
    calls, variable, value
):
    body = {"type": "File", "value": value, "valueInfo": {"filename": "a"}}

    assert calls.put(variable, body)[0] == 204

    assert calls.send("GET", f"{variable}/data")[1] == base64.b64decode("aGk=")


@pytest.mark.parametrize("value", [" true ", "TRUE", "True"])
def test_a_boolean_may_be_a_text_with_blanks_around_it(calls, variable, value):
    assert calls.put(variable, {"type": "Boolean", "value": value})[0] == 204

    assert calls.get(variable)["value"] is True


UNFIT = {"type": "Integer", "value": "x"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/external-task/t/complete", {"variables": {"v": UNFIT}, "localVariables": []}),
        ("/external-task/t/complete", {"variables": {"v": UNFIT}, "workerId": {}}),
        ("/external-task/t/complete", {"variables": {"v": UNFIT, "w": 5}}),
        ("/external-task/t/failure", {"variables": {"v": UNFIT}, "retries": "many"}),
        (
            "/external-task/t/bpmnError",
            {"variables": {"v": UNFIT, "w": {"value": 1, "valueInfo": "none"}}},
        ),
        ("/process-definition/key/one/start", {"variables": {"v": UNFIT}, "businessKey": []}),
        (
            "/process-definition/key/one/start",
            {
                "startInstructions": [
                    {"type": "startBeforeActivity", "variables": {"v": UNFIT}, "activityId": {}}
                ]
            },
        ),
        ("/process-instance/i/variables", {"modifications": {"v": UNFIT, "w": {"type": []}}}),
        ("/message", {"processVariables": {"v": UNFIT}, "all": "yes"}),
    ],
)
def test_the_shape_of_a_body_is_looked_at_before_its_values(calls, path, body):
    assert calls.post(path, body) == (
        400,
        {"type": "InvalidRequestException", "message": "", "code": None},
    )


def test_the_values_of_a_start_are_looked_at_before_its_definition(calls):
    assert calls.post("/process-definition/none/start", {"variables": {"v": UNFIT}}) == (
        400,
        {
            "type": "InvalidRequestException",
            "message": "Cannot instantiate process definition none: Cannot convert value 'x' of "
            "type 'Integer' to java type java.lang.Integer",
            "code": None,
        },
    )


def test_the_values_of_start_instructions_are_converted(calls):
    instruction = {
        "type": "startBeforeActivity",
        "activityId": "work",
        "variables": {"v": {"type": "Long", "value": "5"}},
    }

    instance = calls.start(startInstructions=[instruction])

    assert calls.get(f"/process-instance/{instance}/variables/v")["value"] == 5


def test_a_file_with_an_encoding_alone_is_binary_in_that_encoding(calls, client, variable):
    info = {"filename": "a.txt", "encoding": "UTF-8"}
    calls.put(variable, {"type": "File", "value": "YWJj", "valueInfo": info})

    answer = client.get(f"/engine-rest{variable}/data")

    assert answer.content_type == "application/octet-stream;charset=UTF-8"
