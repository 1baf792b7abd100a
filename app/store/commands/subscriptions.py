"""Who waits for a message: executions first, then definitions that it starts.

Source: engine semantics 2.9; Camunda 7 ``DefaultCorrelationHandler``.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Select, Text, bindparam, select

from app.engine.execution.run import Run
from app.engine.state import EventSubscription, Execution
from app.engine.state.conversion import to_object
from app.engine.state.values import TypedValue, from_columns
from app.errors import EngineError
from app.expressions.coercion import CoercionError, equals
from app.models.repository import process_definition
from app.models.runtime import event_subscription, execution, variable
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction


@dataclass(slots=True)
class Correlation:
    """What a receiver must match; None means any."""

    message_name: str
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


def _waiting(by_instance: bool, by_key: bool) -> Select[tuple[object, ...]]:
    """The executions that wait for a message and may be moved."""
    instance = execution.alias("instance")
    found = (
        select(*event_subscription.c)
        .join(instance, instance.c.id == event_subscription.c.process_instance_id)
        .where(
            event_subscription.c.event_type == "message",
            event_subscription.c.event_name == _NAME,
            event_subscription.c.execution_id.is_not(None),
            instance.c.is_suspended.is_(False),
        )
        .order_by(event_subscription.c.id)
    )
    if by_instance:
        found = found.where(
            event_subscription.c.process_instance_id == bindparam("process_instance_id", type_=Text)
        )
    if by_key:
        found = found.where(instance.c.business_key == bindparam("business_key", type_=Text))
    return found


_WAITING = {
    (by_instance, by_key): Compiled(
        lambda by_instance=by_instance, by_key=by_key: _waiting(by_instance, by_key)  # type: ignore[misc]
    )
    for by_instance in (False, True)
    for by_key in (False, True)
}
_VALUES = Compiled(
    lambda: select(
        variable.c.type,
        variable.c.text_value,
        variable.c.long_value,
        variable.c.double_value,
        variable.c.bytes_value,
        variable.c.value_info,
    ).where(
        variable.c.process_instance_id == bindparam("id", type_=Text),
        variable.c.name == _NAME,
        variable.c.task_id.is_(None),
    )
)
_STARTING = Compiled(
    lambda: (
        select(*event_subscription.c)
        .join(process_definition, process_definition.c.id == event_subscription.c.configuration)
        .where(
            event_subscription.c.event_type == "message",
            event_subscription.c.event_name == _NAME,
            event_subscription.c.execution_id.is_(None),
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
    parameters: dict[str, object] = {"name": wanted.message_name}
    if wanted.process_instance_id is not None:
        parameters["process_instance_id"] = wanted.process_instance_id
    if wanted.business_key is not None:
        parameters["business_key"] = wanted.business_key
    statement = _WAITING[wanted.process_instance_id is not None, wanted.business_key is not None]
    found = [EventSubscription(*row) for row in tx.rows(statement, **parameters)]
    found = [s for s in found if _has_tenant(s, wanted)]
    matching = [s for s in found if _matches(tx, s, wanted)]
    if not matching:
        return []
    tx.lock_roots(s.root_process_instance_id or "" for s in matching)
    tx.note_everything()
    still = {row[0] for row in tx.rows(statement, **parameters)}
    loaded = [tx.records.load(s) for s in matching if s.id in still]
    return [s for s in loaded if s is not None]


def _has_tenant(subscription: EventSubscription, wanted: Correlation) -> bool:
    return not wanted.is_tenant_set or subscription.tenant_id == wanted.tenant_id


def _matches(tx: "Transaction", subscription: EventSubscription, wanted: Correlation) -> bool:
    """Whether the keys are equal: global ones in the instance, local ones at the execution."""
    if not wanted.correlation_keys and not wanted.local_correlation_keys:
        return True
    receiver = tx.peek_execution(subscription.execution_id or "")
    if receiver is None:
        return False
    variables = Run(tx).variables
    return all(
        any(_is_equal(held, typed) for held in _in_instance(tx, receiver, name))
        for name, typed in wanted.correlation_keys.items()
    ) and all(
        _is_equal(variables.find_local(receiver, name), typed)
        for name, typed in wanted.local_correlation_keys.items()
    )


def _in_instance(tx: "Transaction", execution: Execution, name: str) -> list[TypedValue]:
    """The values of a name in every scope of an instance, its user tasks apart."""
    return [
        from_columns(*row) for row in tx.rows(_VALUES, id=execution.process_instance_id, name=name)
    ]


_UNSEARCHABLE = {
    "Bytes": "Variables of type ByteArray cannot be used to query",
    "File": "Variables of type File cannot be used to query",
    **dict.fromkeys(("Object", "Json", "Xml"), "Object values cannot be used to query"),
}


def _is_equal(held: TypedValue | None, asked: TypedValue) -> bool:
    """Whether a variable has the type and the value of a key."""
    if held is None or held.type != asked.type:
        return False
    if held.value is None or asked.value is None:
        return held.value is asked.value
    try:
        return equals(to_object(held), to_object(asked))
    except CoercionError:
        return False


def starting(tx: "Transaction", wanted: Correlation) -> list[EventSubscription]:
    """The definitions that the message starts."""
    found = [EventSubscription(*row) for row in tx.rows(_STARTING, name=wanted.message_name)]
    return [s for s in found if _has_tenant(s, wanted)]
