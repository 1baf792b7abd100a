"""Python values and typed values of the wire."""

import base64
import json
import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import hypothesis
import pytest
from hypothesis import strategies as st

from app.worker import File, Task, Typed
from app.worker.connection import AnswerError
from app.worker.values import from_wire, to_wire

from .recorded import TASK


@pytest.mark.parametrize(
    ("value", "type_", "wire"),
    [
        (None, "Null", None),
        (True, "Boolean", True),
        (5, "Integer", 5),
        (2**31 - 1, "Integer", 2**31 - 1),
        (2**31, "Long", 2**31),
        (-(2**31), "Integer", -(2**31)),
        (-(2**31) - 1, "Long", -(2**31) - 1),
        (-(2**63), "Long", -(2**63)),
        (1.5, "Double", 1.5),
        (Decimal("1.25"), "Double", 1.25),
        (math.nan, "Double", "NaN"),
        (math.inf, "Double", "Infinity"),
        (-math.inf, "Double", "-Infinity"),
        (Decimal("-Infinity"), "Double", "-Infinity"),
        ("x", "String", "x"),
        (b"\x00\xff", "Bytes", "AP8="),
        (datetime(2026, 3, 1, 12, 0, 1, 5999, UTC), "Date", "2026-03-01T12:00:01.005+0000"),
        (datetime(2026, 3, 1, 12), "Date", "2026-03-01T12:00:00.000+0000"),
        ({"a": [1]}, "Json", '{"a": [1]}'),
        ([1, "b"], "Json", '[1, "b"]'),
        (Typed(5, "Short"), "Short", 5),
    ],
)
def test_a_python_value_has_a_type_on_the_wire(value, type_, wire):
    found = to_wire(value)

    assert (found["type"], found["value"]) == (type_, wire)


def test_a_date_keeps_its_offset():
    zone = timezone(timedelta(hours=2))

    assert to_wire(datetime(2026, 3, 1, 12, tzinfo=zone))["value"].endswith("+0200")


def test_a_file_carries_its_name_and_type():
    found = to_wire(File("a.txt", "text/plain", load=lambda: b"abc"))

    assert base64.b64decode(found["value"]) == b"abc"
    assert found["valueInfo"] == {"filename": "a.txt", "mimeType": "text/plain"}


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_a_number_that_no_long_holds_is_refused(value):
    with pytest.raises(ValueError, match="too large"):
        to_wire(value)


def test_a_value_without_a_type_is_refused():
    with pytest.raises(TypeError, match="object"):
        to_wire(object())


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ({"type": "Integer", "value": 5, "valueInfo": {}}, 5),
        ({"type": "Null", "value": None, "valueInfo": {}}, None),
        ({"type": "Date", "value": None, "valueInfo": {}}, None),
        ({"type": "Json", "value": '{"a":1}', "valueInfo": {}}, {"a": 1}),
        ({"type": "Bytes", "value": "AP8=", "valueInfo": {}}, b"\x00\xff"),
        (
            {"type": "Date", "value": "2026-03-01T12:00:01.005+0000", "valueInfo": {}},
            datetime(2026, 3, 1, 12, 0, 1, 5000, UTC),
        ),
        (
            {
                "type": "Object",
                "value": "[1,2]",
                "valueInfo": {"serializationDataFormat": "application/json"},
            },
            [1, 2],
        ),
        (
            {
                "type": "Object",
                "value": "rO0AB",
                "valueInfo": {"serializationDataFormat": "application/x-java-serialized-object"},
            },
            "rO0AB",
        ),
        ({"type": "Xml", "value": "<a/>", "valueInfo": {}}, "<a/>"),
        ({"type": "Double", "value": 1, "valueInfo": {}}, 1.0),
        ({"type": "Double", "value": "-Infinity", "valueInfo": {}}, -math.inf),
        ({"type": "Double", "value": None, "valueInfo": {}}, None),
        ({"type": "Bytes", "value": None, "valueInfo": {}}, None),
        ({"type": "Boolean", "value": False, "valueInfo": {}}, False),
        ({"type": "String", "value": "", "valueInfo": {}}, ""),
        ({"type": "Json", "value": [1], "valueInfo": {}}, [1]),
        ({"type": "Integer", "value": 5}, 5),
    ],
)
def test_a_handler_sees_python_values(variable, expected):
    assert from_wire(variable) == expected


