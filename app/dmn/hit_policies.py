"""Which of the rules that match make the result, and what aggregators make of their values.

Source: DMN 1.3 §8.2.10; Camunda 7 ``UniqueHitPolicyHandler``, ``AnyHitPolicyHandler``,
``AbstractCollectNumberHitPolicyHandler``.
"""

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from app.expressions.values import Integer

from .conversion import parse_double, parse_integer
from .errors import HitPolicyError
from .model import Aggregator, DecisionTable, HitPolicy, Output
from .results import Row
from .values import Value, java_text, shown


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches, with the outputs that it has an entry for."""

    rule_id: str
    outputs: tuple[tuple[Output, Value], ...]

    @property
    def row(self) -> Row:
        """The outputs by name."""
        return {output.name: value for output, value in self.outputs}


@dataclass(frozen=True, slots=True)
class Collected:
    """The result of an aggregator; without value, the matches stand for themselves."""

    name: str | None
    value: Value | None


def select(table: DecisionTable, matches: Sequence[Match]) -> Sequence[Match]:
    """The matches that count.

    Raises:
        HitPolicyError: there are more than the policy allows, or they contradict each other.
    """
    if table.hit_policy is HitPolicy.UNIQUE:
        if len(matches) > 1:
            raise HitPolicyError(
                "DMN-03001 Hit policy 'UNIQUE' only allows a single rule to match. Actually match "
                f"rules: '{_shown_matches(matches)}'."
            )
    elif table.hit_policy is HitPolicy.FIRST:
        return matches[:1]
    # The outputs of every match have been evaluated by then, so that a broken one fails here too.
    elif table.hit_policy is HitPolicy.ANY:
        if any(not _are_equal(matches[0], other) for other in matches[1:]):
            raise HitPolicyError(
                "DMN-03002 Hit policy 'ANY' only allows multiple matching rules with equal output. "
                f"Matching rules: '{_shown_matches(matches)}'."
            )
        return matches[:1]
    return matches


def aggregate(aggregator: Aggregator, matches: Sequence[Match]) -> Collected:
    """Make one value of the outputs of all matches; outputs without entry do not count.

    Raises:
        HitPolicyError: a rule has several outputs, or a value is no number.
    """
    values = []
    for match in matches:
        # Found at evaluation, for a rule may leave its other outputs without entry.
        if len(match.outputs) > 1:
            raise HitPolicyError(
                f"DMN-03003 Unable to execute aggregation '{aggregator.value}' on compound "
                f"decision output '{_shown_outputs(match)}'. Only one output entry allowed."
            )
        values += [value for _, value in match.outputs]
    name = next((output.name for match in matches for output, _ in match.outputs), None)
    if aggregator is Aggregator.COUNT:
        # COUNT counts null entries; the other aggregators fail for them.
        return Collected(name, Value("Integer", Integer(len(values))))
    return Collected(name, _calculate(aggregator, values) if values else None)


def _are_equal(first: Match, other: Match) -> bool:
    """Java's ``equals``: a Long is no Double, even if both are 1."""
    return len(first.outputs) == len(other.outputs) and all(
        a[0] is b[0] and _same(a[1], b[1])
        for a, b in zip(first.outputs, other.outputs, strict=True)
    )


def _same(left: object, right: object) -> bool:
    # The exact type, for 1, 1.0 and True are equal to Python.
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(_same, left, right))
    return left == right


def _calculate(aggregator: Aggregator, values: Sequence[Value]) -> Value:
    """The value in the first type of Integer, Long and Double that all values have."""
    # In this order: whole numbers stay whole, and one fraction makes all untyped ones Double.
    for type_, number_of in _KINDS:
        numbers = [number for value in values if (number := number_of(value)) is not None]
        if len(numbers) == len(values):
            return Value(type_, _OPERATIONS[type_][aggregator](numbers))
    listed = ", ".join(map(shown, values))
    raise HitPolicyError(
        f"DMN-03004 Unable to convert value '[{listed}]' to a support aggregatable type '[class "
        "java.lang.Integer, class java.lang.Long, class java.lang.Double]'."
    )


def _integer(value: Value) -> float | None:
    return value.value if isinstance(value.value, Integer) else None


def _long(value: Value) -> float | None:
    """The Long of a value; an untyped one counts by its text, so the String ``7`` too."""
    if value.type is None:
        return parse_integer(java_text(value.value), bits=64)
    return value.value if value.type == "Long" and isinstance(value.value, int) else None


def _double(value: Value) -> float | None:
    if value.type is None:
        return parse_double(java_text(value.value))
    return value.value if value.type == "Double" and isinstance(value.value, float) else None


def _total(numbers: list[float], bits: int) -> int:
    """A sum that runs over as it does in Java."""
    # Java's addition of integers has no overflow error.
    half: int = 2 ** (bits - 1)
    return (int(reduce(operator.add, numbers)) + half) % (2 * half) - half


def _order(number: float) -> tuple[bool, float, float]:
    """Java's order of doubles: NaN is the greatest, the negative zero below the positive one."""
    return number != number, number if number == number else 0.0, math.copysign(1.0, number)


_Operation = Callable[[list[float]], float]
_KINDS: tuple[tuple[str, Callable[[Value], float | None]], ...] = (
    ("Integer", _integer),
    ("Long", _long),
    ("Double", _double),
)
_OPERATIONS: dict[str, dict[Aggregator, _Operation]] = {
    "Integer": {
        Aggregator.SUM: lambda numbers: Integer(_total(numbers, 32)),
        Aggregator.MIN: min,
        Aggregator.MAX: max,
    },
    "Long": {
        Aggregator.SUM: lambda numbers: _total(numbers, 64),
        Aggregator.MIN: min,
        Aggregator.MAX: max,
    },
    "Double": {
        Aggregator.SUM: lambda numbers: reduce(operator.add, numbers),  # sum corrects rounding
        Aggregator.MIN: lambda numbers: min(numbers, key=_order),
        Aggregator.MAX: lambda numbers: max(numbers, key=_order),
    },
}


def _shown_matches(matches: Sequence[Match]) -> str:
    listed = ", ".join(
        f"DmnEvaluatedDecisionRuleImpl{{id='{match.rule_id}', "
        f"outputEntries={_shown_outputs(match)}}}"
        for match in matches
    )
    return f"[{listed}]"


def _shown_outputs(match: Match) -> str:
    listed = ", ".join(
        f"{_or_null(output.name)}=DmnEvaluatedOutputImpl{{id='{output.id}', "
        f"name='{_or_null(output.label)}', outputName='{_or_null(output.name)}', "
        f"value={shown(value)}}}"
        for output, value in match.outputs
    )
    return f"{{{listed}}}"


def _or_null(text: str | None) -> str:
    return "null" if text is None else text
