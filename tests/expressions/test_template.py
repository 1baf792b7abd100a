"""Texts with expressions in them: their parts, the names that they read, the beans that they call.

Source: semantics 7.1, 7.4 and 11.11; JUEL's `Scanner.nextText`.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExpressionError, ExpressionSyntaxError, ExpressionTooLargeError
from app.expressions import parse
from app.expressions.template import LONGEST_TEXT, MOST_EXPRESSIONS

from .conftest import Place, same

PLAIN = st.text("ab {}\\\n", max_size=6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("${a}", 1, id="alone it keeps its type"),
        pytest.param("#{a}", 1, id="in the other bracket too"),
        pytest.param("${n}", None, id="alone null stays null"),
        pytest.param("${l}", [1, 2], id="alone a list stays one"),
        pytest.param(" ${a}", " 1", id="with a blank it is a text"),
        pytest.param("${a}${a}", "11", id="two are a text"),
        pytest.param("<${n}>", "<>", id="null in a text is empty"),
        pytest.param("${l}!", "[1, 2]!", id="a list in a text"),
        pytest.param("${b} ${d}", "true 1.5", id="a boolean and a fraction in a text"),
        pytest.param("a ${a} b ${b} c", "a 1 b true c", id="texts between"),
        pytest.param("\\${a}", "${a}", id="an escaped bracket"),
        pytest.param("\\#{a}", "#{a}", id="the other one escaped"),
        pytest.param("\\${a} ${a}", "${a} 1", id="one escaped and one not"),
        pytest.param("${a}\\${a}", "1${a}", id="one not escaped and one"),
        pytest.param("$a {a} $ {a}", "$a {a} $ {a}", id="brackets that open nothing"),
        pytest.param("a}b", "a}b", id="a brace that closes nothing"),
        pytest.param("${'}'}", "}", id="a brace in a text of an expression"),
        pytest.param("${'{'}", "{", id="a brace that opens, in a text"),
        pytest.param("${'${a}'}", "${a}", id="an expression in a text is none"),
        pytest.param("${ a }", 1, id="blanks inside"),
        pytest.param("${\na\n}", 1, id="lines inside"),
        pytest.param("", "", id="nothing"),
        pytest.param(" ", " ", id="a blank"),
    ],
)
def test_a_text_has_the_value_of_its_parts(evaluate, text, expected):
    assert same(evaluate(text, a=1, b=True, d=1.5, l=[1, 2], n=None), expected)


@pytest.mark.parametrize(
    ("text", "is_literal", "names"),
    [
        ("plain", True, set()),
        ("\\${a}", True, set()),
        ("${a}", False, {"a"}),
        ("${'a'}", False, set()),
        ("${a + b * c}", False, {"a", "b", "c"}),
        ("${a.b.c}", False, {"a"}),
        ("${a[b]}", False, {"a", "b"}),
        ("${a.f(b, c)}", False, {"a", "b", "c"}),
        ("${a ? b : c}", False, {"a", "b", "c"}),
        ("${empty a && !b || -c > 0}", False, {"a", "b", "c"}),
        ("${a} and ${b}", False, {"a", "b"}),
        ("${now()}", False, set()),
        ("${S(a)}", False, {"a"}),
        ("${execution.getVariable('a')}", False, {"a"}),
        ("${execution.getVariable(a)}", False, {"a"}),
        ("${execution.setVariable('a', b)}", False, {"a", "b"}),
        ("${execution.id}", False, set()),
        ("${true}", False, set()),
    ],
)
def test_a_text_names_the_variables_that_it_may_read(text, is_literal, names):
    expression = parse(text)

    assert expression.is_literal is is_literal
    assert expression.names == names


@pytest.mark.parametrize(
    ("text", "calls", "is_one"),
    [
        pytest.param("${orders.check(id)}", ["orders.check"], True, id="alone"),
        pytest.param("${(orders.check(id))}", ["orders.check"], True, id="in parentheses"),
        pytest.param(" ${orders.check(id)}", ["orders.check"], False, id="with a text around"),
        pytest.param("${orders.check(id) + 1}", ["orders.check"], False, id="in a sum"),
        pytest.param("${a.run() && b.run()}", ["a.run", "b.run"], False, id="two of them"),
        pytest.param("${a.run(b.run())}", ["a.run", "b.run"], True, id="one in another"),
        pytest.param("${a.run()}${b.run()}", ["a.run", "b.run"], False, id="one after another"),
        pytest.param("${orders['check'](id)}", ["orders.check"], True, id="by a text"),
        pytest.param("${orders[name](id)}", [], False, id="by a variable"),
        pytest.param("${orders.size()}", [], False, id="a method that values have"),
        pytest.param("${orders.items.check(1)}", [], False, id="of a property"),
        pytest.param("${execution.check(1)}", [], False, id="of the execution"),
        pytest.param("${task.check(1)}", [], False, id="of the task"),
        pytest.param("${orders}", [], False, id="no call"),
        pytest.param("orders.check(id)", [], False, id="no expression"),
    ],
)
def test_a_text_knows_the_beans_that_it_calls(text, calls, is_one):
    expression = parse(text)

    assert [call.name for call in expression.bean_calls] == calls
    assert (expression.bean_call is not None) is is_one


def test_the_arguments_of_a_bean_are_evaluated_where_it_is_called():
    call = parse("${orders.check(a + 1, 'x')}").bean_call

    place = Place({"a": 2})
    assert [argument(place) for argument in call.arguments] == [3, "x"]
    assert (call.bean, call.method) == ("orders", "check")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("${", 2),
        ("abc ${", 6),
        ("${a", 3),
        ("${a} ${b", 8),
        ("${a} #{b}", 5),
        ("#{a} ${b}", 5),
    ],
)
def test_a_bracket_that_is_not_closed_or_of_another_kind_is_told_by_its_place(text, position):
    with pytest.raises(ExpressionSyntaxError) as caught:
        parse(text)

    assert f"Error parsing '{text}': syntax error at position {position}," in str(caught.value)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("${unknown}", "Unknown property used in expression: ${unknown}"),
        ("${n.method()}", "Unknown property used in expression: ${n.method()}"),
        ("${a + 'x'}", "Error while evaluating expression: ${a + 'x'}"),
        ("text ${a + 'x'}", "Error while evaluating expression: text ${a + 'x'}"),
    ],
)
def test_a_failure_says_the_whole_text(evaluate, text, cause):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, a=1, n=None)

    assert cause in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * (LONGEST_TEXT + 1), id="a text"),
        pytest.param("${1}" * (MOST_EXPRESSIONS + 1), id="expressions"),
        pytest.param("${" + "1+" * 10_000 + "1}", id="one expression"),
        pytest.param("${" + "(" * 200 + "1" + ")" * 200 + "}", id="parentheses"),
        pytest.param("${" + "-" * 200 + "1}", id="signs"),
        pytest.param("${" + "a." * 200 + "b}", id="properties"),
    ],
)
def test_too_much_of_anything_is_refused(text):
    with pytest.raises(ExpressionTooLargeError):
        parse(text)


def test_as_much_as_may_be_is_read(evaluate):
    assert evaluate("${1}" * MOST_EXPRESSIONS) == "1" * MOST_EXPRESSIONS
    assert evaluate("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT


@settings(max_examples=25)
@given(PLAIN)
def test_a_text_without_an_expression_is_itself(text):
    expression = parse(text)

    assert expression.is_literal
    assert expression.evaluate(Place({})) == text


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.text("ab {}\n", max_size=4), st.integers(0, 9)), min_size=1, max_size=4)
)
def test_parts_are_joined_in_their_order(parts):
    text = "".join(f"{plain}${{{number}}}" for plain, number in parts) + "!"
    expected = "".join(f"{plain}{number}" for plain, number in parts) + "!"

    assert parse(text).evaluate(Place({})) == expected
