"""Expressions that no recorded case has, with the answers of Camunda 7.24's FEEL engine."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.feel import (
    FeelEvaluationError,
    FeelSyntaxError,
    Function,
    Range,
    compile_expression,
    compile_unary_tests,
)

ASKED = json.loads((Path(__file__).parent / "asked.json").read_text())
pytestmark = pytest.mark.no_database


def written(value):
    """A value as the reference's own classes write it."""
    if value is None or isinstance(value, Range):  # alone, an interval tests an input: null
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"List({', '.join(map(written, value))})"
    if isinstance(value, dict):
        return f"Map({', '.join(f'{key} -> {written(item)}' for key, item in value.items())})"
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    if isinstance(value, datetime):
        zone = f"[{value.tzinfo.key}]" if isinstance(value.tzinfo, ZoneInfo) else ""
        return f"{value.date()}T{clock_of(value)}{zone}"
    if isinstance(value, time):
        return clock_of(value)
    assert isinstance(value, Decimal | str | date)
    return str(value)


def clock_of(value):
    clock = value.strftime("%H:%M:%S" if value.second else "%H:%M")
    offset = value.strftime("%z")
    if offset:
        offset = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}"
    return clock + offset


@pytest.mark.parametrize(("text", "answer"), ASKED["expressions"])
def test_an_expression_is_answered_as_the_reference_does(text, answer):
    if answer == "SYNTAX":
        with pytest.raises(FeelSyntaxError):
            compile_expression(text)
    elif answer == "FAIL":
        with pytest.raises(FeelEvaluationError):
            compile_expression(text).evaluate({})
    else:
        assert written(compile_expression(text).evaluate({})) == answer


@pytest.mark.parametrize(("input_text", "cell", "answer"), ASKED["cells"])
def test_a_cell_is_answered_as_the_reference_does(input_text, cell, answer):
    value = compile_expression(input_text).evaluate({})

    if answer == "SYNTAX":
        with pytest.raises(FeelSyntaxError):
            compile_unary_tests(cell)
    else:
        assert compile_unary_tests(cell).matches(value, {}) is (answer == "true")
