"""Laws of what is read and written: round trips, what never fails, and what makes no difference."""

import base64
import math
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from app import filters
from app.errors import EngineError, PagingError
from app.schemas import jackson
from app.schemas.dates import format_date, parse_date
from app.schemas.parameters import from_body, from_url, split
from app.schemas.queries import page
from app.schemas.sortings import Sorts
from app.schemas.stored_queries import extended
from app.schemas.typed_values import infer, render, typed_value

pytestmark = pytest.mark.no_database
few = settings(max_examples=40)
TIMES = st.datetimes(
    min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.just(UTC)
)
TEXTS = st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
ANYTHING = st.recursive(
    SCALARS | st.floats(),
    lambda i: st.lists(i, max_size=2) | st.dictionaries(st.sampled_from("abc"), i, max_size=2),
    max_leaves=4,
)


# -- dates -----------------------------------------------------------------------------------------


@few
@given(timestamp=TIMES)
def test_a_date_that_is_written_is_read_as_it_was_to_the_millisecond(timestamp):
    cut = timestamp.replace(microsecond=timestamp.microsecond // 1000 * 1000)

    assert parse_date(format_date(timestamp)) == cut


@few
@given(timestamp=TIMES, minutes=st.integers(-23 * 60 - 59, 23 * 60 + 59))
def test_an_offset_changes_how_a_time_is_said_and_not_which_it_is(timestamp, minutes):
    shifted = timestamp.astimezone(timezone(timedelta(minutes=minutes)))
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    offset = f"{sign}{size // 60:02}{size % 60:02}"
    said = f"{shifted:%m-%dT%H:%M:%S}.{shifted.microsecond // 1000:03}{offset}"

    assert format_date(shifted) == format_date(timestamp)
    assert parse_date(f"{shifted.year:04}-{said}") == parse_date(format_date(timestamp))


@few
@given(first=TIMES, second=TIMES)
def test_dates_are_ordered_as_their_texts(first, second):
    assert (format_date(first) < format_date(second)) <= (first < second)


@few
@given(text=st.text())
def test_any_text_is_a_date_or_none(text):
    try:
        found = parse_date(text)
    except ValueError:
        return
    assert found.tzinfo is not None


@few
@given(timestamp=TIMES, more=st.integers(0, 10_000))
def test_fields_that_are_too_large_roll_over(timestamp, more):
    day = timestamp.replace(hour=0, minute=0, second=0, microsecond=0)
    text = f"{day.year:04}-{day.month}-{day.day}T0:0:{more}.0+0000"

    if day <= datetime(9999, 12, 1, tzinfo=UTC):
        assert parse_date(text) == day + timedelta(seconds=more)


# -- scalars ---------------------------------------------------------------------------------------


@few
@given(number=st.integers(-(2**63), 2**63 - 1))
def test_a_number_is_the_same_as_its_text(number):
    assert jackson.whole_of(str(number), filters.LONG) == number
    assert jackson.whole_of(number, filters.LONG) == number
    assert jackson.whole_of(jackson.text_of(number), filters.LONG) == number


@few
@given(number=st.floats(-(2.0**53), 2.0**53))
def test_a_fraction_is_cut_towards_zero(number):
    assert jackson.whole_of(number, filters.LONG) == math.trunc(number)


@few
@given(value=ANYTHING)
def test_a_scalar_is_read_or_refused_and_never_fails(value):
    for read in (
        jackson.boolean_of,
        jackson.text_of,
        jackson.date_of,
        lambda v: jackson.whole_of(v, filters.INT),
    ):
        with suppress(ValidationError):
            read(value)


@few
@given(value=st.booleans() | st.integers() | TEXTS)
def test_a_boolean_is_what_its_text_is(value):
    try:
        found = jackson.boolean_of(value)
    except ValidationError:
        return
    assert jackson.boolean_of(jackson.text_of(found)) is found


# -- typed values ----------------------------------------------------------------------------------


@few
@given(value=SCALARS)
def test_a_value_comes_back_as_it_was_sent(value):
    shown = render(infer(value))

    assert shown["value"] == value
    assert typed_value(shown) == infer(value)


@few
@given(value=TIMES)
def test_a_date_comes_back_as_it_was_sent(value):
    entry = {"type": "Date", "value": format_date(value)}

    assert format_date(render(typed_value(entry))["value"]) == entry["value"]


@few
@given(content=st.binary())
def test_bytes_come_back_as_they_were_sent(content):
    entry = {"type": "Bytes", "value": base64.b64encode(content).decode()}

    assert render(typed_value(entry)) == {**entry, "valueInfo": {}}


@few
@given(content=st.binary())
def test_a_file_has_its_content_whatever_alphabet_it_was_sent_in(content):
    def sent(text):
        return typed_value({"type": "File", "value": text, "valueInfo": {"filename": "f"}}).value

    plain = base64.b64encode(content).decode()
    assert sent(plain) == sent(plain.rstrip("=")) == content
    assert sent(base64.urlsafe_b64encode(content).decode()) == content


@few
@given(value=st.floats())
def test_a_double_without_a_number_is_told_in_words_that_are_read_again(value):
    shown = render(infer(value))
    again = typed_value({"type": "Double", "value": shown["value"]}).value

    assert math.isnan(again) if math.isnan(value) else again == value


@few
@given(
    kind=st.sampled_from(
        "Boolean Short Integer Long Double String Date Bytes Null Number Object Json Xml File "
        "integer STRING Unknown".split()
    ),
    value=ANYTHING,
    info=st.none()
    | st.dictionaries(st.sampled_from(["transient", "filename", "mimeType"]), ANYTHING),
)
def test_whatever_is_sent_is_a_value_or_an_error_of_the_engine(kind, value, info):
    try:
        found = typed_value({"type": kind, "value": value, "valueInfo": info})
    except (EngineError, ValidationError):
        return
    assert found.type[0].isupper()


# -- queries ---------------------------------------------------------------------------------------

KINDS = (
    filters.Text(),
    filters.Flag(),
    filters.Flag(has_false=True),
    filters.Number("java.lang.Integer", filters.INT),
    filters.Number("java.lang.Long", filters.LONG),
    filters.Date(),
    filters.Texts(),
    filters.Texts(is_set=True),
    filters.Variables(),
    filters.Variables(is_validated=True),
    filters.Timestamps("due date"),
    filters.Choice("state", ("ACTIVE",)),
)


@few
@given(kind=st.sampled_from(KINDS), raw=st.text())
def test_any_parameter_of_a_url_is_a_filter_or_refused(kind, raw):
    with suppress(EngineError):
        from_url(kind, "name", raw)


@few
@given(kind=st.sampled_from((*KINDS, filters.Plain())), value=ANYTHING)
def test_any_field_of_a_body_is_a_filter_or_refused(kind, value):
    with suppress(EngineError):
        from_body(kind, value)


@few
@given(kind=st.sampled_from(KINDS))
def test_null_of_a_body_is_no_filter(kind):
    assert from_body(kind, None) is None


@few
@given(parts=st.lists(st.text(alphabet="ab", min_size=1), min_size=1))
def test_what_is_joined_is_split_again(parts):
    assert split(",".join(parts), ",") == parts
    assert split(",".join(parts) + ",,", ",") == parts


@few
@given(number=st.integers(-(2**31), 2**31 - 1))
def test_a_page_is_any_number_of_32_bits(number):
    assert page({"firstResult": str(number), "maxResults": f"{number:+}"}) == (number, number)


@few
@given(text=st.text())
def test_any_other_page_is_refused(text):
    try:
        first, most = page({"firstResult": text})
    except PagingError:
        return
    assert (int(text), most) == (first, None)


SORTS = Sorts(("name", "id"), ("variable",), is_strict=False)


@few
@given(
    levels=st.lists(
        st.tuples(st.sampled_from(["name", "id"]), st.sampled_from(["asc", "desc"])), max_size=4
    )
)
def test_levels_are_sorted_by_in_their_order(levels):
    body = {"sorting": [{"sortBy": by, "sortOrder": order} for by, order in levels]}

    assert SORTS.from_body(body) == levels


@few
@given(body=st.dictionaries(st.sampled_from(["sortBy", "sortOrder", "sorting"]), ANYTHING))
def test_any_sorting_is_read_or_refused(body):
    try:
        found = SORTS.from_body(body)
    except EngineError:
        return
    assert all(level[1] in ("asc", "desc") for level in found)


QUERIES = st.dictionaries(
    st.sampled_from(["name", "nameExpression", "owner", "taskVariables"]), SCALARS, max_size=3
)


@few
@given(query=QUERIES)
def test_a_query_that_is_extended_by_nothing_stays_as_it_is(query):
    both = extended(query, {})

    assert {name: both[name] for name in query} == query
    assert {name for name in both if name not in query} <= {"orQueries", "sorting"}


@few
@given(query=QUERIES, extension=st.dictionaries(st.sampled_from(["owner", "name"]), TEXTS))
def test_an_extension_has_the_last_word(query, extension):
    both = extended(query, extension)

    assert {name: both[name] for name in extension} == extension


@few
@given(
    first=st.lists(st.integers(), max_size=3),
    second=st.lists(st.integers(), max_size=3),
    third=st.lists(st.integers(), max_size=3),
)
def test_sortings_are_joined_in_their_order(first, second, third):
    def sorted_by(levels):
        return {"sorting": levels}

    left = extended(extended(sorted_by(first), sorted_by(second)), sorted_by(third))
    right = extended(sorted_by(first), extended(sorted_by(second), sorted_by(third)))

    assert left == right
    assert left["sorting"] == first + second + third
