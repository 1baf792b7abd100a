"""Conditions that are plain enough to reason about: constants, comparisons and intervals.

Source: DMN 1.3 §10.3.1.2, grammar rules 7 to 15 (unary tests).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

Constant = Any  # values of one kind, which Python orders: Decimal, datetime, date, str or bool

# No escapes in texts: what FEEL makes of them is not needed for a plain cell.
_CONSTANT = (
    r'(?:-?[0-9]+(?:\.[0-9]+)?|-?\.[0-9]+|"[^"\\\x00-\x1f]*"|true|false'
    r'|date and time\(\s*"[^"\\]*"\s*\)|date\(\s*"[^"\\]*"\s*\))'
)
_ITEM = re.compile(
    rf"\s*(?:(?P<operator><=|>=|<|>)\s*(?P<bound>{_CONSTANT})"
    rf"|(?P<opening>[\[\](])\s*(?P<low>{_CONSTANT})\s*\.\.\s*(?P<high>{_CONSTANT})"
    rf"\s*(?P<closing>[\[\])])|(?P<constant>{_CONSTANT}))\s*(?:,|$)"
)
_NEGATION = re.compile(r"\s*not\s*\((.*)\)\s*", re.DOTALL)
_QUOTED = re.compile(r'"(.*)"', re.DOTALL)
# Beyond these the way of the language itself is as fast, and has limits of its own.
MOST_ITEMS = 100  # of one condition
LONGEST = 1_000  # characters of one condition


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of values; None is no end. A constant is the interval of itself."""

    low: Constant | None
    high: Constant | None
    has_low: bool = True
    has_high: bool = True

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high and self.has_low and self.has_high

    def contains(self, value: Constant) -> bool:
        """Whether a value of the kind of the ends lies between them."""
        is_above = self.low is None or (value >= self.low if self.has_low else value > self.low)
        if not is_above:
            return False
        is_below = self.high is None or (value <= self.high if self.has_high else value < self.high)
        return bool(is_below)


@dataclass(frozen=True, slots=True)
class Condition:
    """The intervals that a value must be in one of, or in none."""

    intervals: tuple[Interval, ...]
    is_negated: bool = False

    @property
    def kind(self) -> type | None:
        """The type of all constants: Decimal, str or bool; None where it is not as plain.

        A negated Boolean is not: FEEL reads ``not(true)`` as an expression, not as a test.
        """
        kinds = {type(e) for i in self.intervals for e in (i.low, i.high) if e is not None}
        # Numbers alone are ordered in the same way by Python and by FEEL; a text has only its
        # equals here.
        if kinds == {Decimal}:
            return Decimal
        if kinds == {bool} and self.is_negated:
            return None
        is_plain = len(kinds) == 1 and kinds <= {str, bool} and all(map(_is_point, self.intervals))
        return kinds.pop() if is_plain else None

    def holds(self, value: Constant) -> bool:
        """Whether a value of the kind of the condition meets it."""
        for interval in self.intervals:
            if interval.contains(value):
                return not self.is_negated
        return self.is_negated


def _is_point(interval: Interval) -> bool:
    return interval.is_point


def parse_condition(text: str) -> Condition | None:
    """The intervals of a condition in FEEL; None where it is not as plain as that."""
    stripped = text.strip()
    if len(stripped) > LONGEST:
        return None
    # None of no intervals is everything.
    if stripped in ("", "-"):
        return Condition((), is_negated=True)
    negation = _NEGATION.fullmatch(stripped)
    try:
        intervals = tuple(_intervals(negation[1] if negation else stripped))
    except ValueError:
        return None
    return Condition(intervals, is_negated=negation is not None)


def _intervals(text: str) -> Iterator[Interval]:
    position = 0
    for _ in range(MOST_ITEMS):
        item = _ITEM.match(text, position)
        if item is None:
            break
        yield _interval(item)
        position = item.end()
        if position == len(text) and not item[0].endswith(","):
            return
    raise ValueError(text)


def _interval(item: re.Match[str]) -> Interval:
    if item["constant"] is not None:
        constant = _constant(item["constant"])
        return Interval(constant, constant)
    if item["operator"] is not None:
        bound, is_closed = _constant(item["bound"]), item["operator"].endswith("=")
        if item["operator"].startswith("<"):
            return Interval(None, bound, has_high=is_closed)
        return Interval(bound, None, has_low=is_closed)
    # `]1..5[` and `(1..5)` are the same: all that is not closed is open.
    low, high = _constant(item["low"]), _constant(item["high"])
    return Interval(low, high, item["opening"] == "[", item["closing"] == "]")


