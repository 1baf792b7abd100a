"""Many new rows of one table for SQLite: a hundred at a time, what they have in common once.

Half of what a row costs is to bind its values and to begin anew, and of a row that is one of many
most values are those of the row before it.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, compress, groupby
from operator import itemgetter, not_
from typing import Any

from sqlalchemy import Table

from .values import record_reader

ROWS = 100  # of one statement; their values are fewer than SQLite takes, 32,766 (SQLite 3.32)
Row = tuple[object, ...]
Alike = tuple[bool, ...]  # for each column, whether all rows have the same value


def inserts(
    table: Table, columns: tuple[str, ...], records: Sequence[Any]
) -> Iterator[tuple[str, list[Row]]]:
    """The statements that insert records, each with its rows of parameters.

    Records that were made one after the other are alike, so that there are few.
    """
    rows = list(map(record_reader(table, columns), records))
    whole = len(rows) // ROWS * ROWS
    parts = (_together(rows[start : start + ROWS]) for start in range(0, whole, ROWS))
    for alike, group in groupby(parts, key=itemgetter(0)):
        yield _insert(table, columns, alike, ROWS), [values for _, values in group]
    if whole < len(rows):
        yield _insert(table, columns, (False,) * len(columns), 1), rows[whole:]


def _together(rows: Sequence[Row]) -> tuple[Alike, Row]:
    """Which columns of some rows are alike, and the parameters: those first, then row by row."""
    columns = list(zip(*rows, strict=True))
    alike = tuple(column.count(column[0]) == len(column) for column in columns)
    differing = zip(*compress(columns, map(not_, alike)), strict=True)
    return alike, (*compress(rows[0], alike), *chain.from_iterable(differing))


@lru_cache(maxsize=500)
def _insert(table: Table, columns: tuple[str, ...], alike: Alike, count: int) -> str:
    listed = ", ".join(f'"{column}"' for column in columns)
    same, width = sum(alike), len(alike) - sum(alike)
    known, given = iter(range(1, same + 1)), iter(range(1, width + 1))
    values = ", ".join(f"?{next(known)}" if a else f"column{next(given)}" for a in alike)
    rows = ", ".join(
        f"({', '.join(f'?{same + row * width + place}' for place in range(1, width + 1))})"
        for row in range(count)
    )
    return f"INSERT INTO {table.name} ({listed}) SELECT {values} FROM (VALUES {rows})"
