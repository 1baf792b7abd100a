"""Rows of answers as a table for the terminal, or as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_CELL = 60

Row = Mapping[str, Any]


def shown(rows: Sequence[Row], columns: Sequence[str], *, as_json: bool) -> str:
    """The rows as text.

    Args:
        columns: the fields of a table; JSON has all of them.
    """
    if as_json:
        return json.dumps(rows, indent=2)
    if not rows:
        return "(none)"
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    lines = [columns, *cells]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in lines
    )


def _cell(value: Any) -> str:
    """One line of bounded length: names and values come from outside."""
    if value is None:
        return "-"
    text = line(value if isinstance(value, str) else json.dumps(value))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def line(text: str) -> str:
    """A text in one line, without control characters."""
    # An escape sequence in a variable could otherwise write over the operator's terminal.
    return "".join(c if c.isprintable() else " " for c in text)
