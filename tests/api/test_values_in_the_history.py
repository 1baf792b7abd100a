"""The value by which variables of the history are asked for, in a body: it stands for itself."""

import pytest

DAY = "2026-01-01T00:00:00.000+0000"
VALUES = {
    "empty": {"value": "", "type": "String"},
    "none": {"value": None, "type": "String"},
    "text": {"value": DAY, "type": "String"},
    "day": {"value": DAY, "type": "Date"},
}


def count(calls, **query):
    return calls.post("/history/variable-instance/count", query)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("empty", "", 1),
        ("none", "", 0),
        ("text", "", 0),
        ("text", DAY, 1),
        ("day", DAY, 0),
        # no filter
        ("none", None, 1),
        ("text", None, 1),
    ],
)
def test_a_text_is_a_text(calls, name, value, expected):
    calls.start(variables=VALUES)

    assert count(calls, variableName=name, variableValue=value) == (200, {"count": expected})


def test_only_a_value_that_is_there_needs_a_name(calls):
    calls.start(variables=VALUES)

    status, answer = count(calls, variableValue="")

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert count(calls, variableValue=None) == (200, {"count": len(VALUES)})
