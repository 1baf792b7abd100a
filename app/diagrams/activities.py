"""Drawing tasks, call activities and sub-processes.

Source: BPMN 2.0.2 §10.3 (thick border: call; double: transaction; dotted: event sub-process).
"""

from . import icons
from .geometry import Box, Point
from .layout import SUB_PROCESSES, Shape
from .markup import Svg, add
from .paint import surface

_CORNER = 10.0
_GAP = 3.0  # between the two lines of a transaction
_STEP = 20.0  # from one marker to the next
_ORDER = ("loop", "parallel", "sequential", "adHocSubProcess", "compensation")


def activity(parent: Svg, shape: Shape) -> None:
    """Draw an activity: its border, the sign of its kind, its markers."""
    element, box = shape.element, shape.box
    # A call is told from a task by its border alone.
    border = 5.0 if element.kind == "callActivity" else 2.0
    dashes = "1 5" if "event" in element.traits else None
    _border(
        parent, box, _CORNER, stroke_width=border, stroke_dasharray=dashes, **surface(shape.look)
    )
    if element.kind == "transaction":
        _border(parent, box.grown(-_GAP), _CORNER - _GAP, stroke_width=1.5)
    icon = icons.TASKS.get(element.kind)
    # A plain task and a sub-process have none.
    if icon is not None:
        is_filled = element.kind == "sendTask"
        at = Point(box.x + 15, box.y + 14)
        icons.stamp(parent, icon, at, scale=0.9, is_filled=is_filled)
        if "instantiating" in element.traits:
            add(parent, "circle", cx=at.x, cy=at.y, r=11.5, stroke_width=1)
    _markers(parent, shape)


def _border(parent: Svg, box: Box, corner: float, **attributes: object) -> None:
    add(
        parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height,
        rx=corner, ry=corner, **attributes,
    )  # fmt: skip


def is_closed(shape: Shape) -> bool:
    """Whether an activity hides what is in it."""
    kind = shape.element.kind
    return kind == "callActivity" or (kind in SUB_PROCESSES and not shape.is_expanded)


def markers_of(shape: Shape) -> list[str]:
    """The names of the markers at the lower edge, from left to right."""
    found = [name for name in _ORDER if name in shape.element.traits]
    return [*found, "collapsed"] if is_closed(shape) else found


def _markers(parent: Svg, shape: Shape) -> None:
    names = markers_of(shape)
    x = shape.box.center.x - _STEP * (len(names) - 1) / 2
    for name in names:
        icons.stamp(parent, icons.MARKERS[name], Point(x, shape.box.bottom - 11), scale=0.95)
        x += _STEP
