"""Where the texts of a diagram stand, and how they are drawn."""

from dataclasses import dataclass

from . import icons
from .activities import markers_of
from .geometry import Box, Point, middle
from .layout import ACTIVITIES, POOLS, Edge, Plane, Shape
from .markup import INK, Svg, add
from .surroundings import BAND
from .texts import LINE, width, wrap

_INSIDE = 12.0  # the sizes of the fonts
_OUTSIDE = 11.0
_PADDING = 6.5
_ROOM = 90.0  # the width of a label outside that has no place of its own
_INSIDE_OF = ACTIVITIES | POOLS | {"textAnnotation"}
_MOST_LINES = 12  # of a label outside, below which other elements are
_BEYOND = 2  # lines of an annotation below its bracket, which has no lower edge
_MOST_NOTED = 1_500  # characters of an annotation
_ICON = 22.0  # below the upper edge of a task its sign ends


@dataclass(frozen=True, slots=True)
class Label:
    """A text broken into lines.

    Attributes:
        at: the middle of its upper edge, or its left upper corner where it is not centered.
        turned: by how many degrees around `at`.
    """

    lines: tuple[str, ...]
    at: Point
    size: float
    is_centered: bool = True
    turned: int = 0

    @property
    def box(self) -> Box:
        """The area that it takes if it is not turned."""
        wide = max(width(line, self.size) for line in self.lines)
        left = self.at.x - wide / 2 if self.is_centered else self.at.x
        return Box(left, self.at.y, wide, len(self.lines) * self.size * LINE)


def write(parent: Svg, label: Label) -> None:
    """Draw a label."""
    text = add(
        parent, "text", fill=INK, stroke="none",
        font_size=label.size if label.size != _INSIDE else None,
        text_anchor="middle" if label.is_centered else None,
        transform=f"rotate({label.turned} {label.at.x:g} {label.at.y:g})" if label.turned else None,
    )  # fmt: skip
    y = label.at.y + label.size * 0.95
    for line in label.lines:
        if line:
            add(text, "tspan", line, x=label.at.x, y=y)
        y += label.size * LINE


def inside(shape: Shape) -> Label | None:
    """The text in an element; None where there is none, or it stands outside."""
    element, box = shape.element, shape.box
    if not element.name:
        return None
    if element.kind in ACTIVITIES:
        return _in_activity(shape)
    if element.kind in ("participant", "lane"):
        return _in_band(shape)
    if element.kind == "textAnnotation":
        room = box.width - 2 * _PADDING
        most = int(box.height // (_INSIDE * LINE)) + _BEYOND
        lines = wrap(element.name, room, _INSIDE, most, _MOST_NOTED)
        at = Point(box.x + _PADDING, box.y + _PADDING)
        return Label(tuple(lines), at, _INSIDE, is_centered=False)
    return None


def _in_activity(shape: Shape) -> Label:
    box = shape.box
    high = _INSIDE * LINE
    room = box.height - (20 if markers_of(shape) else 4)
    lines = wrap(shape.element.name, box.width - 2 * _PADDING, _INSIDE, int(room // high))
    # Above its contents, which fill the middle.
    if shape.is_expanded:
        return Label(tuple(lines), Point(box.center.x, box.y + _PADDING), _INSIDE)
    top, below = box.center.y - len(lines) * high / 2, box.y + room - len(lines) * high
    if shape.element.kind in icons.TASKS:
        top = max(top, min(box.y + _ICON, below))  # not over the sign, if there is room
    return Label(tuple(lines), Point(box.center.x, top), _INSIDE)


def _in_band(shape: Shape) -> Label:
    """The name of a pool or a lane, along its band; in the middle of a pool without one."""
    box, high = shape.box, _INSIDE * LINE
    is_empty = "empty" in shape.element.traits
    if is_empty or not shape.is_horizontal:
        most = int((box.height if is_empty else BAND) // high)
        lines = wrap(shape.element.name, box.width - 2 * _PADDING, _INSIDE, most)
        middle_y = box.center.y if is_empty else box.y + BAND / 2
        return Label(tuple(lines), Point(box.center.x, middle_y - len(lines) * high / 2), _INSIDE)
    lines = wrap(shape.element.name, box.height - 2 * _PADDING, _INSIDE, int(BAND // high))
    x = box.x + BAND / 2 - len(lines) * high / 2
    return Label(tuple(lines), Point(x, box.center.y), _INSIDE, turned=-90)


def all_outside(plane: Plane) -> list[tuple[Shape | Edge, Label]]:
    """The texts next to the elements of a plane."""
    everything: tuple[Shape | Edge, ...] = (*plane.shapes, *plane.edges)
    return [(drawn, label) for drawn in everything if (label := outside(drawn)) is not None]


def outside(drawn: Shape | Edge) -> Label | None:
    """The text next to an element; None where there is none, or it stands inside."""
    name = drawn.element.name
    if not name or drawn.element.kind in _INSIDE_OF:
        return None
    if drawn.label is not None and drawn.label.width and drawn.label.height:
        at = Point(drawn.label.center.x, drawn.label.y)
        # A tool may have measured another font: its width is a wish, not a wall.
        room = max(drawn.label.width, _ROOM)
    else:
        at, room = _place(drawn), _ROOM
    return Label(tuple(wrap(name, room, _OUTSIDE, _MOST_LINES)), at, _OUTSIDE)


def _place(drawn: Shape | Edge) -> Point:
    """Where a label stands for which the file has no place."""
    if isinstance(drawn, Edge):
        center = middle(drawn.points)
        return Point(center.x, center.y + 4)
    if drawn.element.kind == "group":
        return Point(drawn.box.center.x, drawn.box.y + 5)
    return Point(drawn.box.center.x, drawn.box.bottom + 4)
