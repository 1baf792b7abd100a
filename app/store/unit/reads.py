"""The queries that a transaction loads records with, by key; the hot ones."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.sql.selectable import LateralFromClause, TableValuedAlias

from app.engine import state
from app.models.repository import job_definition, process_definition
from app.models.runtime import (
    batch,
    event_subscription,
    execution,
    external_task,
    incident,
    job,
    task,
    variable,
)
from app.store.connections.dialects import Among, Compiled, DatabaseClock

_ID = bindparam("id", type_=String)
_IDS: BindParameter[Any] = bindparam("ids")
_NAMES: BindParameter[Any] = bindparam("names")
# OFFSET 0 changes no result, and the planner pulls no subquery up that has it
FENCE: ColumnElement[int] = literal_column("0")


def _flags(root: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """Whether the call hierarchy has incidents, jobs and subscriptions at all."""
    # one probe of ix_incident_root, ix_job_root and ix_event_subscription_root each: cheaper than
    # the queries that a run leaves out when there is none, which is the usual case
    return tuple(
        exists().where(table.c.root_process_instance_id == root).label(f"has_{table.name}")
        for table in (incident, job, event_subscription)
    )


def _time_to_live(definition_id: ColumnElement[str]) -> ColumnElement[int | None]:
    """How long the history of a definition's instances is kept."""
    # Along with what is locked: an instance that ends would ask for it in a round trip of its own.
    return (
        select(process_definition.c.history_time_to_live)
        .where(process_definition.c.id == definition_id)
        .scalar_subquery()
    )


def _ahead(row: Any) -> tuple[ColumnElement[Any], ...]:
    """The columns in front of a row: the time, and what a run would ask about its hierarchy."""
    flags = _flags(row.root_process_instance_id)
    return DatabaseClock(), *flags, _time_to_live(row.process_definition_id)


def _lock_root(instance: ColumnElement[str]) -> Select[tuple[str]]:
    # FOR NO KEY UPDATE is what an UPDATE of the row takes anyway: a stronger mode gains nothing
    return (
        select(execution.c.id)
        .where(execution.c.id == instance)
        .with_for_update(key_share=True, of=execution)
    )


def _root_of(table: Table) -> ColumnElement[str]:
    return select(table.c.root_process_instance_id).where(table.c.id == _ID).scalar_subquery()


# the root is found in the locking statement itself, by primary keys; it may be another one by the
# time that the lock is ours, which `Hierarchy.load` finds out
LOCK_ROOT_OF = {
    state.ExternalTask: Compiled(lambda: _lock_root(_root_of(external_task))),
    state.Execution: Compiled(lambda: _lock_root(_root_of(execution))),
    state.Task: Compiled(lambda: _lock_root(_root_of(task))),
    state.Job: Compiled(lambda: _lock_root(_root_of(job))),
    state.Incident: Compiled(lambda: _lock_root(_root_of(incident))),
    state.EventSubscription: Compiled(lambda: _lock_root(_root_of(event_subscription))),
}


def _lock_roots() -> Select[tuple[str]]:
    """Several call hierarchies, in one order: two transactions cannot wait in a circle."""
    roots = select(execution.c.id).where(Among(execution.c.id, _IDS)).order_by(execution.c.id)
    return roots.with_for_update(key_share=True, of=execution)


# By the primary key.
LOCK_ROOTS = Compiled(_lock_roots)


def _locked_task() -> Any:
    """The row of an external task with its lock, the flags of its hierarchy, and the time.

    The clock is read outside of the part that waits for the row, or it would tell the time from
    before the wait.
    """
    # FOR UPDATE: a fetch locks the row alone, without the root, and must not take it meanwhile
    mine = (
        select(external_task)
        .where(external_task.c.id == _ID)
        .with_for_update(of=external_task)
        .cte("mine")
    )
    return select(*_ahead(mine.c), *mine.c)


# By the primary key; the flags by one probe each, see `_flags`.
LOCKED_EXTERNAL_TASK = Compiled(_locked_task)


def _execution_with_flags() -> Any:
    return select(*_ahead(execution.c), *execution.c).where(execution.c.id == _ID)


# By the primary key; the same flags.
EXECUTION_WITH_FLAGS = Compiled(_execution_with_flags)


