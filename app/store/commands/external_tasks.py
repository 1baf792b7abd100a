"""External tasks on their way to workers: fetch and lock.

The free tasks of a topic stand in two partial indexes, oldest first and by priority (design,
decision 5). Whether a task is in them is the column ``is_locked``: a fetch first clears it for
locks that have expired since, then claims from the index with ``SKIP LOCKED``, so that it reads
hardly more rows than it answers and never waits for another fetch.

Source: engine semantics 5; rest contract 3.3.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql import ColumnElement

from app.engine.state import ExternalTask
from app.engine.state.conversion import DeserializationError, from_object
from app.engine.state.values import TypedValue, to_columns
from app.errors import EngineError
from app.expressions.values import from_json
from app.models.repository import process_definition
from app.models.runtime import external_task, variable
from app.store.connections.dialects import Among, Compiled, DatabaseClock, Rows, StatementClock
from app.store.lists.base import pattern
from app.store.lists.variables import refuse_incomparable

from .seen_variables import seen_by
from .topics import Topic, refuse_many
from .unreadable import check

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

task = external_task.c
MOST_RELEASED = 1_000  # expired locks that one fetch notices
MOST_AT_ONCE = 40  # topics of one statement: its plan costs more than they grow in number


_EQUAL = ("business_key", "process_definition_id", "process_definition_key")
_LISTS = {
    "process_definition_id_in": task.process_definition_id,
    "process_definition_key_in": task.process_definition_key,
    "tenant_id_in": task.tenant_id,
}
Shape = tuple[tuple[str, ...], ...]  # for each topic, the names of its filters


def _filters_of(topic: Topic) -> tuple[str, ...]:
    found = [name for name in _EQUAL if getattr(topic, name) is not None]
    found += [name for name in _LISTS if getattr(topic, name)]
    if topic.process_definition_version_tag is not None:
        found.append("process_definition_version_tag")
    if topic.without_tenant_id and not topic.tenant_id_in:
        found.append("without_tenant_id")
    found += [f"process_variables:{_kind(v)}" for v in (topic.process_variables or {}).values()]
    return tuple(found)


def _kind(value: object) -> str:
    """The type and column that a plain value is compared with, exactly.

    Raises:
        EngineError: it is a list, an object, or a number of more than 64 bits.
    """
    refuse_incomparable(value)
    typed = from_object(from_json(value))
    columns = to_columns(typed)._asdict()
    column = next((name for name, found in columns.items() if found is not None), "")
    return f"{typed.type}:{column}"


@lru_cache(maxsize=500)
def _claim(shape: Shape, use_priority: bool, newest_first: bool) -> Compiled:
    """The statement that locks the next free tasks of some topics."""
    return Compiled(lambda: _build_claim(shape, use_priority, newest_first))


def _build_claim(shape: Shape, use_priority: bool, newest_first: bool) -> Select[Any]:
    order = _order(task, use_priority, newest_first)
    if len(shape) == 1:
        mine = _free(shape[0], 0, order).limit(bindparam("limit", type_=None))
        mine = mine.with_for_update(of=external_task, skip_locked=True)
        chosen = mine.subquery("mine")
    else:
        chosen = _share(shape, use_priority, newest_first).subquery("mine")
    definition = process_definition.c
    return (
        select(DatabaseClock(), definition.version_tag, *chosen.c)
        .select_from(
            chosen.outerjoin(process_definition, definition.id == chosen.c.process_definition_id)
        )
        .order_by(*_order(chosen.c, use_priority, newest_first))
    )


def _order(columns: Any, use_priority: bool, newest_first: bool) -> list[ColumnElement[Any]]:
    """Oldest first, as the index has them, or its way backwards."""
    found = [columns.create_time, columns.id]
    if newest_first:
        found = [column.desc() for column in found]
    return [columns.priority.desc(), *found] if use_priority else found


def _share(shape: Shape, use_priority: bool, newest_first: bool) -> Any:
    """Claims over several topics: a look without locks tells how many to take of each.

    Claiming the limit of each topic would hold rows back from others for no use.
    """
    order = _order(task, use_priority, newest_first)
    peek = _next_of(shape, use_priority, newest_first).cte("peek")
    claims = []
    for index, filters in enumerate(shape):
        quota = (
            select(func.count())
            .select_from(peek)
            .where(peek.c.topic_index == index)
            .scalar_subquery()
        )
        claim = _free(filters, index, order).limit(quota)
        claim = claim.with_for_update(of=external_task, skip_locked=True)
        claims.append(select(*claim.subquery().c))
    return union_all(*claims)


def _next_of(shape: Shape, use_priority: bool, newest_first: bool) -> Select[Any]:
    """The next free tasks of some topics, without a lock: what they are sorted by, their topic."""
    limit: BindParameter[Any] = bindparam("limit", type_=None)
    order = _order(task, use_priority, newest_first)
    looks = []
    for index, filters in enumerate(shape):
        look = _free(filters, index, order).limit(limit).subquery().c
        number = literal(index).label("topic_index")
        looks.append(select(number, look.priority, look.create_time, look.id))
    union = union_all(*looks).subquery()
    return select(*union.c).order_by(*_order(union.c, use_priority, newest_first)).limit(limit)


@lru_cache(maxsize=100)
def _peek(shape: Shape, use_priority: bool, newest_first: bool) -> Compiled:
    """The statement that looks which of many topics have the next tasks."""
    return Compiled(lambda: _next_of(shape, use_priority, newest_first))


def _free(filters: tuple[str, ...], index: int, order: list[Any]) -> Select[Any]:
    """The tasks of one topic that can be fetched, in order."""
    return (
        select(*task)
        .where(
            task.topic_name == bindparam(f"topic_name_{index}", type_=Text),
            not_(task.is_locked),
            not_(task.is_suspended),
            or_(task.retries.is_(None), task.retries > 0),
            *_conditions(filters, index),
        )
        .order_by(*order)
    )


def _conditions(filters: tuple[str, ...], index: int) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    owned: list[ColumnElement[bool]] = []
    for number, name in enumerate(filters):
        if name in _LISTS:
            found.append(Among(_LISTS[name], bindparam(f"{name}_{index}")))
        elif name == "process_definition_version_tag":
            wanted = bindparam(f"{name}_{index}", type_=Text)
            tagged = process_definition.c.version_tag.like(wanted, escape="\\")
            found.append(
                task.process_definition_id.in_(select(process_definition.c.id).where(tagged))
            )
        elif name == "without_tenant_id":
            found.append(task.tenant_id.is_(None))
        elif name == "seen":
            found.append(not_(Among(task.id, bindparam("seen"))))
        elif name.startswith("process_variables:"):
            owned.append(_owns(name, f"{index}_{number}"))
        else:
            found.append(task[name] == bindparam(f"{name}_{index}", type_=Text))
    if owned:
        found.append(or_(*owned))
    return found


def _owns(name: str, suffix: str) -> ColumnElement[bool]:
    """Whether the instance itself holds a variable of this type and value."""
    _, kind, column = name.split(":")
    conditions = [
        variable.c.execution_id == task.process_instance_id,
        variable.c.name == bindparam(f"name_{suffix}", type_=Text),
        variable.c.type == kind,
    ]
    if column:
        conditions.append(variable.c[column] == bindparam(f"value_{suffix}"))
    return exists().where(and_(*conditions))


def _parameters(tx: "Transaction", topics: list[Topic], shape: Shape) -> dict[str, object]:
    found: dict[str, object] = {}
    for index, topic in enumerate(topics):
        found[f"topic_name_{index}"] = topic.topic_name
        values = iter((topic.process_variables or {}).items())
        for number, name in enumerate(shape[index]):
            if name in _LISTS:
                found[f"{name}_{index}"] = tx.sql.listed(getattr(topic, name))
            elif name.startswith("process_variables:"):
                key, value = next(values)
                column = name.split(":")[2]
                found[f"name_{index}_{number}"] = key
                if column:
                    columns = to_columns(from_object(from_json(value)))
                    found[f"value_{index}_{number}"] = getattr(columns, column)
            elif name == "process_definition_version_tag":
                found[f"{name}_{index}"] = pattern(topic.process_definition_version_tag or "")
            elif name not in ("without_tenant_id", "seen"):
                found[f"{name}_{index}"] = getattr(topic, name)
    return found


def _release() -> Any:
    """Note that locks of some topics have expired: their tasks are free again."""
    topics: BindParameter[Any] = bindparam("topics")
    over = (
        select(task.id)
        .where(
            Among(task.topic_name, topics),
            task.is_locked,
            task.lock_expiration_time <= StatementClock(),
        )
        .limit(MOST_RELEASED)
        .with_for_update(skip_locked=True)
    )
    return update(external_task).where(task.id.in_(over)).values(is_locked=False)


RELEASE_EXPIRED = Compiled(_release)


def fetch_and_lock(
    tx: "Transaction",
    worker_id: str,
    topics: list[Topic],
    limit: int,
    *,
    use_priority: bool,
    newest_first: bool = False,
) -> list[dict[str, Any]]:
    """Lock free tasks for a worker and answer them with their variables.

    Args:
        limit: how many at most, over all topics.

    Returns:
        a view of each task: its record's fields, its variables and what its topic asked for.

    Raises:
        RequestTooLargeError: there are more topics or conditions than can be planned for.
        DeserializationError: a task that is due has a variable that cannot be read, and nobody was
            told yet, or no other task is there.
    """
    refuse_many(topics)
    tx.sql.defer(RELEASE_EXPIRED, topics=tx.sql.listed(topic.topic_name for topic in topics))
    order = use_priority, newest_first
    seen: list[str] = []
    found: list[dict[str, Any]] = []
    failures: list[EngineError] = []
    while len(found) < limit:
        ask = _rows if len(topics) <= MOST_AT_ONCE else _rows_of_many
        claimed = _claimed(tx, topics, ask(tx, topics, limit - len(found), order, seen))
        failed = _refused(tx, claimed)
        found += [_lock(tx, worker_id, c) for c in claimed if c.record.id not in failed]
        failures += failed.values()
        if not failed:
            break
        seen += [c.record.id for c in claimed]
    if failures and not found:
        raise failures[0]
    return found


def _rows(
    tx: "Transaction",
    topics: list[Topic],
    limit: int,
    order: tuple[bool, bool],
    seen: list[str],
    build: Callable[[Shape, bool, bool], Compiled] = _claim,
) -> Rows:
    """What a statement answers about the next free tasks but for those of ``seen``."""
    more = ("seen",) if seen else ()
    shape = tuple((*_filters_of(topic), *more) for topic in topics)
    parameters = _parameters(tx, topics, shape)
    if seen:
        parameters["seen"] = tx.sql.listed(seen)
    return tx.sql.rows(build(shape, *order), limit=limit, **parameters)


def _rows_of_many(
    tx: "Transaction", topics: list[Topic], limit: int, order: tuple[bool, bool], seen: list[str]
) -> Rows:
    """Lock over many topics: a look at each group of them tells how many to take of it."""
    use_priority, newest_first = order
    groups = [topics[i : i + MOST_AT_ONCE] for i in range(0, len(topics), MOST_AT_ONCE)]
    looks = [
        (created, task_id, priority, number)
        for number, group in enumerate(groups)
        for _, priority, created, task_id in _rows(tx, group, limit, order, seen, _peek)
    ]
    looks.sort(key=itemgetter(0, 1), reverse=newest_first)
    if use_priority:
        looks.sort(key=itemgetter(2), reverse=True)
    wanted = Counter(number for *_, number in looks[:limit])
    rows = [
        row
        for number, count in sorted(wanted.items())
        for row in _rows(tx, groups[number], count, order, seen)
    ]
    ranks = {task_id: rank for rank, (_, task_id, *_) in enumerate(looks)}
    return sorted(rows, key=lambda row: ranks.get(row[2], len(ranks)))


@dataclass(slots=True)
class _Claimed:
    """A task whose row a fetch holds, with what its topic asks for."""

    record: ExternalTask
    version_tag: str | None
    topic: Topic
    variables: dict[str, TypedValue]


def _claimed(tx: "Transaction", topics: list[Topic], rows: Rows) -> list[_Claimed]:
    by_name = {topic.topic_name: topic for topic in topics}
    found = []
    for clock, version_tag, *values in rows:
        tx.clock.set(clock)
        record = tx.claims.load(ExternalTask(*values))
        if record is not None:
            found.append(_Claimed(record, version_tag, by_name[record.topic_name or ""], {}))
    variables = seen_by(tx, [(c.record, c.topic.local_variables, c.topic.variables) for c in found])
    for claimed in found:
        claimed.variables = variables.get(claimed.record.id, {})
    return found


def _refused(tx: "Transaction", claimed: list[_Claimed]) -> dict[str, EngineError]:
    """Why some of the tasks cannot be handed out, by their ids.

    Raises:
        DeserializationError: a task is met for the first time; nothing is locked.
    """
    found: dict[str, EngineError] = {}
    for one in claimed:
        if one.topic.deserialize_values:
            try:
                check(one.variables)
            except DeserializationError as error:
                if tx.unreadable.tell(one.record.id):
                    raise
                found[one.record.id] = error
    return found


def _lock(tx: "Transaction", worker_id: str, claimed: _Claimed) -> dict[str, Any]:
    """Lock a task and answer its view."""
    record, topic = claimed.record, claimed.topic
    record.worker_id = worker_id
    record.lock_expiration_time = tx.now + topic.lock_duration
    record.is_locked = True
    record.lock_count += 1
    properties: dict[str, str] = {}
    if topic.include_extension_properties:
        node = tx.graph(record.process_definition_id).activities[record.activity_id].node
        properties = dict(node.properties) if node is not None else {}
    return {
        **{name: getattr(record, name) for name in ExternalTask.__slots__},
        "is_suspended": False,
        "process_definition_version_tag": claimed.version_tag,
        "variables": claimed.variables,
        "extension_properties": properties,
        "deserialize_values": topic.deserialize_values,
    }
