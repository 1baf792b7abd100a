"""Queries as they are kept, extended and linked."""

import pytest

from app.schemas import hal, rendered_forms, stored_queries
from app.schemas.base import ShapeError
from app.schemas.stored_queries import extended, is_empty
from app.xml_characters import writable

pytestmark = pytest.mark.no_database
EMPTY = {name: [] for name in stored_queries.LISTS}


@pytest.mark.parametrize(
    ("query", "extension", "expected"),
    [
        ({"name": "a"}, {}, {"name": "a"}),
        ({"name": "a"}, {"name": "b"}, {"name": "b"}),
        ({"name": "a"}, {"nameExpression": "${b}"}, {"nameExpression": "${b}"}),
        ({"nameExpression": "${a}"}, {"name": "b"}, {"name": "b"}),
        ({"name": "a"}, {"owner": "b"}, {"name": "a", "owner": "b"}),
        ({"taskVariables": [1]}, EMPTY, {"taskVariables": [1]}),
        ({"taskVariables": [1]}, {"taskVariables": [2]}, {"taskVariables": [2]}),
        ({"orQueries": [1]}, {"orQueries": [2]}, {"orQueries": [1, 2]}),
        ({"sorting": [1]}, {"sorting": [2]}, {"sorting": [1, 2]}),
        ({}, {"name": None}, {"name": None}),
    ],
)
def test_what_both_queries_have_is_as_the_extension_has_it(query, extension, expected):
    both = extended(query, extension)

    assert both == {"orQueries": [], "sorting": [], **expected}


def test_neither_query_is_changed():
    query, extension = {"orQueries": [1]}, {"orQueries": [2]}

    extended(query, extension)["orQueries"].append(3)

    assert (query, extension) == ({"orQueries": [1]}, {"orQueries": [2]})


@pytest.mark.parametrize(("body", "expected"), [({}, True), ({"a": None}, False)])
def test_a_body_extends_something_or_nothing(body, expected):
    assert is_empty(body) == expected


@pytest.mark.parametrize("body", [None, [], "", 0, False])
def test_only_an_object_extends(body):
    with pytest.raises(ShapeError):
        is_empty(body)


# -- links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segments", "path"),
    [
        (("task", "1"), "/task/1"),
        (("task", None), None),
        (("task", ""), "/task/"),
        (("user", "a/b?c#d%"), "/user/a%2Fb%3Fc%23d%25"),
        (("user", "kim@x.org"), "/user/kim@x.org"),
        (("user", "ä ö"), "/user/%C3%A4%20%C3%B6"),
        (("user", ".."), "/user/.."),
    ],
)
def test_an_id_is_one_segment_of_a_link(segments, path):
    assert hal.path(*segments) == path


def test_a_link_to_nothing_is_left_out():
    links = {"task": "/task/1", "owner": None, "assignee": "/user/kim"}

    assert list(hal.linked(links).items()) == [
        ("assignee", {"href": "/user/kim"}),
        ("task", {"href": "/task/1"}),
    ]


# -- forms -----------------------------------------------------------------------------------------


def field(**more):
    return {
        "id": "f",
        "type": "string",
        "label": None,
        "value": None,
        "date_pattern": "dd/MM/yyyy",
        "options": {},
        "constraints": {},
        **more,
    }


@pytest.mark.parametrize(
    ("given", "written", "missing"),
    [
        ({}, 'type="text"', "value="),
        ({"value": ""}, 'value=""', "label"),
        ({"label": "<b>", "value": '"&'}, "&lt;b&gt;", "<b>"),
        ({"value": '"><script>'}, "&quot;&gt;&lt;script&gt;", "<script>"),
        ({"type": "boolean", "value": "true"}, 'checked="checked"', "text"),
        ({"type": "boolean", "value": "false"}, 'type="checkbox"', "checked="),
        ({"type": "date", "value": "01/01/1970"}, 'placeholder="dd/MM/yyyy"', "pattern="),
        ({"type": "enum", "options": {"a": None, "b": "B"}}, ">a</option>", "selected"),
        ({"type": "enum", "options": {"a": "A"}, "value": "a"}, 'selected="selected"', "input"),
        ({"constraints": {"min": "1", "unknown": "2"}}, 'min="1"', "unknown"),
        ({"constraints": {"readonly": None}}, 'disabled="disabled"', "readonly"),
        ({"value": "a\x00b"}, "a\ufffdb", "\x00"),
    ],
)
def test_a_field_of_a_form_is_an_input_that_is_escaped(given, written, missing):
    page = rendered_forms.rendered([field(**given)])

    assert written in page
    assert missing not in page


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\tb\nc\r", "a\tb\nc\r"),
        ("\x00\x08\x0b\x0c\x0e\x1f", "\ufffd" * 6),
        ("\ud800\udfff", "\ufffd" * 2),
        ("\ufffe\uffff\ufffd", "\ufffd" * 3),
        ("\x7f\x85\U0001f600", "\x7f\x85\U0001f600"),
    ],
)
def test_what_xml_cannot_hold_is_replaced(text, written):
    assert writable(text) == written
