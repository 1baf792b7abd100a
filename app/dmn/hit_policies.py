"""Which of the rules that match make the result, and what aggregators make of their values.

Source: DMN 1.3 §8.2.10; Camunda 7 ``UniqueHitPolicyHandler``, ``AnyHitPolicyHandler``,
``AbstractCollectNumberHitPolicyHandler``.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce

from app.expressions.values import Integer

from .errors import HitPolicyError
from .model import Aggregator, DecisionTable, HitPolicy, Output
from .results import Row
from .values import Value, shown


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches, with the outputs that it has an entry for.

    Attributes:
        order: the place of the rule in the table, counted from 1.
    """

    rule_id: str
    order: int
    outputs: tuple[tuple[Output, Value], ...]

    @property
    def row(self) -> Row:
        """The outputs by name."""
        return {output.name: value for output, value in self.outputs}


@dataclass(frozen=True, slots=True)
class Collected:
    """What an aggregator made; without value, the matches stand for themselves."""

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
        if len(match.outputs) > 1:
            raise HitPolicyError(
                f"DMN-03003 Unable to execute aggregation '{aggregator.value}' on compound "
                f"decision output '{_shown_outputs(match)}'. Only one output entry allowed."
            )
        values += [value for _, value in match.outputs]
    name = next((output.name for match in matches for output, _ in match.outputs), None)
    if aggregator is Aggregator.COUNT:
        return Collected(name, Value("Integer", Integer(len(values))))
    return Collected(name, _calculate(_NUMBERS[aggregator], values) if values else None)


def _are_equal(first: Match, other: Match) -> bool:
    """Java's ``equals``: a Long is no Double, even if both are 1."""
    return len(first.outputs) == len(other.outputs) and all(
        a[0] is b[0] and _same(a[1], b[1])
        for a, b in zip(first.outputs, other.outputs, strict=True)
    )


def _same(left: object, right: object) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(_same, left, right))
    return left == right


def _calculate(operation: "_Operation", values: Sequence[Value]) -> Value:
    for type_, bits in (("Integer", 32), ("Long", 64)):
        whole = [_whole(value, type_) for value in values]
        if None not in whole:
            result = operation([number for number in whole if number is not None])
            wrapped = (int(result) + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)  # as in Java
            return Value(type_, Integer(wrapped) if bits == 32 else wrapped)
    numbers = [_double(value) for value in values]
    if None not in numbers:
        return Value("Double", float(operation([n for n in numbers if n is not None])))
    listed = ", ".join(map(shown, values))
    raise HitPolicyError(
        f"DMN-03004 Unable to convert value '[{listed}]' to a support aggregatable type '[class "
        "java.lang.Integer, class java.lang.Long, class java.lang.Double]'."
    )


_Operation = Callable[[list[float]], float]
_NUMBERS: dict[Aggregator, _Operation] = {
    Aggregator.SUM: partial(reduce, operator.add),  # not sum, which corrects rounding errors
    Aggregator.MIN: min,
    Aggregator.MAX: max,
}


def _whole(value: Value, type_: str) -> int | None:
    """The number, where it is a whole one of that type; Long takes smaller untyped ones too."""
    number = value.value
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    if value.type is not None:
        return number if value.type == type_ else None
    return number if type_ == "Long" or isinstance(number, Integer) else None


def _double(value: Value) -> float | None:
    number = value.value
    if value.type not in (None, "Double") or isinstance(number, bool):
        return None
    return float(number) if isinstance(number, (int, float)) else None


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
