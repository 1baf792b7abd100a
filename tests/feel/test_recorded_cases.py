"""The recorded answers of a Camunda 7.24 engine to FEEL expressions and to cells of tables."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from app.errors import EngineError
from app.feel import compile_expression, compile_unary_tests, to_python

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())
pytestmark = pytest.mark.no_database


def variables_of(recorded):
    return {
        name: datetime.fromisoformat(value["$timestamp"])
        if isinstance(value, dict) and "$timestamp" in value
        else value
        for name, value in recorded["variables"].items()
    }


EXPRESSIONS = [
    pytest.param(text, variables_of(table), expected, id=f"{table['about']}: {text[:60]}")
    for table in RECORDED["expressions"]
    for text, expected in table["results"]
]
CELLS = [
    pytest.param(table["input"], cell, variables_of(run), cell in run["matching"])
    for table in RECORDED["cells"]
    for run in table["runs"]
    for cell in table["cells"]
]


@pytest.mark.parametrize(("text", "variables", "expected"), EXPRESSIONS)
def test_an_expression_has_the_recorded_result(text, variables, expected):
    result = to_python(compile_expression(text).evaluate(variables))

    if isinstance(expected, float):
        assert result == pytest.approx(expected, rel=1e-15)
    else:
        assert result == expected
        assert type(result) is type(expected)


@pytest.mark.parametrize(("input_text", "cell", "variables", "is_matching"), CELLS)
def test_a_cell_matches_as_recorded(input_text, cell, variables, is_matching):
    value = compile_expression(input_text).evaluate(variables)

    assert compile_unary_tests(cell).matches(value, variables) is is_matching


@pytest.mark.parametrize("recorded", RECORDED["failures"], ids=str)
def test_what_failed_when_recorded_fails(recorded):
    variables = variables_of(recorded)

    with pytest.raises(EngineError, match="FEEL/SCALA-01008 Error while evaluating expression: "):
        evaluate(recorded, variables)


def evaluate(recorded, variables):
    if "cell" in recorded:
        return compile_unary_tests(recorded["cell"]).matches(10, variables)
    return compile_expression(recorded["expression"]).evaluate(variables)


def test_a_syntax_error_says_what_the_text_is_and_where_it_breaks():
    with pytest.raises(EngineError) as raised:
        compile_expression("> and")

    assert str(raised.value).startswith(
        "FEEL/SCALA-01008 Error while evaluating expression: "
        "failed to parse expression '> and': Expected "
    )
    assert str(raised.value).endswith(':1:3, found "and"')
