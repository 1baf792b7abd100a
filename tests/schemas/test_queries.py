"""Queries: what each kind of filter makes of a URL and of a body, and how lists are sorted."""

from datetime import UTC, datetime

import pytest

from app import errors, filters
from app.schemas.base import ShapeError
from app.schemas.parameters import from_body, from_url, split
from app.schemas.queries import page
from app.schemas.sortings import Sorts

pytestmark = pytest.mark.no_database
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHOICE = filters.Choice("state", ("ACTIVE", "SUSPENDED"))
NUMBER = filters.Number("java.lang.Integer", filters.INT)
ITEMS = filters.Texts(refuses_empty="empty", refuses_null="ids", refuses_blank="ids")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        (",", []),
        (",,", []),
        ("a", ["a"]),
        ("a,", ["a"]),
        (",a", ["", "a"]),
        ("a,,b,,", ["a", "", "b"]),
    ],
)
def test_parts_are_those_of_java(text, parts):
    assert split(text, ",") == parts


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (filters.Text(), "", ""),
        (filters.Text(), " a ", " a "),
        (CHOICE, "active", "ACTIVE"),
        (filters.Flag(), "true", True),
        (filters.Flag(), "false", None),
        (filters.Flag(has_false=True), "false", False),
        (filters.Flag(counts_false=True), "false", True),
        (filters.Flag(), '"TRUE"', True),
        (filters.Flag(), "1", True),
        (NUMBER, "5", 5),
        (NUMBER, '"5"', 5),
        (NUMBER, "-2147483648", -(2**31)),
        (filters.Date(), "", None),
        (filters.Date(), "1970-01-01T00:00:00.000+0000", EPOCH),
        (filters.Texts(), "", None),
        (filters.Texts(), "a,b,", ["a", "b"]),
        (filters.Texts(is_set=True), "", [""]),
        (filters.Variables(), "a_eq_1,b_like_%25", [("a", "eq", "1"), ("b", "like", "%25")]),
        (filters.Timestamps("x"), "gt_1970-01-01T00:00:00.000+0000", [("gt", EPOCH)]),
    ],
)
def test_what_a_parameter_of_a_url_is(kind, raw, expected):
    assert from_url(kind, "name", raw) == expected


@pytest.mark.parametrize(
    ("kind", "raw", "error", "message"),
    [
        (CHOICE, "", errors.InvalidRequestError, "Valid values for property 'state' are 'ACTIVE'"),
        (filters.Flag(), "", errors.InvalidRequestError, "to java type java.lang.Boolean"),
        (filters.Flag(), "yes", errors.InvalidRequestError, "'name' to value 'yes'"),
        (filters.Flag(), "[" * 100_000, errors.InvalidRequestError, "java.lang.Boolean"),
        (NUMBER, " ", errors.InvalidRequestError, "to java type java.lang.Integer"),
        (NUMBER, "2147483648", errors.InvalidRequestError, "'2147483648'"),
        (NUMBER, "{}", errors.InvalidRequestError, "Cannot convert value {}"),
        (filters.Date(), "now", errors.InvalidRequestError, 'Cannot convert value "now"'),
        (filters.Date(), '"now"', errors.InvalidRequestError, "because of double quotes"),
        (filters.Texts(refuses_empty="E", refuses_empty_url=True), "", errors.EngineError, "E"),
        (ITEMS, "a,,b", errors.NotValidError, "ids contains empty string"),
        (filters.Variables(), "a_eq", errors.InvalidRequestError, "KEY_OPERATOR_VALUE"),
        (filters.Variables(), "a_b_eq_1", errors.InvalidRequestError, "KEY_OPERATOR_VALUE"),
        (filters.Variables(), "a_is_1", errors.InvalidRequestError, "comparator specified: is"),
        (filters.Timestamps("x"), "gt", errors.InvalidRequestError, "OPERATOR_VALUE"),
        (filters.Timestamps("x"), "eq_now", errors.InvalidRequestError, "Invalid x format"),
        (
            filters.Timestamps("x"),
            "eq_1970-01-01T00:00:00.000+0000",
            errors.InvalidRequestError,
            "Invalid x comparator specified: eq",
        ),
    ],
)
def test_what_a_parameter_of_a_url_cannot_be(kind, raw, error, message):
    with pytest.raises(error) as refused:
        from_url(kind, "name", raw)

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (filters.Text(), 5, "5"),
        (filters.Text(), None, None),
        (CHOICE, None, None),
        (filters.Flag(), "", None),
        (filters.Flag(), None, None),
        (filters.Flag(has_false=True), False, False),
        (NUMBER, "", None),
        (NUMBER, 5.9, 5),
        (filters.Date(), 0, EPOCH),
        (filters.Date(), None, None),
        (filters.Texts(), [], None),
        (filters.Texts(), [1, True, "a"], ["1", "true", "a"]),
        (filters.Variables(), [], None),
        (filters.Variables(), [{"name": "a", "operator": "eq"}], [("a", "eq", None)]),
        (filters.Plain(), "", ""),
        (filters.Plain(), "1970-01-01T00:00:00.000+0000", "1970-01-01T00:00:00.000+0000"),
        (filters.Plain(), None, None),
        (filters.Plain(), [1], [1]),
        (filters.Timestamps("x"), [], None),
    ],
)
def test_what_a_field_of_a_body_is(kind, value, expected):
    assert from_body(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        (filters.Text(), [], ShapeError),
        (filters.Text(), "\x00", ShapeError),
        (filters.Flag(), "yes", ShapeError),
        (filters.Flag(), [], ShapeError),
        (NUMBER, 2**31, ShapeError),
        (filters.Date(), "now", ShapeError),
        (filters.Date(), True, ShapeError),
        (filters.Texts(), "a", ShapeError),
        (filters.Texts(), [[]], ShapeError),
        (ITEMS, [], errors.EngineError),
        (ITEMS, [None], errors.NullValueError),
        (filters.Texts(refuses_null="ids", null_is="invalid"), [None], errors.NotValidError),
        (filters.Variables(), {}, ShapeError),
        (filters.Variables(), [5], ShapeError),
        (filters.Variables(), [{"name": "a"}], errors.JavaRuntimeError),
        (filters.Variables(is_validated=True), [{"operator": "eq"}], errors.NotValidError),
        (
            filters.Variables(is_validated=True),
            [{"name": "a", "operator": "gt", "value": True}],
            errors.NotValidError,
        ),
        (filters.Plain(), "\x00", ShapeError),
        (filters.Timestamps("x"), [{"operator": "gt", "value": 5}], errors.JavaRuntimeError),
        (filters.Timestamps("x"), [{"value": None}], errors.JavaRuntimeError),
        (filters.Timestamps("x"), [{"operator": "gt"}], errors.NullValueError),
    ],
)
def test_what_a_field_of_a_body_cannot_be(kind, value, error):
    with pytest.raises(error):
        from_body(kind, value)


