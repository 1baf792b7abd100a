"""Points, boxes and lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Point(NamedTuple):
    """A place in the drawing."""

    x: float
    y: float

    def towards(self, other: Point, distance: float) -> Point:
        """The point at a distance on the way to another; the point itself when they are one."""
        length = math.dist(self, other)
        if not length:
            return self
        share = distance / length
        return Point(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)

    def offset(self, other: Point, distance: float) -> Point:
        """The point at a distance to the left of the way to another."""
        # Two points in one place have no left; any will do, but none may divide by zero.
        length = math.dist(self, other) or 1
        return Point(
            self.x + (other.y - self.y) / length * distance,
            self.y - (other.x - self.x) / length * distance,
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def grown(self, by: float) -> Box:
        """The box with a margin; one that shrinks to less than nothing is empty."""
        width, height = max(self.width + 2 * by, 0), max(self.height + 2 * by, 0)
        center = self.center
        return Box(center.x - width / 2, center.y - height / 2, width, height)

    def moved(self, x: float, y: float) -> Box:
        return Box(self.x + x, self.y + y, self.width, self.height)


def around(points: Iterable[Point], boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them; there is at least one."""
    found = list(points)
    for box in boxes:
        found += [Point(box.x, box.y), Point(box.right, box.bottom)]
    left, top = min(p.x for p in found), min(p.y for p in found)
    return Box(left, top, max(p.x for p in found) - left, max(p.y for p in found) - top)


def number(value: float) -> str:
    """A coordinate as SVG writes it, as short as it can be."""
    # Two digits: a hundredth of a pixel is not visible, and a path has thousands of numbers.
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def pair(point: Point) -> str:
    """A point in a path."""
    return f"{number(point.x)} {number(point.y)}"


def polygon(points: Iterable[Point]) -> str:
    """The path of a closed figure."""
    return f"M{' '.join(map(pair, points))}Z"


def rounded(points: Sequence[Point], radius: float) -> str:
    """The path of a line whose corners are round."""
    parts = [f"M{pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        # Half of a side at most, or two corners would overlap.
        reach = min(radius, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        start, end = corner.towards(before, reach), corner.towards(after, reach)
        parts.append(f"L{pair(start)}Q{pair(corner)} {pair(end)}")
    parts.append(f"L{pair(points[-1])}")
    return "".join(parts)


def middle(points: Sequence[Point]) -> Point:
    """The point at half the length of a line."""
    remaining = sum(math.dist(*ends) for ends in pairwise(points)) / 2
    for start, end in pairwise(points):
        length = math.dist(start, end)
        if length >= remaining:
            return start.towards(end, remaining)
        remaining -= length
    return points[-1]
