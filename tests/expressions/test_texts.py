"""The methods of Java's String, by what its documentation says of each.

Source: the documentation of Java's `String`; semantics 7.3.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.values import Integer

from .conftest import Place, same

FACE = "\U0001f600"  # one character, two of Java's


def call(text, method, *arguments):
    names = {f"a{number}": argument for number, argument in enumerate(arguments)}
    return parse(f"${{t.{method}({', '.join(names)})}}").evaluate(Place({"t": text, **names}))


@pytest.mark.parametrize(
    ("text", "method", "arguments", "expected"),
    [
        ("abc", "length", [], Integer(3)),
        ("", "length", [], Integer(0)),
        ("abc", "isEmpty", [], False),
        ("", "isEmpty", [], True),
        (" \t", "isEmpty", [], False),
        (" \t", "isBlank", [], True),
        ("", "isBlank", [], True),
        (" a ", "isBlank", [], False),
        ("aBc", "toUpperCase", [], "ABC"),
        ("aBc", "toLowerCase", [], "abc"),
        (" a b ", "trim", [], "a b"),
        (" a b ", "strip", [], "a b"),
        ("abc", "toString", [], "abc"),
        ("abc", "charAt", [0], "a"),
        ("abc", "charAt", [2], "c"),
        ("abc", "substring", [0], "abc"),
        ("abc", "substring", [1], "bc"),
        ("abc", "substring", [3], ""),
        ("abc", "substring", [1, 2], "b"),
        ("abc", "substring", [1, 1], ""),
        ("abc", "substring", ["1"], "bc"),
        ("abab", "indexOf", ["b"], Integer(1)),
        ("abab", "indexOf", ["x"], Integer(-1)),
        ("abab", "indexOf", [""], Integer(0)),
        ("abab", "indexOf", ["b", 2], Integer(3)),
        ("abab", "indexOf", ["a", -5], Integer(0)),
        ("abab", "indexOf", ["a", 99], Integer(-1)),
        ("abab", "lastIndexOf", ["ab"], Integer(2)),
        ("abab", "lastIndexOf", ["ab", 1], Integer(0)),
        ("abab", "lastIndexOf", ["ab", 2], Integer(2)),
        ("abab", "lastIndexOf", ["ab", -1], Integer(-1)),
        ("abab", "lastIndexOf", ["x"], Integer(-1)),
        ("abc", "contains", ["b"], True),
        ("abc", "contains", [""], True),
        ("abc", "contains", ["B"], False),
        ("abc", "startsWith", ["ab"], True),
        ("abc", "startsWith", ["bc"], False),
        ("abc", "startsWith", ["bc", 1], True),
        ("abc", "startsWith", ["", 3], True),
        ("abc", "startsWith", ["a", 9], False),
        ("abc", "endsWith", ["bc"], True),
        ("abc", "endsWith", ["ab"], False),
        ("abc", "equals", ["abc"], True),
        ("abc", "equals", ["ABC"], False),
        ("5", "equals", [5], False),
        ("abc", "equals", [None], False),
        ("abc", "equalsIgnoreCase", ["ABC"], True),
        ("abc", "equalsIgnoreCase", ["abd"], False),
        ("abc", "contentEquals", ["abc"], True),
        ("abc", "compareTo", ["abd"], Integer(-1)),
        ("abc", "compareTo", ["ab"], Integer(1)),
        ("abc", "compareTo", ["abc"], Integer(0)),
        ("ABC", "compareToIgnoreCase", ["abd"], Integer(-1)),
        ("a.b", "replace", [".", "-"], "a-b"),
        ("aaa", "replace", ["aa", "b"], "ba"),
        ("abc", "replace", ["", "-"], "-a-b-c-"),
        ("a1b22", "replaceAll", ["[0-9]+", "#"], "a#b#"),
        ("a1b22", "replaceFirst", ["[0-9]+", "#"], "a#b22"),
        ("ab", "replaceAll", ["(a)(b)", "$2$1"], "ba"),
        ("abc", "matches", ["[a-c]+"], True),
        ("abc", "matches", ["b"], False),
        ("a,b,,c,,", "split", [","], ["a", "b", "", "c"]),
        ("a,b,,", "split", [",", -1], ["a", "b", "", ""]),
        ("a,b,c", "split", [",", 2], ["a", "b,c"]),
        ("a,b,c", "split", [",", 0], ["a", "b", "c"]),
        ("a,b,c", "split", [",", 9], ["a", "b", "c"]),
        ("ab", "concat", ["cd"], "abcd"),
        ("ab", "concat", [5], "ab5"),
        ("ab", "repeat", [3], "ababab"),
        ("ab", "repeat", [0], ""),
        ("", "hashCode", [], Integer(0)),
        ("a", "hashCode", [], Integer(97)),
        ("ab", "hashCode", [], Integer(97 * 31 + 98)),
    ],
)
def test_a_method_answers_as_in_java(text, method, arguments, expected):
    assert same(call(text, method, *arguments), expected)


@pytest.mark.parametrize(
    ("method", "arguments", "expected"),
    [
        pytest.param("length", [], Integer(4), id="both halves count"),
        pytest.param("substring", [0, 3], f"a{FACE}", id="both halves are cut together"),
        pytest.param("substring", [3], "b", id="what follows"),
        pytest.param("substring", [2], "\ufffdb", id="a half is replaced"),
        pytest.param("charAt", [1], "\ufffd", id="a half alone is replaced"),
        pytest.param("charAt", [3], "b", id="a place behind it"),
        pytest.param("indexOf", ["b"], Integer(3), id="a place that is found"),
        pytest.param("indexOf", [FACE], Integer(1), id="its own place"),
        pytest.param("indexOf", ["b", 2], Integer(3), id="from the middle of it"),
        pytest.param("lastIndexOf", ["b"], Integer(3), id="the last place"),
        pytest.param("lastIndexOf", [FACE, 1], Integer(1), id="the last place up to one"),
        pytest.param("lastIndexOf", [FACE, 0], Integer(-1), id="no place before it"),
        pytest.param("startsWith", ["b", 3], True, id="what begins behind it"),
        pytest.param("startsWith", ["b", 2], False, id="nothing begins in its middle"),
        pytest.param("contains", [FACE], True, id="it is found whole"),
        pytest.param("replace", [FACE, "x"], "axb", id="it is replaced whole"),
        pytest.param("endsWith", ["b"], True, id="the end"),
    ],
)
def test_rare_characters_have_two_of_javas(method, arguments, expected):
    assert same(call(f"a{FACE}b", method, *arguments), expected)


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("charAt", [3], "String index out of range: 3"),
        ("charAt", [-1], "String index out of range: -1"),
        ("substring", [4], "begin 4, end 3, length 3"),
        ("substring", [-1], "begin -1, end 3, length 3"),
        ("substring", [2, 1], "begin 2, end 1, length 3"),
        ("substring", [0, 4], "begin 0, end 4, length 3"),
        ("repeat", [-1], "count is negative: -1"),
        ("charAt", ["x"], "Method not found: class java.lang.String.charAt(java.lang.String)"),
        ("charAt", [True], "Method not found: class java.lang.String.charAt(java.lang.Boolean)"),
        ("contains", [5], "Method not found: class java.lang.String.contains(java.lang.Long)"),
        ("contains", [None], "NullPointerException: Cannot invoke "),
        ("indexOf", [None], "unambiguous method: class java.lang.String.indexOf(null)"),
        ("compareTo", [5], "ClassCastException: class java.lang.Long cannot be cast to class "),
    ],
)
def test_an_argument_that_does_not_fit_fails(method, arguments, message):
    with pytest.raises(ExpressionError) as caught:
        call("abc", method, *arguments)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("size", []),
        ("length", [1]),
        ("charAt", []),
        ("getClass", []),
        ("chars", []),
        ("getBytes", []),
        ("format", ["a"]),
        ("__len__", []),
        ("upper", []),
        ("encode", []),
        ("join", [","]),
    ],
)
def test_there_are_no_other_methods(method, arguments):
    with pytest.raises(
        ExpressionError, match=rf"Method not found: class java.lang.String.{method}\("
    ):
        call("abc", method, *arguments)


@pytest.mark.parametrize(("name", "expected"), [("empty", False), ("blank", False)])
def test_a_property_is_a_getter(name, expected):
    assert parse(f"${{t['{name}']}}").evaluate(Place({"t": "abc"})) is expected


@pytest.mark.parametrize("name", ["length", "class", "bytes", "__class__", "upper"])
def test_there_are_no_other_properties(name):
    with pytest.raises(ExpressionError, match="does not have the property"):
        parse(f"${{t['{name}']}}").evaluate(Place({"t": "abc"}))


texts = st.text("ab\U0001f600 ,", max_size=8)


@settings(max_examples=25)
@given(texts, texts)
def test_what_is_found_stands_where_it_is_said_to_stand(text, part):
    at = call(text, "indexOf", part)

    assert (at >= 0) is call(text, "contains", part)
    if at >= 0:
        end = at + call(part, "length")
        assert call(text, "substring", at, end) == part
        assert call(text, "startsWith", part, at)


@settings(max_examples=25)
@given(texts, texts)
def test_two_texts_are_as_long_as_the_one_that_they_make(left, right):
    both = call(left, "concat", right)

    assert call(both, "length") == call(left, "length") + call(right, "length")
    assert call(both, "substring", call(left, "length")) == right


@settings(max_examples=25)
@given(texts)
def test_parts_that_are_joined_again_are_the_text(text):
    assert ",".join(call(text, "split", ",", -1)) == text


@settings(max_examples=25)
@given(texts, texts)
def test_the_order_of_two_texts_is_turned_by_turning_them(left, right):
    assert call(left, "compareTo", right) == -call(right, "compareTo", left)
    assert (call(left, "compareTo", right) == 0) is call(left, "equals", right)
