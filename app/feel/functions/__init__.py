"""The built-in functions of FEEL, by what they work on; importing a module registers them."""

from app.feel.functions import (
    booleans,
    contexts,
    conversion,
    dates,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
)
from app.feel.functions.registry import Builtin, candidates

__all__ = [
    "Builtin",
    "booleans",
    "candidates",
    "contexts",
    "conversion",
    "dates",
    "lists",
    "numbers",
    "ranges",
    "statistics",
    "strings",
]
