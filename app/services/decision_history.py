"""The history of decisions: inputs and outputs, how often, and its deletion.

Source: semantics 12.10; Camunda 7 ``HistoricDecisionInstanceQueryImpl``,
``HistoricDecisionInstanceStatisticsQueryImpl``, ``DeleteHistoricDecisionInstancesBatchCmd``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.history import decisions as history
from app.errors import InvalidRequestError, NullValueError
from app.store import Store, Transaction
from app.store.commands import decision_removal
from app.store.lists import historic_decision_instances as listed

from . import lists, user_operations
from .batches import Kind, Part, create


def values_of(view: Mapping[str, Any], which: str) -> list[dict[str, Any]]:
    """The ``inputs`` or ``outputs`` of an instance as views, each with its typed ``value``."""
    # the result of an expression is of no rule, and the reference engine knows no time of it
    return [
        {
            **value,
            "create_time": None if value["clause_id"] is None else view["evaluation_time"],
            "removal_time": view["removal_time"],
            "root_process_instance_id": view["root_process_instance_id"],
        }
        for value in history.values_of(view, which)
    ]


def complete(views: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The instances with the removal time that counts: their own, or that of the root."""
    which = {True: "removal_time", False: "root_removal_time"}
    return [
        {**view, "removal_time": view[which[bool(view["has_own_removal_time"])]]} for view in views
    ]


def named(instance_ids: Iterable[str | None] | None) -> list[str]:
    """The ids of instances that a request names.

    Raises:
        NullValueError: one is null.
    """
    found = list(instance_ids or ())
    # The ids are a filter of the reference's query, which refuses what other batches pass over.
    if None in found:
        raise NullValueError("decisionInstanceIdIn contains null value")
    return [instance_id for instance_id in found if instance_id is not None]


def delete_by_batch(
    store: Store,
    *,
    historic_decision_instance_ids: list[str | None] | None,
    historic_decision_instance_query: Mapping[str, Any] | None,
    delete_reason: str | None = None,
) -> dict[str, Any]:
    """Delete instances by a batch, but not what they have required; unknown ids are taken.

    Args:
        historic_decision_instance_query: filters as `lists.ids` takes them.

    Raises:
        NullValueError: an id is null.
        InvalidRequestError: there are none.
    """
    ids = named(historic_decision_instance_ids)
    if historic_decision_instance_query is not None:
        ids += lists.ids(store, "historic_decision_instance", historic_decision_instance_query)
    if not ids:
        raise InvalidRequestError("historicDecisionInstanceIds is empty")
    # Each once, in the order of the request: a batch counts its elements.
    ids = list(dict.fromkeys(ids))

    def note(tx: Transaction) -> None:
        changes = user_operations.of_many(len(ids), is_async=True, deleteReason=delete_reason)
        user_operations.note(tx, "DeleteHistory", "DecisionInstance", changes)

    return create(store, DELETION, ids, {}, note=note)


def _delete(tx: Transaction, part: Part) -> None:
    decision_removal.remove(tx, [part.id])


DELETION = Kind("historic-decision-instance-deletion", _delete, "DELETE_DECISION_INSTANCES")


def statistics(
    store: Store, requirements_id: str, decision_instance_id: str | None
) -> list[dict[str, Any]]:
    """How often each decision of a file was evaluated.

    Args:
        decision_instance_id: counts only within this evaluation, named by its root.
    """
    with store.reading() as connection:
        return listed.statistics(connection, requirements_id, decision_instance_id)