def _ancestors() -> Select[Any]:
    # upwards by primary keys: the cost is the depth of the scopes, not the width of the instance
    chain = select(*execution.c).where(execution.c.id == _ID).cte("chain", recursive=True)
    above = execution.alias("above")
    chain = chain.union_all(select(*above.c).where(above.c.id == chain.c.parent_id))
    return select(*chain.c)


# By the primary keys.
ANCESTORS = Compiled(_ancestors)


def unnested(values: BindParameter[Any], name: str) -> TableValuedAlias:
    """The values of a list parameter as rows."""
    return func.unnest(cast(values, ARRAY(Text))).table_valued("value", name=name).render_derived()


def named_variables(
    execution_id: KeyedColumnElement[str], names: BindParameter[Any]
) -> LateralFromClause:
    """An execution's variables of some names, for PostgreSQL: each by the index of both columns.

    The fence (OFFSET) keeps the database from reading every variable that has such a name.
    """
    wanted = unnested(names, "wanted")
    one = (
        select(*variable.c)
        .where(variable.c.execution_id == execution_id, variable.c.name == wanted.c.value)
        .offset(FENCE)
        .correlate(execution_id.table, wanted)
        .lateral("one")
    )
    return select(*one.c).select_from(wanted.join(one, true())).lateral("found")


def _scopes_of_task(*, is_postgresql: bool) -> Select[Any]:
    """The executions that a task sees, each with its variables of some names, or with none."""
    own = select(external_task.c.execution_id).where(external_task.c.id == _ID).scalar_subquery()
    chain = select(*execution.c).where(execution.c.id == own).cte("chain", recursive=True)
    above = execution.alias("above")
    chain = chain.union_all(select(*above.c).where(above.c.id == chain.c.parent_id))
    if is_postgresql:
        found = named_variables(chain.c.id, _NAMES)
        # An outer join: a scope without any of the names has to be loaded, too.
        return select(*chain.c, *found.c).select_from(chain.outerjoin(found, true()))
    named = and_(variable.c.execution_id == chain.c.id, Among(variable.c.name, _NAMES))
    return select(*chain.c, *variable.c).select_from(chain.outerjoin(variable, named))


# By the primary keys upwards, the variables by ix_variable_execution.
SCOPES_OF_TASK = Compiled(
    lambda: _scopes_of_task(is_postgresql=False),
    postgresql=lambda: _scopes_of_task(is_postgresql=True),
)


def _tree_below() -> Select[Any]:
    # downwards by ix_execution_children
    root = select(*execution.c).where(execution.c.parent_id == _ID).cte("below", recursive=True)
    child = execution.alias("child")
    below = root.union_all(select(*child.c).where(child.c.parent_id == root.c.id))
    return select(*below.c)


# By ix_execution_children.
TREE_BELOW = Compiled(_tree_below)

_CHILDREN = and_(execution.c.parent_id == _ID, not_(execution.c.is_event_scope))
# By ix_execution_children.
CHILDREN = Compiled(lambda: select(*execution.c).where(_CHILDREN).order_by(execution.c.id))
# two are enough to tell "none", "one" and "several" apart, however many an instance has: any two,
# for in an order all of them would be sorted
# By ix_execution_children.
SOME_CHILDREN = Compiled(
    lambda: select(*execution.c).where(_CHILDREN, not_(Among(execution.c.id, _IDS))).limit(2)
)
# By ix_execution_children.
EVENT_SCOPES = Compiled(
    lambda: select(*execution.c).where(execution.c.parent_id == _ID, execution.c.is_event_scope)
)
# the tokens at a join, by two columns of ix_execution_children: other branches are not read
WAITING_AT = Compiled(
    lambda: (
        select(*execution.c)
        .where(
            execution.c.parent_id == _ID,
            execution.c.activity_id == bindparam("activity_id", type_=String),
            not_(execution.c.is_active),
        )
        .order_by(execution.c.id)
    )
)
# by ix_execution_super, which has only called instances
CALLED_BY = Compiled(
    lambda: select(*execution.c).where(Among(execution.c.super_execution_id, _IDS))
)
# By ix_variable_execution.
VARIABLES = Compiled(lambda: select(*variable.c).where(Among(variable.c.execution_id, _IDS)))


def _named_of_many() -> Select[Any]:
    owner = unnested(_IDS, "owner")
    found = named_variables(owner.c.value, _NAMES)
    return select(*found.c).select_from(owner.join(found, true()))


