"""How the values of variables compare with a wanted one: by their types, not by their texts.

Source: contract 5.3; Camunda 7 ``QueryVariableValue``.
"""

import math
import operator
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.state.values import TypedValue, to_columns
from app.errors import EngineError, NullValueError, RequestTooLargeError
from app.models.runtime import variable
from app.store.lists import LISTINGS
from app.store.lists.variables import MOST_CONDITIONS

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NUMBERS = {
    "short": TypedValue("Short", -3),
    "zero": TypedValue("Integer", 0),
    "five": TypedValue("Integer", 5),
    "long five": TypedValue("Long", 5),
    "double five": TypedValue("Double", 5.0),
    "more": TypedValue("Double", 5.5),
    "large": TypedValue("Long", 2**63 - 1),
    "small": TypedValue("Long", -(2**63)),
    "huge": TypedValue("Double", 1e300),
}
OTHERS = {
    "endless": TypedValue("Double", math.inf),
    "no number": TypedValue("Double", math.nan),
    "yes": TypedValue("Boolean", True),
    "no": TypedValue("Boolean", False),
    "text five": TypedValue("String", "5"),
    "abc": TypedValue("String", "abc"),
    "ABC": TypedValue("String", "ABC"),
    "abd": TypedValue("String", "abd"),
    "empty": TypedValue("String", ""),
    "nothing": TypedValue("Null", None),
    "noon": TypedValue("Date", NOON),
    "later": TypedValue("Date", NOON + timedelta(milliseconds=1)),
    "json": TypedValue("Json", '"abc"'),
    "bytes": TypedValue("Bytes", b"abc"),
}
ALL = {**NUMBERS, **OTHERS}
TEXTS = ["", "a", "b", "ab", "ba", "aab", "%", "_", "\\", "a%", "a_", "a\\", "\\a", "%_\\", "a%b"]
OPERATORS = {
    "eq": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
}


def fill(rows):
    """A variable ``x`` of each value, and a variable ``text`` of each text."""
    for row_id, typed in ALL.items():
        stored = to_columns(typed)._asdict()
        rows.add(variable, row_id, name="x", type=typed.type, **_columns(stored))
    for number, text in enumerate(TEXTS):
        rows.add(variable, f"text{number:02}", name="text", type="String", text_value=text)


def _columns(stored):
    return {name: value for name, value in stored.items() if name in variable.c}


def found(store, comparison, value, name="x", **options):
    """The ids of the variables that compare so."""
    filters = {"variable_values": [(name, comparison, value)], **options}
    with store.reading() as connection:
        return {view["id"] for view in LISTINGS["variable_instance"].find(connection, filters)}


@pytest.mark.parametrize("comparison", OPERATORS)
@pytest.mark.parametrize(
    "value", [-(2**63), -3, 0, 0.5, 5, 5.0, 5.5, 2**63 - 1, 1e300], ids=lambda value: repr(value)
)
def test_numbers_compare_across_their_types(world, comparison, value):
    compare = OPERATORS[comparison]
    expected = {name for name, typed in NUMBERS.items() if compare(typed.value, value)}
    if comparison == "neq":
        expected |= OTHERS.keys()  # what is no number differs from each
    if comparison in ("gt", "gteq"):
        expected |= {"endless", "no number"}  # databases put it behind all numbers

    assert found(world, comparison, value) == expected


EQUALS = [
    pytest.param(True, "yes", id="true"),
    pytest.param(False, "no", id="false"),
    pytest.param("5", "text five", id="text"),
    pytest.param("abc", "abc", id="case counts"),
    pytest.param("", "empty", id="empty text"),
    pytest.param(None, "nothing", id="null"),
    pytest.param(math.inf, "endless", id="infinity"),
    pytest.param(math.nan, "no number", id="no number"),
    pytest.param(NOON, "noon", id="date"),
    pytest.param(NOON.astimezone(timezone(timedelta(hours=5))), "noon", id="date elsewhere"),
]


@pytest.mark.parametrize(("value", "expected"), EQUALS)
def test_a_value_is_equal_to_its_own_type_alone(world, value, expected):
    assert found(world, "eq", value) == {expected}


@pytest.mark.parametrize(("value", "excluded"), EQUALS)
def test_all_others_are_not_equal_to_it(world, value, excluded):
    assert found(world, "neq", value) == ALL.keys() - {excluded}


