"""The signs of events, tasks and their markers, each around the origin.

Source: BPMN 2.0.2 §10.3 (tasks and markers), §10.5 (event definitions), §10.6 (gateways).
"""

import math
from dataclasses import dataclass

from .geometry import Point, polygon
from .markup import INK, SURFACE, Svg, add


@dataclass(frozen=True, slots=True)
class Icon:
    """A sign.

    Attributes:
        body: what is filled when the sign is: of what throws.
        lines: what is drawn over it.
        solid: what is filled always.
    """

    body: str = ""
    lines: str = ""
    solid: str = ""
    width: float = 1.25


def stamp(parent: Svg, icon: Icon, at: Point, *, scale: float = 1, is_filled: bool = False) -> None:
    """Draw a sign at a place."""
    place = add(
        parent,
        "g",
        transform=f"translate({at.x:.1f} {at.y:.1f}) scale({scale:.2f})",
        stroke_width=icon.width,
    )
    if icon.body:
        surface = None if is_filled else "d-surface"
        add(place, "path", d=icon.body, fill=INK if is_filled else SURFACE, class_=surface)
    if icon.solid:
        add(place, "path", d=icon.solid, fill=INK)
    if icon.lines:
        # on a filled body the lines are cut out
        ink = {"stroke": SURFACE, "class_": "d-cut"} if is_filled and icon.body else {}
        add(place, "path", d=icon.lines, **ink)


def _ring(radius: float, corners: int, turned: float = 0.0) -> list[Point]:
    angles = [turned + 2 * math.pi * n / corners - math.pi / 2 for n in range(corners)]
    return [Point(radius * math.cos(a), radius * math.sin(a)) for a in angles]


def circle(radius: float) -> str:
    """The path of a circle around the origin."""
    arc = f"a{radius} {radius} 0 1 0"
    return f"M{-radius} 0{arc} {2 * radius} 0{arc} {-2 * radius} 0Z"


def _ticks(inner: float, outer: float, count: int) -> str:
    pairs = zip(_ring(inner, count), _ring(outer, count), strict=True)
    return "".join(f"M{a.x:.1f} {a.y:.1f}L{b.x:.1f} {b.y:.1f}" for a, b in pairs)


def _gear(outer: float, inner: float, teeth: int) -> str:
    """A wheel: each tooth has two corners outside and two at its foot."""
    step = 2 * math.pi / teeth
    corners = []
    for n in range(teeth):
        for radius, turn in ((inner, -0.32), (outer, -0.2), (outer, 0.2), (inner, 0.32)):
            angle = (n + turn) * step
            corners.append(Point(radius * math.cos(angle), radius * math.sin(angle)))
    return polygon(corners)


_ENVELOPE = Icon(body="M-9.5-6.5H9.5V6.5H-9.5Z", lines="M-9.5-6.5 0 1.5 9.5-6.5")
_REWIND = Icon(body="M-.5-7V7L-10 0ZM9.5-7V7L0 0Z")
_CROSS = "M-8.5-6-6-8.5 0-2.5 6-8.5 8.5-6 2.5 0 8.5 6 6 8.5 0 2.5-6 8.5-8.5 6-2.5 0Z"
_PLUS = "M-2-9H2V-2H9V2H2V9H-2V2H-9V-2H-2Z"

TRIGGERS = {
    "message": _ENVELOPE,
    "timer": Icon(body=circle(11), lines=f"{_ticks(8.5, 11, 12)}M0-7.5V0L5 2.5", width=1.5),
    "error": Icon(body="M-9 9-4-8 3 2 9-9 4.5 8.5-3-1.5Z"),
    "escalation": Icon(body="M0-10 7.5 9 0 1.5-7.5 9Z"),
    "signal": Icon(body="M0-9.5 9.5 7.5H-9.5Z"),
    "compensate": _REWIND,
    "conditional": Icon(
        body="M-7-9.5H7V9.5H-7Z", lines="M-4.5-6H4.5M-4.5-2H4.5M-4.5 2H4.5M-4.5 6H4.5"
    ),
    "link": Icon(body="M-9.5-4H2V-8.5L10.5 0 2 8.5V4H-9.5Z"),
    "cancel": Icon(body=_CROSS),
    "terminate": Icon(solid=circle(10.5)),
    "multiple": Icon(body=polygon(_ring(10.5, 5))),
    "parallel": Icon(body=_PLUS),
}

