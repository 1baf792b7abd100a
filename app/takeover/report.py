"""The report of a takeover: the rows that came over, those that did not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .instances import Problem

_NAMED, _INSTANCES = 10, 100  # ids that are named for each reason


@dataclass
class Left:
    """Rows that were left out for one reason."""

    count: int = 0
    ids: list[str] = field(default_factory=list)

    def note(self, row_id: object, named: int = _NAMED, count: int = 1) -> None:
        """Count a row, and name it if it is among the first."""
        self.count += count
        # The rest is counted alone: a reason may hold for millions of rows.
        if len(self.ids) < named:
            self.ids.append(str(row_id))

    @property
    def named_ids(self) -> str:
        """The ids that are named."""
        return ", ".join(self.ids) + (", …" if self.count > len(self.ids) else "")


@dataclass
class Moved:
    """The outcome for the rows of one table of the source."""

    read: int = 0
    written: int = 0


class Report:
    """The counts of both sides, and what was left out.

    Attributes:
        left_out_roots: the call hierarchies that stay behind.
        notes: what else is worth to know.
    """

    def __init__(self) -> None:
        self.moved: dict[tuple[str, str], Moved] = {}
        self.left_out: dict[tuple[str, str], Left] = {}
        self._problems: dict[tuple[str, str | None, str], Left] = {}
        self.left_out_roots: set[str] = set()
        self.notes: list[str] = []

    @property
    def is_complete(self) -> bool:
        """Whether everything came along."""
        return not self._problems and not self.left_out

    def stays(self, found: Problem) -> None:
        """Note an instance that cannot run here; its call hierarchy stays behind."""
        self.left_out_roots.add(found.root_id)
        # By place and not by instance, as that is where the model is mended.
        key = found.definition_id, found.activity_id, found.reason
        self._problems.setdefault(key, Left()).note(found.instance_id, _INSTANCES)

    def of(self, source: str, target: str) -> Moved:
        """The counts of a table of the source and of the one that it fills."""
        return self.moved.setdefault((source, target), Moved())

    def leave_out(self, table: str, reason: str, row_id: object) -> None:
        """Note a row that does not come along."""
        self.left_out.setdefault((table, reason), Left()).note(row_id)

    def lines(self) -> Iterator[str]:
        """The report as text."""
        width = max((len(source) for source, _ in self.moved), default=0)
        for (source, target), moved in self.moved.items():
            name = source.upper().ljust(width)
            yield f"{name}  {moved.read:>10}  ->  {target}  {moved.written}"
        yield from self.reasons()

    def reasons(self) -> Iterator[str]:
        """The reasons for which rows do not come along, and other remarks."""
        if self._problems:
            count = sum(left.count for left in self._problems.values())
            yield ""
            yield f"{count} instances cannot run here; they and those that they call, or that have"
            yield "called them, stay behind with all of their history:"
        for (definition_id, activity_id, reason), left in self._problems.items():
            where = f", activity '{activity_id}'" if activity_id else ""
            yield f"  {definition_id}{where}: {reason}"
            yield f"    {left.count} instances: {left.named_ids}"
        if self.left_out:
            yield ""
            yield "Left out:"
        for (table, reason), left in self.left_out.items():
            yield f"  {table.upper()}: {left.count}: {reason} ({left.named_ids})"
        if self.notes:
            yield ""
            yield from self.notes
