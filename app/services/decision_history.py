"""What was decided: inputs and outputs, how often, and how long it is kept.

Source: semantics 12.10; Camunda 7 ``HistoricDecisionInstanceQueryImpl``,
``HistoricDecisionInstanceStatisticsQueryImpl``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.history import decisions as history
from app.store import Store
from app.store.lists import historic_decision_instances as lists


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


def statistics(
    store: Store, requirements_id: str, decision_instance_id: str | None
) -> list[dict[str, Any]]:
    """How often each decision of a file was evaluated.

    Args:
        decision_instance_id: counts only within this evaluation, named by its root.
    """
    with store.reading() as connection:
        return lists.statistics(connection, requirements_id, decision_instance_id)
