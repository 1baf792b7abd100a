"""Drawing events.

Source: BPMN 2.0.2 §10.5 (start thin, intermediate double, end thick; dashed: not interrupting).
"""

from . import icons
from .geometry import Point
from .layout import Shape
from .markup import Svg, add
from .paint import surface

_RING = 3.0  # between the two lines of an intermediate event
_LINES = {"startEvent": 2.0, "endEvent": 4.0}
_NORMAL = 36.0  # the diameter that the signs are made for


def event(parent: Svg, shape: Shape) -> None:
    """Draw an event: its circle and the sign of what triggers it."""
    element, center = shape.element, shape.box.center
    radius = min(shape.box.width, shape.box.height) / 2
    dashes = "6 4" if "non-interrupting" in element.traits else None
    line = _LINES.get(element.kind, 1.6)
    _circle(parent, shape, center, radius, dashes, line)
    if element.kind not in ("startEvent", "endEvent"):
        # A file may give any size, and a negative radius is no SVG.
        inner = max(radius - _RING, 0)
        add(
            parent, "circle", cx=center.x, cy=center.y, r=inner,
            stroke_width=line, stroke_dasharray=dashes,
        )  # fmt: skip
    _sign(parent, shape, center, radius)


def _circle(
    parent: Svg, shape: Shape, center: Point, radius: float, dashes: str | None, line: float
) -> None:
    add(
        parent, "circle", cx=center.x, cy=center.y, r=radius,
        stroke_width=line, stroke_dasharray=dashes, **surface(shape.look),
    )  # fmt: skip


def _sign(parent: Svg, shape: Shape, center: Point, radius: float) -> None:
    triggers, traits = shape.element.triggers, shape.element.traits
    if not triggers:
        return
    name = triggers[0]
    if len(triggers) > 1:
        name = "parallel" if "parallel" in traits else "multiple"
    icon = icons.TRIGGERS.get(name)
    if icon is not None:
        is_filled = "throwing" in traits
        icons.stamp(parent, icon, center, scale=radius * 2 / _NORMAL, is_filled=is_filled)
