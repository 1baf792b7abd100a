"""Drawing what stands around a process: pools, lanes, data, annotations and groups.

Source: BPMN 2.0.2 §9.3 (pools), §10.4 (data), §10.8 (lanes), §8.4.1 (artifacts).
"""

from . import icons
from .geometry import Box, Point, pair
from .layout import Shape
from .markup import Svg, add
from .paint import surface

BAND = 30.0  # of a pool or a lane, where its name stands
_FOLD = 0.28  # of the width of a data object
_ARROW_SCALE = 0.7


def pool(parent: Svg, shape: Shape) -> None:
    """Draw a pool; what is in it is unknown where it has no band."""
    box = shape.box
    _rectangle(parent, box, stroke_width=1.5, **surface(shape.look))
    if "empty" not in shape.element.traits:
        inner = Point(box.x + BAND, box.y) if shape.is_horizontal else Point(box.x, box.y + BAND)
        outer = Point(inner.x, box.bottom) if shape.is_horizontal else Point(box.right, inner.y)
        add(parent, "path", d=f"M{pair(inner)}L{pair(outer)}", stroke_width=1.5)
    if "parallel" in shape.element.traits:
        icons.stamp(parent, icons.MARKERS["parallel"], Point(box.center.x, box.bottom - 11))


def lane(parent: Svg, shape: Shape) -> None:
    """Draw a lane: nothing behind is covered but by a colour that the file gives."""
    fill = shape.look.fill
    _rectangle(parent, shape.box, stroke_width=1.5, fill=fill, class_="d-own" if fill else None)


def _rectangle(parent: Svg, box: Box, **attributes: object) -> None:
    add(
        parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height, **attributes
    )  # fmt: skip


def data_object(parent: Svg, shape: Shape) -> None:
    """Draw a data object, an input or an output: a sheet with a folded corner."""
    box, element = shape.box, shape.element
    fold = box.width * _FOLD
    corner = Point(box.right - fold, box.y)
    sheet = (
        f"M{pair(Point(box.x, box.y))}L{pair(corner)}"
        f"L{pair(Point(box.right, box.y + fold))}L{pair(Point(box.right, box.bottom))}"
        f"L{pair(Point(box.x, box.bottom))}Z"
    )
    add(parent, "path", d=sheet, **surface(shape.look))
    inner = Point(corner.x, box.y + fold)
    end = Point(box.right, box.y + fold)
    add(parent, "path", d=f"M{pair(corner)}L{pair(inner)}L{pair(end)}")
    if element.kind in ("dataInput", "dataOutput"):
        is_output = element.kind == "dataOutput"
        at = Point(box.x + 10, box.y + 11)
        icons.stamp(parent, icons.ARROW, at, scale=_ARROW_SCALE, is_filled=is_output)
    if "collection" in element.traits:
        icons.stamp(parent, icons.COLLECTION, Point(box.center.x, box.bottom - 8))


def data_store(parent: Svg, shape: Shape) -> None:
    """Draw a data store: a barrel with three rings."""
    box = shape.box
    # Never higher than a flat rim, or a tall store would be an egg.
    half, lift = box.width / 2, min(box.height / 8, 12)
    top, bottom = box.y + lift, box.bottom - lift
    rim = f"{half:g} {lift:g} 0 0"
    body = (
        f"M{box.x:g} {top:g}A{rim} 1 {box.right:g} {top:g}V{bottom:g}A{rim} 1 {box.x:g} {bottom:g}Z"
    )
    add(parent, "path", d=body, **surface(shape.look))
    for ring in range(3):
        y = top + ring * lift * 0.75
        add(parent, "path", d=f"M{box.x:g} {y:g}A{rim} 0 {box.right:g} {y:g}")


def annotation(parent: Svg, shape: Shape) -> None:
    """Draw the bracket at the left of an annotation."""
    box = shape.box
    wing = min(10.0, box.width)
    path = f"M{pair(Point(box.x + wing, box.y))}H{box.x:g}V{box.bottom:g}H{box.x + wing:g}"
    if shape.look.fill:
        _rectangle(parent, box, fill=shape.look.fill, stroke="none", class_="d-own")
    add(parent, "path", d=path)


def group(parent: Svg, shape: Shape) -> None:
    """Draw a group: a border of dashes and dots around what it holds."""
    _rectangle(
        parent, shape.box, rx=10, ry=10, stroke_width=1.5, stroke_dasharray="10 6 0 6"
    )  # fmt: skip
