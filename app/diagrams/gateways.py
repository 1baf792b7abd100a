"""Drawing gateways.

Source: BPMN 2.0.2 §10.6.
"""

from . import icons
from .geometry import Box, Point, polygon
from .layout import Shape
from .markup import Svg, add
from .paint import surface

_NORMAL = 50.0  # the width that the signs are made for


def diamond(box: Box) -> str:
    """The path of a diamond that fills a box."""
    center = box.center
    return polygon(
        (
            Point(center.x, box.y),
            Point(box.right, center.y),
            Point(center.x, box.bottom),
            Point(box.x, center.y),
        )
    )


def gateway(parent: Svg, shape: Shape) -> None:
    """Draw a gateway; an exclusive one has its cross only where the file shows it."""
    element, box = shape.element, shape.box
    add(parent, "path", d=diamond(box), **surface(shape.look))
    scale = min(box.width, box.height) / _NORMAL
    if element.kind == "eventBasedGateway":
        _event_based(parent, shape, scale)
    elif element.kind != "exclusiveGateway" or shape.has_marker:
        icons.stamp(parent, icons.GATEWAYS[element.kind], box.center, scale=scale)


def _event_based(parent: Svg, shape: Shape, scale: float) -> None:
    center, traits = shape.box.center, shape.element.traits
    add(parent, "circle", cx=center.x, cy=center.y, r=13.5 * scale, stroke_width=1)
    is_parallel = "parallel" in traits
    if "instantiating" not in traits:
        add(parent, "circle", cx=center.x, cy=center.y, r=11 * scale, stroke_width=1)
    icon = icons.TRIGGERS["parallel" if is_parallel else "multiple"]
    icons.stamp(parent, icon, center, scale=0.8 * scale)
