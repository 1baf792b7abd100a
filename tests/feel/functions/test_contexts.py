"""Functions of contexts.

Source: DMN 1.4 §10.3.4.8; semantics 12.8.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..evaluating import exact, few, value_of

pytestmark = pytest.mark.no_database

contexts = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), max_size=4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('get value({a: 1}, "a")', 1, id="of a key"),
        pytest.param('get value({a: 1}, "b")', None, id="of a key that is not there"),
        pytest.param('get value({a: null}, "a")', None, id="of a key that has null"),
        pytest.param('get value({a: {b: 2}}, ["a", "b"])', 2, id="at the end of a path"),
        pytest.param('get value({a: {b: 2}}, ["a", "c"])', None, id="at the end of a wrong path"),
        pytest.param('get value({a: 1}, ["a", "b"])', None, id="through what is no context"),
        pytest.param("get value({a: 1}, [])", None, id="of no path"),
        pytest.param("get value({a: 1}, [1])", None, id="of a path with a number"),
        pytest.param('get value(null, "a")', None, id="of null"),
        pytest.param("get value({a: 1}, null)", None, id="of a key that is null"),
        pytest.param('get value(m: {a: 1}, key: "a")', 1, id="by the standard's name"),
        pytest.param('get value(context: {a: 1}, key: "a")', 1, id="by the reference's name"),
        pytest.param("get entries({a: 1})", [{"key": "a", "value": 1}], id="entries"),
        pytest.param(
            "get entries({a: 1, b: null})",
            [{"key": "a", "value": 1}, {"key": "b", "value": None}],
            id="entries in their order, null too",
        ),
        pytest.param("get entries({})", [], id="no entries"),
        pytest.param("get entries(null)", None, id="entries of null"),
        pytest.param("get entries([1])", None, id="entries of a list"),
        pytest.param("get entries(m: {})", [], id="entries by name"),
    ],
)
def test_what_a_context_has(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}, id="one more"),
        pytest.param('context put({a: 1}, "a", 2)', {"a": 2}, id="another value"),
        pytest.param('context put({}, "a", null)', {"a": None}, id="null"),
        pytest.param('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}, id="deep"),
        pytest.param('context put({}, ["a", "b"], 1)', {"a": {"b": 1}}, id="the way is made"),
        pytest.param('context put({a: 1}, ["a", "b"], 2)', {"a": {"b": 2}}, id="and made anew"),
        pytest.param("context put({a: 1}, [], 2)", None, id="no path"),
        pytest.param('context put({a: 1}, ["a", 1], 2)', None, id="a path with a number"),
        pytest.param('context put(null, "a", 1)', None, id="into null"),
        pytest.param('put({a: 1}, "b", 2)', {"a": 1, "b": 2}, id="by the older name"),
        pytest.param("context merge({a: 1}, {b: 2})", {"a": 1, "b": 2}, id="merge"),
        pytest.param("context merge([{a: 1}, {b: 2}])", {"a": 1, "b": 2}, id="merge a list"),
        pytest.param("context merge({a: 1}, {a: 2})", {"a": 2}, id="the later one wins"),
        pytest.param("context merge([])", {}, id="merge nothing"),
        pytest.param("context merge({a: 1}, null)", None, id="merge with null"),
        pytest.param("put all({a: 1}, {b: 2})", {"a": 1, "b": 2}, id="merge by the older name"),
        pytest.param('context([{key: "a", value: 1}])', {"a": 1}, id="of entries"),
        pytest.param("context([])", {}, id="of no entries"),
        pytest.param('context([{key: "a", value: null}])', {"a": None}, id="of a null value"),
        pytest.param('context([{key: "a"}])', None, id="of an entry without a value"),
        pytest.param("context([{value: 1}])", None, id="of an entry without a key"),
        pytest.param("context([{key: 1, value: 1}])", None, id="of a key that is no text"),
        pytest.param("context([1])", None, id="of a number"),
        pytest.param("context(null)", None, id="of null"),
    ],
)
def test_what_is_made_of_contexts(text, expected):
    assert exact(text) == repr(expected)


def test_a_context_is_not_changed_by_what_is_put_into_a_copy():
    text = '{a: {b: 1}, c: context put(a, ["x", "y"], 2), d: context put(a, "b", 3)}.a'

    assert exact(text) == repr({"b": 1})


@few
@given(contexts)
def test_a_context_is_made_of_its_own_entries(context):
    assert value_of("context(get entries(c))", c=context) == context


@few
@given(contexts, contexts)
def test_merging_is_like_updating(a, b):
    assert value_of("context merge(a, b)", a=a, b=b) == a | b
    assert value_of("context merge([a, b])", a=a, b=b) == a | b


@few
@given(contexts, st.sampled_from("abcd"), st.integers())
def test_what_is_put_is_found(context, key, number):
    text = "get value(context put(c, k, v), k)"

    assert value_of(text, c=context, k=key, v=number) == number
