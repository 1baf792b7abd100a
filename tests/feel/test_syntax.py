"""Syntax of FEEL: tokens, names, texts, comments, brackets, and positions of errors.

Source: DMN 1.3 §10.3.1.2; semantics 12.8.
"""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EngineError
from app.feel import FeelSyntaxError, compile_expression, compile_unary_tests
from app.feel.names import declared_in, with_backquotes

from .evaluating import exact, few, value_of

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", None, id="nothing"),
        pytest.param("  \n\t ", None, id="blanks"),
        pytest.param("1", 1, id="a number"),
        pytest.param("1.5", 1.5, id="with a point"),
        pytest.param(".5", 0.5, id="with a point in front"),
        pytest.param("007", 7, id="with zeros in front"),
        pytest.param('"a"', "a", id="a text"),
        pytest.param('""', "", id="an empty text"),
        pytest.param(r'"a\"b"', 'a"b', id="a quote in a text"),
        pytest.param(r'"a\\b"', "a\\b", id="a backslash in a text"),
        pytest.param(r'"a\nb\tc\rd"', "a\nb\tc\rd", id="white space in a text"),
        pytest.param(r'"\u00e4"', "\\u00e4", id="a code is not decoded"),
        pytest.param(r'"\d"', "\\d", id="another escape stays as it is"),
        pytest.param('"a\nb"', "a\nb", id="a line break in a text"),
        pytest.param('"// no comment"', "// no comment", id="a comment's sign in a text"),
        pytest.param("true", True, id="true"),
        pytest.param("false", False, id="false"),
        pytest.param("null", None, id="null"),
        pytest.param("((1))", 1, id="parentheses"),
        pytest.param("1 // one\n+ 1", 2, id="a comment to the end of the line"),
        pytest.param("1 /* one\n */ + 1", 2, id="a comment over two lines"),
        pytest.param("/* a */ 1 // b", 1, id="comments around"),
        pytest.param("1+1", 2, id="no blanks"),
        pytest.param("1\n+\n1", 2, id="line breaks"),
        pytest.param("> 5", None, id="a test outside of a cell is null"),
        pytest.param("[1]", [1], id="a list"),
        pytest.param("[ ]", [], id="a list of nothing"),
        pytest.param("[1, [2, [3]]]", [1, [2, [3]]], id="lists in lists"),
    ],
)
def test_what_is_written_is_read(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("x", "x", id="one letter"),
        pytest.param("x1", "x1", id="a digit behind"),
        pytest.param("_x", "_x", id="an underscore"),
        pytest.param("größe", "größe", id="letters of other scripts"),
        pytest.param("$x", "$x", id="a dollar"),
        pytest.param("a b", "`a b`", id="two words in backquotes"),
        pytest.param("a-b", "`a-b`", id="a sign in backquotes"),
        pytest.param("if", "`if`", id="a keyword in backquotes"),
        pytest.param("date", "date", id="the name of a function"),
        pytest.param("trueish", "trueish", id="begins like a constant"),
        pytest.param("android", "android", id="begins like an operator"),
        pytest.param("order", "order", id="begins like another operator"),
        pytest.param("notes", "notes", id="begins like a function"),
        pytest.param("item", "item", id="the name of a filter's item"),
        pytest.param("partial", "partial", id="the name of a loop's results"),
        pytest.param("index", "index", id="a part of a function's name"),
    ],
)
def test_a_name_is_looked_up(name, text):
    assert exact(text, **{name: 7}) == "7"
    assert exact(f"{text} + 1", **{name: 7}) == "8"
    assert exact(f"[{text}]", **{name: 7}) == "[7]"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1e3", id="an exponent"),
        pytest.param("1.", id="a point and no digit"),
        pytest.param("1 2", id="two numbers"),
        pytest.param("1 +", id="an operator with nothing behind"),
        pytest.param("* 2", id="an operator with nothing in front"),
        pytest.param("1 + * 2", id="two operators"),
        pytest.param("+5", id="a plus in front"),
        pytest.param("(1", id="parentheses that are not closed"),
        pytest.param("1)", id="parentheses that are not opened"),
        pytest.param("()", id="parentheses around nothing"),
        pytest.param("[1", id="a list that is not closed"),
        pytest.param("1]", id="a list that is not opened"),
        pytest.param("(1]", id="brackets of two kinds"),
        pytest.param('"a', id="a text that is not closed"),
        pytest.param("'a'", id="single quotes"),
        pytest.param("`a", id="backquotes that are not closed"),
        pytest.param("``", id="backquotes around nothing"),
        pytest.param("1 == 1", id="two equal signs"),
        pytest.param("1 <> 2", id="the other sign of SQL"),
        pytest.param("a && b", id="the and of other languages"),
        pytest.param("a || b", id="the or of other languages"),
        pytest.param("!a", id="the not of other languages"),
        pytest.param("5 % 2", id="a remainder"),
        pytest.param("2 ^ 3", id="the power of other languages"),
        pytest.param("a ? b : c", id="the condition of other languages"),
        pytest.param("a = 1; b = 2", id="two statements"),
        pytest.param("1 < 2 < 3", id="comparisons in a row"),
        pytest.param("1 < 2 in (true)", id="a test of a comparison"),
        pytest.param("1 between 0 and 2 in (true)", id="a test of an interval"),
        pytest.param("1 in (1) in (true)", id="a test of a test"),
        pytest.param("1 instance of number in (true)", id="a test of a type"),
        pytest.param("1 = 1 = true", id="equalities in a row"),
        pytest.param("if true then 1", id="if without else"),
        pytest.param("if true else 1", id="if without then"),
        pytest.param("if then 1 else 2", id="if without a condition"),
        pytest.param('"a" + if true then "b" else "c"', id="a condition as an operand"),
        pytest.param("function(a)", id="a function without a body"),
        pytest.param("function a", id="a function without parameters"),
        pytest.param("function(1) 1", id="a function of a number"),
        pytest.param("(function(a) a)(1)", id="a call of what is no name"),
        pytest.param("f(1,)", id="a call that ends with a comma"),
        pytest.param("f(a: 1, 2)", id="a name and no name"),
        pytest.param("[1..5].start", id="a part of a range that is written"),
        pytest.param("1 instance of", id="instance of nothing"),
        pytest.param("1 between 2", id="between one"),
        pytest.param("1 in", id="in nothing"),
        pytest.param("and", id="an operator alone"),
        pytest.param("then", id="a keyword alone"),
        pytest.param("@5", id="an at sign in front of a number"),
        pytest.param("#", id="a sign that is none"),
        pytest.param("/* a", id="a comment that is not closed"),
    ],
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(FeelSyntaxError) as raised:
        compile_expression(text)

    message = str(raised.value)
    assert message.startswith("FEEL/SCALA-01008 Error while evaluating expression: ")
    assert f"failed to parse expression '{text}'" in message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("1 + * 2", ":1:5", id="on the first line"),
        pytest.param("1 +\n  * 2", ":2:3", id="on the second line"),
        pytest.param("1 +", ":1:4", id="at the end"),
        pytest.param("[1,\n2,\n3", ":3:2", id="at the end of the third line"),
        pytest.param("a #", ":1:3", id="at a sign that is none"),
    ],
)
def test_a_syntax_error_says_line_and_column(text, place):
    with pytest.raises(FeelSyntaxError) as raised:
        compile_expression(text)

    assert place in str(raised.value).rpartition("Expected")[2]


