"""Lists of external tasks, and small looks at them.

Source: contract 3.15 to 3.17.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
)

from app.filters import DATE, LONG_NUMBER, PROCESS_VARIABLES, SET, TENANT_IDS, TEXT, Texts
from app.models.repository import process_definition
from app.models.runtime import execution, external_task, variable
from app.store.connections.dialects import StatementClock, list_parameter
from app.store.unit.reads import unnested

from .base import Condition, Filter, Listing, flag
from .conditions import above, among, at_least, at_most, below, equals, like, of_key
from .rules import instance_readers
from .variables import IGNORING_CASE, of_instance, variables_of

t = external_task.c
NOW = StatementClock()
_definition = process_definition.alias("definition")
_of_instance = of_instance(t.process_instance_id)
_is_free = or_(t.lock_expiration_time.is_(None), t.lock_expiration_time < NOW)
# NULL is a task that never failed.
_has_retries_left = or_(t.retries.is_(None), t.retries > 0)


def _at_activities(values: Any) -> Condition:
    """That tasks are at some activities of any definition; definitions are few."""
    # It holds for every row; it offers the planner ix_external_task_definition.
    of_any = t.process_definition_id.in_(select(process_definition.c.id))
    return and_(among(t.activity_id)(values), of_any)


def _of_execution(value: str) -> Condition:
    """That a task is an execution's: found among those of its instance."""
    owner = select(execution.c.process_instance_id).where(execution.c.id == value)
    # By ix_external_task_process_instance. There is no index of tasks by execution: each insert
    # would pay for it.
    return and_(t.execution_id == value, t.process_instance_id == owner.scalar_subquery())


EXTERNAL_TASKS = Listing(
    "external_task",
    external_task.outerjoin(_definition, _definition.c.id == t.process_definition_id),
    [*external_task.c, _definition.c.version_tag.label("process_definition_version_tag")],
    {
        "external_task_id": Filter(TEXT, equals(t.id)),
        "external_task_id_in": Filter(SET, among(t.id)),
        "topic_name": Filter(TEXT, equals(t.topic_name)),
        "worker_id": Filter(TEXT, equals(t.worker_id)),
        "activity_id": Filter(TEXT, lambda value: _at_activities([value])),
        "activity_id_in": Filter(Texts(refuses_null="activityIdIn"), _at_activities),
        "execution_id": Filter(TEXT, _of_execution),
        "process_instance_id": Filter(TEXT, equals(t.process_instance_id)),
        "process_instance_id_in": Filter(
            Texts(refuses_null="processInstanceIdIn"), among(t.process_instance_id)
        ),
        "process_definition_id": Filter(TEXT, equals(t.process_definition_id)),
        **of_key(t, SET),
        "process_definition_name": Filter(TEXT, equals(_definition.c.name)),
        "process_definition_name_like": Filter(TEXT, like(_definition.c.name)),
        # By the expiry and not by `is_locked`, which is only cleared by the next fetch. A lock that
        # ends just now is neither locked nor free (semantics 1.2).
        "locked": flag(t.lock_expiration_time > NOW),
        "not_locked": flag(_is_free),
        "with_retries_left": flag(_has_retries_left),
        # As ix_external_task_failed has it, so that it is answered from that.
        "no_retries_left": flag(t.retries == 0),
        "active": flag(not_(t.is_suspended)),
        "suspended": flag(t.is_suspended),
        "lock_expiration_before": Filter(DATE, below(t.lock_expiration_time)),
        "lock_expiration_after": Filter(DATE, above(t.lock_expiration_time)),
        # A BIGINT of Java: a number beyond it is refused before it gets here.
        "priority_higher_than_or_equals": Filter(LONG_NUMBER, at_least(t.priority)),
        "priority_lower_than_or_equals": Filter(LONG_NUMBER, at_most(t.priority)),
        "tenant_id_in": Filter(TENANT_IDS, among(t.tenant_id)),
        "process_variables": variables_of([(variable, _of_instance)], PROCESS_VARIABLES),
        **IGNORING_CASE,
    },
    {
        "id": t.id,
        "lockExpirationTime": t.lock_expiration_time,
        "processInstanceId": t.process_instance_id,
        "processDefinitionId": t.process_definition_id,
        "processDefinitionKey": t.process_definition_key,
        "tenantId": t.tenant_id,
        "taskPriority": t.priority,
        "createTime": t.create_time,
    },
    order=[t.id],
    seen_by=instance_readers(),
    overruled={"active": "suspended", "with_retries_left": "no_retries_left"},
)


def topic_names(
    connection: Connection,
    seen: Sequence[Condition],
    *,
    with_locked_tasks: bool,
    with_unlocked_tasks: bool,
    with_retries_left: bool,
) -> list[str]:
    """The topics of the tasks that fulfil every flag that is set.

    Args:
        seen: what is true of the tasks that the user sees.
    """
    wanted = select(t.topic_name).distinct().where(t.topic_name.is_not(None)).order_by(t.topic_name)
    wanted = wanted.where(*seen)
    if with_locked_tasks:
        wanted = wanted.where(t.lock_expiration_time > NOW)
    if with_unlocked_tasks:
        wanted = wanted.where(_is_free)
    if with_retries_left:
        wanted = wanted.where(_has_retries_left)
    return list(connection.execute(wanted).scalars())


def error_details(connection: Connection, task_id: str) -> tuple[str | None] | None:
    """The details of a task's last failure, in a tuple; None when there is no such task."""
    row = connection.execute(select(t.error_details).where(t.id == task_id)).first()
    return None if row is None else (row[0],)


def free_topics(connection: Connection, topics: list[str]) -> list[str]:
    """Those of some topics that have a task which could be fetched now."""
    is_postgresql = connection.dialect.name == "postgresql"
    statement = _FREE_POSTGRESQL if is_postgresql else _FREE_SQLITE
    given = {"topics": list_parameter(connection.dialect, topics)}
    return list(connection.execute(statement, given).scalars())


def _free_among(wanted: Any) -> Select[Any]:
    """The topics of a table of them that have such a task, whose first one is enough."""
    # Two queries, from ix_external_task_fetch and ix_external_task_expiry as a fetch; one condition
    # with OR would use neither.
    ready = [t.topic_name == wanted.c.value, not_(t.is_suspended), _has_retries_left]
    free = exists().where(*ready, not_(t.is_locked))
    expired = exists().where(*ready, t.is_locked, t.lock_expiration_time <= StatementClock())
    return select(wanted.c.value).where(or_(free, expired))


_TOPICS: BindParameter[Any] = bindparam("topics")
_FREE_POSTGRESQL = _free_among(unnested(_TOPICS, "wanted"))
_FREE_SQLITE = _free_among(func.json_each(_TOPICS).table_valued("value", name="wanted"))
