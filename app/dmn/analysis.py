"""The static analysis of decision tables: rules that never match, gaps, overlaps.

Tables are looked at whose conditions are constants, comparisons and intervals; the work for one
table is bounded, and what a very large table would cost more is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .domains import Axis, parse_condition
from .languages import is_feel
from .model import Decision, DecisionTable, Definitions, HitPolicy

# Somewhat above the pairs of a thousand rules: tables of that size are analysed whole.
MOST_PAIRS = 600_000  # of rules in a table that are compared
MOST_STEPS = 200_000  # pieces of what is left that a rule is taken from
# Each rule can part a piece in as many as there are inputs, so their number may multiply.
MOST_PIECES = 10_000  # into which what is left of the values may fall
LONGEST_SHOWN = 500  # characters of the values in a message
MOST_FINDINGS = 20  # of each kind in a table
_WHOLE = ("integer", "long")

# One number an axis, whose bits are the cuts: `&` intersects two rules in one step.
_Box = tuple[int, ...]  # the inputs that a rule matches: the cuts of each axis


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of the analysis.

    Attributes:
        decision: the key of the decision.
        kind: ``unreachable``, ``overlap`` or ``gap``.
        rules: the numbers of the rules, counted from 1; none for a gap.
    """

    decision: str
    kind: str
    rules: tuple[int, ...]
    message: str


class _Exhausted(Exception):
    """A question would take too many steps."""


class _Steps:
    """Counts the steps of one question."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, count: int = 1) -> None:
        self._left -= count
        if self._left < 0:
            raise _Exhausted


def analyse(definitions: Definitions) -> list[Finding]:
    """Look at every table of a file."""
    findings = []
    for decision in definitions.decisions.values():
        if isinstance(decision.logic, DecisionTable):
            findings += _analyse_table(decision, decision.logic)
    return findings


def _analyse_table(decision: Decision, table: DecisionTable) -> list[Finding]:
    axes = _axes(table)
    # One cell that is not plain makes the whole table unknown: a gap could be what that cell
    # matches.
    if axes is None:
        return []
    boxes = _boxes(table, axes)
    questions = [_unreachable(decision, table, boxes)]
    # Other policies allow overlaps, and may leave gaps on purpose.
    if table.hit_policy is HitPolicy.UNIQUE:
        questions += [_overlaps(decision, boxes), _gaps(decision, table, axes, boxes)]
    findings = []
    for question in questions:
        try:
            # The range stands first: the other way round one finding more would be computed.
            for _, finding in zip(range(MOST_FINDINGS), question, strict=False):
                findings.append(finding)
        # The findings until then stand; the rest stays unknown.
        except _Exhausted:
            continue
    return findings


def _axes(table: DecisionTable) -> list[Axis] | None:
    """The values of each input; None where a condition is not as plain as it must be."""
    axes = []
    for number, column in enumerate(table.inputs):
        texts = [rule.conditions[number] for rule in table.rules]
        conditions = [parse_condition(t.content or "") if is_feel(t) else None for t in texts]
        known = [condition for condition in conditions if condition is not None]
        # Only all conditions together cut the axis in the right places.
        if len(known) < len(texts):
            return None
        try:
            axes.append(Axis(known, is_whole=(column.type_name or "").lower() in _WHOLE))
        # TypeError where Python does not order the constants, as dates and timestamps.
        except (ValueError, TypeError):
            return None
    return axes


def _boxes(table: DecisionTable, axes: Sequence[Axis]) -> list[_Box]:
    boxes = []
    for rule in table.rules:
        conditions = [parse_condition(text.content or "") for text in rule.conditions]
        boxes.append(
            tuple(
                axis.cuts(condition)
                for axis, condition in zip(axes, conditions, strict=True)
                if condition is not None
            )
        )
    return boxes


def _unreachable(
    decision: Decision, table: DecisionTable, boxes: Sequence[_Box]
) -> Iterator[Finding]:
    """Rules that no values match, and with FIRST those that earlier ones leave nothing."""
    steps = _Steps(MOST_STEPS)
    for number, box in enumerate(boxes, start=1):
        if not all(box):
            message = f"Rule {number} never matches: no value meets its conditions."
            yield Finding(decision.key, "unreachable", (number,), message)
        elif table.hit_policy is HitPolicy.FIRST:
            # With the other policies a covered rule still counts among those that match.
            earlier = [other for other in boxes[: number - 1] if all(other)]
            if _is_covered(box, earlier, steps):
                message = f"Rule {number} is never reached: earlier rules match all of its values."
                yield Finding(decision.key, "unreachable", (number,), message)


def _is_covered(box: _Box, others: Sequence[_Box], steps: _Steps) -> bool:
    """Whether every value in a box is in one of the others."""
    rest = [box]
    for other in others:
        steps.take(len(rest))
        rest = [piece for part in rest for piece in _without(part, other)]
        if not rest:
            return True
        _refuse_many(rest)
    return False


def _refuse_many(pieces: Sequence[_Box]) -> None:
    if len(pieces) > MOST_PIECES:
        raise _Exhausted


def _without(box: _Box, other: _Box) -> Iterator[_Box]:
    """The parts of a box that lie outside of another one."""
    common = tuple(a & b for a, b in zip(box, other, strict=True))
    if not all(common):
        yield box
        return
    # Cut off axis by axis, so that no two pieces overlap.
    for number, (cuts, shared) in enumerate(zip(box, common, strict=True)):
        if cuts & ~shared:
            yield (*common[:number], cuts & ~shared, *box[number + 1 :])


def _overlaps(decision: Decision, boxes: Sequence[_Box]) -> Iterator[Finding]:
    """Pairs of rules that match the same values."""
    steps = _Steps(MOST_PAIRS)
    for number, box in enumerate(boxes, start=1):
        for other_number, other in enumerate(boxes[number:], start=number + 1):
            steps.take()
            if all(a & b for a, b in zip(box, other, strict=True)):
                message = f"Rules {number} and {other_number} match the same values."
                yield Finding(decision.key, "overlap", (number, other_number), message)


def _gaps(
    decision: Decision, table: DecisionTable, axes: Sequence[Axis], boxes: Sequence[_Box]
) -> Iterator[Finding]:
    """Values that no rule matches."""
    steps = _Steps(MOST_STEPS)
    rest = [tuple(axis.all for axis in axes)]
    for box in boxes:
        if all(box):
            steps.take(len(rest))
            rest = [piece for part in rest for piece in _without(part, box)]
            _refuse_many(rest)
    for gap in rest:
        values = "; ".join(
            f"{column.label or (column.expression.content or '').strip()}: {axis.text(cuts)}"
            for column, axis, cuts in zip(table.inputs, axes, gap, strict=True)
        )
        shown = values if len(values) <= LONGEST_SHOWN else f"{values[:LONGEST_SHOWN]}…"
        yield Finding(decision.key, "gap", (), f"No rule matches these values: {shown}.")
