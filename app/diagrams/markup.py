"""Making SVG: elements and attributes, every text escaped by the library that writes them."""

from typing import Any

from lxml import etree

from .geometry import number
from .texts import clean

Svg = Any  # an element of lxml

NAMESPACE = "http://www.w3.org/2000/svg"
SURFACE = "#fff"  # what covers what lies behind
INK = "currentColor"  # of lines and texts: of the page around, or of the root


def root(**attributes: object) -> Svg:
    """A drawing with nothing in it."""
    return _filled(etree.Element(f"{{{NAMESPACE}}}svg", nsmap={None: NAMESPACE}), attributes)


def add(parent: Svg, name: str, text: str | None = None, /, **attributes: object) -> Svg:
    """Add an element as the last one.

    Args:
        attributes: ``stroke_width`` is ``stroke-width``, ``class_`` is ``class``; None leaves one
            out.
    """
    element = _filled(etree.SubElement(parent, f"{{{NAMESPACE}}}{name}"), attributes)
    if text is not None:
        element.text = clean(text)
    return element


def _filled(element: Svg, attributes: dict[str, object]) -> Svg:
    for name, value in attributes.items():
        if value is not None:
            written = number(value) if isinstance(value, int | float) else clean(str(value))
            element.set(name.rstrip("_").replace("_", "-"), written)
    return element


def written(drawing: Svg) -> str:
    """The text of a drawing."""
    text: str = etree.tostring(drawing, encoding="unicode")
    return text
