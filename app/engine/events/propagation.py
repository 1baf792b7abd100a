"""The propagation of an error or an escalation.

Source: semantics 2.10 and 1.7; Camunda 7 ``ErrorPropagation``, ``EscalationHandler``.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.execution import cancellation
from app.engine.execution.signaling import MissingScopeError
from app.engine.state import Execution
from app.engine.state.values import NULL, TypedValue
from app.errors import EngineError

from . import triggers

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.execution.scripting import BpmnErrorThrown
    from app.engine.graph.graph import Activity


class ErrorPropagationError(EngineError):
    """A BPMN error could not be handed to its handler."""

    def __init__(self, code: str) -> None:
        super().__init__(f"ENGINE-13033 Propagation of bpmn error {code} failed. ")


def throw_error(run: "Run", execution: Execution, code: str, message: str | None) -> None:
    """Throw a BPMN error at an execution; without a handler its token ends quietly."""
    # The default of the reference (semantics 1.7): without a report, the token ends.
    found = _find_error_handler(run, execution, code)
    if found is None:
        _end_quietly(run, execution)
        return
    scope, handler = found
    detail = handler.detail_of(bpmn.Error)
    # Set where the handler is owned, before anything is canceled: an inner scope would take its
    # variables along (semantics 2.10, step 6).
    if detail is not None:
        if detail.code_variable is not None:
            run.variables.set(scope, detail.code_variable, TypedValue("String", code))
        if detail.message_variable is not None:
            value = NULL if message is None else TypedValue("String", message)
            run.variables.set(scope, detail.message_variable, value)
    triggers.trigger(run, scope, handler)


def _end_quietly(run: "Run", execution: Execution) -> None:
    """End the token as a none end event would; what has failed is not compensated for."""
    if execution.activity_id is None:  # a listener between two activities has failed
        run.end(execution)
        return
    # The task is no success: its log says deleted, though the token goes on like a completed one.
    cancellation.drop_work(run, execution)
    # Past `leave`, which would remember how to compensate what has failed.
    run.depart(execution, run.activity_of(execution), ())


def throw_from_listener(run: "Run", error: "BpmnErrorThrown", execution: Execution) -> None:
    """Throw the BPMN error of a listener where it was notified.

    Raises:
        MissingScopeError: nothing catches it, and the token has just left a scope, which the
            reference misses then.
    """
    if error.has_left_scope and _find_error_handler(run, execution, error.error_code) is None:
        raise MissingScopeError
    throw_error(run, execution, error.error_code, error.text)


def _find_error_handler(
    run: "Run", execution: Execution, code: str
) -> tuple[Execution, "Activity"] | None:
    """The nearest handler: event sub-process before boundary, a code before none."""
    for scope, activity, inside in _outwards(run, execution):
        candidates = [
            s.start_event for s in activity.event_subprocesses if s.start_event and s.id != inside
        ]
        # A catch-all inside the scope beats an exact code at its border (semantics 2.10, step 2).
        for group in (candidates, activity.boundary_events):
            exact = None
            general = None
            for event in group:
                detail = event.detail_of(bpmn.Error)
                if detail is None:
                    continue
                if detail.code is None:
                    # The first in document order, as for the exact ones.
                    general = general or event
                elif detail.code == code:
                    exact = exact or event
            if exact or general:
                return scope, exact or general  # type: ignore[return-value]
        # Passing the border of a called process hands out its variables, caught or not (semantics
        # 2.8).
        _hand_out(run, scope)
    return None


def _outwards(run: "Run", execution: Execution) -> "list[tuple[Execution, Activity, str | None]]":
    """The scopes around an execution, inner first, through callers.

    Each with its activity and the event sub-process inside it that we come from.
    """
    found: list[tuple[Execution, Activity, str | None]] = []
    scope, inside = run.scope_of(execution), None
    while True:
        activity = run.scope_activity_of(scope)
        found.append((scope, activity, inside))
        # A handler does not catch what it throws itself (semantics 2.10, step 4).
        inside = activity.id if activity.is_event_subprocess else None
        if scope.parent_id is not None:
            scope = run.scope_of(run.parent_of(scope))
        elif scope.super_execution_id is not None:
            scope, inside = run.host.execution(scope.super_execution_id), None
        else:
            return found


def throw_escalation(run: "Run", execution: Execution, code: str | None) -> bool:
    """Throw an escalation at the nearest who catches it.

    Returns:
        whether there is a handler.
    """
    for scope, activity, inside in _outwards(run, execution):
        starts = [
            s.start_event for s in activity.event_subprocesses if s.start_event and s.id != inside
        ]
        for event in (*starts, *activity.boundary_events):
            detail = event.detail_of(bpmn.Escalation)
            if detail is not None and detail.code in (None, code):
                # One that does not interrupt runs next to its host: the variable must outlive the
                # host.
                is_parallel = event.attached_to is not None and not event.is_interrupting
                owner = run.parent_of(scope) if is_parallel else scope
                if detail.code_variable is not None:
                    value = NULL if code is None else TypedValue("String", code)
                    run.variables.set(owner, detail.code_variable, value)
                triggers.trigger(run, scope, event)
                return True
        _hand_out(run, scope)
    return False


def _hand_out(run: "Run", scope: Execution) -> None:
    """Run the out mappings of the call that an error or escalation leaves, if it leaves one."""
    if scope.super_execution_id is not None:
        caller = run.host.execution(scope.super_execution_id)
        run.activity_of(caller).behavior.returned(caller, scope, run)