# -- sorting -------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[True, False], ids=["strict", "lenient"])
def sorts(request):
    return Sorts(("name", "id"), ("variable",), is_strict=request.param)


LENIENT = Sorts(("name", "id"), ("variable",), is_strict=False)


@pytest.mark.parametrize(
    ("by", "order", "expected"), [(None, None, []), ("id", "asc", [("id", "asc")])]
)
def test_a_url_sorts_by_one_name(sorts, by, order, expected):
    assert sorts.from_url(by, order) == expected
    given = {"sortBy": by, "sortOrder": order} if expected else {}  # a null is an error there
    assert sorts.from_body(given) == expected


@pytest.mark.parametrize(
    ("by", "order"),
    [("id", None), (None, "asc"), ("ID", "asc"), ("id", "ASC"), ("variable", "asc"), ("", "")],
)
def test_a_url_names_one_that_there_is_and_its_order(sorts, by, order):
    with pytest.raises(errors.InvalidRequestError):
        sorts.from_url(by, order)
    with pytest.raises((errors.InvalidRequestError, ShapeError)):
        sorts.from_body({"sortBy": by, "sortOrder": order})


def test_the_levels_of_a_body_come_after_the_one_at_its_top(sorts):
    levels = [{"sortBy": "name", "sortOrder": "desc"}, {"sortBy": "id", "sortOrder": "asc"}]

    assert sorts.from_body({"sortBy": "id", "sortOrder": "asc", "sorting": levels}) == [
        ("id", "asc"),
        ("name", "desc"),
        ("id", "asc"),
    ]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (None, []),
        ([], []),
        # a direction without a name is that of the name before
        ([{"sortBy": "id"}, {"sortOrder": "asc"}], [("id", "asc")]),
        ([{"sortBy": "id"}, {"sortBy": "unknown", "sortOrder": "asc"}], [("id", "asc")]),
        (
            [
                {
                    "sortBy": "variable",
                    "sortOrder": "asc",
                    "parameters": {"variable": "v", "type": "String"},
                }
            ],
            [("variable", "asc", "v", "String")],
        ),
    ],
)
def test_a_lenient_list_passes_over_unknown_names(levels, expected):
    assert LENIENT.from_body({"sorting": levels}) == expected


@pytest.mark.parametrize(
    ("levels", "error"),
    [
        ({}, ShapeError),
        ([5], ShapeError),
        ([{"sortBy": "id", "sortOrder": "asc", "parameters": []}], ShapeError),
        ([{"sortBy": "id"}], errors.NotValidError),
        ([{"sortBy": "id", "sortOrder": "up"}], errors.NotValidError),
        ([{"sortOrder": "asc"}], errors.NotValidError),
        ([{"sortBy": "id", "sortOrder": "asc"}, {"sortOrder": "asc"}], errors.NotValidError),
        ([{"sortBy": "variable", "sortOrder": "asc"}], errors.NullValueError),
        ([{"sortBy": "variable", "parameters": {"variable": "v"}}], errors.NullValueError),
    ],
)
def test_levels_that_cannot_be(levels, error):
    with pytest.raises(error):
        LENIENT.from_body({"sorting": levels})


@pytest.mark.parametrize("level", [{"sortBy": "unknown", "sortOrder": "asc"}, {"sortBy": "id"}])
def test_a_strict_list_wants_both_of_each_level(level):
    with pytest.raises(errors.InvalidRequestError):
        Sorts(("id",), (), is_strict=True).from_body({"sorting": [level]})


# -- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "number"),
    [("0", 0), ("-1", -1), ("+5", 5), ("007", 7), ("2147483647", 2**31 - 1)],
)
def test_a_page_is_told_in_digits(raw, number):
    assert page({"firstResult": raw}) == (number, None)
    assert page({"maxResults": raw}) == (None, number)


@pytest.mark.parametrize(
    "raw", ["", " ", "a", "1.0", "--1", "+-1", "+", "٣", "²", "2147483648", "1" * 5_000]
)
def test_any_other_text_is_no_page(raw):
    with pytest.raises(errors.PagingError):
        page({"firstResult": raw})
    with pytest.raises(errors.PagingError):
        page({"maxResults": raw})