@pytest.mark.parametrize(
    ("text", "names", "quoted"),
    [
        pytest.param("unit price * 2", {"unit price"}, "`unit price` * 2", id="two words"),
        pytest.param("unit  price", {"unit price"}, "`unit price`", id="with two blanks"),
        pytest.param(
            "unit price net", {"unit price", "unit price net"}, "`unit price net`", id="long"
        ),
        pytest.param("unit prices", {"unit price"}, "unit prices", id="a longer word"),
        pytest.param("my unit price", {"unit price"}, "my `unit price`", id="a word in front"),
        pytest.param('"unit price"', {"unit price"}, '"unit price"', id="in a text"),
        pytest.param(r'"\" unit price"', {"unit price"}, r'"\" unit price"', id="behind an escape"),
        pytest.param("`unit price`", {"unit price"}, "`unit price`", id="in backquotes already"),
        pytest.param("1 // unit price", {"unit price"}, "1 // unit price", id="in a comment"),
        pytest.param("/* unit price */ 1", {"unit price"}, "/* unit price */ 1", id="in another"),
        pytest.param("price", {"price"}, "price", id="a plain name needs none"),
        pytest.param("a`b", {"a`b"}, "a`b", id="a name with a backquote cannot be quoted"),
        pytest.param("a-b + 1", {"a-b"}, "`a-b` + 1", id="a name with a sign"),
        pytest.param("x", set(), "x", id="no names"),
    ],
)
def test_names_of_several_words_are_quoted(text, names, quoted):
    assert with_backquotes(text, names) == quoted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("{unit price: 1, net price: 2}", {"unit price", "net price"}, id="keys"),
        pytest.param("for my item in l return 1", {"my item"}, id="an iterator"),
        pytest.param("some my item in l satisfies true", {"my item"}, id="a quantifier"),
        pytest.param("function(first name, last name) 1", {"first name", "last name"}, id="params"),
        pytest.param("{price: 1}", set(), id="a plain key"),
        pytest.param("1 + 1", set(), id="nothing"),
    ],
)
def test_names_that_an_expression_declares_itself(text, names):
    assert declared_in(text) >= names
    assert all(" " in name for name in declared_in(text))


def test_a_name_of_several_words_has_its_value():
    text = with_backquotes("unit price * 2", {"unit price"})

    assert value_of(text, **{"unit price": 21}) == 42


@few
@given(st.text("aif 1.+-*/()[]{}<>=,:?\"'`@\\\nnottrue", max_size=25))
def test_any_text_is_read_or_refused_with_an_error_of_the_engine(text):
    for compile_ in (compile_expression, compile_unary_tests):
        with suppress(EngineError):
            assert compile_(text).text == text


@few
@given(
    st.recursive(
        st.sampled_from(["1", "x", '"a"', "null", "true", "[1..2]", "?"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["+", "and", "=", "<", "in", "**"]), inner).map(
                " ".join
            ),
            inner.map(lambda text: f"({text})"),
            inner.map(lambda text: f"[{text}]"),
            inner.map(lambda text: f"{{a: {text}}}.a"),
            inner.map(lambda text: f"string({text})"),
            inner.map(lambda text: f"for i in [{text}] return i"),
        ),
        max_leaves=6,
    )
)
def test_any_expression_gives_a_value_or_an_error_of_the_engine(text):
    with suppress(EngineError):
        value_of(text, x=1)
