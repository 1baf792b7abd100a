"""Scalars where another type is expected, by one rule for bodies and for filters."""

from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError

from app.filters import INT, LONG
from app.schemas.dates import FIRST, LAST
from app.schemas.jackson import boolean_of, date_of, is_blank, text_of, whole_of

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (-7, True),
        (0, False),
        ("true", True),
        ("True", True),
        (" TRUE ", True),
        ("false", False),
        ("FALSE", False),
    ],
)
def test_what_is_a_boolean(value, expected):
    assert boolean_of(value) is expected


@pytest.mark.parametrize("value", ["tRUE", "yes", "1", "", 1.0, None, [], {}])
def test_what_is_no_boolean(value):
    with pytest.raises(ValidationError):
        boolean_of(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        (1.9, 1),
        (-1.9, -1),
        ("2", 2),
        ("+5", 5),
        ("-5", -5),
        ("\t 5\n", 5),
        ("\x005\x1f", 5),  # `String.trim` of Java takes all of these off
        (2**31 - 1, 2**31 - 1),
        (-(2**31), -(2**31)),
    ],
)
def test_what_is_a_whole_number(value, expected):
    assert whole_of(value, INT) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "abc", "1.5", "1e3", "0x10", "1_000", "٣", "\u00a05", "9" * 20),
        *(True, None, [], {}, 2**31, -(2**31) - 1, 1e10),
        *(float("nan"), float("inf"), float("-inf")),
    ],
)
def test_what_is_no_whole_number_of_32_bits(value):
    with pytest.raises(ValidationError):
        whole_of(value, INT)


@pytest.mark.parametrize("value", [2**63 - 1, str(2**63 - 1), -(2**63), str(-(2**63))])
def test_the_limits_are_numbers_too(value):
    assert whole_of(value, LONG) == int(value)


@pytest.mark.parametrize("value", [2**63, str(2**63), -(2**63) - 1])
def test_a_number_beyond_them_is_none(value):
    with pytest.raises(ValidationError):
        whole_of(value, LONG)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", ""), ("a", "a"), (True, "true"), (False, "false"), (5, "5"), (1.5, "1.5"), (1.0, "1.0")],
)
def test_a_scalar_is_a_text(value, expected):
    assert text_of(value) == expected


@pytest.mark.parametrize("value", ["a\x00b", None, [], {}])
def test_what_no_text_can_be_made_of(value):
    with pytest.raises(ValidationError):
        text_of(value)


def test_a_date_is_a_text_in_its_one_format_or_milliseconds():
    assert date_of("2020-01-02T00:00:00.000+0000") == datetime(2020, 1, 2, tzinfo=UTC)
    assert date_of(1_577_923_200_000) == datetime(2020, 1, 2, tzinfo=UTC)
    assert date_of(253_402_214_400_000) == datetime(9999, 12, 31, tzinfo=UTC)
    assert (date_of(-(2**63)), date_of(2**63)) == (FIRST, LAST)
    assert date_of(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    for value in ("2020-01-02", 1.5, None, True):
        with pytest.raises(ValidationError):
            date_of(value)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, True), ("", True), (" \n", True), ("a", False), (0, False)]
)
def test_null_and_blanks_are_no_value(value, expected):
    assert is_blank(value) is expected
