"""Queries of instances in the URL of a view: any of them has an answer."""

import json

import hypothesis
import pytest
from hypothesis import strategies as st

from app.pages.views.queries import literal, value_of, wanted

pytestmark = pytest.mark.no_database


NOTHING = {
    "business_key": "",
    "variable": "",
    "operator": "eq",
    "value": "",
    "activity": "",
    "message": "",
    "state": "running",
}


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ("", {}),
        ("?state=ended", {"state": "ended"}),
        ("?state=nonsense", {}),
        ("?state=", {}),
        ("?operator=lteq", {"operator": "lteq"}),
        ("?operator=;drop", {}),
        (
            "?business_key=A%25&variable=a&value=5",
            {"business_key": "A%", "variable": "a", "value": "5"},
        ),
        ("?unknown=1&page=2", {}),
    ],
)
def test_a_view_of_instances_asks_for_what_it_can(asked, query, changes):
    with asked(query):
        assert wanted() == {**NOTHING, **changes}


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("5", "eq", 5),
        ("-1.5", "lt", -1.5),
        ("true", "eq", True),
        ("null", "eq", None),
        ('"5"', "eq", '"5"'),
        ("tea", "eq", "tea"),
        ("", "eq", ""),
        ("[1]", "eq", "[1]"),
        ("5", "like", "5"),
        ("NaN", "eq", "NaN"),
        ("-Infinity", "eq", "-Infinity"),
        ("1e999", "eq", "1e999"),
        (str(2**63 - 1), "eq", 2**63 - 1),
        (str(2**63), "eq", str(2**63)),
        ("9" * 400, "eq", "9" * 400),
        ("9" * 5_000, "eq", "9" * 5_000),
        ("[" * 5_000, "eq", "[" * 5_000),
    ],
    ids=lambda value: str(value)[:9],
)
def test_a_value_that_is_compared_is_a_number_where_it_looks_like_one(text, operator, value):
    found = value_of({"value": text, "operator": operator})

    assert found == value
    assert type(found) is type(value)


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.text())
def test_any_value_can_be_said_in_json(text):
    json.dumps(value_of({"value": text, "operator": "eq"}), allow_nan=False)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("a", "a"), ("50%", "50\\%"), ("a_b", "a\\_b"), ("\\", "\\\\"), ("\\%", "\\\\\\%")],
)
def test_a_text_stands_for_itself_in_a_pattern(text, pattern):
    assert literal(text) == pattern
