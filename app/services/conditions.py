"""Starting the instances whose start event waits for a condition.

Source: contract 10.3; Camunda 7 ``EvaluateStartConditionCmd``, ``DefaultConditionHandler``.
"""

from collections.abc import Mapping
from typing import Any

from app.engine.events import conditions
from app.engine.execution import starting
from app.engine.execution.run import Run
from app.engine.graph.graph import Activity, Graph
from app.engine.state import Execution
from app.engine.state.values import TypedValue
from app.errors import EngineError, InvalidRequestError, NotFoundError
from app.security.needs import START
from app.store import Store, Transaction
from app.store.commands import subscriptions

from . import permits
from .permits import of_definition
from .retrying import repeated
from .views import instance_view


class NoConditionalStartError(EngineError):
    """A definition is named that no condition starts."""

    def __init__(self, definition_id: str) -> None:
        super().__init__(
            f"ENGINE-13042 Process definition with id '{definition_id}' does not declare "
            "conditional start event."
        )


class NoSubscriptionError(EngineError):
    """No condition starts any definition of the tenant."""

    def __init__(self) -> None:
        super().__init__(
            "ENGINE-13043 No subscriptions were found during evaluation of the conditional start "
            "events."
        )


@repeated
def evaluate(
    store: Store,
    *,
    variables: Mapping[str, TypedValue],
    business_key: str | None,
    tenant_id: str | None,
    without_tenant_id: bool,
    process_definition_id: str | None,
) -> list[dict[str, Any]]:
    """Start each definition whose condition holds for some variables.

    Args:
        process_definition_id: only this one.

    Returns:
        the views of the instances.

    Raises:
        InvalidRequestError: a tenant and none are asked for.
        NotFoundError: there is no such definition.
        NoConditionalStartError, NoSubscriptionError: nothing waits for a condition.
        EngineError: an instance cannot start.
        AuthorizationError: the user may not start one.
    """
    if tenant_id is not None and without_tenant_id:
        raise InvalidRequestError(
            "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'."
        )
    is_tenant_set = tenant_id is not None or without_tenant_id
    with store.transaction() as tx:
        if process_definition_id is not None:
            graphs = _of_definition(tx, process_definition_id)
        else:
            ids = subscriptions.conditional_starts(tx, tenant_id, is_tenant_set=is_tenant_set)
            # None is no subscription at all, which is an error; an empty list is that all are
            # suspended.
            if ids is None:
                raise NoSubscriptionError
            graphs = [tx.graph(found) for found in ids]
        # All conditions before any instance: what one start changes must not decide about another.
        held = [(graph, conditions.starts(Run(tx), graph, variables)) for graph in graphs]
        begun = [(graph, event) for graph, events in held for event in events]
        # For those alone that would start.
        permits.demand(tx, START, [of_definition(graph.definition) for graph, _ in begun])
        return [_start(tx, *one, variables, business_key) for one in begun]


def _of_definition(tx: Transaction, definition_id: str) -> list[Graph]:
    """The graph of one definition; none while it is suspended."""
    definition = tx.definition(definition_id)
    if definition is None:
        raise NotFoundError(
            f"no deployed process definition found with id '{definition_id}': processDefinition is "
            "null"
        )
    if definition.is_suspended:
        return []
    graph = tx.graph(definition_id)
    if not conditions.conditional_starts(graph):
        raise NoConditionalStartError(definition_id)
    return [graph]


def _start(
    tx: Transaction,
    graph: Graph,
    event: Activity,
    variables: Mapping[str, TypedValue],
    business_key: str | None,
) -> dict[str, Any]:
    instance = starting.start(Run(tx), graph, variables, business_key=business_key, at=event)
    return instance_view(instance, is_ended=tx.records.is_removed(Execution, instance.id))
