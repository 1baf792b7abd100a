"""Variables that arrive as forms.

Source: contract 4.4.
"""

import pytest

pytestmark = pytest.mark.no_database

PLAIN = "text/plain; charset=utf-8"
NAMELESS = "Cannot create file without filename! Please set a name into ValueInfo with key filename"


def part(name, content, media=PLAIN, filename=None):
    named = "" if filename is None else f'; filename="{filename}"'
    typed = "" if media is None else f"\r\nContent-Type: {media}"
    return f'Content-Disposition: form-data; name="{name}"{named}{typed}\r\n\r\n{content}\r\n'


def form(*parts):
    return "".join(f"--edge\r\n{p}" for p in parts) + "--edge--\r\n"


@pytest.fixture
def upload(calls, variable):
    def send(*parts, body=None, content_type="multipart/form-data; boundary=edge"):
        data = form(*parts) if body is None else body
        return calls.send("POST", f"{variable}/data", data, content_type)

    return send


@pytest.mark.parametrize("kind", [[], [part("valueType", "Bytes")], [part("valueType", "bytes")]])
def test_bytes_are_what_a_form_holds_unless_it_says_otherwise(calls, variable, upload, kind):
    assert upload(part("data", "hello"), *kind)[0] == 204

    assert calls.get(variable) == {"type": "Bytes", "value": "aGVsbG8=", "valueInfo": {}}


@pytest.mark.parametrize(
    ("media", "info"),
    [
        (None, {"mimeType": "application/octet-stream"}),
        ("Text/CSV", {"mimeType": "text/csv"}),
        ("text/plain; encoding=UTF-8", {"mimeType": "text/plain", "encoding": "UTF-8"}),
        ("text/plain; transient=no", {"mimeType": "text/plain"}),
    ],
)
def test_a_file_is_what_its_part_says_of_itself(calls, variable, upload, media, info):
    answer = upload(part("data", "hello", media, "a.txt"), part("valueType", "File", None))
    assert answer[0] == 204

    assert calls.get(variable)["valueInfo"] == {"filename": "a.txt", **info}
    assert calls.send("GET", f"{variable}/data")[1] == b"hello"


def test_a_transient_file_is_not_kept(calls, variable, upload):
    media = "text/plain; transient=TRUE"
    assert upload(part("data", "hello", media, "a"), part("valueType", "File"))[0] == 204

    assert calls.send("GET", variable)[0] == 404


@pytest.mark.parametrize(
    ("parts", "status", "kind", "message"),
    [
        (
            [part("data", "x"), part("valueType", "Strange")],
            400,
            "RestException",
            "Unsupported value type 'Strange'",
        ),
        (
            [part("data", "x"), part("valueType", "BYTES")],
            400,
            "RestException",
            "Unsupported value type 'BYTES'",
        ),
        (
            [part("data", "{}"), part("valueType", "Json")],
            400,
            "InvalidRequestException",
            "Must provide 'null' or String value for value of SerializableValue type 'Json'.",
        ),
        (
            [part("data", "x"), part("valueType", "File")],
            500,
            "IllegalArgumentException",
            NAMELESS,
        ),
        (
            [part("data", "x", "nonsense", "a"), part("valueType", "File")],
            400,
            "RestException",
            "Invalid mime type given",
        ),
        (
            [part("data", "x"), part("valueType", "Bytes", "application/json")],
            400,
            "InvalidRequestException",
            "Form part with name 'valueType' must have a text/plain value",
        ),
        (
            [part("data", "[]"), part("type", "java.util.ArrayList")],
            400,
            "InvalidRequestException",
            f"Unrecognized content type for serialized java type: {PLAIN}",
        ),
        (
            [part("data", "[]", None), part("type", "java.util.ArrayList")],
            400,
            "InvalidRequestException",
            "Unrecognized content type for serialized java type: null",
        ),
    ],
)
def test_a_form_that_does_not_say_rightly_what_it_holds_is_refused(
    upload, parts, status, kind, message
):
    assert upload(*parts) == (status, {"type": kind, "message": message, "code": None})


@pytest.mark.parametrize("kind", ["Integer", "Date", "Null", "String"])
def test_the_bytes_of_a_form_are_no_other_primitive(upload, kind):
    status, answer = upload(part("data", "5"), part("valueType", kind))

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert answer["message"].startswith("Cannot convert value ")


@pytest.mark.parametrize("parts", [[], [part("valueType", "File")], [part("other", "x")]])
def test_a_form_without_data_is_an_error_of_java(upload, parts):
    status, answer = upload(*parts)

    assert (status, answer["type"]) == (500, "NullPointerException")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("x", "multipart/form-data"),
        ('--edge\r\nContent-Disposition: form-data; name="data"\r\n\r\nx', None),
        ("--edge\r\nContent-Type: text/plain\r\n\r\nx\r\n--edge--", None),
    ],
)
def test_a_broken_form_cannot_be_processed(upload, body, content_type):
    answer = upload(body=body, content_type=content_type or "multipart/form-data; boundary=edge")

    assert answer == (
        400,
        {
            "type": "RestException",
            "message": "multipart/form-data cannot be processed",
            "code": None,
        },
    )


@pytest.mark.parametrize(
    "parts",
    [
        [part("data", "x"), part("valueType", "Bytes\\0")],
        [part("data", "x", None, "a\\0")],
        [part("data", "[]", "application/json"), part("type", "java.util.List\\0")],
    ],
)
def test_the_texts_of_a_form_are_without_nul(upload, parts):
    status, answer = upload(*(p.replace("\\0", "\0") for p in parts))

    assert (status, answer["type"]) == (400, "InvalidRequestException")


def test_a_part_without_a_name_is_passed_over(calls, variable, upload):
    nameless = "Content-Disposition: form-data\r\n\r\nx\r\n"

    assert upload(nameless, part("data", "hello"))[0] == 204


def test_of_parts_with_one_name_the_last_counts(calls, variable, upload):
    assert upload(part("data", "first"), part("data", "hello"))[0] == 204

    assert calls.get(variable)["value"] == "aGVsbG8="


def test_an_object_of_a_java_class_is_read_from_json(calls, variable, upload):
    content = part("data", '{"a": [1, 2]}', "application/json")

    assert upload(content, part("type", "java.util.HashMap"))[0] == 204

    assert calls.get(f"{variable}?deserializeValue=false") == {
        "type": "Object",
        "value": '{"a":[1,2]}',
        "valueInfo": {
            "objectTypeName": "java.util.HashMap<java.lang.Object,java.lang.Object>",
            "serializationDataFormat": "application/json",
        },
    }


def test_the_null_of_a_java_class_sets_nothing(calls, variable, upload):
    content = part("data", "null", "application/json")

    assert upload(content, part("type", "java.util.HashMap"))[0] == 204

    assert calls.send("GET", variable)[0] == 404


@pytest.mark.parametrize(
    ("content", "name"), [("{}", "org.example.Order"), ("{oops", "java.util.HashMap")]
)
def test_an_object_that_is_not_of_its_java_class_is_refused(upload, content, name):
    status, answer = upload(part("data", content, "application/json"), part("type", name))

    assert (status, answer["type"], answer["code"]) == (500, "InvalidRequestException", None)
    assert answer["message"].startswith("Could not deserialize JSON object: ")
