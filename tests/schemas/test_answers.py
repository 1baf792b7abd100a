"""How answers are declared: what each kind of field makes of what a view has."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.names import camel
from app.schemas import answers
from app.schemas.answers import (
    ANYTHING,
    INTEGER,
    SELF,
    TEXT,
    Answer,
    Either,
    Many,
    Named,
    absent,
    boolean,
    computed,
    constant,
    date,
    integer,
    part,
    text,
)

pytestmark = pytest.mark.no_database
SHOUT = Answer("Shout", computed("word", TEXT, lambda view: view["word"].upper()))
PLAIN = Answer("Plain", text("word"))
NAMES = [f"{a}{b}" for a in ("id", "name", "is_on", "a_b") for b in ("", "_x", "_in_all", "s")]


def make(group, view):
    return Answer("Some", group)(view)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("id", "id"),
        ("worker_id", "workerId"),
        ("process_definition_key_in", "processDefinitionKeyIn"),
        ("is_suspended", "suspended"),
        ("is_startable_in_tasklist", "startableInTasklist"),
        ("this_is_it", "thisIsIt"),
        ("has_comment", "hasComment"),
    ],
)
def test_names_are_in_camel_case_and_questions_without_their_verb(name, key):
    assert camel(name) == key


def test_fields_are_answered_in_the_order_of_their_declaration():
    answer = Answer("A", text("b", "a"), integer("d"), boolean("is_c"), date("e"))

    assert list(answer({"a": 1, "b": 2, "is_c": 3, "d": 4, "e": 5})) == ["b", "a", "d", "c", "e"]


@pytest.mark.parametrize("value", [None, "", 0, False, [], {}, "x", 5])
@pytest.mark.parametrize("declare", [text, integer, boolean, date])
def test_a_plain_field_is_what_the_view_has(declare, value):
    assert make(declare("a_name"), {"a_name": value}) == {"aName": value}


def test_a_field_may_have_another_name_on_the_wire():
    assert make(text("create_time", key="created"), {"create_time": 1}) == {"created": 1}


def test_a_field_that_the_view_lacks_is_a_fault():
    with pytest.raises(KeyError):
        make(text("a"), {})


@pytest.mark.parametrize(
    ("view", "expected"), [({}, {}), ({"a": None}, {"a": None}), ({"a": 1}, {"a": 1})]
)
def test_an_optional_part_is_left_out_with_its_source(view, expected):
    assert make(part("a", ANYTHING, is_optional=True), view) == expected


@pytest.mark.parametrize(
    ("view", "expected"), [({}, {}), ({"n": 2}, {"double": 4}), ({"n": 0}, {"double": 0})]
)
def test_a_computed_field_is_left_out_without_what_it_needs(view, expected):
    doubled = computed("double", INTEGER, lambda view: view["n"] * 2, needs="n")

    assert make(doubled, view) == expected


@pytest.mark.parametrize("value", [None, [], {"a": 1}, "x"])
def test_a_constant_asks_for_nothing(value):
    assert make(constant("fixed", ANYTHING, value), {}) == {"fixed": value}


def test_what_is_absent_is_null_and_there():
    assert make(absent("caseExecutionId", "caseDefinitionId"), {"caseExecutionId": 1}) == {
        "caseExecutionId": None,
        "caseDefinitionId": None,
    }


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        pytest.param(SHOUT, {"word": "a"}, {"word": "A"}, id="answer"),
        pytest.param(
            Many(SHOUT), [{"word": "a"}, {"word": "b"}], [{"word": "A"}, {"word": "B"}], id="list"
        ),
        pytest.param(Many(SHOUT), [], [], id="empty list"),
        pytest.param(Many(TEXT), ["a", None], ["a", None], id="texts"),
        pytest.param(Named(SHOUT), {"k": {"word": "a"}}, {"k": {"word": "A"}}, id="map"),
        pytest.param(Named(TEXT), {"k": "a"}, {"k": "a"}, id="map of texts"),
        pytest.param(Many(Many(SHOUT)), [[{"word": "a"}]], [[{"word": "A"}]], id="lists of lists"),
        pytest.param(Either(TEXT, SHOUT), {"word": "a"}, {"word": "a"}, id="what the caller made"),
    ],
)
def test_a_part_is_made_by_its_kind(kind, value, expected):
    assert make(part("some", kind), {"some": value}) == {"some": expected}


@pytest.mark.parametrize("kind", [SHOUT, Many(SHOUT), Named(SHOUT)])
def test_a_part_may_be_null_where_it_says_so(kind):
    assert make(part("some", kind, is_nullable=True), {"some": None}) == {"some": None}
    with pytest.raises((TypeError, AttributeError)):
        make(part("some", kind), {"some": None})


def test_an_answer_may_hold_itself():
    tree = Answer("Tree", text("name"), part("children", Many(SELF)))
    view = {"name": "a", "children": [{"name": "b", "children": []}]}

    assert tree(view) == view


def test_a_view_is_not_changed():
    view = {"word": "a", "more": 1}

    SHOUT(view)

    assert view == {"word": "a", "more": 1}


@pytest.mark.parametrize("key", ["it's", 'a"b', "a\\b", "{x}", "a\nb", "ключ"])
def test_a_key_may_have_any_characters(key):
    # an answer is compiled, so that a key must not become a part of the program
    assert make(text("a", key=key), {"a": 1}) == {key: 1}
    assert make(constant(key, ANYTHING, 1), {}) == {key: 1}


START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (START, START, 0),
        (START, START + timedelta(milliseconds=1), 1),
        (START, START + timedelta(microseconds=999), 0),
        (START, START + timedelta(days=365), 365 * 86_400_000),
        (START, None, None),
        (None, START, None),
        (None, None, None),
    ],
)
def test_a_duration_is_in_whole_milliseconds(start, end, expected):
    assert answers.milliseconds({"start_time": start, "end_time": end}) == expected


@given(names=st.lists(st.sampled_from(NAMES), unique_by=camel))
def test_an_answer_has_the_fields_that_it_declares_and_no_others(names):
    answer = Answer("Some", text(*names))

    assert answer({name: name for name in names}) == {camel(name): name for name in names}


def test_a_kind_says_what_it_is_made_of():
    assert [kind.name for kind in (Many(TEXT), Named(Many(TEXT)), Either(TEXT, INTEGER))] == [
        "[text]",
        "{[text]}",
        "text|integer",
    ]
    # nothing to convert: the list of the view is the list of the answer
    texts = ["a"]
    assert make(part("some", Many(TEXT)), {"some": texts})["some"] is texts
    assert PLAIN({"word": None}) == {"word": None}
