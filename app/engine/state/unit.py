"""The unit of work: which records a transaction has loaded, made, changed and removed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Protocol, TypeVar


class Record(Protocol):
    """Anything with an id that lasts."""

    id: str


R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Change:
    """The changes to the records of one kind."""

    added: list[Any]
    updated: list[Any]
    removed: list[str]


class Records:
    """The records that a transaction has loaded, made, changed and removed.

    The engine marks nothing dirty: `changes` compares each loaded record with a copy of what it
    was.

    Attributes:
        made: how many were new, those that have gone again included.
    """

    __slots__ = ("_loaded", "_present", "_removed", "made")

    def __init__(self) -> None:
        self.made = 0
        self._present: defaultdict[type, dict[str, Any]] = defaultdict(dict)
        self._loaded: defaultdict[type, dict[str, tuple[object, ...]]] = defaultdict(dict)
        self._removed: defaultdict[type, dict[str, bool]] = defaultdict(dict)

    def load(self, record: R) -> R | None:
        """Take in a record that was read, or answer the one that is here in its place.

        None means that this transaction has removed it already.
        """
        kind = type(record)
        present = self._present[kind]
        known = present.get(record.id)
        # The record that is here wins: the run has changed it, and the row is what it was.
        if known is not None:
            return known  # type: ignore[no-any-return]
        if record.id in self._removed[kind]:
            return None
        present[record.id] = record
        # A tuple of the values: comparing two tuples is one call, and the engine sets attributes
        # freely.
        self._loaded[kind][record.id] = _SNAPSHOTS[kind](record)
        return record

    def load_all(self, records: Iterable[R]) -> list[R]:
        """Take in many records; those that were removed are left out."""
        return [known for known in map(self.load, records) if known is not None]

    def add(self, record: R) -> R:
        """Take in a record that is new."""
        self.made += 1
        self._present[type(record)][record.id] = record
        return record

    def remove(self, record: Record) -> None:
        """Forget a record; it is deleted if it was loaded."""
        kind = type(record)
        if self._present[kind].pop(record.id, None) is not None:
            # Remembered in either case: a row that is read again must not come back.
            self._removed[kind][record.id] = record.id in self._loaded[kind]

    def drop(self, record: Record) -> None:
        """Forget a record whose row goes with its owner's."""
        kind = type(record)
        self._present[kind].pop(record.id, None)
        # Remembered, so that reading its row again does not bring it back; but not deleted by
        # itself.
        self._removed[kind][record.id] = False

    def get(self, kind: type[R], record_id: str) -> R | None:
        """The record with this id, if it is here."""
        return self._present[kind].get(record_id)

    def by_id(self, kind: type[R]) -> Mapping[str, R]:
        """The records of a kind that are here, by their ids; it follows what comes and goes."""
        return self._present[kind]

    def is_removed(self, kind: type, record_id: str) -> bool:
        """Whether this transaction has removed the record."""
        return record_id in self._removed[kind]

    def removed_ids(self, kind: type) -> list[str]:
        """The ids of the records of a kind that were removed or dropped."""
        return list(self._removed[kind])

    def is_new(self, record: Record) -> bool:
        """Whether the record was made by this transaction."""
        kind = type(record)
        return record.id in self._present[kind] and record.id not in self._loaded[kind]

    def before(self, record: R) -> R | None:
        """The record as it was loaded; None if it is new."""
        return self.loaded(type(record), record.id)

    def loaded(self, kind: type[R], record_id: str) -> R | None:
        """The record as it was loaded, also where it has gone since; None if it was not loaded."""
        values = self._loaded[kind].get(record_id)
        return None if values is None else kind(*values)

    def of(self, kind: type[R]) -> Iterator[R]:
        """Every record of a kind that is here, in the order of loading and making."""
        # A copy: who walks it may add and remove.
        return iter(list(self._present[kind].values()))

    def knows(self, kind: type) -> bool:
        """Whether there are records of a kind, or were before they were removed."""
        return bool(self._present[kind] or self._removed[kind])

    def changes(self) -> dict[type, Change]:
        """The changes to be written, by kind of record."""
        found: dict[type, Change] = {}
        # In the order of first use and not of a set's: statements come in the same order each time.
        for kind in {**self._present, **self._removed}:
            present, loaded = self._present[kind], self._loaded[kind]
            if not loaded:  # as all of the history is
                if present:
                    found[kind] = Change(list(present.values()), [], [])
                continue
            added, updated = [], []
            present_values = _SNAPSHOTS[kind]
            for key, record in present.items():
                before = loaded.get(key)
                if before is None:
                    added.append(record)
                elif before != present_values(record):
                    updated.append(record)
            removed = [key for key, was_loaded in self._removed[kind].items() if was_loaded]
            if added or updated or removed:
                found[kind] = Change(added, updated, removed)
        return found


class _Snapshots(dict[type, Callable[[Any], tuple[object, ...]]]):
    """How to read all fields of a record of a class: in C, by a getter that its first use makes."""

    def __missing__(self, kind: type) -> Callable[[Any], tuple[object, ...]]:
        getter = self[kind] = attrgetter(*_NAMES[kind])
        return getter


class _Names(dict[type, tuple[str, ...]]):
    """The fields of a class of records, in order."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        found = self[kind] = tuple(field.name for field in fields(kind))
        return found


_NAMES = _Names()
_SNAPSHOTS = _Snapshots()


def snapshot(record: Record) -> tuple[object, ...]:
    """The record's values in the order of its fields."""
    return _SNAPSHOTS[type(record)](record)


def as_view(record: Record) -> dict[str, Any]:
    """The record's values by the names of its fields."""
    kind = type(record)
    return dict(zip(_NAMES[kind], _SNAPSHOTS[kind](record), strict=True))