TASKS = {
    "userTask": Icon(
        body="M-8.5 9V5.5C-8.5 2.5-6 1-3 .5C-5.5-3.5-4.5-9 0-9S5.5-3.5 3 .5C6 1 8.5 2.5 8.5 5.5V9Z",
        lines="M-4.5 9V5.5M4.5 9V5.5M-3 .5C-1.5 3 1.5 3 3 .5",
        solid="M-4-4.5C-4-8-2-9 0-9S4-8 4-4.5C2-6.5 0-4.5-1.5-6C-2.5-5.5-3.5-5-4-4.5Z",
        width=1,
    ),
    "manualTask": Icon(
        body="M-9.5-1.5C-9-3-5-7-3.5-7.5H1C2.5-7.5 2.5-5.5 1-5.5H-1.5H7.5C9.5-5.5 9.5-3 7.5-3"
        "H9C10.5-3 10.5-.5 9-.5H8C9.5-.5 9.5 2 8 2H6.5C8 2 8 4.5 6.5 4.5H-6C-8 4.5-9.5 3-9.5 1Z",
        lines="M1-3H7.5M1-.5H8M1 2H6.5",
        width=1,
    ),
    "serviceTask": Icon(body=_gear(9, 6.4, 8), lines=circle(3.1), width=1.1),
    "scriptTask": Icon(
        body="M-4-9H8.5C3-4 3.5-2 6 1.5C8 4.5 7.5 7 4 9H-8.5C-4.5 6.5-4 4-6.5 1C-9.5-3-8-6-4-9Z",
        lines="M-3.5-5H2.5M-5-1.5H1.5M-3 2H4M-2.5 5.5H4.5",
        width=1,
    ),
    "sendTask": _ENVELOPE,
    "receiveTask": _ENVELOPE,
    "businessRuleTask": Icon(
        body="M-10-7H10V7.5H-10Z",
        lines="M-10-2H10M-10 2.8H10M-4-2V7.5",
        solid="M-10-7H10V-2H-10Z",
        width=1,
    ),
}

MARKERS = {  # at the lower edge of activities, from left to right
    "loop": Icon(lines="M-2.2 6A6 6 0 1 1 2.5 5.7M-6.5 6H-2V1.8", width=1.6),
    "parallel": Icon(lines="M-5-6.5V6.5M0-6.5V6.5M5-6.5V6.5", width=2.4),
    "sequential": Icon(lines="M-6.5-5H6.5M-6.5 0H6.5M-6.5 5H6.5", width=2.4),
    "compensation": Icon(body="M-.5-5.5V5.5L-8 0ZM7.5-5.5V5.5L0 0Z", width=1.4),
    "adHocSubProcess": Icon(
        solid="M-7 1.5C-5-3.5-2-3.5 0-1S5 1 7-2.5V1C5 5 2 4.5 0 2S-5 .5-7 4.5Z", width=0.5
    ),
    "collapsed": Icon(body="M-7-7H7V7H-7Z", lines="M-4.2 0H4.2M0-4.2V4.2", width=1.5),
}

GATEWAYS = {
    "exclusiveGateway": Icon(
        solid="M-8-10H-4.6L0-3.2 4.6-10H8L2 0 8 10H4.6L0 3.2-4.6 10H-8L-2 0Z", width=0.6
    ),
    "parallelGateway": Icon(
        solid="M-2.2-12H2.2V-2.2H12V2.2H2.2V12H-2.2V2.2H-12V-2.2H-2.2Z", width=0.5
    ),
    "inclusiveGateway": Icon(body=circle(11.5), width=2.6),
    "complexGateway": Icon(
        lines="M0-12.5V12.5M-12.5 0H12.5M-8.8-8.8 8.8 8.8M8.8-8.8-8.8 8.8", width=3.6
    ),
}
COLLECTION = Icon(lines="M-4-5V5M0-5V5M4-5V5", width=2)
ARROW = Icon(body="M-8-3H1V-7L8.5 0 1 7V3H-8Z", width=1.2)
