from xml.sax.saxutils import escape

import pytest

from app.dmn.errors import DmnEvaluationError, FeelFailure, UnknownLanguageError
from app.expressions.spin import JsonNode

from .conftest import decision, definitions, literal, of_literal, of_table
from .evaluating import evaluate, result_of, rows

FEEL = [
    "feel",
    "FEEL",
    "FeEl",
    "http://www.omg.org/spec/FEEL/20140401",
    "http://www.omg.org/spec/DMN/20180521/FEEL/",
    "https://www.omg.org/spec/DMN/20191111/FEEL/",
    "https://www.omg.org/spec/DMN/20211108/FEEL/",
    "https://www.omg.org/spec/DMN/20230324/FEEL/",
    "",
    " ",
]
COLLECT = 'hitPolicy="COLLECT"'
JUEL = 'expressionLanguage="juel"'


def juel_table(*rules, **options):
    return of_table(*rules, inputs=("${x}",), definitions_attributes=JUEL, **options)


@pytest.mark.parametrize("language", FEEL)
def test_feel_has_several_names(language):
    assert rows(of_literal("1 + 1", language=language)) == [{"r": 2}]


@pytest.mark.parametrize("language", ["el", "python", "klingon", "feel2"])
def test_an_unknown_language_fails_when_it_is_evaluated(language):
    xml = of_literal("1", language=language)

    with pytest.raises(UnknownLanguageError) as caught:
        evaluate(xml)

    assert str(caught.value) == (
        f"Can't find scripting engine for '{language}': scriptEngine is null"
    )


@pytest.mark.parametrize("language", ["juel", "JUEL", " juel "])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${1 + 1}", 2),
        ("#{1 + 1}", 2),
        ("  ${1}  ", 1),
        ("1 + 1", 2),
        ("\n x > 3 ", True),
        ("'a'", "a"),
        ("${1}+1", "1+1"),
        ("${x} ${x}", "5 5"),
        (" ", None),
    ],
)
def test_juel_needs_no_brackets(language, text, expected):
    assert rows(of_literal(text, language=language), x=5) == [{"r": expected}]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("${nope}", "${nope}"), ("abc", "${abc}"), ("${1 +", "${1 +"), ("-", "${-}"),
     ("${execution.id}", "${execution.id}"), ("a${1}b", "${a${1}b}")],
)  # fmt: skip
def test_juel_that_fails_is_shown_with_its_brackets(text, shown):
    with pytest.raises(DmnEvaluationError) as caught:
        evaluate(of_literal(text, language="juel"))

    assert caught.value.java_type == "DmnEvaluationException"
    assert str(caught.value) == (
        f"DMN-01002 Unable to evaluate expression for language 'juel': '{shown}'"
    )


def test_cells_in_juel_match_when_they_answer_true():
    xml = juel_table(
        ("${cellInput > 5}", "1"), ("${x > 5}", "2"), ("", "3"), ("${5}", "4"),
        ("${'true'}", "5"), ("${cellInput}", "6"), attributes=COLLECT,
    )  # fmt: skip

    assert rows(xml, x=9) == [{"r": 1}, {"r": 2}, {"r": 3}]
    assert rows(juel_table(("${cellInput}", "1")), x=True) == [{"r": 1}]


def test_a_dash_is_an_expression_in_juel():
    with pytest.raises(DmnEvaluationError):
        evaluate(juel_table(("-", "1")), x=1)


def test_a_json_variable_is_a_node_in_juel_and_a_context_in_feel():
    order = JsonNode.parse('{"total": 5}')
    in_juel = of_literal('${order.prop("total").numberValue() * 2}', language="juel")
    given = definitions(decision(literal("order")))

    assert rows(in_juel, order=order) == [{"r": 10}]
    assert rows(given, order=order) == [{"r": {"total": 5}}]


def test_a_missing_variable_is_null_in_feel():
    assert result_of(of_literal("nope")) == (None, None)


@pytest.mark.parametrize("language", ["javascript", "JavaScript", "ecmascript"])
def test_javascript_has_several_names(language):
    xml = of_literal("x * 2", language=language)

    assert rows(xml, x=4) == [{"r": 8}]


@pytest.mark.parametrize("text", ["nope", "1 +", "throw 'no'"])
def test_a_script_that_fails_names_its_language(text):
    with pytest.raises(DmnEvaluationError) as caught:
        evaluate(of_literal(text, language="javascript"))

    assert str(caught.value) == (
        f"DMN-01002 Unable to evaluate expression for language 'javascript': '{text}'"
    )


@pytest.mark.parametrize(("cell", "matches"), [("cellInput > 5", True), ("5", False), ("", True)])
def test_a_script_in_a_cell_sees_the_input_and_matches_when_it_gives_true(cell, matches):
    entry = f'<inputEntry expressionLanguage="javascript"><text>{escape(cell)}</text></inputEntry>'
    xml = of_table(("-", "1")).replace("<inputEntry><text>-</text></inputEntry>", entry)

    assert rows(xml, x=7) == ([{"r": 1}] if matches else [])


def test_a_script_sees_what_required_decisions_gave():
    xml = definitions(
        decision(literal("20", name="base"), key="a")
        + decision(literal("base + x", language="javascript", required=("a",)), key="k")
    )

    assert rows(xml, x=1) == [{"r": 21}]


def test_a_script_that_never_ends_is_stopped():
    with pytest.raises(DmnEvaluationError) as caught:
        evaluate(of_literal("while (true) {}", language="javascript"))

    assert "was stopped" in str(caught.value.__cause__)


@pytest.mark.parametrize("text", ["> and", "1 +", "a b c", "'a'"])
def test_broken_feel_is_found_when_it_is_evaluated(text):
    with pytest.raises(FeelFailure) as caught:
        evaluate(of_literal(text))

    assert caught.value.java_type == "FeelException"
    assert str(caught.value).startswith(
        f"FEEL/SCALA-01008 Error while evaluating expression: failed to parse expression '{text}': "
    )
