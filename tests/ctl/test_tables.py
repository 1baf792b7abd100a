"""Rows as tables for people and as JSON for programs."""

import json

import hypothesis
import pytest
from hypothesis import strategies as st

from app.ctl.tables import LONGEST_CELL, line, shown

pytestmark = pytest.mark.no_database


def cell(value):
    """A value as a table of one row shows it."""
    return shown([{"c": value}], ["c"], as_json=False).splitlines()[1]


def test_columns_are_as_wide_as_their_widest_cell():
    rows = [{"id": "1", "name": "tea"}, {"id": "22", "name": "a"}]

    assert shown(rows, ["id", "name"], as_json=False).splitlines() == [
        "id  name",
        "1   tea",
        "22  a",
    ]


def test_the_head_may_be_the_widest():
    assert shown([{"suspended": True}], ["suspended"], as_json=False) == "suspended\ntrue"


def test_a_table_has_the_columns_that_it_is_asked_for_in_their_order():
    assert shown([{"a": 1, "b": 2, "c": 3}], ["c", "a"], as_json=False) == "c  a\n3  1"


def test_nothing_is_said_to_be_nothing():
    assert shown([], ["id"], as_json=False) == "(none)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, "-", id="null"),
        pytest.param(True, "true", id="as JSON has it"),
        pytest.param(1.5, "1.5", id="a number"),
        pytest.param({"a": [1]}, '{"a": [1]}', id="an object"),
        pytest.param("a\nb\tc", "a b c", id="lines are one"),
        pytest.param("\x1b[2Jx", " [2Jx", id="no escape sequence"),
        pytest.param("a\u202eb", "a b", id="no mark that turns the direction"),
        pytest.param("\u00fc\u4e16", "\u00fc\u4e16", id="letters of all languages"),
        pytest.param("x" * LONGEST_CELL, "x" * LONGEST_CELL, id="the longest"),
        pytest.param("x" * (LONGEST_CELL + 1), "x" * (LONGEST_CELL - 1) + "\u2026", id="longer"),
    ],
)
def test_a_cell_is_one_line_of_bounded_length(value, expected):
    assert cell(value) == expected


def test_a_field_that_is_missing_is_as_null():
    assert shown([{}], ["c"], as_json=False).splitlines()[1] == "-"


def test_json_has_all_fields_and_all_of_each():
    rows = [{"id": "1", "other": "x" * 200}]

    assert json.loads(shown(rows, ["id"], as_json=True)) == rows


def test_json_of_nothing_is_a_list():
    assert json.loads(shown([], ["id"], as_json=True)) == []


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.text())
def test_any_text_is_one_line_of_the_same_length(text):
    found = line(text)

    assert found.isprintable()
    assert len(found) == len(text)


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.lists(st.dictionaries(st.sampled_from("ab"), st.text() | st.integers())))
def test_a_table_has_a_line_for_each_row(rows):
    lines = shown(rows, ["a", "b"], as_json=False).split("\n")

    assert len(lines) == len(rows) + 1 if rows else lines == ["(none)"]
