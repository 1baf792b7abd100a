"""Evaluate the decisions of a file in a test."""

from datetime import UTC, datetime

from app.dmn.evaluation import CompiledDecisions

from .conftest import read_dmn

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def evaluate(xml, key="k", **variables):
    """Evaluate a decision of a file."""
    compiled = CompiledDecisions(read_dmn(xml))
    return compiled.evaluate(key, variables, now=NOW)


def rows(xml, key="k", **variables):
    """The results of a decision, as plain values by output."""
    found = evaluate(xml, key, **variables).rows
    return [{name: value.value for name, value in row.items()} for row in found]


def result_of(xml, key="k", **variables):
    """The only output of the only result, with its type."""
    (row,) = evaluate(xml, key, **variables).rows
    (value,) = row.values()
    return value
