"""Signals to one execution, which move on what waits there.

Source: semantics 10; Camunda 7 ``SignalCmd``, ``FlowNodeActivityBehavior.signal``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.state import Execution
from app.engine.state.values import TypedValue
from app.errors import EngineError

from . import cancellation, suspended

if TYPE_CHECKING:
    from .protocol import Run


class NowhereError(EngineError):
    """An execution stands at no activity: others below it do."""

    def __init__(self, execution_id: str) -> None:
        super().__init__(f"cannot signal execution {execution_id}: it has no current activity")


class SignalNotAcceptedError(EngineError):
    """An activity waits for something else, or for nothing."""

    def __init__(self, activity_id: str) -> None:
        super().__init__(
            f"ENGINE-02010 The activity with id '{activity_id}' doesn't accept signals."
        )


class MissingScopeError(EngineError):
    """A token stands at an activity whose scope is not there: not yet, or no more."""

    def __init__(self) -> None:
        super().__init__(
            "Cannot construct activity-execution mapping: there are more scope executions missing "
            "than explained by the flow scope hierarchy."
        )


def signal(run: "Run", execution: Execution, variables: Mapping[str, TypedValue]) -> None:
    """Resume the activity at which an execution waits.

    Raises:
        NowhereError: it waits at none.
        SignalNotAcceptedError: the activity is none that a signal resumes.
        SuspendedEntityInteractionError: the execution is suspended.
        MissingScopeError: it waits for the job in front of the activity, or behind it.
    """
    if execution.activity_id is None:
        raise NowhereError(execution.id)
    activity = run.activity_of(execution)
    if not activity.behavior.accepts_signals:
        raise SignalNotAcceptedError(activity.id)
    suspended.refuse(execution)
    if activity.is_scope and execution.scope_activity_id != activity.id:
        raise MissingScopeError
    # Before the activity is left, which may end the scope that the variables are for.
    run.variables.set_all(execution, variables)
    # The task that the execution waits for is not completed: it is deleted.
    cancellation.drop_work(run, execution)
    activity.behavior.signal(execution, run)
