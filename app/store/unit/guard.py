"""A transaction loads only rows of call hierarchies that it has locked.

A row that was read before its instance was locked is never used after it (decision 18). A command
that has to search for instances first keeps a `Found` of each, which no run can act on.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from app.engine import state
from app.engine.history.history_records import UserOperation
from app.engine.state import Record

R = TypeVar("R", bound=Record)


class UnlockedError(AssertionError):
    """A fault of ours: a row of an instance is used whose call hierarchy is not locked."""

    def __init__(self, record: object) -> None:
        super().__init__(
            f"{type(record).__name__} {getattr(record, 'id', None)}: the call hierarchy that it "
            "belongs to is not locked by this transaction"
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was found without a lock: where it is, without its columns.

    Attributes:
        root_id: the top of its call hierarchy; None for a row of no instance.
        definition_id: the definition that a start subscription starts.
    """

    id: str
    root_id: str | None
    definition_id: str | None = None


class LockedRecords(state.Records):
    """The records of a transaction, none of which belongs to an instance that is not locked.

    A variable does not say what its call hierarchy is: its instance must be here.
    """

    __slots__ = ("_instances", "_roots")

    def __init__(self) -> None:
        super().__init__()
        self._roots: set[str] = set()
        self._instances: set[str] = set()

    def locked(self, root_id: str) -> None:
        """Note that a call hierarchy is locked: by a statement, or because it is new."""
        self._roots.add(root_id)

    def is_locked(self, root_id: str | None) -> bool:
        """Whether a row of this call hierarchy, or of none, may be loaded."""
        return root_id is None or root_id in self._roots

    def load(self, record: R) -> R | None:
        """Take in a record that was read, as `Records.load` does.

        Raises:
            UnlockedError: its call hierarchy is not locked.
        """
        self._refuse_unlocked(record)
        return super().load(record)

    def add(self, record: R) -> R:
        """Take in a record that is new; a new instance without a caller is locked from the start.

        Raises:
            UnlockedError: its call hierarchy is not locked.
        """
        kind, root = type(record), getattr(record, "root_process_instance_id", None)
        if kind is state.Execution and record.id == root:
            # no other transaction can see the row before the commit, let alone lock it
            self.locked(record.id)
        # Most are rows of a hierarchy that is known to be locked: those cost no call.
        if kind is state.Execution or root not in self._roots:
            self._refuse_unlocked(record)
        self.made += 1
        self._present[kind][record.id] = record
        return record

    def _refuse_unlocked(self, record: Any) -> None:
        # the most frequent record, and the only one without a root of its own
        if type(record) is state.Variable:
            owner = record.process_instance_id  # None for a task that stands alone
            if owner is not None and owner not in self._instances:
                raise UnlockedError(record)
            return
        if type(record) is UserOperation:
            return  # is only ever added: nothing that a run does follows from it
        # None is of no instance: a batch's job, a task that stands alone.
        root = getattr(record, "root_process_instance_id", None)
        if root is not None and root not in self._roots:
            raise UnlockedError(record)
        if type(record) is state.Execution:
            self._instances.add(record.process_instance_id)
