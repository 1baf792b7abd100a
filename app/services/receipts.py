"""Replay-safe commands: an answer that got lost may be asked for again.

A command that succeeds leaves a receipt, written in its own transaction. Its repeat finds the
receipt behind the same locks and is answered as the first was, without doing anything.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from app.engine.state import Receipt
from app.errors import IdempotencyConflictError
from app.store import Store, Transaction
from app.store.commands import receipts as commands

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Repeat:
    """Identifies a command.

    Attributes:
        operation: ``complete``, ``failure`` or ``bpmnError``.
        key: the client's ``Idempotency-Key``; None when only the body can tell.
        body: the body, the same for every order of its keys.
    """

    operation: str
    key: str | None
    body: bytes

    def receipt_id(self, task_id: str) -> str:
        """The id of the receipt: operation, task and key."""
        # Hashed: the client's text may be of any length, and the id has a bounded one.
        key = "" if self.key is None else hashlib.sha256(self.key.encode()).hexdigest()[:16]
        return f"{self.operation}:{task_id}:{key}"

    @property
    def fingerprint(self) -> str:
        """A hash of the body."""
        # 128 bits: a receipt compares with one other body, and does not choose among all.
        return hashlib.sha256(self.body).hexdigest()[:32]


def is_repeated(tx: Transaction, task_id: str, repeat: Repeat | None, *, is_gone: bool) -> bool:
    """Whether a command was done before; asked behind the locks of its task.

    Args:
        is_gone: the task is no longer there; without a key only then a repeat is looked for.

    Raises:
        IdempotencyConflictError: the key was used with another body.
    """
    # without a key the body alone tells nothing: a failure may be reported twice in the same words
    if repeat is None or (repeat.key is None and not is_gone):
        return False
    known = commands.find(tx, repeat.receipt_id(task_id))
    if known is None:
        return False
    if known == repeat.fingerprint:
        return True
    # Without a key another body is no conflict: it is another command, and the task is gone.
    if repeat.key is None:
        return False
    raise IdempotencyConflictError(repeat.key)


def keep(tx: Transaction, task_id: str, repeat: Repeat | None) -> None:
    """Leave a receipt, in the transaction of the command."""
    # Nothing is written for workers that cannot repeat: that is nearly all of them.
    if repeat is not None:
        tx.records.add(Receipt(repeat.receipt_id(task_id), repeat.fingerprint, tx.now))


def remove_expired(store: Store, older_than: timedelta) -> int:
    """Delete receipts past their time, in batches that commit; returns how many."""
    total = 0
    while True:
        # A transaction each: the deletion of a million receipts must not hold up the workers.
        with store.transaction() as tx:
            removed = commands.remove_before(tx, tx.now - older_than, BATCH)
        total += removed
        if removed < BATCH:
            return total
