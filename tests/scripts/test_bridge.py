"""Questions of a script and their answers, without a script: values both ways."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.expressions.failures import EvaluationFailure
from app.expressions.spin import JsonNode
from app.expressions.values import BigInteger, HashMap, Integer, Short
from app.scripts.bridge import Bridge, plain

from .asking import NOW, Names, asked


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        ("a", "a"),
        (1.5, 1.5),
        (Integer(5), 5),
        (Short(5), 5),
        (2**31 - 1, 2**31 - 1),
        (2**31, float(2**31)),
        (-(2**31) - 1, float(-(2**31) - 1)),
        (BigInteger(2**70), {"b": str(2**70)}),
    ],
)
def test_a_plain_value_goes_to_the_script_as_it_is(value, shown):
    found = asked("has", "v", v=value)

    assert (found, type(found)) == (shown, type(shown))


@pytest.mark.parametrize(
    ("value", "kind", "method"),
    [
        ([1], "list", "size"),
        ({"a": 1}, "map", "containsKey"),
        (HashMap(), "map", "put"),
        (NOW, "date", "getTime"),
    ],
)
def test_an_object_goes_as_a_number_with_its_kind_and_methods(value, kind, method):
    found = asked("has", "v", v=value)

    assert (found["h"], found["k"]) == (0, kind)
    assert method in found["m"]
    assert found["m"] == sorted(found["m"])


def test_an_object_that_only_a_call_knows_has_no_list_of_methods():
    assert asked("has", "v", v=JsonNode({"a": 1}))["m"] is None


def test_the_same_object_has_the_same_number_and_its_kind_is_told_once():
    items = [[1], [1]]
    made = Bridge(Names({"v": items}))

    first, again = made.answer(["has", "v"]), made.answer(["has", "v"])
    inner = [made.answer(["item", first["h"], index]) for index in (0, 1, 0)]

    assert first["h"] == again["h"]
    assert "m" in first
    assert "m" not in again
    assert [found["h"] for found in inner] == [1, 2, 1]


def test_a_name_is_looked_for_among_the_objects_of_the_engine_first():
    made = Bridge(Names({"execution": "variable", "x": 1}, {"execution": "special"}))

    assert made.answer(["has", "execution"]) == "special"
    assert made.answer(["has", "x"]) == 1
    assert made.answer(["has", "y"]) == {"u": 1}


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (None, None),
        (True, True),
        ("a", "a"),
        ("\U0001f600", "\U0001f600"),
        ("\ud83dx", "?x"),
        (5, Integer(5)),
        (2**31, float(2**31)),
        (1.5, 1.5),
        ({"b": "123"}, BigInteger(123)),
        ({"b": "-1"}, BigInteger(-1)),
        ({"d": 0}, datetime(1970, 1, 1, tzinfo=UTC)),
        ({"d": -1000}, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ({"a": [1, "a", None]}, [Integer(1), "a", None]),
        ({"a": [{"a": []}]}, [[]]),
        ({"o": [["a", 1], ["b", {"o": []}]]}, {"a": Integer(1), "b": {}}),
        ({"o": [[5, 1]]}, {"5": Integer(1)}),
        ({"o": [["a", 1], ["a", 2]]}, {"a": Integer(2)}),
    ],
)
def test_a_value_comes_from_the_script_in_javas_types(sent, taken):
    found = Bridge(Names()).take(sent)

    assert found == taken
    assert type(found) is type(taken)


def test_a_date_comes_in_the_zone_of_the_place():
    zone = timezone(timedelta(hours=2))

    found = Bridge(Names(now=NOW.astimezone(zone))).take({"d": 0})

    assert (found, found.tzinfo) == (datetime(1970, 1, 1, tzinfo=UTC), zone)


def test_a_long_comes_back_as_the_long_that_it_was():
    number = 2**53 + 1
    made = Bridge(Names({"v": number}))

    shown = made.answer(["has", "v"])

    assert shown == float(number)
    assert made.take(shown) == number
    assert type(made.take(shown)) is int
    assert made.take(shown + 2**20) == shown + 2**20


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (["call", "size"], 2),
        (["call", "get", 1], "b"),
        (["call", "contains", "a"], True),
        (["item", 0], "a"),
        (["item", 5], None),
        (["text"], "[a, b]"),
        (["plain"], {"j": ["a", "b"]}),
    ],
)
def test_an_object_is_asked_by_its_number(held, question, answer):
    made, number = held(["a", "b"])
    kind, *rest = question

    assert made.answer([kind, number, *rest]) == answer


@pytest.mark.parametrize(("key", "answer"), [("a", 1), ("n", None), ("x", {"u": 1}), (5, {"u": 1})])
def test_an_entry_of_a_map_is_told_from_none(held, key, answer):
    made, number = held({"a": Integer(1), "n": None})

    assert made.answer(["entry", number, key]) == answer


def test_a_list_has_no_entries(held):
    made, number = held(["a"])

    assert made.answer(["entry", number, "a"]) == {"u": 1}


def test_a_method_that_fails_is_an_error_of_the_script_and_is_remembered(held):
    made, number = held(["a"])

    found = made.answer(["call", number, "get", 9])

    assert found["n"] == "Error"
    assert "out of bounds" in found["e"]
    assert isinstance(made.failure, EvaluationFailure)


def test_a_method_that_is_not_there_is_an_error_of_the_script(held):
    made, number = held(["a"])

    assert "Method not found" in made.answer(["call", number, "getClass"])["e"]


def test_a_change_in_place_is_noted(held):
    made, number = held(["a"])
    names = made._names

    made.answer(["call", number, "size"])
    assert not names.documents.has_changes
    made.answer(["call", number, "add", "b"])

    assert names.documents.has_changes
    assert names.variables == {"v": ["a", "b"]}


def test_a_value_that_the_script_holds_may_be_an_argument(held):
    made, number = held({"list": [], "other": ["x"]})
    inner, other = (made.answer(["entry", number, name])["h"] for name in ("list", "other"))

    assert made.answer(["call", inner, "addAll", {"h": other}]) is True
    assert made._names.variables == {"v": {"list": ["x"], "other": ["x"]}}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([1, [2.5], None], [1, [2.5], None]),
        ({"a": {"b": True}}, {"a": {"b": True}}),
        (float("nan"), None),
        (float("-inf"), None),
        (NOW, "Thu Jan 01 00:00:00 UTC 2026"),
        ([NOW], ["Thu Jan 01 00:00:00 UTC 2026"]),
    ],
)
def test_what_json_can_say_of_a_value(value, shown):
    assert plain(value) == shown
    json.dumps(plain(value), allow_nan=False)


def test_a_value_that_is_nested_too_deep_cannot_be_said():
    deep = []
    for _ in range(150):
        deep = [deep]

    with pytest.raises(EvaluationFailure, match="nested too deep"):
        plain(deep)
