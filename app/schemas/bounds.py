"""Limits of every body, whatever its shape: known without the library that reads shapes."""

from typing import Any

from app.engine.state.conversion import DEEPEST, is_too_deep
from app.errors import UnstorableTextError

NUL = UnstorableTextError.MESSAGE


def is_shallow(data: bytes, value: Any) -> bool:
    """Whether a body is nested no deeper than JSON is written and values are walked."""
    # Counted first, in one pass in C: hardly any body has as many brackets as may be nested, and
    # only such a one is walked. Brackets within texts err on the side of the walk.
    return data.count(b"[") + data.count(b"{") <= DEEPEST or not is_too_deep(value)
