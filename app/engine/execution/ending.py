"""The end of process instances that have no token left.

Source: semantics 2.8; Camunda 7 ``PvmExecutionImpl.end``, ``CallActivityBehavior``.
"""

from typing import TYPE_CHECKING

from app.engine.state import Execution

from . import cancellation, listeners, tree
from .waiting import FINISH, Waiting

if TYPE_CHECKING:
    from .protocol import Run


def end_process_instance(run: "Run", instance: Execution, ended_at: str | None) -> None:
    """End an instance without tokens, and leave the call activity that waits for it."""
    run.notify_changes()
    # A worker's listener needs an activity to wait at; any one will do when none is known.
    last = ended_at or next(iter(run.graph_of(instance).activities))
    if listeners.notify(run, instance, "end", waiting=Waiting(FINISH, (last,))):
        cancellation.drop_events(run, instance)
    else:
        ended(run, instance, ended_at)


def ended(run: "Run", instance: Execution, ended_at: str | None) -> None:
    """Remove an instance whose listeners know that it ends."""
    graph = run.graph_of(instance)
    caller = None
    if instance.super_execution_id is not None:
        caller = run.host.execution(instance.super_execution_id)
        # The outs are read from the called instance, so that it must not be gone yet.
        run.activity_of(caller).behavior.returned(caller, instance, run)
    run.history.process_instance_ended(instance, graph, "COMPLETED", activity_id=ended_at)
    cancellation.drop_event_scopes(run, instance)
    tree.remove(run, instance)
    if caller is not None:
        run.leave(caller)
