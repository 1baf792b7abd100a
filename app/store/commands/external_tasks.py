"""External tasks on their way to workers: fetch and lock.

The free tasks of a topic stand in two partial indexes, oldest first and by priority (decision 5).
Whether a task is in them is the column ``is_locked``: a fetch first clears it for locks that have
expired since, then claims from the index with ``SKIP LOCKED``, so that it reads hardly more rows
than it answers and never waits for another fetch.

Source: semantics 5; contract 3.3.
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
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql import ColumnElement

from app.engine.state import ExternalTask, ExternalTaskLock, as_view
from app.engine.state.conversion import DeserializationError
from app.engine.state.values import TypedValue
from app.errors import EngineError
from app.models.repository import process_definition
from app.models.runtime import execution, external_task
from app.store.connections.dialects import Among, Compiled, DatabaseClock, Rows, StatementClock

from .fetch_filters import Filters, Shape, asked_of, conditions, values_of
from .seen_variables import seen_by
from .topics import Topic, refuse_many
from .unreadable import check

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

task = external_task.c
MOST_RELEASED = 1_000  # expired locks that one fetch notices
MOST_AT_ONCE = 40  # topics of one statement: its plan costs more than they grow in number


# bounded: the combinations of filters come from the requests of workers
@lru_cache(maxsize=500)
def _claim(shape: Shape, use_priority: bool, newest_first: bool) -> Compiled:
    """The statement that locks the next free tasks of some topics."""
    return Compiled(lambda: _build_claim(shape, use_priority, newest_first))


def _build_claim(shape: Shape, use_priority: bool, newest_first: bool) -> Select[Any]:
    order = _order(task, use_priority, newest_first)
    # the version tag is joined outside of the subquery that locks, whose order and limit are
    # answered from the partial index alone
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
    """Claims over several topics: a query without locks tells how many to take of each.

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
        # The quota is of an instant without locks: a claim may get less than it, never more.
        claim = claim.with_for_update(of=external_task, skip_locked=True)
        claims.append(select(*claim.subquery().c))
    return union_all(*claims)


def _next_of(shape: Shape, use_priority: bool, newest_first: bool) -> Select[Any]:
    """The next free tasks of some topics, without a lock: sort columns and topic."""
    limit: BindParameter[Any] = bindparam("limit", type_=None)
    order = _order(task, use_priority, newest_first)
    queries = []
    for index, filters in enumerate(shape):
        found = _free(filters, index, order).limit(limit).subquery().c
        number = literal(index).label("topic_index")
        queries.append(select(number, found.priority, found.create_time, found.id))
    union = union_all(*queries).subquery()
    return select(*union.c).order_by(*_order(union.c, use_priority, newest_first)).limit(limit)


@lru_cache(maxsize=100)
def _peek(shape: Shape, use_priority: bool, newest_first: bool) -> Compiled:
    """The query which of many topics have the next tasks."""
    return Compiled(lambda: _next_of(shape, use_priority, newest_first))


def _free(filters: Filters, index: int, order: list[Any]) -> Select[Any]:
    """The tasks of one topic that can be fetched, in order; see the index's own condition."""
    return (
        select(*task)
        .where(
            task.topic_name == bindparam(f"topic_name_{index}", type_=Text),
            not_(task.is_locked),
            not_(task.is_suspended),
            # Written as in the index's condition: only then can the planner use the partial index.
            or_(task.retries.is_(None), task.retries > 0),
            *conditions(filters, index),
        )
        .order_by(*order)
    )


def _release() -> Any:
    """Note that locks of some topics have expired: their tasks are free again."""
    topics: BindParameter[Any] = bindparam("topics")
    # SKIP LOCKED: a task whose worker is completing it just now keeps its lock, and no fetch waits
    # for another
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


