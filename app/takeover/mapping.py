"""How rows of one table become rows of another: declared as columns and their SQL.

In the SQL of a column, ``s`` is the table that is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

Row = dict[str, Any]
Refine = Callable[[Row], Row | None]
BYTES = "LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.bytearray_id_"


@dataclass(frozen=True)
class Mapped:
    """How a table is filled from one of the source.

    Attributes:
        table: of the target.
        source: the table whose rows they are.
        columns: the SQL of each column of the target, and of what `refine` needs besides.
        joins: behind the table, in SQL.
        where: which rows are meant, in SQL.
        root: the SQL of the root process instance, for those that are left out.
        refine: what only code can do; None leaves a row out that needs no mention.
    """

    table: Table
    source: str
    columns: Mapping[str, str]
    joins: str = ""
    where: str = "true"
    root: str = ""
    refine: Refine | None = None
    order: str = ""
    _names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Once for the table, and not for each of its rows.
        object.__setattr__(self, "_names", tuple(self.columns))

    @property
    def statement(self) -> str:
        """The query of all its rows."""
        return self.only("true")

    def only(self, condition: str) -> str:
        """The query of the rows that also fulfil a condition."""
        columns = ", ".join(f"{expression} AS {name}" for name, expression in self.columns.items())
        order = f" ORDER BY {self.order}" if self.order else ""
        where = f"({self.where}) AND {condition}"
        return f"SELECT {columns} FROM {{{self.source}}} s {self.joins} WHERE {where}{order}"

    def row(self, values: tuple[Any, ...]) -> Row:
        """A row of the query by the names of its columns."""
        return dict(zip(self._names, values, strict=True))


def same(*names: str, **others: str) -> dict[str, str]:
    """Columns that are called alike, but for the source's final underscore.

    Args:
        others: those with another name in the source.
    """
    return {n: f"s.{n}_" for n in names} | {n: f"s.{other}_" for n, other in others.items()}


def timestamps(*names: str, **others: str) -> dict[str, str]:
    """The same of times, which the source keeps in the local time of its engine."""
    return {name: timestamp(column) for name, column in same(*names, **others).items()}


def timestamp(column: str) -> str:
    """A local time as a point in time; what is not in the years 1 to 9999 is put at their end."""
    # Some days within, for the zone may move a time over either end.
    clipped = f"least(greatest({column}, '0001-01-03'), '9999-12-29')"
    return f"CASE WHEN {column} IS NOT NULL THEN {clipped} END AT TIME ZONE {{zone}}"


def first_time(*columns: str) -> str:
    """The first of several times that is known, else that of the takeover."""
    return f"coalesce({', '.join(map(timestamp, columns))}, now())"


def root(
    table: str = "act_hi_procinst",
    own: str = "s.proc_inst_id_",
    known: str = "s.root_proc_inst_id_",
) -> str:
    """The root process instance: rows of old versions name none, and their callers are followed.

    Args:
        table: says who has called whom.
        own: the process instance of the row.
        known: the root that is named.
    """
    upper = {
        "act_hi_procinst": (
            "SELECT p.proc_inst_id_ AS id, p.super_process_instance_id_ AS above "
            "FROM {act_hi_procinst} p WHERE p.proc_inst_id_ = "
        ),
        "act_ru_execution": (
            "SELECT p.id_ AS id, c.proc_inst_id_ AS above FROM {act_ru_execution} p "
            "LEFT JOIN {act_ru_execution} c ON c.id_ = p.super_exec_ WHERE p.id_ = "
        ),
    }[table]
    chain = (
        f"WITH RECURSIVE up AS ({upper}{own} UNION SELECT n.id, n.above FROM up, "
        f"LATERAL ({upper}up.above) n) SELECT up.id FROM up WHERE up.above IS NULL LIMIT 1"
    )
    # UNION in the chain, not UNION ALL: a circle of callers in broken data would never end.
    return f"coalesce({known}, ({chain}), {own})"


PLACE = same(
    process_instance_id="proc_inst_id",
    process_definition_id="proc_def_id",
    process_definition_key="proc_def_key",
    execution_id="execution_id",
)
AT_ACTIVITY = same(activity_id="act_id", activity_instance_id="act_inst_id")
