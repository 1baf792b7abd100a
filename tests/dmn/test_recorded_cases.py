"""Every recorded evaluation of a table or expression gives the answer of a Camunda 7.24 engine.

Each line of ``recorded.jsonl`` has a model, a decision, variables as the REST API takes them and
the results as outputs with type and value; null where the evaluation failed.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from app.dmn.evaluation import CompiledDecisions
from app.dmn.reader import read
from app.errors import EngineError
from app.expressions.failures import EvaluationFailure
from app.expressions.spin import JsonNode
from app.expressions.values import Integer, Short, from_json

from .evaluating import NOW

HERE = Path(__file__).parent
RECORDED = [json.loads(line) for line in (HERE / "recorded.jsonl").read_text().splitlines()]
GROOVY = "langName8"  # a language of the JVM
READERS = {
    "integer": lambda value: Integer(int(value)),
    "short": lambda value: Short(int(value)),
    "long": int,
    "double": float,
    "date": lambda value: datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z"),
    "json": JsonNode.parse,
}


@cache
def decisions_of(model):
    content = (HERE / "models" / model).read_bytes().replace(b"-RUNTOKEN", b"")
    return CompiledDecisions(read(model, content, require_history_time_to_live=True))


def variable(typed):
    if typed.get("value") is None:
        return None
    return READERS.get((typed.get("type") or "").lower(), from_json)(typed["value"])


def as_answered(row):
    """A result as the recordings have it: typed null is null, dates are masked."""
    return {
        name: [
            "Null" if value.value is None else value.type,
            "<time>" if value.type == "Date" else value.value,
        ]
        for name, value in row.items()
    }


@pytest.mark.parametrize(
    "recorded",
    [case for case in RECORDED if case["decision"] != GROOVY],
    ids=lambda case: f"{case['case']}-{case['decision']}",
)
def test_a_recorded_evaluation_has_the_same_result(recorded):
    try:
        given = {name: variable(typed) for name, typed in recorded["variables"].items()}
        decisions = decisions_of(recorded["model"])
        found = decisions.evaluate(recorded["decision"], given, now=NOW).answered
    except (EngineError, ValueError, EvaluationFailure):
        assert recorded["rows"] is None
    else:
        assert recorded["rows"] is not None
        assert [as_answered(row) for row in found] == recorded["rows"]


def test_there_are_recorded_evaluations_of_every_model():
    assert {case["model"] for case in RECORDED} == {
        path.name for path in (HERE / "models").iterdir()
    }
