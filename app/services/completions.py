"""Many external tasks completed by one request, each with a result of its own.

Source: contract 3.21.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.engine.execution import external_tasks as engine
from app.engine.execution.run import Run
from app.engine.state.values import TypedValue
from app.errors import EngineError, UnavailableError
from app.security.needs import UPDATE
from app.store import Store, Transaction

from . import access, permits, receipts
from .external_tasks import complete, owned
from .locks import require
from .outcomes import note_completion
from .permits import of_instance
from .receipts import Repeat
from .retrying import repeated

ONE = "POST /external-task/{}/complete"


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion by a worker; the fields are the arguments of `external_tasks.complete`."""

    task_id: str
    variables: Mapping[str, TypedValue]
    local_variables: Mapping[str, TypedValue]
    lock_token: str | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one task: it was completed, perhaps before, or there is an error."""

    task_id: str
    error: EngineError | None = None
    was_repeated: bool = False


def complete_many(
    store: Store, worker_id: str | None, completions: Sequence[Completion]
) -> list[Result]:
    """Complete external tasks; those of one call hierarchy in one transaction.

    Where the process of one cannot go on, its transaction is undone, and each of its tasks is
    completed by itself: no task fails because of another. Once the database is away, nothing more
    is tried: each try may wait as long as one request may.

    Returns:
        the results in the order of the tasks.

    Raises:
        NullValueError: no worker is named.
    """
    require("workerId", worker_id)
    found: dict[int, Result] = {}
    away: UnavailableError | None = None
    # A transaction each: one for all would hold the locks of every instance at once.
    for group in _by_hierarchy(store, completions):
        ones = [one for _, one in group]
        if away is None:
            results = _complete_group(store, worker_id or "", ones)
        else:
            results = _refused(store, ones, away)
        away = _away(results)
        found.update(zip((number for number, _ in group), results, strict=True))
    return [found[number] for number in range(len(completions))]


def _away(results: Sequence[Result]) -> UnavailableError | None:
    """The error of a database that is away, if it is."""
    errors = (result.error for result in results)
    return next((error for error in errors if isinstance(error, UnavailableError)), None)


def _refused(store: Store, group: Sequence[Completion], error: EngineError) -> list[Result]:
    """The results of tasks of which none was tried, or all in vain."""
    for _ in group:
        note_completion(store, error, was_repeated=False)
    return [Result(one.task_id, error) for one in group]


def _by_hierarchy(
    store: Store, completions: Sequence[Completion]
) -> Iterable[list[tuple[int, Completion]]]:
    """The completions with their places, by call hierarchy; each that is in none alone."""
    with store.snapshot() as snapshot:
        # Read without a lock, as a guess: a task that has moved on is found by its own lock.
        roots = {
            one.id: one.root_id for one in snapshot.tasks_found(c.task_id for c in completions)
        }
    groups: dict[object, list[tuple[int, Completion]]] = {}
    for number, one in enumerate(completions):
        # An unknown task is a group by its own number, which no id of a root is.
        groups.setdefault(roots.get(one.task_id, number), []).append((number, one))
    return groups.values()


def _complete_group(store: Store, worker_id: str, group: Sequence[Completion]) -> list[Result]:
    if len(group) > 1:
        try:
            # One transaction where all goes well, which is nearly always; alone costs a commit for
            # each task.
            results = _together(store, worker_id, group)
        except UnavailableError as error:
            return _refused(store, group, error)
        except EngineError:  # of one of them; which one it is they tell alone
            pass
        else:
            for result in results:
                note_completion(store, result.error, was_repeated=result.was_repeated)
            return results
    return _one_by_one(store, worker_id, group)


def _one_by_one(store: Store, worker_id: str, group: Sequence[Completion]) -> list[Result]:
    found: list[Result] = []
    for number, one in enumerate(group):
        found.append(_alone(store, worker_id, one))
        if (away := _away(found)) is not None:
            # Each further try would wait for the database as long as a request may wait at all.
            return [*found, *_refused(store, group[number + 1 :], away)]
    return found


def _alone(store: Store, worker_id: str, one: Completion) -> Result:
    try:
        done = complete(
            # With the guard of the single operation, whose permission this one asks for as well.
            store.acting_for(store.caller, access.admit(store, ONE, (one.task_id,))),
            one.task_id,
            worker_id=worker_id,
            variables=one.variables,
            local_variables=one.local_variables,
            lock_token=one.lock_token,
            repeat=one.repeat,
        )
    except EngineError as error:
        return Result(one.task_id, error)
    return Result(one.task_id, was_repeated=done)


@repeated
def _together(store: Store, worker_id: str, group: Sequence[Completion]) -> list[Result]:
    """Complete tasks of one call hierarchy in one transaction.

    Raises:
        EngineError: of the first one that cannot be completed; nothing was changed.
    """
    with store.transaction() as tx:
        run = Run(tx)  # one for all, which knows what the tasks before have changed
        return [_complete(tx, run, worker_id, one) for one in group]


def _complete(tx: Transaction, run: Run, worker_id: str, one: Completion) -> Result:
    task = tx.locks.lock_external_task(one.task_id, [*one.variables, *one.local_variables])
    refused = f"External Task {one.task_id} cannot be completed by worker"
    try:
        # The permission before the receipt: a repeat must tell nobody that something was done.
        if task is not None:
            permits.demand(tx, UPDATE, [of_instance(task)])
        if receipts.is_repeated(tx, one.task_id, one.repeat, is_gone=task is None):
            return Result(one.task_id, was_repeated=True)
        found = owned(tx, one.task_id, task, worker_id, one.lock_token, refused)
    except EngineError as error:  # nothing was changed for it, so the others go on
        return Result(one.task_id, error)
    engine.complete(run, found, one.variables, one.local_variables)
    receipts.keep(tx, one.task_id, one.repeat)
    return Result(one.task_id)
