"""How far a process came when it was played."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """How far a process came.

    Attributes:
        state: ``ended``, ``waits`` or ``failed``.
        reasons: where and for what it waits, or why it failed.
        path: the activities in the order in which they were entered.
    """

    key: str
    state: str
    reasons: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    @property
    def as_text(self) -> str:
        """In words."""
        why = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        return f"{self.state}{why}: {' -> '.join(self.path) or 'nowhere'}"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"key": self.key, "state": self.state, "reasons": self.reasons, "path": self.path}
