"""Texts and their expressions: semantics 7.1."""

import pytest

from app.errors import ExpressionSyntaxError
from app.expressions import parse

from .conftest import same

TEXTS = [
    ("", ""),
    ("plain", "plain"),
    (" ${1}", " 1"),
    ("${1} ", "1 "),
    ("${1}${2}", "12"),
    ("${1.5}|${true}|${null}", "1.5|true|"),
    ("#{1}-#{2}", "1-2"),
    (r"\${a}", "${a}"),
    (r"\#{a}", "#{a}"),
    (r"\\${a}", r"\${a}"),
    (r"a\b$c#d{e}", r"a\b$c#d{e}"),
    (r"${1}\${2}", "1${2}"),
    ("$", "$"),
    ("${'}'}", "}"),
    ("${'${1}'}", "${1}"),
    ("${'a\"b'}", 'a"b'),
    (r"${'\\'}", "\\"),
    (r'${"a\"b"}', 'a"b'),
    ("${ 1\n+\t2 }", 3),
    ("${.5}", 0.5),
    ("${5.}", 5.0),
    ("${1e3}", 1000.0),
    ("${1.5E-1}", 0.15),
    ("${9223372036854775807}", 2**63 - 1),
    ("${0000000000000000000000001}", 1),
    ("${notable}", "n"),
    ("${nothing$}", "d"),
    ("${größe}", "g"),
    ("${1 eq 1 and 2 ne 1 or false}", True),
    ("${not(1 gt 2)}", True),
    ("${(((1)))}", 1),
    ("${true?1:2}", 1),
    ("${true ? s.a : now()}", 7),
]
VARIABLES = {"notable": "n", "nothing$": "d", "größe": "g", "s": {"a": 7}}


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_has_the_value_and_type_of_its_parts(evaluate, text, expected):
    value = evaluate(text, **VARIABLES)

    assert same(value, expected)


OPERAND = "<IDENTIFIER>|<STRING>|<FLOAT>|<INTEGER>|'true'|'false'|'null'|'-'|'!'|'not'|'empty'|'('"
PROBLEMS = [
    ("${}", f"syntax error at position 2, encountered '}}', expected {OPERAND}"),
    ("${a +}", f"syntax error at position 5, encountered '}}', expected {OPERAND}"),
    ("x ${a} ${b +}", f"syntax error at position 12, encountered '}}', expected {OPERAND}"),
    ("${a", "syntax error at position 3, encountered 'null', expected '}'"),
    ("${a b}", "syntax error at position 4, encountered 'b', expected '}'"),
    ("${a 'b'}", "syntax error at position 4, encountered 'b', expected '}'"),
    ("${(a}", "syntax error at position 4, encountered '}', expected ')'"),
    ("${a[1}", "syntax error at position 5, encountered '}', expected ']'"),
    ("${a ? 1}", "syntax error at position 7, encountered '}', expected ':'"),
    ("${JSON(1 2)}", "syntax error at position 9, encountered '2', expected ')'"),
    ("${s.empty}", "syntax error at position 4, encountered 'empty', expected <IDENTIFIER>"),
    ("${s.true}", "syntax error at position 4, encountered 'true', expected <IDENTIFIER>"),
    ("${a instanceof b}", "syntax error at position 4, encountered 'instanceof', expected '}'"),
    ("${a.5}", "syntax error at position 3, encountered '.5', expected '}'"),
    ("${a = 1}", "lexical error at position 4, encountered invalid character '=', expected "
     "expression token"),
    ("${a += 1}", "lexical error at position 5, encountered invalid character '=', expected "
     "expression token"),
    ("${a; b}", "lexical error at position 3, encountered invalid character ';', expected "
     "expression token"),
    ("${[1]}", f"syntax error at position 2, encountered '[', expected {OPERAND}"),
    ("${{'a':1}}", "lexical error at position 2, encountered invalid character '{', expected "
     "expression token"),
    ("${fn:length(a)}", "syntax error at position 4, encountered ':', expected '}'"),
    ("${'a}", "lexical error at position 2, encountered unterminated string, expected '"),
    (r"${'a\nb'}", r"lexical error at position 2, encountered invalid escape sequence \n, "
     r"expected \' or \\"),
    ("${9223372036854775808}", "syntax error at position 2, encountered "
     "'9223372036854775808', expected <INTEGER>"),
    ("${a} #{b}", "syntax error at position 5, encountered '#{', expected '${'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), PROBLEMS, ids=[text for text, _ in PROBLEMS])
def test_what_breaks_the_grammar_is_refused_with_its_place(text, problem):
    with pytest.raises(ExpressionSyntaxError) as caught:
        parse(text)

    assert str(caught.value) == f"Error parsing '{text}': {problem}"


@pytest.mark.parametrize(
    "text",
    [
        "${x -> x}",
        "${a & b}",
        r"""${'a\"b'}""",
        "${1()}",
        "${a..b}",
        "${a()()}",
        "${٣}",
        "${a\u00a0}",
    ],
)
def test_what_juel_does_not_know_is_refused(text):
    with pytest.raises(ExpressionSyntaxError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${foo()}", "Could not resolve function 'foo'"),
        ("${execution(1)}", "Could not resolve function 'execution'"),
        ("${now(1)}", "Parameters for function 'now' do not match"),
        ("${JSON()}", "Parameters for function 'JSON' do not match"),
    ],
)
def test_an_unknown_function_is_refused_when_the_text_is_parsed(text, message):
    with pytest.raises(ExpressionSyntaxError) as caught:
        parse(text)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain ${'a'}", set()),
        ("${a + b.c[d]}-${e}", {"a", "b", "d", "e"}),
        ("${x.prop(y).z(w)}", {"x", "y", "w"}),
        ("${JSON(j)}", {"j"}),
        ("${execution.getVariable('x')}", {"x"}),
        ("${execution.hasVariable('x') ? x : execution.getVariableLocal('y')}", {"x", "y"}),
        ("${execution.getVariable(name)}", {"name"}),
        ("${execution.id}", set()),
        ("${a.getVariable('x')}", {"a"}),
        ("${false && never}", {"never"}),
        ("${task.id}${externalTask.id}", {"task", "externalTask"}),
        ("${authenticatedUserId}", set()),
    ],
)
def test_an_expression_names_the_variables_that_it_may_read(text, names):
    assert parse(text).names == names


def test_an_expression_knows_its_text_and_whether_it_is_a_literal():
    assert parse("a ${b}").text == "a ${b}"
    assert not parse("a ${b}").is_literal
    assert parse(r"a \${b}").is_literal


def test_an_expression_does_not_change():
    expression = parse("${a}")

    with pytest.raises(AttributeError):
        expression.text = "${b}"


def test_a_text_is_parsed_once():
    assert parse("${parsed + once}") is parse("${parsed + once}")