def test_the_bytes_of_a_file_are_loaded_when_they_are_asked_for():
    loads = []
    info = {"filename": "a.txt", "mimeType": "text/plain"}
    variable = {"type": "File", "value": None, "valueInfo": info}

    found = from_wire(variable, lambda: loads.append(1) or b"abc")

    assert found.name == "a.txt"
    assert not loads
    assert found.read() == b"abc"


class Loading:
    """A connection that has the file at the instance alone."""

    def __init__(self):
        self.paths = []

    def load(self, path):
        self.paths.append(path)
        if path.startswith("/execution/"):
            raise AnswerError(404, "variable does not exist")
        return b"abc"


def test_a_file_is_loaded_by_whatever_name_it_has():
    connection = Loading()
    file = {"type": "File", "value": None, "valueInfo": {"filename": "a.txt"}}
    task = Task({**TASK, "variables": {"Büro 1/2?": file}}, connection)

    assert task.variables["Büro 1/2?"].read() == b"abc"
    assert connection.paths == [
        "/execution/ex/localVariables/B%C3%BCro%201%2F2%3F/data",
        "/process-instance/pi/variables/B%C3%BCro%201%2F2%3F/data",
    ]


def test_a_server_that_is_away_is_asked_once_for_a_file():
    class Away:
        def load(self, path):
            raise ConnectionRefusedError(path)

    task = Task(
        {
            **TASK,
            "variables": {"f": {"type": "File", "value": None, "valueInfo": {"filename": "f"}}},
        },
        Away(),
    )

    with pytest.raises(ConnectionRefusedError, match="localVariables"):
        _ = task.variables["f"].read()


# -- round trips ------------------------------------------------------------------------------


def wired(value):
    """A value as it comes back when it was stored: by JSON, in its type."""
    return json.loads(json.dumps(to_wire(value), allow_nan=False))


LEAVES = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=9)
PLAIN = LEAVES | st.recursive(
    st.lists(LEAVES, max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@hypothesis.settings(max_examples=30)
@hypothesis.given(PLAIN | st.floats(allow_nan=False) | st.binary(max_size=20))
def test_what_a_handler_returns_is_what_the_next_one_sees(value):
    assert from_wire(wired(value)) == value


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)))
def test_a_date_comes_back_to_the_millisecond(value):
    found = from_wire(wired(value))

    assert found == value.replace(microsecond=value.microsecond // 1000 * 1000)


def test_no_number_comes_back_as_none():
    assert math.isnan(from_wire(wired(math.nan)))


def test_a_file_comes_back_by_its_name_type_and_encoding():
    wire = to_wire(File("a.txt", "text/plain", "UTF-8", lambda: b"abc"))

    found = from_wire({**wire, "value": None}, lambda: b"abc")

    assert (found.name, found.mime_type, found.encoding) == ("a.txt", "text/plain", "UTF-8")
    assert found.read() == b"abc"


@pytest.mark.parametrize("info", [None, {}, {"filename": None}], ids=repr)
def test_a_file_that_says_nothing_of_itself_has_an_empty_name(info):
    found = from_wire({"type": "File", "value": None, "valueInfo": info})

    assert (found.name, found.mime_type, found.encoding) == ("", None, None)


def test_a_file_without_contents_is_empty():
    assert to_wire(File("a"))["value"] == ""


def test_a_typed_value_goes_as_it_is():
    info = {"objectTypeName": "a.B", "serializationDataFormat": "application/json"}

    assert to_wire(Typed('{"a":1}', "Object", info)) == {
        "value": '{"a":1}',
        "type": "Object",
        "valueInfo": info,
    }


@pytest.mark.parametrize(
    "value", [{1, 2}, {"a": Ellipsis}, {"a": datetime(2026, 1, 1)}, [b"x"], 1j], ids=repr
)
def test_what_json_cannot_say_has_no_type_either(value):
    with pytest.raises(TypeError):
        to_wire(value)
