"""The lock that a worker holds on an external task.

Source: semantics 1; contract 3.
"""

import contextlib
from collections.abc import Mapping
from datetime import timedelta

from app.engine.execution.external_tasks import SuspendedExternalTaskError
from app.engine.state import ExternalTask
from app.errors import (
    BadUserRequestError,
    EngineError,
    LockedByAnotherWorkerError,
    LockTokenError,
    NotFoundError,
    NullValueError,
)
from app.logging import log
from app.store import Store, Transaction

from . import user_operations
from .retrying import repeated


def require(name: str, value: object) -> None:
    """Refuse a value that is missing.

    Raises:
        NullValueError: it is None.
    """
    if value is None:
        raise NullValueError(f"{name} is null")


def check_token(task: ExternalTask, lock_token: str | None) -> None:
    """Refuse a token of a lock that was taken anew since; none is no matter.

    Raises:
        LockTokenError: it is not the token of the lock that holds now.
    """
    if lock_token is not None and lock_token != str(task.lock_count):
        raise LockTokenError(task.id)


def lock_row(tx: Transaction, task_id: str) -> ExternalTask:
    """Lock the task's row alone, for commands that do not move its instance."""
    task = tx.locks.claim(ExternalTask, task_id)
    if task is None:
        raise NotFoundError(f"External task with id {task_id} does not exist")
    return task


@repeated
def lock(store: Store, task_id: str, *, worker_id: str | None, lock_duration: timedelta) -> str:
    """Lock one task for a worker: a free one, its own, or one whose lock has expired.

    Returns:
        the token of the lock.

    Raises:
        NullValueError: no worker is named.
        BadUserRequestError: the duration is not positive.
        NotFoundError: no such external task.
        LockedByAnotherWorkerError: another worker's lock still holds.

    Source: Camunda 7 ``LockExternalTaskCmd``.
    """
    require("workerId", worker_id)
    # Behind the worker, where `extend_lock` has it before (contract 6, 3): each as recorded.
    if lock_duration <= timedelta(0):
        raise BadUserRequestError("lockDuration is not greater than 0")
    with store.transaction() as tx:
        task = lock_row(tx, task_id)
        expires = task.lock_expiration_time
        # A lock that ends just now still holds here, where a fetch takes it for expired (semantics
        # 1.2).
        if task.worker_id not in (None, worker_id) and expires is not None and expires >= tx.now:
            raise LockedByAnotherWorkerError(
                f"External Task {task_id} cannot be locked by worker", worker_id, task.worker_id
            )
        task.worker_id = worker_id
        task.lock_expiration_time = tx.now + lock_duration
        task.is_locked = True
        # the token: a worker that held an earlier lock is distinguished from this one
        task.lock_count += 1
        return str(task.lock_count)


@repeated
def extend_lock(
    store: Store,
    task_id: str,
    *,
    worker_id: str | None,
    new_duration: timedelta,
    lock_token: str | None = None,
) -> None:
    """Let a lock expire so much from now.

    Raises:
        BadUserRequestError: the duration is not positive, or the lock has expired.
        NullValueError: no worker is named.
        NotFoundError: no such external task.
        LockedByAnotherWorkerError: the lock belongs to another worker, or to none.
        SuspendedExternalTaskError: the instance is suspended.

    Source: Camunda 7 ``ExtendLockOnExternalTaskCmd``; the doubled apostrophe is its own.
    """
    if new_duration <= timedelta(0):
        raise BadUserRequestError("lockTime is not greater than 0")
    require("workerId", worker_id)
    with store.transaction() as tx:
        task = lock_row(tx, task_id)
        if task.worker_id != worker_id:
            raise LockedByAnotherWorkerError(
                f"The lock of the External Task {task_id} cannot be extended by worker",
                # The apostrophe that the reference engine has too many (contract 3.9).
                f"{worker_id}'",
                task.worker_id,
            )
        check_token(task, lock_token)
        expires = task.lock_expiration_time
        if expires is not None and expires < tx.now:
            raise BadUserRequestError(
                "Cannot extend a lock that expired: lockExpirationTime is not greater than or "
                f"equal to {int(tx.now.timestamp() * 1000)}"
            )
        # Behind the owner and the end of the lock, the order in which they are missed.
        if task.is_suspended:
            raise SuspendedExternalTaskError(task_id)
        task.lock_expiration_time = tx.now + new_duration
        task.is_locked = True


@repeated
def unlock(store: Store, task_id: str, *, lock_token: str | None = None) -> None:
    """Unlock a task, of any worker.

    Raises:
        NotFoundError: no such external task.

    Source: Camunda 7 ``UnlockExternalTaskCmd``.
    """
    with store.transaction() as tx:
        task = lock_row(tx, task_id)
        check_token(task, lock_token)
        # The only command on a lock that the log has: whoever unlocks is no worker (contract 10.8).
        user_operations.note(tx, "Unlock", "ExternalTask", about=task)
        task.worker_id = task.lock_expiration_time = None
        task.is_locked = False
        # A poll that waits for the topic takes it at once.
        tx.topic_available(task.topic_name)


def give_back(store: Store, locks: Mapping[str, int]) -> None:
    """Free tasks that their worker never heard of, where they are still locked for it.

    Args:
        locks: how often each task had been locked when it was handed out.
    """
    for task_id, lock_count in locks.items():
        with contextlib.suppress(EngineError):  # it is gone, or another worker's by now
            # As the engine: the request is over, and its user may have lost the permission
            # meanwhile.
            unlock(store.acting_for(None), task_id, lock_token=str(lock_count))
    log.warning("tasks were given back: their answer could not be written", count=len(locks))
