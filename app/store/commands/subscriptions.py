"""The receivers of a message: executions first, then definitions that it starts.

Source: semantics 2.9; Camunda 7 ``DefaultCorrelationHandler``.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Text, bindparam, literal_column, select, true

from app.engine.state import EventSubscription
from app.engine.state.conversion import to_object
from app.engine.state.values import TypedValue, from_columns
from app.errors import EngineError
from app.expressions.coercion import CoercionError, equals
from app.models.repository import process_definition
from app.models.runtime import event_subscription, execution, variable
from app.store.connections.dialects import Among, Compiled, Given, Variants
from app.store.lists.variables import in_instances
from app.store.unit.guard import Found
from app.store.unit.reads import FENCE, unnested

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction


@dataclass(slots=True)
class Correlation:
    """The criteria that a receiver must match; None means any."""

    message_name: str | None
    business_key: str | None = None
    process_instance_id: str | None = None
    correlation_keys: dict[str, TypedValue] = field(default_factory=dict)
    local_correlation_keys: dict[str, TypedValue] = field(default_factory=dict)
    tenant_id: str | None = None
    is_tenant_set: bool = False

    def __str__(self) -> str:
        def shown(keys: dict[str, TypedValue]) -> str:
            if not keys:
                return "null"
            return "{" + ", ".join(f"{k}={v.value}" for k, v in keys.items()) + "}"

        return (
            f"CorrelationSet [businessKey={self.business_key or 'null'}, "
            f"processInstanceId={self.process_instance_id or 'null'}, processDefinitionId=null, "
            f"correlationKeys={shown(self.correlation_keys)}, "
            f"localCorrelationKeys={shown(self.local_correlation_keys)}, "
            f"tenantId={self.tenant_id or 'null'}, "
            f"isTenantIdSet={str(self.is_tenant_set).lower()}, isExecutionsOnly=false]"
        )


_NAME = bindparam("name", type_=Text)


def _waiting(given: Given) -> Select[Any]:
    """Where the executions are that wait for a message and may be moved."""
    # found by ix_event_subscription_event, and by its third column when an instance is named
    instance = execution.alias("instance")
    subscription = event_subscription.c
    found = (
        select(
            subscription.id,
            subscription.root_process_instance_id,
            subscription.execution_id,
            subscription.process_instance_id,
            subscription.tenant_id,
        )
        .join(instance, instance.c.id == subscription.process_instance_id)
        .where(
            subscription.event_type == "message",
            subscription.execution_id.is_not(None),
            # Suspended instances do not count as receivers, so that another one may be the only
            # match.
            instance.c.is_suspended.is_(False),
        )
        .order_by(subscription.id)
    )
    if "name" in given:
        found = found.where(subscription.event_name == _NAME)
    if "process_instance_id" in given:
        wanted = bindparam("process_instance_id", type_=Text)
        found = found.where(subscription.process_instance_id == wanted)
    if "business_key" in given:
        found = found.where(instance.c.business_key == bindparam("business_key", type_=Text))
    return found


# By ix_event_subscription_event, or ix_execution_business_key.
_WAITING = Variants(_waiting)


def _values(*, is_postgresql: bool) -> Select[Any]:
    """The variables of some names in some instances, without those of user tasks.

    Other instances have variables of these names as well: on PostgreSQL it is asked instance by
    instance.
    """
    # With a sign SQLite does not look for the name in all instances either.
    name = variable.c.name if is_postgresql else literal_column("+variable.name", Text)
    names = Among(name, bindparam("names"))
    columns = (
        variable.c.process_instance_id,
        variable.c.execution_id,
        variable.c.name,
        variable.c.type,
        variable.c.text_value,
        variable.c.long_value,
        variable.c.double_value,
        variable.c.bytes_value,
        variable.c.value_info,
    )
    held = select(*columns).where(names, variable.c.task_id.is_(None))
    if not is_postgresql:
        return held.where(in_instances(lambda owner: Among(owner, bindparam("ids"))))
    instances = unnested(bindparam("ids"), "instance")
    one = (
        held.where(in_instances(lambda owner: owner == instances.c.value))
        # OFFSET keeps PostgreSQL from pulling the subquery up, and with it the lookup by instance.
        .offset(FENCE)
        .correlate(instances)
        .lateral("one")
    )
    return select(*one.c).select_from(instances.join(one, true()))


# By ix_variable_instance_name and ix_variable_execution.
_VALUES = Compiled(
    lambda: _values(is_postgresql=False), postgresql=lambda: _values(is_postgresql=True)
)
# By all columns of ix_event_subscription_event: many instances may wait for the same message.
_STARTED_BY_MESSAGE = Compiled(
    lambda: (
        select(
            event_subscription.c.id,
            event_subscription.c.configuration,
            event_subscription.c.tenant_id,
        )
        .join(process_definition, process_definition.c.id == event_subscription.c.configuration)
        .where(
            event_subscription.c.event_type == "message",
            event_subscription.c.event_name == _NAME,
            event_subscription.c.process_instance_id.is_(None),
            process_definition.c.is_suspended.is_(False),
        )
        .order_by(event_subscription.c.id)
    )
)


def waiting(tx: "Transaction", wanted: Correlation) -> list[EventSubscription]:
    """The subscriptions of executions that match; their call hierarchies are locked by then.

    Raises:
        EngineError: a key has a value that cannot be looked for.
    """
    for typed in (*wanted.correlation_keys.values(), *wanted.local_correlation_keys.values()):
        if typed.type in _UNSEARCHABLE:
            raise EngineError(_UNSEARCHABLE[typed.type])
    # Asked again behind the locks until nothing new is found: a receiver may have moved on
    # meanwhile (decision 18).
    return tx.load_subscriptions(tx.locks.lock_all(lambda: _find_waiting(tx, wanted)))


def _find_waiting(tx: "Transaction", wanted: Correlation) -> list[Found]:
    """Where the subscriptions are that match now."""
    rows = tx.sql.rows_given(
        _WAITING,
        name=wanted.message_name,
        process_instance_id=wanted.process_instance_id,
        business_key=wanted.business_key,
    )
    # here and not in SQL: "any tenant", "this one" and "none" would triple the variants
    rows = [row for row in rows if _has_tenant(row[4], wanted)]
    # values are compared by the rules of the expressions (5 as an Integer, a date), not by SQL's
    if wanted.correlation_keys or wanted.local_correlation_keys:
        held = _held(tx, {row[3] for row in rows}, wanted)
        rows = [r for r in rows if _matches(held, wanted, execution_id=r[2], instance_id=r[3])]
    return [Found(key, root) for key, root, *_ in rows]


def _has_tenant(tenant_id: str | None, wanted: Correlation) -> bool:
    return not wanted.is_tenant_set or tenant_id == wanted.tenant_id


Held = dict[tuple[str, str], list[tuple[str, TypedValue]]]  # by instance and name: at, value


def _held(tx: "Transaction", instance_ids: set[str], wanted: Correlation) -> Held:
    """The variables of some instances that the keys are compared with."""
    held: Held = {}
    if instance_ids:
        names = {*wanted.correlation_keys, *wanted.local_correlation_keys}
        rows = tx.sql.rows(_VALUES, ids=tx.sql.listed(instance_ids), names=tx.sql.listed(names))
        for instance_id, execution_id, name, *columns in rows:
            value = execution_id, from_columns(*columns)
            held.setdefault((instance_id, name), []).append(value)
    return held


def _matches(held: Held, wanted: Correlation, *, execution_id: str, instance_id: str) -> bool:
    """Whether the keys are equal: global ones in the instance, local ones at the execution."""
    return all(
        any(_is_equal(value, asked) for _, value in held.get((instance_id, name), ()))
        for name, asked in wanted.correlation_keys.items()
    ) and all(
        any(
            at == execution_id and _is_equal(value, asked)
            for at, value in held.get((instance_id, name), ())
        )
        for name, asked in wanted.local_correlation_keys.items()
    )


_UNSEARCHABLE = {
    **dict.fromkeys(("Bytes", "File"), "Variables of type ByteArray cannot be used to query"),
    **dict.fromkeys(("Object", "Json", "Xml"), "Object values cannot be used to query"),
}


def _is_equal(held: TypedValue, asked: TypedValue) -> bool:
    """Whether a variable has the type and the value of a key."""
    # 5 as an Integer does not match 5 as a Long, as in the reference.
    if held.type != asked.type:
        return False
    if held.value is None or asked.value is None:
        return held.value is asked.value
    try:
        return equals(to_object(held), to_object(asked))
    except CoercionError:
        return False


def starting(tx: "Transaction", wanted: Correlation) -> list[EventSubscription]:
    """The definitions that the message starts, locked against deletion and suspension."""

    def find() -> list[Found]:
        rows = tx.sql.rows(_STARTED_BY_MESSAGE, name=wanted.message_name)
        return [Found(key, None, start) for key, start, of in rows if _has_tenant(of, wanted)]

    return tx.load_subscriptions(tx.locks.lock_all(find))


# By all columns of ix_event_subscription_event.
_CONDITIONAL_STARTS = Compiled(
    lambda: (
        select(
            event_subscription.c.id,
            event_subscription.c.process_definition_id,
            event_subscription.c.tenant_id,
            process_definition.c.is_suspended,
        )
        .join(
            process_definition,
            process_definition.c.id == event_subscription.c.process_definition_id,
        )
        .where(
            event_subscription.c.event_type == "conditional",
            # Both NULL conditions are those of the index: without the first it could not be used.
            event_subscription.c.event_name.is_(None),
            event_subscription.c.process_instance_id.is_(None),
        )
        .order_by(event_subscription.c.id)
    )
)


def conditional_starts(
    tx: "Transaction", tenant_id: str | None, *, is_tenant_set: bool
) -> list[str] | None:
    """The definitions that a condition may start, locked against deletion and suspension.

    Returns:
        their ids without those that are suspended; None where no definition of the tenant waits.
    """
    known: set[str] = set()

    def find() -> list[Found]:
        rows = tx.sql.rows(_CONDITIONAL_STARTS)
        rows = [row for row in rows if not is_tenant_set or row[2] == tenant_id]
        known.update(row[0] for row in rows)
        return [Found(row[0], None, row[1]) for row in rows if not row[3]]

    found = tx.locks.lock_all(find)
    if not known:
        return None
    return list(dict.fromkeys(f.definition_id for f in found if f.definition_id is not None))
