"""From a layout to SVG."""

from collections.abc import Sequence

from . import labels
from .activities import activity
from .badges import badges, halo
from .events import event
from .flows import flow
from .gateways import gateway
from .geometry import Box, around, number
from .labels import Label
from .layout import ACTIVITIES, EVENTS, GATEWAYS, Edge, Layout, Look, Plane, Shape
from .marks import NOTHING, Mark, Marks, placed, safe_link, spoken
from .markup import INK, SURFACE, Svg, add, root, written
from .paint import DARK, TONES, ink
from .surroundings import annotation, data_object, data_store, group, lane, pool
from .texts import clean, wrap

_MARGIN = 20.0  # room for marks, which stand out of their elements
_HEADING = 34.0  # above what is in a collapsed sub-process
_NOTE_WIDTH = 420.0
_LONGEST_SPOKEN = 500
_BEHIND, _NODE, _FLOW, _ATTACHED, _OVER = range(5)

_DRAWERS = {
    **dict.fromkeys(EVENTS, event),
    **dict.fromkeys(ACTIVITIES, activity),
    **dict.fromkeys(GATEWAYS, gateway),
    "participant": pool,
    "lane": lane,
    **dict.fromkeys(("dataObjectReference", "dataObject", "dataInput", "dataOutput"), data_object),
    **dict.fromkeys(("dataStoreReference", "dataStore"), data_store),
    "textAnnotation": annotation,
    "group": group,
}


def draw(layout: Layout, marks: Marks | None = None, *, title: str = "") -> str:
    """Draw a layout as the text of an SVG that can stand alone or in a page.

    Args:
        marks: what is shown on elements, by their ids.
        title: what the picture is called when it is read aloud.
    """
    found = placed(marks or {}, layout.ids, layout.parents)
    canvas = root(
        class_="d", role="group", color=DARK, fill="none", stroke=INK, stroke_width=2,
        stroke_linecap="round", stroke_linejoin="round",
        font_family="Arial, Helvetica, sans-serif", font_size=12,
    )  # fmt: skip
    add(canvas, "title", _cut(title or "Diagram"))
    paper = add(canvas, "rect", fill=SURFACE, stroke="none", class_="d-paper")
    wide, high = _draw_planes(canvas, layout, found)
    if layout.left_out:
        high += _note(canvas, layout.left_out, high)
        wide = max(wide, _NOTE_WIDTH)
    # At the end: what it takes is known when all texts are placed.
    for sheet in (paper, canvas):
        sheet.set("width", number(wide))
        sheet.set("height", number(high))
    canvas.set("viewBox", f"0 0 {number(wide)} {number(high)}")
    return written(canvas)


def _draw_planes(canvas: Svg, layout: Layout, marks: Marks) -> tuple[float, float]:
    """Draw the planes below each other; how wide and how high they are together."""
    wide, top = 0.0, 0.0
    for plane in layout.planes:
        # Before the area is measured, for labels reach beyond their elements.
        texts = labels.all_outside(plane)
        area = _area(plane, [label for _, label in texts])
        if plane.title is not None:
            _write(canvas, plane.title, 22 + top, font_size=14, font_weight="bold")
            top += _HEADING
        shift = f"translate({number(-area.x)} {number(top - area.y)})"
        place = add(canvas, "g", transform=shift)
        _draw_elements(place, plane, marks)
        for drawn, label in texts:
            look = Look(None, drawn.look.stroke)
            labels.write(add(place, "g", class_="d-label", **ink(look)), label)
        _draw_badges(place, plane, marks)  # over all lines and texts
        wide, top = max(wide, area.width), top + area.height
    return wide, top


def _write(canvas: Svg, text: str, y: float, **look: object) -> None:
    line = wrap(text, _NOTE_WIDTH, 14, 1)[0]
    add(canvas, "text", line, x=_MARGIN, y=y, fill=INK, stroke="none", **look)


def _note(canvas: Svg, left_out: int, top: float) -> float:
    """Say what is missing; how high that is."""
    _write(canvas, f"Not shown, for want of a usable place: {left_out}.", top + 16)
    return _HEADING


def _cut(text: str) -> str:
    text = clean(text)
    return text if len(text) <= _LONGEST_SPOKEN else f"{text[:_LONGEST_SPOKEN]}…"


def _area(plane: Plane, texts: Sequence[Label]) -> Box:
    """All that a plane takes, its labels included."""
    boxes = [shape.box for shape in plane.shapes] + [text.box for text in texts]
    points = [point for edge in plane.edges for point in edge.points]
    return around(points, boxes).grown(_MARGIN)


def _order(drawn: Shape | Edge) -> tuple[int, int]:
    """The key by which shapes are drawn: the outer before the inner, areas before lines."""
    kind = drawn.element.kind
    if isinstance(drawn, Edge):
        # Message flows and associations cross pools, so they lie over everything.
        return (drawn.depth, _FLOW) if kind == "sequenceFlow" else (1_000, _OVER)
    if kind in ("participant", "lane", "group"):
        return drawn.depth, _BEHIND
    # A boundary event lies over the border that it is attached to.
    return drawn.depth, _ATTACHED if kind == "boundaryEvent" else _NODE


def _draw_elements(parent: Svg, plane: Plane, marks: Marks) -> None:
    everything: list[Shape | Edge] = sorted((*plane.shapes, *plane.edges), key=_order)
    for drawn in everything:
        mark = marks.get(drawn.element.id, NOTHING)
        if isinstance(drawn, Shape):
            _draw_shape(parent, drawn, mark)
        else:
            _draw_edge(parent, drawn, mark)


def _draw_badges(parent: Svg, plane: Plane, marks: Marks) -> None:
    for shape in plane.shapes:
        mark = marks.get(shape.element.id, NOTHING)
        if mark.is_counted:
            # the element itself is read aloud, and is the link that the keyboard finds
            place = _linked(parent, mark, aria_hidden="true", tabindex=-1)
            badges(add(place, "g", aria_hidden="true"), shape, mark)


def _draw_shape(parent: Svg, shape: Shape, mark: Mark) -> None:
    place = _named(parent, shape, mark)
    _DRAWERS[shape.element.kind](place, shape)
    label = labels.inside(shape)
    if label is not None:
        labels.write(place, label)
    if mark.tone is not None:
        halo(place, shape, mark.tone)


def _draw_edge(parent: Svg, edge: Edge, mark: Mark) -> None:
    place = _named(parent, edge, mark)
    if mark.tone is None:
        flow(place, edge)
    else:
        # By the colour of the group, which its line and its arrow both take.
        place.set("color", TONES[mark.tone])
        flow(place, edge, width=3.5)


def _named(parent: Svg, drawn: Shape | Edge, mark: Mark) -> Svg:
    """A group that says what it is when it is pointed at, and leads to what waits there."""
    element, words = drawn.element, _cut(spoken(drawn.element, mark))
    place = _linked(parent, mark, aria_label=words)
    classes = f"d-element d-{element.kind}" + (f" d-is-{mark.tone}" if mark.tone else "")
    group = add(place, "g", class_=classes, data_element=element.id, **ink(drawn.look))
    add(group, "title", words)
    return group


def _linked(parent: Svg, mark: Mark, **attributes: object) -> Svg:
    """A link around what is drawn next, where the mark has one."""
    link = safe_link(mark.link)
    return parent if link is None else add(parent, "a", href=link, class_="d-link", **attributes)
