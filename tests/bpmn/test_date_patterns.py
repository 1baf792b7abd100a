"""Dates of forms by Java's patterns: what is read, what is written, what is no pattern.

Source: Java's `SimpleDateFormat`, lenient.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bpmn.date_patterns import LETTERS, format_date, illegal_letter, parse

SHOWN = datetime(2030, 1, 5, 4, 3, 9, 7000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param("dd/MM/yyyy", "05/01/2030", (2030, 1, 5), id="digits"),
        pytest.param("dd/MM/yyyy", "5/1/2030", (2030, 1, 5), id="fewer digits"),
        pytest.param("dd/MM/yyyy", "005/0001/2030", (2030, 1, 5), id="more digits"),
        pytest.param("yyyyMMdd", "20300105", (2030, 1, 5), id="without signs the width counts"),
        pytest.param("dd/MM/yyyy", "05/01/2030 and more", (2030, 1, 5), id="what follows is left"),
        pytest.param("dd/MM/yyyy", "00/01/2030", (2029, 12, 31), id="the day before the first"),
        pytest.param("dd/MM/yyyy", "31/02/2030", (2030, 3, 3), id="a day that overflows"),
        pytest.param("dd/MM/yyyy", "01/13/2030", (2031, 1, 1), id="a month that overflows"),
        pytest.param("dd/MM/yyyy", "01/00/2030", (2029, 12, 1), id="the month before the first"),
        pytest.param("yyyy", "2030", (2030, 1, 1), id="a year alone"),
        pytest.param("MM", "03", (1970, 3, 1), id="a month alone is of 1970"),
        pytest.param("d MMM yyyy", "5 Jan 2030", (2030, 1, 5), id="a short word"),
        pytest.param("d MMM yyyy", "5 JAN 2030", (2030, 1, 5), id="in capitals"),
        pytest.param("d MMMM yyyy", "5 March 2030", (2030, 3, 5), id="a long word"),
        pytest.param("d MMMM yyyy", "5 may 2030", (2030, 5, 5), id="May is both"),
        pytest.param("HH:mm", "14:30", (1970, 1, 1, 14, 30), id="a time"),
        pytest.param("HH:mm", "24:00", (1970, 1, 2), id="an hour that overflows"),
        pytest.param("kk:mm", "24:30", (1970, 1, 1, 0, 30), id="hour 24 of those from one is zero"),
        pytest.param("kk:mm", "25:00", (1970, 1, 2, 1), id="hour 25 overflows"),
        pytest.param("kk:mm", "01:00", (1970, 1, 1, 1), id="hour one is the same of both"),
        pytest.param("dd/MM/yy", "05/01/2030", (2030, 1, 5), id="four digits for two letters"),
        pytest.param("dd/MM/yy", "05/01/123", (123, 1, 5), id="three digits for two letters"),
        pytest.param("dd/MM/yyyy", "05/01/30", (30, 1, 5), id="two digits for four letters"),
        pytest.param("HH:mm:ss", "10:20:30", (1970, 1, 1, 10, 20, 30), id="seconds"),
        pytest.param("HH:mm:ss", "10:20:90", (1970, 1, 1, 10, 21, 30), id="seconds that overflow"),
        pytest.param("ss.SSS", "01.250", (1970, 1, 1, 0, 0, 1, 250_000), id="milliseconds"),
        pytest.param("ss.SSS", "01.5", (1970, 1, 1, 0, 0, 1, 5000), id="five of them, not a half"),
        pytest.param("yyyy-MM-dd'T'HH:mm", "2030-01-05T10:20", (2030, 1, 5, 10, 20), id="a letter"),
        pytest.param("yyyy''MM", "2030'02", (2030, 2, 1), id="a quote outside of a text"),
        pytest.param("'it''s' yyyy", "it's 2030", (2030, 1, 1), id="a quote inside of a text"),
        pytest.param("yyyy.MM", "2030.02", (2030, 2, 1), id="a point is a point"),
    ],
)
def test_a_text_is_read(pattern, text, expected):
    assert parse(pattern, text) == datetime(*expected, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("dd/MM/yyyy", "", id="nothing"),
        pytest.param("dd/MM/yyyy", " 05/01/2030", id="a blank in front"),
        pytest.param("dd/MM/yyyy", "05-01-2030", id="another sign"),
        pytest.param("dd/MM/yyyy", "05/Jan/2030", id="a word where digits are wanted"),
        pytest.param("dd/MMM/yyyy", "05/01/2030", id="digits where a word is wanted"),
        pytest.param("dd/MM/yyyy", "05/01", id="a part is missing"),
        pytest.param("yyyyMMdd", "203015", id="digits are missing"),
        pytest.param("yyyy.MM", "2030x02", id="a point is no other sign"),
        pytest.param("dd/MM/yyyy", "01/01/99999", id="beyond all years"),
        pytest.param("dd/MM/yyyy", "01/01/0000", id="the year zero"),
        pytest.param("EEE yyyy", "Mon 2030", id="a letter that is not read"),
        pytest.param("dd/MM/yyyy", "\u0660\u0665/01/2030", id="digits of another script"),
    ],
)
def test_a_text_that_does_not_follow_its_pattern_is_refused(pattern, text):
    with pytest.raises(ValueError):
        parse(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("dd/MM/yyyy", "05/01/2030"),
        ("d/M/y", "5/1/2030"),
        ("yy", "30"),
        ("MMM", "Jan"),
        ("MMMM", "January"),
        ("HH:mm:ss.SSS", "04:03:09.007"),
        ("H:m:s.S", "4:3:9.7"),
        ("'day' d", "day 5"),
        ("d''M", "5'1"),
        ("yyyyMMdd", "20300105"),
        ("EEE", "EEE"),
        ("", ""),
    ],
)
def test_a_date_is_written(pattern, text):
    assert format_date(pattern, SHOWN) == text


def test_a_date_is_written_in_utc():
    there = SHOWN.astimezone(timezone(timedelta(hours=9)))

    assert format_date("HH:mm", there) == "04:03"


def test_midnight_is_hour_24_of_those_that_begin_with_one():
    midnight = datetime(2030, 1, 1, tzinfo=UTC)

    assert format_date("HH kk", midnight) == "00 24"


@pytest.mark.parametrize(
    ("pattern", "letter"),
    [
        ("dd/MM/yyyy", None),
        (LETTERS, None),
        ("yyyy bogus", "b"),
        ("'bogus' yyyy", None),
        ("yyyy 'T' x", "x"),
        ("", None),
        ("j", "j"),
    ],
)
def test_a_letter_that_means_nothing_is_found_outside_of_quotes(pattern, letter):
    assert illegal_letter(pattern) == letter


@pytest.mark.parametrize("pattern", ["dd/MM/yy", "d/M/y", "yyMMdd"])
@pytest.mark.parametrize("years", [-70, -50, -1, 0, 1, 10])
def test_two_digits_of_a_year_are_of_the_last_80_years_or_the_next_20(pattern, years):
    day = datetime(datetime.now(UTC).year + years, 1, 5, tzinfo=UTC)
    text = {"dd/MM/yy": "05/01/{}", "d/M/y": "5/1/{}", "yyMMdd": "{}0105"}[pattern]

    assert parse(pattern, text.format(f"{day.year % 100:02}")) == day


@given(st.times(), st.sampled_from(["HH:mm:ss.SSS", "kk:mm:ss.SSS", "HHmmss.SSS"]))
def test_a_time_is_read_as_it_is_written(clock, pattern):
    timestamp = datetime(1970, 1, 1, tzinfo=UTC).replace(
        hour=clock.hour,
        minute=clock.minute,
        second=clock.second,
        microsecond=clock.microsecond // 1000 * 1000,
    )

    assert parse(pattern, format_date(pattern, timestamp)) == timestamp


@given(
    st.dates(),
    st.sampled_from(["dd/MM/yyyy", "yyyy-MM-dd", "yyyyMMdd", "d MMMM yyyy", "d. M. yyyy"]),
)
def test_a_date_is_read_as_it_is_written(day, pattern):
    timestamp = datetime(day.year, day.month, day.day, tzinfo=UTC)

    assert parse(pattern, format_date(pattern, timestamp)) == timestamp


@given(st.text("dMy/'.- HmsSTx0", max_size=12), st.text("0123456789/:.' JanT", max_size=12))
def test_any_text_is_a_date_or_refused(pattern, text):
    with suppress(ValueError):
        assert parse(pattern, text).tzinfo is UTC
