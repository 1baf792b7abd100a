"""Diagrams: a model's own layout drawn as SVG, with what an operator wants to see on it.

The look is in presentation attributes, so that the picture stands for itself and is untouched by a
content security policy; each of them has a class as well, so that a page can give other colours.
"""

from .drawing import draw
from .layout import Layout
from .marks import Mark, Marks, Tone
from .reading import read

__all__ = ["Layout", "Mark", "Marks", "Tone", "draw", "read"]
