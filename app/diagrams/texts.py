"""How much room a text takes, and how it is broken into lines.

The font of the reader is not known; the widths are those of Helvetica, which Arial, Liberation
Sans and the like share.
"""

import re
import unicodedata

from app.xml_characters import writable

# the advance of the characters from the space to the tilde, in thousandths of the size
_WIDTHS = [
    int(width)
    for width in (
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 "
        "556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
        "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 "
        "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
        "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 "
        "556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
    ).split()
]
LINE = 1.2  # the height of a line, in sizes of the font
MOST_CHARACTERS = 400  # of one label; what is longer ends with an ellipsis
ELLIPSIS = "…"

# These turn the direction of the text around them, which would make one label disturb another.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """A text without what XML cannot hold or what reaches beyond the text itself."""
    # A carriage return can be written, but a reader of XML would find another line there.
    return _TURNING.sub("", writable(text.replace("\r", "\ufffd")))


def width(text: str, size: float) -> float:
    """How wide a text is, about."""
    return sum(map(_advance, text)) * size / 1_000


def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code < 127:
        return _WIDTHS[code - 32]
    if unicodedata.combining(character):
        return 0
    return 1_000 if unicodedata.east_asian_width(character) in "WF" else 556


def wrap(
    text: str, room: float, size: float, most_lines: int, most: int = MOST_CHARACTERS
) -> list[str]:
    """Break a text into lines that fit.

    Args:
        room: the width of a line.
        most_lines: the last of them ends with an ellipsis if there were more; at least one.
        most: characters that are looked at.
    """
    # Cut before it is measured: a name of a megabyte would be looked at letter by letter.
    is_cut = len(text) > most
    lines: list[str] = []
    for paragraph in clean(text[:most]).split("\n"):
        lines += _fill(paragraph.split(), room, size)
    most_lines = max(most_lines, 1)
    if len(lines) > most_lines or is_cut:
        lines = lines[:most_lines]
        lines[-1] = f"{lines[-1].rstrip('.')}{ELLIPSIS}" if lines else ELLIPSIS
    return lines


def _fill(words: list[str], room: float, size: float) -> list[str]:
    """As many words in each line as fit; an empty paragraph is an empty line."""
    lines: list[str] = []
    line = ""
    for piece, gap in ((p, g) for word in words for p, g in _pieces(word, room, size)):
        longer = f"{line}{gap}{piece}" if line else piece
        if line and width(longer, size) > room:
            lines.append(line)
            line = piece
        else:
            line = longer
    return [*lines, line]


def _pieces(word: str, room: float, size: float) -> list[tuple[str, str]]:
    """A word in pieces that fit, each with what stands before it in the same line."""
    if width(word, size) <= room:
        return [(word, " ")]
    pieces: list[tuple[str, str]] = []
    start, gap, used = 0, " ", 0.0
    for place, character in enumerate(word):
        used += _advance(character) * size / 1_000
        if used > room and place > start:
            # a hyphen or the like inside is a better end than any letter
            end = max(word.rfind(sign, start + 1, place) for sign in "-_/.") + 1 or place
            pieces.append((word[start:end], gap))
            start, gap = end, ""
            used = width(word[start : place + 1], size)
    return [*pieces, (word[start:], gap)]
