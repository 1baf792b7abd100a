"""How rows of one table become rows of another: declared as columns and their SQL.

In the SQL of a column, ``s`` is the table that is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

Row = dict[str, Any]
Refine = Callable[[Row], Row | None]


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
