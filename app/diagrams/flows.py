"""Drawing flows and associations.

Source: BPMN 2.0.2 §7.5, §10.3.1 (default and conditional flows), §9.4 (message flows), §10.4.2.
"""

from . import icons
from .geometry import Point, middle, pair, polygon, rounded
from .layout import Edge
from .markup import INK, SURFACE, Svg, add

_ROUND = 5.0
_HEAD = 10.0  # the length of an arrow
_SLOPE = 0.5
_DOTS = "0 5"


def flow(parent: Svg, edge: Edge, *, width: float = 2.0) -> None:
    """Draw a flow or an association.

    Args:
        width: of the line.
    """
    kind = edge.element.kind
    if kind == "sequenceFlow":
        _sequence(parent, edge, width)
    elif kind == "messageFlow":
        _message(parent, edge, width)
    else:
        _association(parent, edge, width)


def _line(parent: Svg, points: tuple[Point, ...], **attributes: object) -> None:
    add(parent, "path", d=rounded(points, _ROUND), **attributes)


def _sequence(parent: Svg, edge: Edge, width: float) -> None:
    points, traits = edge.points, edge.element.traits
    tip, before = points[-1], points[-2]
    # the line ends inside of the arrow, so that it does not stand out of its tip
    _line(parent, (*points[:-1], tip.towards(before, _HEAD / 2)), stroke_width=width)
    add(parent, "path", d=_head(tip, before), fill=INK, stroke_width=0.8)
    if "conditional" in traits:
        _diamond(parent, points[0], points[1])
    if "default" in traits:
        _slash(parent, points[0], points[1])


def _head(tip: Point, before: Point) -> str:
    """An arrow that points from a place to its tip."""
    foot = tip.towards(before, _HEAD)
    return polygon((tip, foot.offset(tip, _HEAD * _SLOPE), foot.offset(tip, -_HEAD * _SLOPE)))


def _diamond(parent: Svg, start: Point, after: Point) -> None:
    center, end = start.towards(after, 8), start.towards(after, 16)
    corners = (start, center.offset(after, 5), end, center.offset(after, -5))
    add(parent, "path", d=polygon(corners), fill=SURFACE, class_="d-surface", stroke_width=1.25)


def _slash(parent: Svg, start: Point, after: Point) -> None:
    near, far = start.towards(after, 6), start.towards(after, 11)
    a, b = near.offset(after, 5.5), far.offset(after, -5.5)
    add(parent, "path", d=f"M{pair(a)}L{pair(b)}", stroke_width=2)


def _message(parent: Svg, edge: Edge, width: float) -> None:
    points = edge.points
    start, tip, before = points[0], points[-1], points[-2]
    line = (start.towards(points[1], 4), *points[1:-1], tip.towards(before, _HEAD))
    _line(parent, line, stroke_width=min(width, 1.5), stroke_dasharray="10 8")
    open_ = {"fill": SURFACE, "class_": "d-surface", "stroke_width": 1.25}
    add(parent, "circle", cx=start.x, cy=start.y, r=4.5, **open_)
    add(parent, "path", d=_head(tip, before), **open_)
    if edge.envelope:
        is_filled = edge.envelope == "non_initiating"
        icons.stamp(parent, icons.TRIGGERS["message"], middle(points), is_filled=is_filled)


def _association(parent: Svg, edge: Edge, width: float) -> None:
    points, traits = edge.points, edge.element.traits
    _line(parent, points, stroke_width=width, stroke_dasharray=_DOTS)
    # Associations of data always have an arrow: data flows one way.
    is_data = edge.element.kind != "association"
    if is_data or traits & {"direction-one", "direction-both"}:
        _open_head(parent, points[-1], points[-2])
    if "direction-both" in traits:
        _open_head(parent, points[0], points[1])


def _open_head(parent: Svg, tip: Point, before: Point) -> None:
    foot = tip.towards(before, 8)
    wings = foot.offset(tip, 5), foot.offset(tip, -5)
    add(parent, "path", d=f"M{pair(wings[0])}L{pair(tip)}L{pair(wings[1])}", stroke_width=1.5)
