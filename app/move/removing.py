"""Removes a tenant from the source, once every row of it was seen in the target.

Rows are compared value by value, in a transaction that locks the tenant's definitions and
instances: what is changed meanwhile is a conflict, and nothing is removed.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.exc import OperationalError

from app.models import repository, runtime
from app.takeover.progress import Progress

from .databases import Row, in_order, rows, snapshot, writing
from .problems import MoveError
from .standing import require_stopped
from .tables import Part, parts


def remove(source: Engine, target: Engine, tenant: str, progress: Progress) -> dict[str, int]:
    """Compare both sides, then remove; returns how many rows of each table went.

    Raises:
        MoveError: the tenant works again, or the target lacks a row or has another one.
    """
    try:
        with writing(source) as connection:
            _lock(connection, tenant)
            require_stopped(connection, tenant)
            with snapshot(target) as other:
                for part in parts(tenant):
                    _compare(connection, other, part, progress)
            return _delete(connection, tenant)
    except OperationalError as error:  # 40001: somebody has changed what is to be removed
        raise MoveError(
            f"The tenant was changed meanwhile; nothing was removed: {error}"
        ) from error


def _lock(connection: Connection, tenant: str) -> None:
    for table in (repository.process_definition, runtime.execution):
        # The row that every command on an instance locks first, so that none can begin.
        wanted = select(table.c.id).where(table.c.tenant_id == tenant).with_for_update()
        connection.execute(wanted).all()


def _compare(source: Connection, target: Connection, part: Part, progress: Progress) -> None:
    # Two sorted streams side by side: neither table is in memory, and nothing is looked up.
    pairs = zip_longest(_ordered(source, part), _ordered(target, part))
    for here, there in progress.of(f"comparing {part.table.name}", pairs):
        # Whole rows and not their number: the target may have worked on them already.
        if here != there:
            # The smaller id is the one that the other side lacks.
            row = here if there is None else there if here is None else min(here, there, key=_id)
            raise MoveError(
                f"The row {row[0]} of {part.table.name} is not the same on both sides: nothing was "
                "removed. The target may have worked already: then it is the one that counts, and "
                "what is left in the source is removed by hand"
            )


def _ordered(connection: Connection, part: Part) -> Iterator[Row]:
    query = select(part.table).where(part.condition).order_by(in_order(connection, part.table))
    for row in rows(connection, query):
        yield tuple(map(_plain, row))


def _plain(value: Any) -> Any:
    """A value as both databases keep it: SQLite has milliseconds."""
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return bytes(value) if isinstance(value, memoryview) else value


def _id(row: Row) -> str:
    return str(row[0])


def _delete(connection: Connection, tenant: str) -> dict[str, int]:
    removed = {}
    for part in parts(tenant):
        removed[part.table.name] = connection.execute(
            delete(part.table).where(part.condition)
        ).rowcount
    return {name: number for name, number in removed.items() if number}
