"""Colours: the drawing's own, with a class that lets a page replace them, or those of the file."""

from .layout import Look
from .marks import Tone
from .markup import SURFACE

DARK = "#22242a"
BADGES = {  # each has a contrast of more than 4.5 to the white on it
    "failed": "#b3261e",
    "tokens": "#1d5fbf",
    "waiting": "#6b4e00",
    "taken": "#0b6b43",
}
TONES = {
    Tone.TAKEN: "#0b6b43",
    Tone.CANCELED: "#8a5a00",
    Tone.STARTS: "#1d5fbf",
    Tone.ENDS: "#b3261e",
    Tone.KEPT: "#0b6b43",
    Tone.LOST: "#b3261e",
}


def surface(look: Look) -> dict[str, str | None]:
    """The attributes of an area."""
    if look.fill is None:
        return {"fill": SURFACE, "class_": "d-surface"}
    return {"fill": look.fill, "class_": "d-own"}


def ink(look: Look) -> dict[str, str | None]:
    """The attributes of a group whose lines and texts have one colour.

    Where the file gives a colour to the area only, the lines are dark: the page's own may be light.
    """
    colour = look.stroke or (DARK if look.fill else None)
    return {} if colour is None else {"color": colour}