# By ix_external_task_expiry, which has locked tasks only.
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
        DeserializationError: a task that is due has a variable that cannot be read, and no
            fetch has failed of it yet, or no other task is there.
    """
    # Before the database is asked: the planning alone is what such a request costs.
    refuse_many(topics)
    # deferred, so that it travels in one round trip with the claim that follows
    tx.sql.defer(RELEASE_EXPIRED, topics=tx.sql.listed(topic.topic_name for topic in topics))
    order = use_priority, newest_first
    seen: list[str] = []
    found: list[dict[str, Any]] = []
    failures: list[EngineError] = []
    # Another round only when tasks were refused for what they hold: others take their places.
    while len(found) < limit:
        ask = _rows if len(topics) <= MOST_AT_ONCE else _rows_of_many
        claimed = _claimed(tx, topics, ask(tx, topics, limit - len(found), order, seen))
        failed = _refused(tx, claimed)
        found += [_lock(tx, worker_id, c) for c in claimed if c.record.id not in failed]
        failures += failed.values()
        if not failed:
            break
        # also those that are answered: this transaction's own locks are not skipped
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
    """The rows of a statement for the next free tasks, without those of ``seen``."""
    shape: list[Filters] = []
    parameters: dict[str, object] = {"limit": limit}
    for index, topic in enumerate(topics):
        wanted = asked_of(topic, seen, tx.sql.listed)
        shape.append(tuple(asked for asked, _ in wanted))
        parameters[f"topic_name_{index}"] = topic.topic_name
        parameters |= values_of(wanted, index)
    return tx.sql.rows(build(tuple(shape), *order), **parameters)


def _rows_of_many(
    tx: "Transaction", topics: list[Topic], limit: int, order: tuple[bool, bool], seen: list[str]
) -> Rows:
    """Lock over many topics: a query of each group of them tells how many to take of it."""
    use_priority, newest_first = order
    groups = [topics[i : i + MOST_AT_ONCE] for i in range(0, len(topics), MOST_AT_ONCE)]
    peeked = [
        (created, task_id, priority, number)
        for number, group in enumerate(groups)
        for _, priority, created, task_id in _rows(tx, group, limit, order, seen, _peek)
    ]
    # two stable sorts: the priority is always descending, the time goes either way
    peeked.sort(key=itemgetter(0, 1), reverse=newest_first)
    if use_priority:
        peeked.sort(key=itemgetter(2), reverse=True)
    # Only groups that have some of the next tasks are asked for locks.
    wanted = Counter(number for *_, number in peeked[:limit])
    rows = [
        row
        for number, count in sorted(wanted.items())
        for row in _rows(tx, groups[number], count, order, seen)
    ]
    ranks = {task_id: rank for rank, (_, task_id, *_) in enumerate(peeked)}
    # Tasks that the peek did not know, because they became free in between, go last.
    return sorted(rows, key=lambda row: ranks.get(row[2], len(ranks)))


@dataclass(slots=True)
class _Claimed:
    """A task whose row a fetch holds, with its topic and variables."""

    record: ExternalTask
    version_tag: str | None
    topic: Topic
    variables: dict[str, TypedValue]
    traceparent: str | None = None


def _claimed(tx: "Transaction", topics: list[Topic], rows: Rows) -> list[_Claimed]:
    by_name = {topic.topic_name: topic for topic in topics}
    found = []
    for clock, version_tag, *values in rows:
        # The time at which the row was answered, behind any wait for a lock (decision 8).
        tx.clock.set(clock)
        record = ExternalTask(*values)
        found.append(_Claimed(record, version_tag, by_name[record.topic_name or ""], {}))
    variables = seen_by(tx, [(c.record, c.topic.local_variables, c.topic.variables) for c in found])
    for claimed in found:
        claimed.variables = variables.get(claimed.record.id, {})
    _trace(tx, [claimed for claimed in found if claimed.topic.include_extension_properties])
    return found


# By the primary key: the rows of root instances.
_TRACEPARENTS = Compiled(
    lambda: select(execution.c.id, execution.c.traceparent).where(
        Among(execution.c.id, bindparam("ids")), execution.c.traceparent.is_not(None)
    )
)


def _trace(tx: "Transaction", claimed: list[_Claimed]) -> None:
    """Note of tasks the trace that their instance was started in."""
    if claimed:
        # Only the root's row has the trace of the request.
        roots = {one.record.root_process_instance_id for one in claimed}
        found: dict[str, str] = dict(tx.sql.rows(_TRACEPARENTS, ids=tx.sql.listed(roots)))
        for one in claimed:
            one.traceparent = found.get(one.record.root_process_instance_id)


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
                if tx.unreadable.report(one.record.id):
                    raise
                found[one.record.id] = error
    return found


def _lock(tx: "Transaction", worker_id: str, claimed: _Claimed) -> dict[str, Any]:
    """Lock a task and answer its view."""
    record, topic = claimed.record, claimed.topic
    # The number of the lock is a fencing token: who holds an old one can tell that it was taken
    # again.
    lock = ExternalTaskLock(
        record.id, worker_id, tx.now + topic.lock_duration, True, record.lock_count + 1
    )
    # Apart from the records of runs: a claim writes its four columns, whatever the instance does.
    tx.claims.add(lock)
    properties: dict[str, str] = {}
    if topic.include_extension_properties:
        node = tx.graph(record.process_definition_id).activities[record.activity_id].node
        properties = dict(node.properties) if node is not None else {}
        if claimed.traceparent is not None:
            # The model's own property of that name wins.
            properties.setdefault("traceparent", claimed.traceparent)
    return {
        **as_view(record),
        **as_view(lock),
        "is_suspended": False,
        "process_definition_version_tag": claimed.version_tag,
        "variables": claimed.variables,
        "extension_properties": properties,
        "deserialize_values": topic.deserialize_values,
    }
