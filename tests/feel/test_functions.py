"""Edges of FEEL's functions and operators: null, wrong types, empty lists, rare characters, zones.

The answers are those of Camunda 7.24's FEEL engine, as the REST API gives them.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.feel import compile_expression, compile_unary_tests, to_python

ANSWERED = json.loads((Path(__file__).parent / "functions.json").read_text())
pytestmark = pytest.mark.no_database


def answer(text, **variables):
    return compile_expression(text).evaluate(variables)


def test_expressions_are_answered_as_the_reference_does():
    found = [(text, to_python(answer(text))) for text, _ in ANSWERED]

    assert found == [(text, expected) for text, expected in ANSWERED]
    assert len(ANSWERED) > 400


@pytest.mark.parametrize("text", ["-n", "abs(n)", "floor(n)", "decimal(n, 0)", "round up(n, 0)"])
def test_a_number_keeps_all_digits_where_nothing_is_computed(text):
    number = Decimal("1234567890123456789012345678901234567890")

    assert answer(text, n=number).copy_abs() == number


def test_a_written_number_below_zero_keeps_its_digits():
    assert answer("-1234567890123456789012345678901234") == -1234567890123456789012345678901234
    assert str(answer("-0")) == "0"


def test_whole_numbers_of_any_length_are_odd_or_even():
    number = Decimal("12345678901234567890123456789012345679")

    assert answer("[odd(n), even(n)]", n=number) == [True, False]


@pytest.mark.parametrize(
    ("left", "right"),
    [("\U0001d11e", "\uff5e"), ("a\U0001d11e", "a\uff5e"), ("\u00e9", "\uff5e"), ("a", "\u00e9")],
)
def test_texts_are_ordered_by_utf_16_units(left, right):
    assert answer("a < b", a=left, b=right) is True
    assert answer("max(a, b)", a=left, b=right) == right
    assert compile_unary_tests(f'< "{right}"').matches(left, {})
    assert compile_unary_tests(f'["{left}".."{right}"]').matches(right, {})
    assert not compile_unary_tests(f'< "{left}"').matches(right, {})


@pytest.mark.parametrize(
    "text",
    [
        'date and time("2024-03-31T02:30:00@Europe/Paris")',
        'date and time(date("2024-03-31"), time("02:30:00@Europe/Paris"))',
        'date and time(date and time("2024-03-31T02:30:00"), "Europe/Paris")',
    ],
)
def test_a_time_that_clocks_leave_out_is_moved_by_the_gap(text):
    moved = answer(text)

    assert (moved.hour, moved.minute) == (3, 30)
    assert moved.tzinfo == ZoneInfo("Europe/Paris")


def test_a_time_goes_round_the_clock_without_losing_microseconds():
    text = 'string(time("10:00:00.000001") + duration("P200000DT0.000001S"))'

    assert answer(text) == "10:00:00.000002"


def test_an_offset_ends_at_18_hours_as_in_java():
    text = "string(time(10, 0, 0, duration(d)))"

    assert [answer(text, d=given) for given in ("PT18H", "-PT18H", "PT18H1M")] == [
        "10:00:00+18:00",
        "10:00:00-18:00",
        None,
    ]


def test_a_timestamp_at_the_edge_of_time_is_null_and_no_error():
    assert answer('date and time("0001-01-01T00:00:00@Asia/Tokyo")') is None
    assert answer('date("9999-12-31") + duration("P1D")') is None
    assert answer('date("0001-01-01")') == date(1, 1, 1)


def test_values_of_exact_types_are_written():
    values = {"d": datetime(2024, 1, 1), "n": None, "b": False}

    assert answer("string([d, n, b])", **values) == "[2024-01-01T00:00:00, null, false]"