# By both columns of ix_variable_execution.
NAMED_VARIABLES = Compiled(
    lambda: select(*variable.c).where(
        Among(variable.c.execution_id, _IDS), Among(variable.c.name, _NAMES)
    ),
    postgresql=_named_of_many,
)


def _by_execution(table: Table) -> Compiled:
    return Compiled(
        lambda: select(*table.c).where(Among(table.c.execution_id, _IDS)).order_by(table.c.id)
    )


def _tasks_of_executions() -> Select[Any]:
    """External tasks by the index of instances, which has the executions as well."""
    owners = select(execution.c.process_instance_id).where(Among(execution.c.id, _IDS))
    # An index of its own for executions would be written with each task, and read hardly ever.
    found = select(*external_task.c).where(
        external_task.c.process_instance_id.in_(owners), Among(external_task.c.execution_id, _IDS)
    )
    return found.order_by(external_task.c.id)


# the other tables have an index of execution_id; the order of ids is that of creation
# By ix_external_task_process_instance, ix_task_execution, ix_job_execution, ….
BY_EXECUTION = {
    state.ExternalTask: Compiled(_tasks_of_executions),
    state.Task: _by_execution(task),
    state.Job: _by_execution(job),
    state.EventSubscription: _by_execution(event_subscription),
    state.Incident: _by_execution(incident),
}


def _incidents_about() -> Select[Any]:
    """The incidents about something and those that they have caused, each by an index."""
    # a UNION of ids, as OR over two columns would be answered from neither index
    about = select(incident.c.id).where(incident.c.configuration == _ID)
    caused = select(incident.c.id).where(incident.c.root_cause_incident_id.in_(about))
    return select(*incident.c).where(incident.c.id.in_(about.union(caused)))


# By ix_incident_configuration and ix_incident_root_cause.
INCIDENTS_ABOUT = Compiled(_incidents_about)
# By ix_incident_root_cause.
INCIDENTS_CAUSED = Compiled(
    lambda: select(*incident.c).where(Among(incident.c.root_cause_incident_id, _IDS))
)


def _by_key(table: Table, *, locked: bool = False) -> Compiled:
    def build() -> Select[Any]:
        found = select(*table.c).where(table.c.id == _ID)
        return found.with_for_update() if locked else found

    return Compiled(build)


# rows that fetches, executors and operators change with a lock of the row alone are locked here
# too; the others change only under the lock of their hierarchy
# By the primary key; a job definition also by ix_job_definition_declared.
BY_KEY = {
    state.ExternalTask: _by_key(external_task, locked=True),
    state.Task: _by_key(task, locked=True),  # one that stands alone has no other lock
    state.Job: _by_key(job, locked=True),
    state.EventSubscription: _by_key(event_subscription),
    state.Incident: _by_key(incident),
    state.ProcessDefinition: _by_key(process_definition),
    state.JobDefinition: Compiled(
        lambda: select(*job_definition.c).where(
            # Definitions that were brought along keep their id, and are asked for by the one that
            # the engine would have given.
            or_(job_definition.c.id == _ID, job_definition.c.declared_id == _ID)
        )
    ),
    state.Batch: _by_key(batch, locked=True),
}
# Reads no table.
DATABASE_TIME = Compiled(lambda: select(DatabaseClock()))
_OF_SIGNAL = and_(
    event_subscription.c.event_type == "signal",
    event_subscription.c.event_name == bindparam("name", type_=String),
)
# without a lock and by ix_event_subscription_event: the rows are read again once they are locked
SIGNAL_RECEIVERS = Compiled(
    lambda: select(
        event_subscription.c.id,
        event_subscription.c.root_process_instance_id,
        event_subscription.c.process_definition_id,
    ).where(_OF_SIGNAL)
)
# By the primary key.
SUBSCRIPTIONS_BY_ID = Compiled(
    lambda: (
        select(*event_subscription.c)
        .where(Among(event_subscription.c.id, _IDS))
        .order_by(event_subscription.c.id)
    )
)
# By ix_event_subscription_process_instance.
CONDITIONAL_SUBSCRIPTIONS = Compiled(
    lambda: (
        select(*event_subscription.c)
        .where(
            event_subscription.c.process_instance_id == _ID,
            event_subscription.c.event_type == "conditional",
        )
        .order_by(event_subscription.c.id)
    )
)


# By the primary key.
TASKS_FOUND = Compiled(
    lambda: select(external_task.c.id, external_task.c.root_process_instance_id).where(
        Among(external_task.c.id, _IDS)
    )
)
