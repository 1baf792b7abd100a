"""What was decided, deleted or given another removal time by batches.

Source: semantics 12.10; Camunda 7 ``DeleteHistoricDecisionInstancesBatchCmd``,
``SetRemovalTimeToHistoricDecisionInstancesCmd``.
"""

from collections.abc import Mapping
from typing import Any

from app.errors import InvalidRequestError
from app.store import Store, Transaction
from app.store.commands import decision_removal

from . import lists, removal_times
from .batches import Kind, Part, create

LIST = "historic_decision_instance"


def delete(
    store: Store,
    *,
    historic_decision_instance_ids: list[str | None] | None,
    historic_decision_instance_query: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Delete what was decided by a batch; unknown instances are passed over.

    Args:
        historic_decision_instance_query: filters as `lists.ids` takes them.

    Raises:
        InvalidRequestError: there are none.
    """
    ids = [i for i in historic_decision_instance_ids or () if i is not None]
    if historic_decision_instance_query is not None:
        ids += lists.ids(store, LIST, historic_decision_instance_query)
    if not ids:
        raise InvalidRequestError("historicDecisionInstanceIds is empty")
    return create(store, DELETION, list(dict.fromkeys(ids)), {})


def _delete(tx: Transaction, part: Part) -> None:
    decision_removal.remove(tx, [part.id])


def set_removal_times(
    store: Store,
    *,
    historic_decision_instance_ids: list[str | None] | None,
    historic_decision_instance_query: Mapping[str, Any] | None,
    hierarchical: bool,
    **modes: Any,
) -> dict[str, Any]:
    """Set when what was decided is to be removed, by a batch.

    Args:
        historic_decision_instance_query: filters as `lists.ids` takes them.
        hierarchical: for the whole evaluations that the instances belong to.
        modes: as those of `removal_times.set_of_instances`.

    Raises:
        BadUserRequestError: there are no instances, or not one mode.
    """
    arguments = removal_times.arguments_of(**modes)
    ids = removal_times.found(
        store, LIST, historic_decision_instance_ids, historic_decision_instance_query
    )
    removal_times.require(arguments, ids, "historicDecisionInstances")
    return create(store, REMOVAL, ids, {**arguments, "hierarchical": hierarchical})


def _set_removal_time(tx: Transaction, part: Part) -> None:
    found = decision_removal.past(tx, part.id)
    if found is None:
        return
    is_whole = part.arguments["hierarchical"]
    # a root may be deleted before those that it required
    counting = (decision_removal.past(tx, found.root_id) if is_whole else None) or found
    moment = removal_times.moment_of(part.arguments, counting)
    if is_whole:
        decision_removal.set_of_evaluation(tx, found.root_id, moment)
    else:
        decision_removal.set_of_instance(tx, found.id, moment)


DELETION = Kind("historic-decision-instance-deletion", _delete)
REMOVAL = Kind("decision-set-removal-time", _set_removal_time)
