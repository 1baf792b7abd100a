"""What no body may have, whatever its shape: known without the library that reads shapes."""

from typing import Any

from app.engine.state.conversion import DEEPEST, is_too_deep
from app.errors import UnstorableTextError

NUL = UnstorableTextError.MESSAGE


def is_shallow(data: bytes, value: Any) -> bool:
    """Whether a body is nested no deeper than JSON is written and values are walked."""
    return data.count(b"[") + data.count(b"{") <= DEEPEST or not is_too_deep(value)