def _constant(text: str) -> Constant:
    if text in ("true", "false"):
        return text == "true"
    quoted = _QUOTED.search(text)
    if quoted is None:
        return Decimal(text)
    if text.startswith('"'):
        return quoted[1]
    if text.startswith("date and time"):
        timestamp = datetime.fromisoformat(quoted[1])
        # A column may have both kinds, and Python orders no naive one with an aware one.
        return timestamp.replace(tzinfo=UTC) if timestamp.tzinfo is None else timestamp
    return date.fromisoformat(quoted[1])


class Axis:
    """The values of one input, cut where the conditions of its column begin and end.

    Sets of cuts are the bits of a number, so that they are intersected at once.

    Attributes:
        all: every cut.
    """

    def __init__(self, conditions: Sequence[Condition], *, is_whole: bool) -> None:
        intervals = [interval for condition in conditions for interval in condition.intervals]
        ends = [end for i in intervals for end in (i.low, i.high) if end is not None]
        self.kinds = {type(end) for end in ends}
        self._is_discrete = self.kinds <= {str, bool}
        # Python would order a text and a number with an error, FEEL with null.
        if len(self.kinds) > 1 or (self._is_discrete and not all(i.is_point for i in intervals)):
            raise ValueError("conditions of different kinds")
        if bool in self.kinds and any(c.is_negated and c.intervals for c in conditions):
            raise ValueError("an expression")
        # Both, even where the column has only one: the other is a value too, and may be a gap.
        self._points = [False, True] if self.kinds == {bool} else sorted(set(ends))
        self._numbers = {point: number for number, point in enumerate(self._points)}
        self.all = self._all(is_whole)

    def _all(self, is_whole: bool) -> int:
        """Even cuts lie before the points and behind the last one, odd ones are the points."""
        count = len(self._points)
        if self.kinds == {bool}:
            # The points false and true: there is nothing around them.
            return 0b1010
        if self._is_discrete:  # all other values are one cut, behind the last
            return sum(1 << (2 * number + 1) for number in range(count)) | 1 << (2 * count)
        cuts = (1 << (2 * count + 1)) - 1
        if is_whole:
            # Between whole numbers that are neighbours lies nothing, so there is no gap to tell of.
            for number in range(1, count):
                if self._points[number] - self._points[number - 1] <= 1:
                    cuts &= ~(1 << (2 * number))
        return cuts

    def cuts(self, condition: Condition) -> int:
        """The cuts that meet a condition."""
        found = 0
        for interval in condition.intervals:
            low, high = interval.low, interval.high
            # A point has an odd number: a closed end takes it in, an open one stops before it.
            first = 0 if low is None else 2 * self._numbers[low] + 2 - interval.has_low
            last = 2 * len(self._points)
            if high is not None:
                last = 2 * self._numbers[high] + interval.has_high
            found |= (1 << (last + 1)) - (1 << first) if first <= last else 0
        return self.all & (~found if condition.is_negated else found)

    def text(self, cuts: int) -> str:
        """Cuts in the notation of unary tests."""
        if cuts == self.all:
            return "-"
        parts, number = [], 0
        while cuts >> number:
            start = number
            while cuts >> number & 1:
                number += 1
            if number > start:
                parts.append(self._range(start, number - 1))
            number += 1
        return ", ".join(parts)

    def _range(self, first: int, last: int) -> str:
        if self._is_discrete:
            return self._discrete(first)
        low = None if first == 0 else _shown(self._points[(first - 1) // 2])
        high = None if last == 2 * len(self._points) else _shown(self._points[last // 2])
        if first == last and first % 2:
            return str(low)
        if low is None:
            return f"{'<=' if last % 2 else '<'} {high}"
        if high is None:
            return f"{'>=' if first % 2 else '>'} {low}"
        return f"{'[' if first % 2 else '('}{low}..{high}{']' if last % 2 else ')'}"

    def _discrete(self, cut: int) -> str:
        if cut % 2:
            return _shown(self._points[cut // 2])
        return f"not({', '.join(map(_shown, self._points))})"


def _shown(constant: Constant) -> str:
    if isinstance(constant, bool):
        return str(constant).lower()
    if isinstance(constant, str):
        return f'"{constant}"'
    if isinstance(constant, datetime):
        return f'date and time("{constant.isoformat()}")'
    return f'date("{constant.isoformat()}")' if isinstance(constant, date) else str(constant)
