"""All that a transaction has changed as one statement for PostgreSQL.

Every insert, update and delete is a part of a single ``WITH``: one round trip, one prepared plan
for each combination of tables and numbers of rows. A few rows travel as parameters, which the
database takes in fastest; many as an array for each column, so that the number of statements stays
small. A column in which all of them have the same value travels once. Hundreds of a kind have a
statement of their own, so that they are encoded while the server is busy with others.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Double

from app.engine.state import Change
from app.store.unit.assumptions import Assumption, Assumptions
from app.store.unit.sweeps import KEEP_DETAILS, Sweep, Swept
from app.store.unit.writing import (
    FEW,
    Target,
    in_order,
    target_of,
)

from .values import (
    BINARY,
    TEXT_ARRAY_OID,
    TEXT_OID,
    array_oid,
    binary_array,
    oid,
    record_encoder,
)

WIDE = 500  # new rows of a kind that have a statement of their own
# records, a sweep or an assumption; the operation; how many rows, or values, and 0 for many; of
# many rows the columns whose values differ
Part = tuple[type | Sweep | Assumption, str, int, tuple[str, ...]]
Shape = tuple[Part, ...]  # of which a statement is made: equal shapes have equal texts


class Written(NamedTuple):
    """The parts of a `postgresql.Statement`.

    Attributes:
        behind: make the statements that follow: each is made while the server is busy with the one
            before it.
    """

    sql: str
    values: list[bytes | None]
    formats: Sequence[int]
    types: Sequence[int]
    behind: Sequence[Callable[[], "Written"]] = ()


def write(
    changes: dict[type, Change], sweeps: Sequence[Swept], assumptions: Assumptions | None = None
) -> Written | None:
    """The statement for these changes; None when nothing has changed.

    Args:
        sweeps: of rows that were not loaded.
        assumptions: where one does not hold, the statement fails with a division by zero.
    """
    shape: list[Part] = []
    values: list[bytes | None] = []
    behind: list[Callable[[], Written]] = []
    for sweep, keys, besides in sweeps:
        _remove(shape, values, sweep, keys)
        if sweep.has_exceptions:
            values.append(binary_array(besides))
    for kind, change in in_order(changes):
        target = target_of(kind)
        if change.removed:
            _remove(shape, values, kind, change.removed)
        if change.added and target.keeps_details:
            shape.append((kind, "keep", 0, ()))
            values.append(binary_array([record.id for record in change.added]))
        if target.is_move and change.added:
            # One statement changes a row once only.
            behind.append(partial(_patch_alone, kind, change.added))
        elif len(change.added) >= WIDE and not (target.is_patch or target.is_upsert):
            # Behind the deletions by owner, which as parts of one statement do not see new rows.
            behind.append(partial(_insert_alone, kind, change.added))
        elif change.added:
            _add(shape, values, kind, change.added, not target.is_patch)
        if change.updated:
            _add(shape, values, kind, change.updated, False)
    for assumption, texts in assumptions or ():
        shape.append((assumption, "assume", len(texts), ()))
        values += (text.encode() for text in texts)
    if not shape and not behind:
        return None
    sql, formats, types = _statement(tuple(shape))
    return Written(sql, values, formats, types, behind)


def _insert_alone(kind: type, records: list[Any]) -> Written:
    """A statement that inserts many rows of one kind."""
    shape: list[Part] = []
    values: list[bytes | None] = []
    _add_many(shape, values, kind, records, "insert")
    return _written_alone(shape, values)


def _patch_alone(kind: type, records: list[Any]) -> Written:
    """A statement that changes rows of one kind."""
    shape: list[Part] = []
    values: list[bytes | None] = []
    _add(shape, values, kind, records, False)
    return _written_alone(shape, values)


def _written_alone(shape: list[Part], values: list[bytes | None]) -> Written:
    sql, formats, types = _statement(tuple(shape))
    return Written(sql, values, formats, types)


def _remove(
    shape: list[Part],
    values: list[bytes | None],
    rows: type | Sweep,
    keys: Sequence[str],
) -> None:
    """One key, which is the most frequent, travels as it is; others as an array."""
    is_one = len(keys) == 1
    shape.append((rows, "delete", is_one, ()))
    values.append(keys[0].encode() if is_one else binary_array(keys))


def _add(
    shape: list[Part],
    values: list[bytes | None],
    kind: type,
    records: list[Any],
    is_insert: bool,
) -> None:
    operation = "insert" if is_insert else "update"
    # The number of rows is part of the statement's text: many would make as many prepared plans.
    if len(records) > FEW:
        _add_many(shape, values, kind, records, operation)
        return
    shape.append((kind, operation, len(records), ()))
    encode = _encoder_of(kind)
    for record in records:
        values += encode(record)


def _add_many(
    shape: list[Part],
    values: list[bytes | None],
    kind: type,
    records: list[Any],
    operation: str,
) -> None:
    target = target_of(kind)
    differing: list[str] = []
    same: list[bytes | None] = []
    for name in target.columns:
        column = list(map(attrgetter(name), records))
        if _is_same(target, name, column):
            same += _encoder_of_column(kind, name)(records[0])
        else:
            differing.append(name)
            values.append(binary_array(column, type(target.table.c[name].type)))
    shape.append((kind, operation, 0, tuple(differing)))
    values += same


def _is_same(target: Target, name: str, column: list[Any]) -> bool:
    # 0.0 and -0.0 are equal, and are two values
    if column[0] is not None and isinstance(target.table.c[name].type, Double):
        return False
    return column.count(column[0]) == len(column)


@cache
def _encoder_of_column(kind: type, name: str) -> Callable[[Any], list[bytes | None]]:
    return record_encoder([target_of(kind).table.c[name]])


@cache
def _encoder_of(kind: type) -> Callable[[Any], list[bytes | None]]:
    target = target_of(kind)
    return record_encoder(target.table.c[name] for name in target.columns)


class _Parameters:
    """Numbers the parameters of a statement and notes their types."""

    def __init__(self) -> None:
        self.types: list[int] = []

    def add(self, type_: int) -> str:
        self.types.append(type_)
        return f"${len(self.types)}"

    def row(self, target: Target) -> str:
        columns = target.table.c
        return ", ".join(self.add(oid(columns[name])) for name in target.columns)


@lru_cache(maxsize=2_000)
def _statement(shape: Shape) -> tuple[str, list[int], list[int]]:
    """The text for a shape, with the formats and types of its parameters."""
    parameters = _Parameters()
    parts: list[str] = []
    checks: list[str] = []
    for kind, operation, count, differing in shape:
        if isinstance(kind, Assumption):  # behind all parts, as its values are
            checks.append(kind.sql.format(*(parameters.add(TEXT_OID) for _ in range(count))))
        else:
            name = f"w{len(parts)}"
            parts += _parts(parameters, kind, operation, count, differing, name)
    formats = [BINARY] * len(parameters.types)
    if len(parts) == 1 and not checks:
        return parts[0], formats, parameters.types
    named = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts))
    # An error in the same round trip: the COMMIT behind it in the pipeline is then a rollback.
    answer = f"1 / (CASE WHEN {' AND '.join(checks)} THEN 1 ELSE 0 END)" if checks else "1"
    return f"{f'WITH {named} ' if parts else ''}SELECT {answer}", formats, parameters.types


def _parts(
    parameters: _Parameters,
    kind: type | Sweep,
    operation: str,
    count: int,
    differing: tuple[str, ...],
    name: str,
) -> list[str]:
    """The parts that carry an operation out, of which the first one gets the name."""
    if operation in ("delete", "keep"):
        among = f"= {parameters.add(TEXT_OID)}" if count else _any(parameters)
        if isinstance(kind, Sweep):
            besides = _any(parameters) if kind.has_exceptions else ""
            return [kind.text("postgresql", among, besides)]
        if operation == "keep":
            return [KEEP_DETAILS.text("postgresql", among)]
        return [f"DELETE FROM {target_of(kind).table.name} WHERE id {among}"]
    assert not isinstance(kind, Sweep)
    target = target_of(kind)
    if operation == "insert" and not target.is_upsert:
        return [_insert(parameters, target, count, differing)]
    rows = _rows(parameters, target, count, differing)
    update = _update(target, rows)
    if operation == "update":
        return [update]
    # ON CONFLICT would lock each row before it is updated, which the log gets an entry of
    listed = _listed(target.columns)
    missing = f"SELECT {listed} FROM {rows} WHERE r.id NOT IN (SELECT id FROM {name})"
    return [f"{update} RETURNING t.id", f"INSERT INTO {target.table.name} ({listed}) {missing}"]


def _any(parameters: _Parameters) -> str:
    return f"= ANY({parameters.add(TEXT_ARRAY_OID)})"


def _insert(parameters: _Parameters, target: Target, count: int, differing: tuple[str, ...]) -> str:
    name, listed = target.table.name, _listed(target.columns)
    if count:
        rows = ", ".join(f"({parameters.row(target)})" for _ in range(count))
        return f"INSERT INTO {name} ({listed}) VALUES {rows}"
    rows = _rows(parameters, target, count, differing)
    return f"INSERT INTO {name} ({listed}) SELECT {listed} FROM {rows}"


def _rows(parameters: _Parameters, target: Target, count: int, differing: tuple[str, ...]) -> str:
    """Rows that travel as parameters, or as columns, as the source ``r``."""
    if not count:
        return _columns(parameters, target, differing)
    rows = ", ".join(f"({parameters.row(target)})" for _ in range(count))
    return f"(VALUES {rows}) AS r ({_listed(target.columns)})"


def _update(target: Target, rows: str) -> str:
    settings = ", ".join(target.setting(c, f'r."{c}"', "t.") for c in target.overwritten)
    return f"UPDATE {target.table.name} t SET {settings} FROM {rows} WHERE t.id = r.id"


def _columns(parameters: _Parameters, target: Target, differing: tuple[str, ...]) -> str:
    """Many rows: an array for each column whose values differ, one value for each of the others."""
    columns = target.table.c
    arrays = ", ".join(parameters.add(array_oid(columns[name])) for name in differing)
    selected = ", ".join(
        f'u."{name}"' if name in differing else f'{parameters.add(oid(columns[name]))} AS "{name}"'
        for name in target.columns
    )
    return f"(SELECT {selected} FROM unnest({arrays}) AS u ({_listed(differing)})) AS r"


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
