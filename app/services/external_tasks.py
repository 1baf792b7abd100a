"""The commands of workers on external tasks. One function, one transaction.

Source: semantics 1 and 5; contract 3.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.engine.execution import external_tasks as engine
from app.engine.execution.run import Run
from app.engine.state import ExternalTask
from app.engine.state.values import TypedValue
from app.errors import (
    BadUserRequestError,
    EngineError,
    LockedByAnotherWorkerError,
    LockExpiredError,
    NotFoundError,
    NullValueError,
)
from app.origin import origin
from app.security.callers import Caller
from app.store import Store, Transaction
from app.store.commands import external_tasks as tasks
from app.store.commands.topics import Topic
from app.store.lists import external_tasks as task_list

from . import receipts, user_operations
from .locks import check_token, lock_row, require
from .outcomes import counted
from .receipts import Repeat
from .retrying import repeated
from .user_operations import Changes

Values = Mapping[str, TypedValue]


def _lock(tx: Transaction, task_id: str) -> ExternalTask:
    task = tx.locks.lock_external_task(task_id)
    if task is None:
        raise NotFoundError(f"External task with id {task_id} does not exist")
    return task


@counted("complete")
@repeated
def complete(
    store: Store,
    task_id: str,
    *,
    worker_id: str | None,
    variables: Values,
    local_variables: Values,
    lock_token: str | None = None,
    repeat: Repeat | None = None,
) -> bool:
    """Complete an external task and run its process instance to the next wait states.

    Args:
        worker_id: must hold the lock; an expired lock counts until another worker takes it.
        variables: each goes to the nearest scope that has the name, else to the instance.
        local_variables: go to the task's own scope.
        lock_token: refuses a lock that was taken anew since, if it is given.
        repeat: how to know this command again.

    Returns:
        whether it was done before, and this was a repeat.

    Raises:
        NullValueError: no worker is named.
        NotFoundError: no such external task.
        LockedByAnotherWorkerError: the lock belongs to another worker, or to none.
        EngineError: the instance cannot go on; nothing was changed.

    Source: Camunda 7 ``CompleteExternalTaskCmd``, ``ExternalTaskEntity.complete``.
    """
    require("workerId", worker_id)
    with store.transaction() as tx:
        # first the locks, then the comparison: a lock that is stolen in between is seen
        task = tx.locks.lock_external_task(task_id, [*variables, *local_variables])
        if receipts.is_repeated(tx, task_id, repeat, is_gone=task is None):
            return True
        refused = f"External Task {task_id} cannot be completed by worker"
        found = owned(tx, task_id, task, worker_id, lock_token, refused)
        engine.complete(Run(tx), found, variables, local_variables)
        receipts.keep(tx, task_id, repeat)
    return False


def owned(
    tx: Transaction,
    task_id: str,
    task: ExternalTask | None,
    worker_id: str | None,
    lock_token: str | None,
    refused: str,
) -> ExternalTask:
    """The task, if the worker holds its lock.

    Args:
        refused: how the message begins that says so.
    """
    if task is None:
        raise NotFoundError(f"External task with id {task_id} does not exist")
    # For the log: whatever is written of this request names the instance.
    origin.process_instance_id = task.process_instance_id
    # Before the suspension is asked for, which the engine does (semantics 1.1, steps 5 and 7).
    if task.worker_id != worker_id:
        raise LockedByAnotherWorkerError(refused, worker_id, task.worker_id)
    # An extension: who has taken a lock anew has invalidated the token of the one before.
    check_token(task, lock_token)
    expires = task.lock_expiration_time
    # Off by default: the reference lets a worker complete after its lock has expired (semantics
    # 1.2).
    if tx.has_strict_locks and expires is not None and expires < tx.now:
        raise LockExpiredError(task_id)
    return task


@counted("failure")
@repeated
def handle_failure(
    store: Store,
    task_id: str,
    *,
    worker_id: str | None,
    error_message: str | None,
    error_details: str | None,
    retries: int,
    retry_timeout: timedelta,
    variables: Values,
    local_variables: Values,
    lock_token: str | None = None,
    repeat: Repeat | None = None,
) -> bool:
    """Note that a worker could not do a task.

    Args:
        retries: how many are left now; none raises an incident.
        retry_timeout: how long the task cannot be fetched.
        lock_token, repeat: as in `complete`.

    Returns:
        whether it was done before, and this was a repeat.

    Raises:
        NullValueError: no worker is named.
        EngineError: a number is negative.
        NotFoundError: no such external task.
        LockedByAnotherWorkerError: the lock belongs to another worker, or to none.

    Source: Camunda 7 ``HandleExternalTaskFailureCmd``.
    """
    _check_failure(worker_id, retries, retry_timeout)
    with store.transaction() as tx:
        task = tx.locks.lock_external_task(task_id, [*variables, *local_variables])
        if receipts.is_repeated(tx, task_id, repeat, is_gone=False):
            return True
        refused = f"Failure of External Task {task_id} cannot be reported by worker"
        engine.handle_failure(
            Run(tx),
            owned(tx, task_id, task, worker_id, lock_token, refused),
            message=error_message,
            details=error_details,
            retries=retries,
            retry_timeout=retry_timeout,
            variables=variables,
            local_variables=local_variables,
        )
        receipts.keep(tx, task_id, repeat)
    return False


def _check_failure(worker_id: str | None, retries: int, retry_timeout: timedelta) -> None:
    # Before the lock: these are checks of the command's own input (semantics 1.1, step 3).
    require("workerId", worker_id)
    if retries < 0:
        raise EngineError("retries is not greater than or equal to 0")
    if retry_timeout < timedelta(0):
        raise EngineError("retryDuration is not greater than or equal to 0")


@counted("bpmnError")
@repeated
def handle_bpmn_error(
    store: Store,
    task_id: str,
    *,
    worker_id: str | None,
    error_code: str | None,
    error_message: str | None,
    variables: Values,
    lock_token: str | None = None,
    repeat: Repeat | None = None,
) -> bool:
    """Throw a BPMN error at a task.

    Args:
        lock_token, repeat: as in `complete`.

    Returns:
        whether it was done before, and this was a repeat.

    Raises:
        NullValueError: no worker or no code is named.
        NotFoundError: no such external task.
        LockedByAnotherWorkerError: the lock belongs to another worker, or to none.

    Source: Camunda 7 ``HandleExternalTaskBpmnErrorCmd``.
    """
    require("workerId", worker_id)
    require("errorCode", error_code)
    code = error_code or ""
    with store.transaction() as tx:
        task = tx.locks.lock_external_task(task_id)
        if receipts.is_repeated(tx, task_id, repeat, is_gone=task is None):
            return True
        refused = f"Bpmn error of External Task {task_id} cannot be reported by worker"
        found = owned(tx, task_id, task, worker_id, lock_token, refused)
        # Behind the owner: the reference looks into the code where it makes an error of it.
        if not (code.strip() or found.is_suspended):
            raise EngineError("Error Code is empty")
        engine.handle_bpmn_error(Run(tx), found, code, error_message, variables)
        receipts.keep(tx, task_id, repeat)
    return False


@repeated
def set_retries(store: Store, task_id: str, *, retries: int) -> None:
    """Set how often a task may still fail.

    Raises:
        BadUserRequestError: the number is negative.
        NotFoundError: no such external task.

    Source: Camunda 7 ``SetExternalTaskRetriesCmd``.
    """
    # Before the lookup: a negative number is a 400 also for a task that is not there (contract
    # 3.11).
    refuse_negative_retries(retries)
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        # Before the change: an entry has the number that there was.
        changes: Changes = {"retries": (task.retries, retries)}
        user_operations.note(tx, "SetExternalTaskRetries", "ExternalTask", changes, task)
        engine.set_retries(Run(tx), task, retries)


def refuse_negative_retries(retries: int) -> None:
    """Refuse a negative number of retries.

    Raises:
        BadUserRequestError: it is negative.
    """
    if retries < 0:
        raise BadUserRequestError(
            "The number of retries cannot be negative: retries is not greater than or equal to 0"
        )


@repeated
def set_priority(store: Store, task_id: str, *, priority: int) -> None:
    """Set the priority with which a task is fetched.

    Raises:
        NotFoundError: no such external task.
    """
    with store.transaction() as tx:
        # The row alone: no token depends on the priority, and a fetch must not wait for the
        # instance.
        task = lock_row(tx, task_id)
        changes: Changes = {"priority": (task.priority, priority)}
        user_operations.note(tx, "SetPriority", "ExternalTask", changes, task)
        task.priority = priority


@repeated
def fetch_and_lock(
    store: Store,
    *,
    worker_id: str | None,
    max_tasks: int,
    use_priority: bool,
    topics: list[dict[str, Any]],
    sorting: list[tuple[str, str | None]],
) -> list[dict[str, Any]]:
    """Lock free tasks of some topics for a worker.

    Args:
        topics: each with the fields of `store.commands.topics.Topic`; of two with the same name
            the last one counts.
        sorting: ``createTime`` with ``asc`` or ``desc``.

    Returns:
        the tasks with their variables, in the order of fetching.

    Raises:
        NullValueError: no worker, or no name of a topic.
        EngineError: a number is out of range.

    Source: Camunda 7 ``FetchExternalTasksCmd``.
    """
    require("workerId", worker_id)
    wanted = wanted_topics(store.asked, max_tasks, topics)
    # All checks are behind us: a fetch of nothing is refused as any other, and costs no
    # transaction.
    if not wanted or max_tasks == 0:
        return []
    with store.transaction() as tx:
        return tasks.fetch_and_lock(
            tx,
            worker_id or "",
            list(wanted.values()),
            max_tasks,
            use_priority=use_priority,
            newest_first=bool(sorting) and sorting[0][1] == "desc",
        )


def wanted_topics(
    caller: Caller | None, max_tasks: int, topics: list[dict[str, Any]]
) -> dict[str, Topic]:
    """The topics of a fetch by their names, as `fetch_and_lock` checks and takes them.

    Args:
        caller: who has to be allowed to work on the tasks; None where nobody is asked.

    Raises:
        NullValueError: no name of a topic.
        EngineError: a number is out of range.
    """
    if max_tasks < 0:
        raise EngineError("maxResults is not greater than or equal to 0")
    wanted = {}
    for topic in topics:  # a dictionary: of two with one name the last one counts
        require("topicName", topic["topic_name"])
        if topic["lock_duration"] <= timedelta(0):
            raise EngineError("lockTime is not greater than 0")
        wanted[topic["topic_name"]] = Topic(**topic, caller=caller)
    return wanted


def error_details(store: Store, task_id: str) -> str | None:
    """The details of the last failure.

    Raises:
        NullValueError: no such external task.
    """
    with store.reading() as connection:
        found = task_list.error_details(connection, task_id)
    if found is None:
        raise NullValueError(f"No external task found with id {task_id}: externalTask is null")
    return found[0]
