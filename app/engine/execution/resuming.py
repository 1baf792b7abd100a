"""How a token goes on when a worker has done the listener that it waited for.

Source: semantics 11.11.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.engine.state import Execution

from . import ending, listener_tasks, listeners, starting
from .waiting import BEGIN, COMPLETE, CREATE, END, FINISH, HAPPENED, START, TAKE, Waiting

if TYPE_CHECKING:
    from app.engine.graph.graph import Activity

    from .protocol import Run


def resume(run: "Run", execution: Execution, text: str) -> None:
    """Tell the listeners that follow, then let the token go on.

    Args:
        text: what the external task has kept of its listener.
    """
    waiting = Waiting.parse(text)
    activity = run.activity_of(execution)
    # Behind the lock and before the listeners: the worker's variables may trigger conditions.
    run.notify_changes()
    token = run.token_at(execution, activity)
    if token is None:  # a condition that holds by now has ended it
        return
    listener_tasks.done(run, token, waiting)
    _GO_ON[waiting.event](run, token, activity, waiting.after)


def fail(run: "Run", execution: Execution, text: str) -> None:
    """Take a token to where the error of a listener is thrown, as by one that runs at once."""
    waiting = Waiting.parse(text)
    listener_tasks.done(run, execution, waiting)
    if waiting.event in (END, FINISH):
        run.failed_at_end.add(execution.id)  # its listeners are not notified again


def _start(run: "Run", token: Execution, activity: "Activity", waiting: Waiting) -> None:
    if listeners.notify(run, token, "start", waiting=waiting):
        return
    if HAPPENED in waiting.ahead:
        run.later(activity.behavior.signal, token, run)
    else:
        # The activity itself, whose start is in the history already: only its listeners were not
        # done.
        run.work(token, activity)


def _end(run: "Run", token: Execution, activity: "Activity", waiting: Waiting) -> None:
    # The token of a sub-process was taken from its activity while it waited, see `done`.
    token.activity_id = activity.id
    if not listeners.notify(run, token, "end", waiting=waiting):
        # Chosen before the wait: conditions are not evaluated a second time.
        flows = [flow for flow in activity.outgoing if flow.id in waiting.ahead]
        run.departed(token, activity, flows)


def _take(run: "Run", token: Execution, activity: "Activity", waiting: Waiting) -> None:
    flow = listener_tasks.flow_ahead(activity, waiting)
    run.under_way[token.id] = flow.target
    # Pushed first, taken last: the flow's other listeners come before the activity.
    run.later(run.enter, token, flow.target)
    listeners.tell_of_flow(run, token, flow, waiting.number)


def _begin(run: "Run", token: Execution, activity: "Activity", waiting: Waiting) -> None:
    if not listeners.notify(run, token, "start", waiting=waiting):
        starting.enter_first(run, token, activity)


def _finish(run: "Run", token: Execution, activity: "Activity", waiting: Waiting) -> None:
    if not listeners.notify(run, token, "end", waiting=waiting):
        ending.ended(run, token, activity.id)


def _create(run: "Run", token: Execution, activity: "Activity", waiting: Waiting) -> None:
    if not listeners.wait_for_task(run, token, waiting):
        activity.behavior.create(token, run)


def _complete(run: "Run", token: Execution, activity: "Activity", waiting: Waiting) -> None:
    if not listeners.wait_for_task(run, token, waiting):
        activity.behavior.signal(token, run)


_GO_ON: dict[str, Callable[["Run", Execution, "Activity", Waiting], None]] = {
    START: _start,
    END: _end,
    TAKE: _take,
    BEGIN: _begin,
    FINISH: _finish,
    CREATE: _create,
    COMPLETE: _complete,
}
