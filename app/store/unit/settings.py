"""The settings of a store that its transactions need."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Protocol

from app.bpmn.delegates import Delegates
from app.engine.state.coverage import Coverage
from app.security.callers import Caller
from app.store.commands.decisions import Decisions
from app.store.commands.definitions import Definitions
from app.store.commands.unreadable import Unreadable

from .permits import Guard


class Settings(Protocol):
    """The options of an engine and what its process remembers; `Store` says what they mean.

    Attributes:
        definitions, decisions: the graphs and decisions that the process has compiled.
        unreadable: the external tasks of which a fetch has failed already.
    """

    guard: Guard | None
    caller: Caller | None
    history_level: str
    hostname: str
    delegates: Delegates
    has_strict_locks: bool
    max_steps: int
    max_records: int
    max_seconds: float
    zone: tzinfo
    clock: Callable[[], datetime]
    coverage: Coverage | None
    definitions: Definitions
    decisions: Decisions
    unreadable: Unreadable

    @property
    def user_id(self) -> str | None: ...

    @property
    def asked(self) -> Caller | None: ...
