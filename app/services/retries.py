"""The retries of many external tasks at once.

Source: contract 3.18 and 3.19.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from app.engine.execution import external_tasks as engine
from app.engine.execution.run import Run
from app.engine.state import ExternalTask
from app.errors import InvalidRequestError, NullValueError
from app.security.needs import UPDATE
from app.store import Store, Transaction

from . import batches, lists, permits, user_operations
from .external_tasks import refuse_negative_retries
from .permits import of_instance
from .retrying import repeated


class BulkRefusedError(InvalidRequestError):
    """A selection of tasks that cannot be worked on."""


class BulkTaskMissingError(InvalidRequestError):
    """A selected task does not exist."""


@repeated
def set_retries_of_many(
    store: Store,
    *,
    retries: int,
    external_task_ids: list[str | None] | None,
    process_instance_ids: list[str | None] | None,
    external_task_query: Mapping[str, Any] | None,
    process_instance_query: Mapping[str, Any] | None,
    historic_process_instance_query: Mapping[str, Any] | None,
) -> None:
    """Set the retries of all tasks that any argument selects, in one transaction.

    Args:
        external_task_query, process_instance_query, historic_process_instance_query: filters as
            `services.lists.ids` takes them.

    Raises:
        BulkRefusedError: nothing is selected, an id is null, or the number is negative.
        BulkTaskMissingError: a task does not exist; nothing was changed.
        AuthorizationError: the user may not change one of the instances.
    """
    ids = select_tasks(
        store,
        external_task_ids,
        process_instance_ids,
        external_task_query,
        process_instance_query,
        historic_process_instance_query,
    )
    # Only these may be missing: see below.
    named = {*(external_task_ids or ())}
    if retries < 0:
        raise BulkRefusedError(
            "The number of retries cannot be negative: retries is not greater than or equal to 0"
        )
    with store.transaction() as tx:
        # All hierarchies in one order, then the tasks.
        found = {f.id for f in tx.locks.lock_all(lambda: tx.tasks_found(ids))}
        run = Run(tx)
        _note(tx, len(ids), retries, is_async=False)
        tasks = {i: tx.locks.row(ExternalTask, i) for i in ids if i in found}
        permits.demand(tx, UPDATE, [of_instance(task) for task in tasks.values() if task])
        for task_id in ids:
            task = tasks.get(task_id)
            if task is not None:
                engine.set_retries(run, task, retries)
            elif task_id in named:  # one that a query has found may be done by now
                raise BulkTaskMissingError(
                    f"Cannot find external task with id {task_id}: externalTask is null"
                )


def select_tasks(
    store: Store,
    external_task_ids: list[str | None] | None,
    process_instance_ids: list[str | None] | None,
    external_task_query: Mapping[str, Any] | None,
    process_instance_query: Mapping[str, Any] | None,
    historic_process_instance_query: Mapping[str, Any] | None,
) -> list[str]:
    """The ids of the tasks that lists and queries select, each once.

    Raises:
        BulkRefusedError: nothing is selected, or the id of a task is null.
        NullValueError: the id of an instance is null.
    """
    # Before the queries, which may take long, are asked at all.
    if None in (external_task_ids or ()):
        raise BulkRefusedError(
            "External task id cannot be null: externalTaskIds contains null value"
        )
    found = [i for i in external_task_ids or () if i is not None]
    instances = list(process_instance_ids or ())
    for name, query in (
        ("process_instance", process_instance_query),
        ("historic_process_instance", historic_process_instance_query),
    ):
        if query is not None:
            instances += lists.ids(store, name, query)
    if external_task_query is not None:
        found += lists.ids(store, "external_task", external_task_query)
    # Behind the queries, and another error than that of a task's id.
    if None in instances:
        raise NullValueError("processInstanceIdIn contains null value")
    for some in lists.portions(instances):
        # As the engine: who may change the instances is asked behind the locks.
        of_some = {"process_instance_id_in": some}
        found += lists.ids(store.acting_for(None), "external_task", of_some)
    if not found:
        raise BulkRefusedError("externalTaskIds is empty")
    return list(dict.fromkeys(found))


def set_retries_by_batch(
    store: Store,
    *,
    retries: int,
    external_task_ids: list[str | None] | None,
    process_instance_ids: list[str | None] | None,
    external_task_query: Mapping[str, Any] | None,
    process_instance_query: Mapping[str, Any] | None,
    historic_process_instance_query: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Set the retries of all tasks that any argument selects, each by a job of a batch.

    The jobs find out about unknown ids and negative numbers.

    Returns:
        the batch, as its list has it.

    Raises:
        BulkRefusedError: nothing is selected, or an id is null.
    """
    ids = select_tasks(
        store,
        external_task_ids,
        process_instance_ids,
        external_task_query,
        process_instance_query,
        historic_process_instance_query,
    )
    note = partial(_note, count=len(ids), retries=retries, is_async=True)
    return batches.create(store, SET_RETRIES, ids, {"retries": retries}, note=note)


def _note(tx: Transaction, count: int, retries: int, *, is_async: bool) -> None:
    changes = user_operations.of_many(count, is_async=is_async, retries=retries)
    user_operations.note(tx, "SetExternalTaskRetries", "ExternalTask", changes)


def _set_retries(tx: Transaction, part: batches.Part) -> None:
    """Set the retries of one task.

    Raises:
        NullValueError: it does not exist.
        BadUserRequestError: the number is negative.
    """
    refuse_negative_retries(part.arguments["retries"])
    task = tx.locks.lock_row(ExternalTask, part.id)
    if task is None:
        raise NullValueError(f"Cannot find external task with id {part.id}: externalTask is null")
    engine.set_retries(Run(tx), task, part.arguments["retries"])


SET_RETRIES = batches.Kind("set-external-task-retries", _set_retries, "SET_EXTERNAL_TASK_RETRIES")
