"""The removal times of many instances or batches of the history, set by a batch.

Source: contract 10.6, semantics 12.10; Camunda 7
``SetRemovalTimeToHistoricProcessInstancesCmd``,
``SetRemovalTimeToHistoricDecisionInstancesCmd``, ``SetRemovalTimeToHistoricBatchesCmd``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.errors import BadUserRequestError, NullValueError
from app.store import Store, Transaction
from app.store.commands import decision_removal
from app.store.commands import removal_times as commands

from . import decision_history, lists, user_operations
from .batches import Kind, Part, create

LARGEST_CHUNK = 500


def set_of_instances(
    store: Store,
    *,
    historic_process_instance_ids: list[str | None] | None,
    historic_process_instance_query: Mapping[str, Any] | None,
    hierarchical: bool,
    update_in_chunks: bool,
    update_chunk_size: int | None,
    **modes: Any,
) -> dict[str, Any]:
    """Set the removal times of instances, running ones as well, by a batch.

    Args:
        historic_process_instance_query: filters as `lists.ids` takes them.
        hierarchical: those of the whole call hierarchies that they belong to.
        update_in_chunks, update_chunk_size: whether, and how many rows the reference engine changes
            at once. Here an instance has its removal time in one row, so that it is only checked.
        modes: ``absolute_removal_time``, ``calculated_removal_time`` or ``cleared_removal_time``.

    Raises:
        BadUserRequestError: there are no instances, or not one mode.
    """
    # Before everything else, also before the instances are missed.
    if update_chunk_size is not None and not 0 < update_chunk_size <= LARGEST_CHUNK:
        raise BadUserRequestError(
            f"The value for chunk size should be between 1 and {LARGEST_CHUNK}"
        )
    arguments = _arguments(**modes)
    ids = _found(
        store,
        "historic_process_instance",
        historic_process_instance_ids,
        historic_process_instance_query,
    )
    _require(arguments, ids, "historicProcessInstances")
    properties = {
        "hierarchical": hierarchical,
        "updateInChunks": update_in_chunks,
        "chunkSize": update_chunk_size,
    }
    note = _note_of("ProcessInstance", arguments, len(ids), **properties)
    arguments = {**arguments, "hierarchical": hierarchical}
    return create(store, OF_INSTANCES, ids, arguments, note=note)


def set_of_decisions(
    store: Store,
    *,
    historic_decision_instance_ids: list[str | None] | None,
    historic_decision_instance_query: Mapping[str, Any] | None,
    hierarchical: bool,
    **modes: Any,
) -> dict[str, Any]:
    """Set the removal times of what was decided, by a batch.

    Args:
        historic_decision_instance_query: filters as `lists.ids` takes them.
        hierarchical: those of the whole evaluations, whichever of their decisions are found.
        modes: as those of `set_of_instances`.

    Raises:
        BadUserRequestError: nothing is found, or there is not one mode.
    """
    arguments = _arguments(**modes)
    decision_history.named(historic_decision_instance_ids)
    ids = _found(
        store,
        "historic_decision_instance",
        historic_decision_instance_ids,
        historic_decision_instance_query,
    )
    _require(arguments, ids, "historicDecisionInstances")
    note = _note_of("DecisionInstance", arguments, len(ids), hierarchical=hierarchical)
    arguments = {**arguments, "hierarchical": hierarchical}
    return create(store, OF_DECISIONS, ids, arguments, note=note)


def set_of_batches(
    store: Store,
    *,
    historic_batch_ids: list[str | None] | None,
    historic_batch_query: Mapping[str, Any] | None,
    **modes: Any,
) -> dict[str, Any]:
    """Set the removal times of batches of the history, by another batch.

    Args:
        historic_batch_query: filters as `lists.ids` takes them.
        modes: as those of `set_of_instances`; batches have no time to live, so that a calculated
            removal time is none.

    Raises:
        BadUserRequestError: there are no batches, or not one mode.
    """
    arguments = _arguments(**modes)
    if None in (historic_batch_ids or ()):
        raise NullValueError("Batch id is null")
    ids = _found(store, "historic_batch", historic_batch_ids, historic_batch_query)
    _require(arguments, ids, "historicBatches")
    note = _note_of("Batch", arguments, len(ids))
    return create(store, OF_BATCHES, ids, arguments, note=note)


def _note_of(
    entity_type: str, arguments: Mapping[str, Any], count: int, **properties: object
) -> Callable[[Transaction], None]:
    """Writes down who wants which removal time."""
    mode = "CALCULATED" if "is_calculated" in arguments else "ABSOLUTE"
    # There and null is cleared; missing is calculated.
    if arguments.get("timestamp", mode) is None:
        mode = "CLEARED"
    changes = user_operations.of_many(
        count,
        is_async=True,
        mode=f"{mode}_REMOVAL_TIME",
        removalTime=_timestamp(arguments),
        **properties,
    )

    def note(tx: Transaction) -> None:
        user_operations.note(tx, "SetRemovalTime", entity_type, changes)

    return note


def _arguments(
    *,
    absolute_removal_time: datetime | None,
    calculated_removal_time: bool,
    cleared_removal_time: bool,
) -> dict[str, Any]:
    """The one mode as arguments of a batch; none if there is no mode."""
    if (absolute_removal_time is not None) + calculated_removal_time + cleared_removal_time > 1:
        raise BadUserRequestError("The removal time modes are mutually exclusive: mode is not null")
    if calculated_removal_time:
        return {"is_calculated": True}
    if cleared_removal_time:
        return {"timestamp": None}
    if absolute_removal_time is not None:
        return {"timestamp": absolute_removal_time.isoformat()}
    return {}


def _found(
    store: Store,
    name: str,
    wanted: list[str | None] | None,
    query: Mapping[str, Any] | None,
) -> list[str]:
    """The ids that are there of those that are named, and those that a query finds.

    Raises:
        BadUserRequestError: there is neither.
    """
    if wanted is None and query is None:
        raise BadUserRequestError("Neither query nor ids provided.")
    # Unknown ids are passed over here: a batch of them would have nothing to do, which is an error.
    named = [i for i in wanted or () if i is not None]
    found: list[str] = []
    with store.reading() as connection:
        for some in lists.portions(named):
            found += commands.known(connection, name, some)
    if query is not None:
        found += lists.ids(store, name, query)
    return list(dict.fromkeys(found))


def _require(arguments: dict[str, Any], ids: list[str], words: str) -> None:
    # The mode is missed before the selection.
    if not arguments:
        raise BadUserRequestError("removalTime is null")
    if not ids:
        raise BadUserRequestError(f"{words} is empty")


def _timestamp(arguments: Mapping[str, Any]) -> datetime | None:
    text = arguments.get("timestamp")
    return None if text is None else datetime.fromisoformat(text)


def _set_of_instance(tx: Transaction, part: Part) -> None:
    found = commands.past(tx, part.id)
    if found is None:
        return
    is_calculated = part.arguments.get("is_calculated", False)
    if not part.arguments["hierarchical"]:
        timestamp = found.calculated() if is_calculated else _timestamp(part.arguments)
        commands.set_of_instance(tx, found, timestamp)
        # An instance's decisions must not outlive it, nor go before it.
        decision_removal.follow(tx, found.id, is_root=False)
        return
    root = commands.past(tx, found.root_id)
    if root is not None:
        # From the root's own end and time to live, whichever of its instances was selected.
        timestamp = root.calculated() if is_calculated else _timestamp(part.arguments)
        commands.set_of_hierarchy(tx, root.id, timestamp)
        decision_removal.follow(tx, root.id, is_root=True)


def _set_of_decision(tx: Transaction, part: Part) -> None:
    found, is_hierarchical = decision_removal.decided(tx, part.id), part.arguments["hierarchical"]
    # One that was required is selected as well: the evaluation begins at its root.
    if found is not None and is_hierarchical and found.root_id != found.id:
        found = decision_removal.decided(tx, found.root_id)
    if found is not None:
        is_calculated = part.arguments.get("is_calculated", False)
        timestamp = found.calculated() if is_calculated else _timestamp(part.arguments)
        decision_removal.set_removal_time(tx, found, timestamp, with_required=is_hierarchical)


def _set_of_batch(tx: Transaction, part: Part) -> None:
    commands.set_of_batch(tx, part.id, _timestamp(part.arguments))


OF_INSTANCES = Kind("process-set-removal-time", _set_of_instance, "SET_REMOVAL_TIME")
OF_DECISIONS = Kind("decision-set-removal-time", _set_of_decision, "SET_REMOVAL_TIME")
OF_BATCHES = Kind("batch-set-removal-time", _set_of_batch, "SET_REMOVAL_TIME")
