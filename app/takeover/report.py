"""What came over, what did not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .instances import Problem

_NAMED = 10  # ids that are named for each reason


@dataclass
class Left:
    """Rows that were left out for one reason."""

    count: int = 0
    ids: list[str] = field(default_factory=list)


@dataclass
class Moved:
    """What became of the rows of one table of the source."""

    read: int = 0
    written: int = 0


class Report:
    """The counts of both sides, and what was left out.

    Attributes:
        problems: the instances that do not come along, with their call hierarchies.
        notes: what else is worth to know.
    """

    def __init__(self) -> None:
        self.moved: dict[tuple[str, str], Moved] = {}
        self.left_out: dict[tuple[str, str], Left] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.rows = 0

    @property
    def is_complete(self) -> bool:
        """Whether everything came along."""
        return not self.problems and not self.left_out

    @property
    def left_out_roots(self) -> list[str]:
        """The call hierarchies that stay behind."""
        return sorted({problem.root_id for problem in self.problems})

    def of(self, source: str, target: str) -> Moved:
        """The counts of a table of the source and of the one that it fills."""
        return self.moved.setdefault((source, target), Moved())

    def leave_out(self, table: str, reason: str, row_id: object, count: int = 1) -> None:
        """Note a row that does not come along."""
        left = self.left_out.setdefault((table, reason), Left())
        left.count += count
        if len(left.ids) < _NAMED:
            left.ids.append(str(row_id))

    def lines(self) -> Iterator[str]:
        """The report as text."""
        width = max((len(source) for source, _ in self.moved), default=0)
        for (source, target), moved in self.moved.items():
            name = source.upper().ljust(width)
            yield f"{name}  {moved.read:>10}  ->  {target}  {moved.written}"
        yield from self.told()

    def told(self) -> Iterator[str]:
        """What does not come along, and what else is worth to know."""
        if self.problems:
            yield ""
            yield f"{len(self.problems)} instances cannot run here; they and those that they call,"
            yield "or that have called them, stay behind with all of their history:"
        for problem in self.problems:
            where = f", activity '{problem.activity_id}'" if problem.activity_id else ""
            yield (
                f"  instance {problem.instance_id} of {problem.definition_id}{where}: "
                f"{problem.reason}"
            )
        if self.left_out:
            yield ""
            yield "Left out:"
        for (table, reason), left in self.left_out.items():
            more = ", …" if left.count > len(left.ids) else ""
            yield f"  {table.upper()}: {left.count}: {reason} ({', '.join(left.ids)}{more})"
        if self.notes:
            yield ""
            yield from self.notes
