"""The takeover itself: read, put into Baton's words, written, counted, committed.

Everything is one transaction: a takeover that is broken off leaves an empty database, and is begun
again from the start, with the same result.

Source: contract 16.1.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from app.engine.state import snapshot
from app.models import repository
from app.models import runtime as r

from . import batches, decisions, definitions, history, identity
from .instances import Instance, alone, groups, instances
from .mapping import Mapped, Row
from .models import Models
from .problems import LeftOutError, TakeoverError
from .progress import Progress
from .report import Report
from .source import Source
from .target import Target

# NULL, of a row without a root, must not leave it out.
_NOT_LEFT_OUT = "coalesce(NOT ({root} = ANY(%(left_out)s)), true)"


@cache
def _columns(table: Table) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The columns of a table, and the places of those that need a value."""
    columns = list(table.columns)
    required = (n for n, c in enumerate(columns) if not c.nullable)
    return tuple(c.name for c in columns), tuple(required)


class Move:
    """One takeover, table by table.

    Args:
        report: knows already which instances stay behind.
    """

    def __init__(
        self, source: Source, target: Target, models: Models, report: Report, progress: Progress
    ) -> None:
        self._source = source
        self._target = target
        self._models = models
        self._report = report
        self._progress = progress
        self._zone = ZoneInfo(source.zone)
        self._left_out = sorted(report.left_out_roots)

    def all(self) -> None:
        """Bring everything over, up to the commit.

        Raises:
            TakeoverError: the target has other rows in the end than were written.
        """
        for mapped in (*definitions.DEFINITIONS, definitions.processes(self._models)):
            self._table(mapped)
        self._job_definitions()
        for mapped in (*identity.PEOPLE, identity.filters()):
            self._table(mapped)
        self._table(batches.BATCHES_UNDER_WAY, self._batch)
        self._instances()
        for mapped in history.HISTORY:
            self._table(mapped)
        self._decisions()
        self._target.flush()
        self._check()

    # -- rows ---------------------------------------------------------------------------------

    def _rows(self, mapped: Mapped) -> Iterator[Row]:
        """The rows of a table, without those of instances that stay behind."""
        if not self._source.has(mapped.source):
            return
        statement, parameters = mapped.statement, None
        if self._left_out and mapped.root:
            condition = _NOT_LEFT_OUT.format(root=mapped.root)
            statement = mapped.only(condition)
            parameters = {"left_out": self._left_out}
        rows = self._source.rows(statement, parameters)
        yield from map(mapped.row, self._progress.of(mapped.source, rows))

    def _table(self, mapped: Mapped, also: Callable[[Row], None] | None = None) -> None:
        """Bring one table over.

        Args:
            also: writes what else a row stands for.
        """
        self._all(mapped, self._rows(mapped), also)

    def _all(
        self, mapped: Mapped, rows: Iterable[Row], also: Callable[[Row], None] | None = None
    ) -> None:
        refine = mapped.refine
        for row in rows:
            if refine is None:
                self._put(mapped, row)
            elif self._try(mapped, row, refine) and also is not None:
                also(row)

    def _try(self, mapped: Mapped, row: Row, refine: Callable[[Row], Row | None]) -> bool:
        """Bring one row over that may have to stay behind; whether it came."""
        try:
            found = refine(row)
        except LeftOutError as error:
            # `_put` counts what it is given; this row does not come that far.
            self._report.of(mapped.source, mapped.table.name).read += 1
            self._report.leave_out(mapped.source, str(error), row["id"])
            return False
        return found is not None and self._put(mapped, found)

    def _put(self, mapped: Mapped, row: Row) -> bool:
        counts = self._report.of(mapped.source, mapped.table.name)
        counts.read += 1
        names, required = _columns(mapped.table)
        values = [row.get(name) for name in names]
        for place in required:
            # Before the database finds it: one NULL would end the whole transaction.
            if values[place] is None:
                reason = f"it has no value for {names[place]}"
                self._report.leave_out(mapped.source, reason, row["id"])
                return False
        self._write(mapped.source, mapped.table, values)
        return True

    def _write(self, source: str, table: Table, values: Sequence[Any]) -> None:
        self._report.of(source, table.name).written += 1
        self._target.add(table, values)

    # -- what is more than a row -----------------------------------------------------------------

    def _job_definitions(self) -> None:
        table, source = repository.job_definition, "act_ru_jobdef"
        for values in definitions.job_definitions(self._source, self._models):
            self._report.of(source, table.name).read += 1
            self._write(source, table, values)

    def _batch(self, row: Row) -> None:
        """Write the ids that a batch has still to make jobs of."""
        for values in batches.portions(row["id"], row["jobs_created"], row["elements"]):
            self._write("act_ru_batch", r.batch_elements, values)

    def _job(self, mapped: Mapped, row: Row) -> None:
        """Write the further jobs that one stands for, which was about several rows."""
        for number, element in enumerate(row.get("elements", ())[1:], 1):
            # From the old id, so that a second attempt gives the same ids.
            new_id = str(uuid5(NAMESPACE_OID, f"takeover {row['id']} {number}"))
            self._put(mapped, {**row, "id": new_id, "configuration": element})

    def _instances(self) -> None:
        """Bring over what runs: one instance after the other, then what belongs to none."""
        behind, owned = self._report.left_out_roots, groups(self._source)
        for rows in self._progress.of("act_ru_execution", instances(self._source)):
            first = rows[0]
            instance_id = first["process_instance_id"]
            for group in owned:
                self._orphans(group.mapped, group.before(instance_id))
            # Whole call hierarchies: a caller would wait for ever for what stayed behind.
            if first["root_process_instance_id"] in behind:
                for group in owned:
                    left = group.take(instance_id)
                    self._stay_behind(group.mapped.source, [row["id"] for row in left])
                self._stay_behind("act_ru_execution", [row["id"] for row in rows])
                continue
            graph = self._models.graph(first["process_definition_id"])
            instance = Instance(rows, graph, self._zone)
            self._executions(rows, instance)
            for group in owned:
                for row in group.take(instance_id):
                    self._owned(group.mapped, row, instance)
        for group in owned:
            self._orphans(group.mapped, group.before(None))
            for row in group.take(None):
                self._owned(group.mapped, row, None)

    def _executions(self, rows: Sequence[Row], instance: Instance) -> None:
        self._report.of("act_ru_execution", r.execution.name).read += len(rows)
        for execution in instance.tree.executions:
            self._write("act_ru_execution", r.execution, snapshot(execution))

    def _owned(self, mapped: Mapped, row: Row, instance: Instance | None) -> None:
        def refine(row: Row) -> Row | None:
            found = row if mapped.refine is None else mapped.refine(row)
            if found is None:
                return None
            if instance is None:
                return alone(mapped.table, found, self._zone)
            return instance.refine(mapped.table, found)

        if self._try(mapped, row, refine) and mapped.table is r.job:
            self._job(mapped, row)

    def _orphans(self, mapped: Mapped, rows: Iterable[Row]) -> None:
        for row in rows:
            self._report.of(mapped.source, mapped.table.name).read += 1
            self._report.leave_out(mapped.source, "its instance is not there", row["id"])

    def _stay_behind(self, source: str, ids: Sequence[str]) -> None:
        for row_id in ids:
            self._report.leave_out(source, "its instance stays behind", row_id)

    def _decisions(self) -> None:
        mapped = decisions.INSTANCES
        if self._source.has(mapped.source):
            self._all(mapped, decisions.with_clauses(self._source, self._rows(mapped)))

    # -- the end ----------------------------------------------------------------------------------

    def _check(self) -> None:
        """See that each table has the rows that were written."""
        written: dict[str, int] = {}
        for (_, name), moved in self._report.moved.items():
            written[name] = written.get(name, 0) + moved.written
        for name, count in written.items():
            table = r.execution.metadata.tables[name]
            # In the transaction, before its commit: a difference leaves nothing behind.
            found = self._target.count(table)
            if found != count:
                raise TakeoverError(
                    f"{count} rows of {name} were written, and {found} are there: nothing is kept"
                )
