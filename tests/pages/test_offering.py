"""Values, titles and the marks of diagrams as views show them."""

import pytest

from app.diagrams import Mark, Tone
from app.pages.drawing import of_counts, with_history
from app.pages.reading import LONGEST_VALUE, as_text, titled, variable

pytestmark = pytest.mark.no_database


def row(**values):
    usual = {"id": "v", "name": "n", "execution_id": "e", "process_instance_id": "i"}
    empty = {"type": "String", "text_value": None, "long_value": None, "double_value": None}
    return {**usual, **empty, "task_id": None, "bytes_value": None, "value_info": None, **values}


@pytest.mark.parametrize(
    ("values", "type_", "text"),
    [
        ({"text_value": "tea"}, "String", "tea"),
        ({}, "String", ""),
        ({"type": "Boolean", "long_value": 1}, "Boolean", "true"),
        ({"type": "Integer", "long_value": 5}, "Integer", "5"),
        ({"type": "Null"}, "Null", ""),
        ({"type": "Json", "text_value": '{"a": 1}'}, "Json", '{"a": 1}'),
    ],
    ids=str,
)
def test_a_variable_is_shown_as_one_would_write_it(values, type_, text):
    found = variable(row(**values))

    assert (found["type"], found["text"]) == (type_, text)
    assert not found["is_cut"]
    assert not found["is_file"]


def test_a_value_that_is_very_long_is_cut_and_said_to_be():
    found = variable(row(text_value="x" * (LONGEST_VALUE + 1)))

    assert (len(found["text"]), found["is_cut"]) == (LONGEST_VALUE, True)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (False, "false"), (0, "0"), (1.5, "1.5"), ("x", "x")],
)
def test_a_value_is_written_as_json_has_it(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("definition", "otherwise", "title"),
    [
        ({"name": "Order", "key": "order", "version": 2}, "", "Order · 2"),
        ({"name": None, "key": "order", "version": 2}, "", "order · 2"),
        ({"name": "", "key": "order", "version": 2}, "", "order · 2"),
        (None, "gone", "gone"),
        (None, None, ""),
    ],
    ids=str,
)
def test_a_definition_is_called_by_its_name_and_version(definition, otherwise, title):
    assert titled(definition, otherwise) == title


def test_marks_count_what_is_at_an_activity():
    counts = {"a": {"execution": 3, "incident": 1, "external_task": 1, "task": 2, "job": 4}}

    assert of_counts(counts) == {"a": Mark(3, 1, 7)}
    assert of_counts({"a": {}}) == {"a": Mark()}


def test_marks_lead_to_their_activities():
    assert of_counts({"a": {}}, "/x#{}")["a"].link == "/x#a"


@pytest.mark.parametrize(
    ("now", "visits", "canceled", "tone"),
    [
        pytest.param(Mark(), 2, 0, Tone.TAKEN, id="it was gone through"),
        pytest.param(Mark(), 2, 1, Tone.CANCELED, id="it was canceled"),
        pytest.param(Mark(tokens=1), 2, 1, None, id="something is there"),
        pytest.param(Mark(failed=1), 2, 0, None, id="something has failed there"),
        pytest.param(Mark(waiting=1), 2, 0, None, id="something waits there"),
    ],
)
def test_what_is_over_is_told_from_what_goes_on(now, visits, canceled, tone):
    found = with_history({"a": {"visits": visits, "canceled": canceled}}, {"a": now})["a"]

    assert (found.taken, found.tone) == (visits, tone)
    assert (found.tokens, found.failed, found.waiting) == (now.tokens, now.failed, now.waiting)


def test_what_has_no_history_stays_as_it_is():
    assert with_history({}, {"a": Mark(1)}) == {"a": Mark(1)}
