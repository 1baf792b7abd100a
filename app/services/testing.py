"""An engine for tests: its time is moved, what is due is run at once, and it is emptied.

Nothing of this is served but with ``python wsgi.py --test``.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from app.diagrams import Mark, Tone
from app.engine.events.timers import period_of
from app.engine.graph.graph import BODY, Activity, Graph
from app.errors import EngineError, InvalidRequestError, NotFoundError
from app.store import Store
from app.store.commands import reset as commands
from app.store.connections.clocks import MovableClock

from . import diagrams, history, jobs, lists

# events have their order by nanoseconds in 64 bits, and what waits may wait for years
FIRST, LAST = datetime(1700, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOST_JOBS = 10_000  # of one call: a timer that is due again at once would go on for ever
_DUE = {"executable": True, "active": True}
_IN_ORDER = (("jobDueDate", "asc"),)


def _clock(store: Store) -> MovableClock:
    assert isinstance(store.clock, MovableClock), "the engine is not one for tests"
    return store.clock


def set_clock(
    store: Store, *, advance: str | None, to: datetime | None, freeze: bool | None
) -> None:
    """Move the clock, then let it stand still or go on.

    Args:
        advance: an ISO 8601 duration.
        freeze: None leaves it as it is.

    Raises:
        InvalidRequestError: both a duration and a time are given, one that cannot be read, or one
            that the engine cannot count from.
    """
    clock = _clock(store)
    if advance is not None and to is not None:
        raise InvalidRequestError("Give 'advance' or 'to', not both.")
    if advance is not None:
        try:
            to = period_of(advance).after(clock())
        except (ValueError, OverflowError) as error:
            raise InvalidRequestError(
                f"'advance' is no ISO 8601 duration such as P3D or PT90M: {advance}"
            ) from error
    if to is not None:
        if not FIRST <= to <= LAST:
            raise InvalidRequestError(f"The clock can show {FIRST.year} to {LAST.year}, not {to}.")
        clock.move(to)
    if freeze is not None:
        clock.freeze() if freeze else clock.thaw()
    store.clock_moved()


def clock_view(store: Store) -> dict[str, Any]:
    """The time of the clock."""
    return {"now": store.clock(), "is_frozen": _clock(store).is_frozen}


def run_due(store: Store) -> dict[str, Any]:
    """Run the jobs that are due, the one that is due first before the others, until none is.

    A job that fails is tried again, as the job executor would, until it has no retries or waits
    for its next try. History that is past its time is removed.

    Returns:
        ``ran`` and ``failed``, views of jobs in the order of their runs, ``is_done`` unless there
        were too many, and the number of instances ``removed`` from the history.
    """
    ran: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    while len(ran) + len(failed) < MOST_JOBS:
        # One at a time, asked anew: what runs may make, end or put off others.
        found = lists.find(store, "job", _DUE, _IN_ORDER, 0, 1)
        if not found:
            removed = history.remove_expired(store)
            return {"ran": ran, "failed": failed, "is_done": True, "removed": removed}
        try:
            jobs.execute(store, found[0]["id"])
        except EngineError as error:
            failed.append({**found[0], "message": str(error)})
        else:
            ran.append(found[0])
    return {"ran": ran, "failed": failed, "is_done": False, "removed": 0}


def reset(store: Store) -> None:
    """Empty the engine: deployments, instances, history; its clock shows the real time again."""
    with store.transaction() as tx:
        commands.empty(tx)
    # Behind the commit: compiled graphs and decisions of what was there must not be found again.
    store.forget()
    _clock(store).reset()
    store.clock_moved()


def coverage(store: Store) -> list[dict[str, Any]]:
    """The coverage of each definition since the start or the last reset.

    Returns:
        for each definition, in the order of keys and versions, its ``activities`` and ``flows``,
        each with how often it was gone through.
    """
    found = lists.find(store, "process_definition", {}, (("key", "asc"), ("version", "asc")))
    with store.snapshot() as snapshot:
        return [_covered(store, snapshot.graph(view["id"]), view) for view in found]


def coverage_diagram(store: Store, definition_id: str) -> str | None:
    """The diagram of a definition with what was gone through set off, as SVG.

    Returns:
        None where the model has no layout.

    Raises:
        NotFoundError: no such definition.
    """
    view = lists.get(store, "process_definition", definition_id)
    if view is None:
        raise NotFoundError(f"No process definition has the id '{definition_id}'")
    with store.snapshot() as snapshot:
        covered = _covered(store, snapshot.graph(definition_id), view)
    marks = {
        found["id"]: Mark(taken=found["count"], tone=Tone.TAKEN)
        for found in (*covered["activities"], *covered["flows"])
        if found["count"]
    }
    return diagrams.drawn(store, view, marks)


def _covered(store: Store, graph: Graph, view: dict[str, Any]) -> dict[str, Any]:
    assert store.coverage is not None, "the engine is not one for tests"
    counts = store.coverage.of(view["id"])
    activities: list[dict[str, Any]] = [
        {"id": a.id, "name": a.name, "type": a.type, "count": counts[a.id]}
        for a in _elements(graph)
    ]
    flows: list[dict[str, Any]] = [
        {
            "id": flow.id,
            "source": flow.source.id.removesuffix(BODY),
            "target": flow.target.id.removesuffix(BODY),
            "count": counts[flow.id],
        }
        for a in graph.activities.values()
        for flow in a.outgoing
    ]
    counted = [*activities, *flows]
    passed = sum(1 for element in counted if element["count"])
    return {
        "process_definition_id": view["id"],
        "key": view["key"],
        "version": view["version"],
        "activities": activities,
        "flows": flows,
        "covered": passed / len(counted) if counted else 1.0,
    }


def _elements(graph: Graph) -> Iterator[Activity]:
    """The activities, events and gateways of a model: neither the process nor what repeats one."""
    for activity in graph.activities.values():
        if activity.node is not None and not activity.id.endswith(BODY):
            yield activity
