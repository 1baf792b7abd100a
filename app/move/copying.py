"""A tenant's rows, from one snapshot of the source into one transaction of the target.

A copy that is broken off leaves nothing in the target, and is begun again from the start.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select

from app.takeover.progress import Progress

from . import people
from .databases import Row, put, rows, snapshot, writing
from .problems import MoveError
from .standing import count, require_stopped
from .tables import Part, parts

# Rows and bytes, for a row may hold a document.
_AT_ONCE, _BYTES = 1000, 8 * 2**20  # rows that are gathered at most


def counts(engine: Engine, tenant: str) -> dict[str, int]:
    """How many rows of each table are the tenant's; tables without any are left out."""
    with snapshot(engine) as connection:
        found = {p.table.name: count(connection, p.table, p.condition) for p in parts(tenant)}
    return {name: number for name, number in found.items() if number}


def copy(source: Engine, target: Engine, tenant: str, progress: Progress) -> dict[str, int]:
    """Copy everything of a tenant; returns how many rows of each table were written.

    Raises:
        MoveError: the tenant does not stand still, or the target has other rows in the end.
    """
    # One snapshot for check and rows, so that what was seen standing still is what is copied.
    with snapshot(source) as reading:
        require_stopped(reading, tenant)
        with writing(target) as connection:
            written = {
                part.table.name: _copy_part(reading, connection, part, progress)
                for part in parts(tenant)
            }
            brought = people.copy(reading, connection, tenant)
            _check(connection, tenant, written)
    return {name: number for name, number in (written | brought).items() if number}


def _copy_part(source: Connection, target: Connection, part: Part, progress: Progress) -> int:
    query = select(part.table).where(part.condition)
    gathered: list[Row] = []
    size = total = 0
    for row in progress.of(part.table.name, rows(source, query)):
        gathered.append(tuple(row))
        size += _size(row)
        if len(gathered) >= _AT_ONCE or size >= _BYTES:
            put(target, part.table, gathered)
            total += len(gathered)
            gathered, size = [], 0
    # The rest of the last portion; nothing is written for none.
    put(target, part.table, gathered)
    return total + len(gathered)


def _size(row: Sequence[object]) -> int:
    return sum(len(value) for value in row if isinstance(value, (str, bytes)))


def _check(target: Connection, tenant: str, written: dict[str, int]) -> None:
    """See that the tenant has what was written and nothing else, before it is kept."""
    for part in parts(tenant):
        found, wanted = count(target, part.table, part.condition), written[part.table.name]
        if found != wanted:
            raise MoveError(
                f"{wanted} rows of {part.table.name} were written, and {found} are there: "
                "nothing is kept"
            )
