"""Contexts, paths, and the parts of dates, times, durations and ranges.

Source: DMN 1.3 §10.3.2.13, table 65; semantics 12.8.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelSyntaxError, compile_expression

from .evaluating import exact, few, value_of, written

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{a: 1}.a", 1, id="an entry"),
        pytest.param("{a: {b: {c: 3}}}.a.b.c", 3, id="deep"),
        pytest.param("{a: 1}.b", None, id="one that is not there"),
        pytest.param("{a: 1}.a.b", None, id="of a number"),
        pytest.param("null.a", None, id="of null"),
        pytest.param("unknown.a.b", None, id="of an unknown variable"),
        pytest.param("[{a: 1}, {a: 2}].a", [1, 2], id="of each item"),
        pytest.param("[{a: 1}, {b: 2}].a", [1, None], id="null where an item has it not"),
        pytest.param("[{a: [{b: 1}]}].a.b", [[1]], id="of lists in lists"),
        pytest.param("[].a", [], id="of no item"),
        pytest.param("[1].a", [None], id="of items that have none"),
        pytest.param("o.name", "x", id="of a variable"),
        pytest.param("o.if", 7, id="a keyword that may be a name"),
        pytest.param("{a: 1, b: a + 1}.b", 2, id="later entries see earlier ones"),
        pytest.param("{a: b, b: 1}.a", None, id="earlier ones do not see later ones"),
        pytest.param('{"a b": 1}.`a b`', 1, id="a name in backquotes"),
        pytest.param('{"a-b": 1}["a"]', None, id="a filter finds no entry"),
        pytest.param("{a b: 1}.`a b`", 1, id="a key of two words"),
        pytest.param("{`a b`: 1}.`a b`", 1, id="a key in backquotes"),
        pytest.param("{a+b: 1}.`a+b`", 1, id="a key with a sign"),
        pytest.param("{}", {}, id="no entry"),
        pytest.param("{a: 1, a: 2}.a", 2, id="the later of two"),
        pytest.param("{a: {a: {a: 1}}}.a.a.a", 1, id="the same name at each depth"),
        pytest.param("{o: 1}.o", 1, id="an entry hides a variable"),
        pytest.param("{if: 1}.if", 1, id="a keyword as a key"),
    ],
)
def test_paths(text, expected):
    assert exact(text, o={"name": "x", "if": 7}) == repr(expected)


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ('date("2024-02-29")', "year", 2024),
        ('date("2024-02-29")', "month", 2),
        ('date("2024-02-29")', "day", 29),
        ('date("2024-02-26")', "weekday", 1),
        ('date("2024-03-03")', "weekday", 7),
        ('date("2024-02-29")', "hour", None),
        ('date("2024-02-29")', "timezone", None),
        ('time("10:20:30.9")', "hour", 10),
        ('time("10:20:30.9")', "minute", 20),
        ('time("10:20:30.9")', "second", 30),
        ('time("10:20:30")', "year", None),
        ('time("10:20:30")', "time offset", None),
        ('time("10:20:30@Europe/Paris")', "timezone", "Europe/Paris"),
        ('time("10:20:30+01:00")', "timezone", None),
        ('date and time("2024-02-29T10:20:30")', "year", 2024),
        ('date and time("2024-02-29T10:20:30")', "weekday", 4),
        ('date and time("2024-02-29T10:20:30")', "second", 30),
        ('date and time("2024-02-29T10:20:30@Asia/Tokyo")', "timezone", "Asia/Tokyo"),
        ('date and time("2024-02-29T10:20:30")', "timezone", None),
        ('duration("P1Y2M")', "years", 1),
        ('duration("P1Y2M")', "months", 2),
        ('duration("P14M")', "months", 2),
        ('duration("-P14M")', "years", -1),
        ('duration("-P14M")', "months", -2),
        ('duration("P1Y")', "days", None),
        ('duration("P1DT2H3M4.5S")', "days", 1),
        ('duration("P1DT2H3M4.5S")', "hours", 2),
        ('duration("P1DT2H3M4.5S")', "minutes", 3),
        ('duration("P1DT2H3M4.5S")', "seconds", 4),
        ('duration("PT26H")', "days", 1),
        ('duration("PT26H")', "hours", 2),
        ('duration("-P1DT2H")', "days", -1),
        ('duration("-P1DT2H")', "hours", -2),
        ('duration("P1D")', "years", None),
        ("1", "year", None),
        ('"2024-02-29"', "year", None),
        ("true", "day", None),
    ],
)
def test_the_parts_of_a_value(value, name, expected):
    assert exact(f"{{v: {value}, p: v.{name}}}.p") == repr(expected)


@pytest.mark.parametrize(
    ("value", "offset"),
    [
        ('time("10:20:30+01:30")', "PT1H30M"),
        ('time("10:20:30-05:00")', "-PT5H"),
        ('time("10:20:30Z")', "P0D"),
        ('date and time("2024-07-01T10:00:00@Europe/Paris")', "PT2H"),
        ('date and time("2024-01-01T10:00:00@Europe/Paris")', "PT1H"),
        ('date and time("2024-01-01T10:00:00")', None),
    ],
)
def test_the_offset_of_a_time(value, offset):
    assert written(f"{{v: {value}, p: v.time offset}}.p") == offset


@pytest.mark.parametrize(
    ("range_", "expected"),
    [
        ("[1..5]", [1, 5, True, True]),
        ("(1..5)", [1, 5, False, False]),
        ("[1..5)", [1, 5, True, False]),
        ("]1..5]", [1, 5, False, True]),
    ],
)
def test_the_parts_of_a_range(range_, expected):
    text = f"{{r: {range_}, p: [r.start, r.end, r.start included, r.end included]}}.p"

    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{a: 1", id="not closed"),
        pytest.param("{a 1}", id="no colon"),
        pytest.param("{a:}", id="no value"),
        pytest.param("{: 1}", id="no key"),
        pytest.param("{a: 1,}", id="a comma at the end"),
        pytest.param("a.", id="a path to nothing"),
        pytest.param("a..b", id="two dots"),
        pytest.param(".a", id="a path from nothing"),
        pytest.param("a.in", id="a word that is never a name"),
        pytest.param("a.1", id="a number as a name"),
    ],
)
def test_what_is_no_path_is_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


@few
@given(st.dictionaries(st.from_regex(r"\A[a-z]{1,5}x\Z"), st.integers(), min_size=1, max_size=5))
def test_each_entry_is_found_by_its_name(context):
    for name, value in context.items():
        assert value_of(f"c.{name}", c=context) == value
        assert value_of(f"[c, c].{name}", c=context) == [value, value]