ORDERED = [
    pytest.param("gteq", math.inf, {"endless", "no number"}, id="infinity-gteq"),
    pytest.param("lt", math.inf, set(NUMBERS), id="infinity-lt"),
    pytest.param("lteq", -math.inf, set(), id="infinity-lteq"),
    pytest.param("gt", "abc", {"abd"}, id="text-gt"),
    pytest.param("gteq", "abc", {"abc", "abd"}, id="text-gteq"),
    pytest.param("lt", "abc", {"empty", "text five", "ABC"}, id="text-lt"),
    pytest.param("lteq", "", {"empty"}, id="text-lteq"),
    pytest.param("gt", NOON, {"later"}, id="date-gt"),
    pytest.param("gteq", NOON, {"noon", "later"}, id="date-gteq"),
    pytest.param("lt", NOON, set(), id="date-lt"),
    pytest.param("lt", NOON + timedelta(milliseconds=1), {"noon"}, id="date-lt-later"),
    pytest.param(
        "lteq",
        (NOON + timedelta(milliseconds=1)).astimezone(timezone(-timedelta(hours=8))),
        {"noon", "later"},
        id="date-lteq-elsewhere",
    ),
]


@pytest.mark.parametrize(("comparison", "value", "expected"), ORDERED)
def test_an_order_is_one_of_values_of_a_type(world, comparison, value, expected):
    assert found(world, comparison, value) == expected


def test_a_microsecond_that_no_variable_keeps_is_cut_off(world):
    assert found(world, "eq", NOON + timedelta(microseconds=999)) == {"noon"}


@pytest.mark.parametrize("comparison", ["gt", "gteq", "lt", "lteq"])
@pytest.mark.parametrize("value", [True, False, None])
def test_what_has_no_order_is_refused(world, comparison, value):
    with pytest.raises(EngineError, match="Booleans and null cannot be used in"):
        found(world, comparison, value)


@pytest.mark.parametrize("comparison", OPERATORS)
@pytest.mark.parametrize("value", [[1], {}, 2**63, -(2**63) - 1], ids=repr)
def test_what_no_variable_can_be_is_refused(world, comparison, value):
    with pytest.raises(EngineError, match="Object values cannot be used to query"):
        found(world, comparison, value)


def test_case_is_ignored_where_a_flag_says_so(world):
    ignoring = {"variable_values_ignore_case": True}

    assert found(world, "eq", "Abc", **ignoring) == {"abc", "ABC"}
    assert found(world, "eq", "Abc") == set()
    assert found(world, "gt", "ABC", **ignoring) == {"abd"}
    assert found(world, "like", "AB_", **ignoring) == {"abc", "ABC", "abd"}
    assert found(world, "notLike", "ab_", **ignoring) == {"text five", "empty"}
    assert found(world, "eq", "abc", "X", variable_names_ignore_case=True) == {"abc"}
    assert found(world, "eq", "abc", "X") == set()


def test_several_values_are_asked_of_one_variable(world):
    filters = {"variable_values": [("x", "gt", 4), ("x", "lt", 5.2)]}

    with world.reading() as connection:
        views = LISTINGS["variable_instance"].find(connection, filters)

    assert [view["id"] for view in views] == ["double five", "five", "long five"]


def test_a_value_without_a_name_is_refused(world):
    with pytest.raises(NullValueError, match="name is null"):
        found(world, "eq", "abc", name=None)


@pytest.mark.parametrize(
    ("name", "field"), [("variable_instance", "variable_values"), ("task", "process_variables")]
)
def test_more_conditions_than_a_planner_takes_are_refused(world, name, field):
    with world.reading() as connection:
        at_the_limit = {field: [("x", "eq", n) for n in range(MOST_CONDITIONS)]}
        LISTINGS[name].find(connection, {field: at_the_limit[field][:20]})
        with pytest.raises(RequestTooLargeError):
            LISTINGS[name].find(connection, {field: [*at_the_limit[field], ("x", "eq", -1)]})


def matches(pattern, text):
    """Whether a text is LIKE a pattern, by regular expressions: the oracle of the next tests."""
    parts, rest = [], iter(pattern)
    for sign in rest:
        if sign == "\\":
            # A backslash takes the meaning of what follows; at the end it is one.
            parts.append(re.escape(next(rest, "\\")))
        else:
            parts.append({"%": ".*", "_": "."}.get(sign, re.escape(sign)))
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


PATTERNS = [
    "",
    "%",
    "_",
    "__",
    "a%",
    "%b",
    "a\\%",
    "\\_",
    "\\\\",
    "\\",
    "a\\",
    "%\\\\",
    "\\a",
    "_b",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_the_same_on_both_databases(world, pattern):
    expected = {f"text{n:02}" for n, text in enumerate(TEXTS) if matches(pattern, text)}
    every = {f"text{n:02}" for n in range(len(TEXTS))}

    assert found(world, "like", pattern, "text") == expected
    assert found(world, "notLike", pattern, "text") == every - expected


@given(st.text("ab%_\\", max_size=5))
@settings(max_examples=25)
def test_no_pattern_is_an_error_or_means_something_else(world, pattern):
    expected = {f"text{n:02}" for n, text in enumerate(TEXTS) if matches(pattern, text)}

    assert found(world, "like", pattern, "text") == expected
