"""Drawing what is marked on the elements of a diagram."""

from .gateways import diamond
from .geometry import Point
from .layout import ACTIVITIES, EVENTS, GATEWAYS, Shape
from .marks import Mark, Tone
from .markup import Svg, add
from .paint import BADGES, TONES
from .texts import width

_HIGH = 18.0
_FONT = 11.0
_SIGNS = {
    "failed": "! ",
    "waiting": "… ",
    "taken": "\N{MULTIPLICATION SIGN} ",
}  # a colour alone says nothing to some
_HALO = 4.0  # between an element and what sets it off
_DASHED = frozenset((Tone.ENDS, Tone.LOST, Tone.CANCELED))
_MOST = 10**9  # a count that is larger is shown as this one


def halo(parent: Svg, shape: Shape, tone: Tone) -> None:
    """Set an element off from the others by a line around it; one that is dashed is a loss."""
    look = {
        "stroke": TONES[tone],
        "stroke_width": 3,
        "stroke_dasharray": "6 4" if tone in _DASHED else None,
        "class_": f"d-tone d-{tone}",
    }
    box, kind = shape.box.grown(_HALO), shape.element.kind
    if kind in EVENTS:
        radius = min(box.width, box.height) / 2
        add(parent, "circle", cx=box.center.x, cy=box.center.y, r=radius, **look)
    elif kind in GATEWAYS:
        add(parent, "path", d=diamond(box.grown(2)), **look)
    else:
        add(
            parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height,
            rx=13 if kind in ACTIVITIES else 2, **look,
        )  # fmt: skip


def badges(parent: Svg, shape: Shape, mark: Mark) -> None:
    """Write the counts of a mark: what is now at the left, what was at the right."""
    box = shape.box
    is_large = shape.element.kind in ACTIVITIES
    # Half over the edge, where neither the name nor a flow is.
    y = box.bottom if is_large else box.y - 5  # below an event or a gateway there is its name
    now = [(name, _text(name, getattr(mark, name))) for name in ("tokens", "failed", "waiting")]
    x = box.x - 8
    for name, text in now:
        if text:
            x += _pill(parent, name, text, Point(x, y)) + 2
    if text := _text("taken", mark.taken):
        right = box.right + 8 - _width(text)
        # On a small element both sides would meet: what was then follows what is now.
        at = Point(right, box.y) if is_large else Point(max(right, x), y)
        _pill(parent, "taken", text, at)


def _text(name: str, count: int) -> str:
    return f"{_SIGNS.get(name, '')}{min(count, _MOST)}" if count > 0 else ""


def _width(text: str) -> float:
    return max(width(text, _FONT) + 12, _HIGH)


def _pill(parent: Svg, name: str, text: str, left: Point) -> float:
    wide = _width(text)
    group = add(parent, "g", class_=f"d-badge d-{name}")
    add(
        group, "rect", x=left.x, y=left.y - _HIGH / 2, width=wide, height=_HIGH, rx=_HIGH / 2,
        fill=BADGES[name], stroke="#fff", stroke_width=1.5,
    )  # fmt: skip
    add(
        group, "text", text, x=left.x + wide / 2, y=left.y + 4, fill="#fff", stroke="none",
        font_size=_FONT, font_weight="bold", text_anchor="middle",
    )  # fmt: skip
    return wide
