"""The triggering of events: boundary events, event sub-processes, catch events.

Source: semantics 2.9; Camunda 7 ``EventSubscriptionEntity.eventReceived``,
``ExecuteJobHelper``.
"""

from typing import TYPE_CHECKING

from app.engine.execution import cancellation, suspended, tree
from app.engine.execution.waiting import HAPPENED, START, Waiting
from app.engine.graph.kinds import Kind
from app.engine.jobs import parking
from app.engine.state import Execution

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity


def trigger(run: "Run", execution: Execution, event: "Activity") -> None:
    """Let an event happen to the execution that waits for it.

    Raises:
        SuspendedEntityInteractionError: the execution is suspended.
    """
    suspended.refuse(execution)
    if event.attached_to is not None:
        _boundary(run, execution, event)
    elif event.is_start_of_event_subprocess:
        _event_subprocess(run, execution, event)
    elif execution.scope_activity_id == event.id:
        # An end listener may throw an error here, which is caught as that of the activity.
        run.attempt(event.behavior.signal, execution, run)
    else:
        _after_gateway(run, execution, event)


def reason_of(event: "Activity") -> str:
    """Why what an event interrupts is cancelled."""
    return f"Cancel scope activity Activity({event.id}) executed."


def _boundary(run: "Run", host: Execution, event: "Activity") -> None:
    """Leave the activity through an event at its border, or start a further token."""
    if event.is_interrupting:
        # Before the host goes: afterwards nothing leads to the token around it.
        token = run.parent_of(host)
        cancellation.cancel(run, host, reason_of(event))
        token.is_active = True
        run.later(run.enter, token, event)
    else:
        # The host's own concurrent token stays where it is; the new one goes next to it.
        scope = run.parent_of(host)
        if scope.is_concurrent:
            scope = run.parent_of(scope)
        run.later(run.enter, tree.add_concurrent(run, scope), event)


def _event_subprocess(run: "Run", scope: Execution, start: "Activity") -> None:
    """Run an event sub-process in place of what its scope does, or in parallel to it."""
    subprocess = start.scope
    if subprocess is None:
        return
    if start.is_interrupting:
        interrupt(run, scope, start, subprocess)
        token = scope
    else:
        token = tree.add_concurrent(run, scope)
    if start.kind is Kind.ESCALATION_START and not start.is_interrupting:
        # The thrower of the escalation goes on first; the handler's token is there already.
        run.later(_handle, token, run, start, subprocess)
    else:
        _handle(token, run, start, subprocess)


def _handle(token: Execution, run: "Run", start: "Activity", subprocess: "Activity") -> None:
    # Interrupted at once, although the handler itself waits for its job.
    if subprocess.is_async_before:
        run.enter(token, subprocess)
        return
    inner = run.open_scope(token, subprocess)
    if not run.start_activity_instance(inner, subprocess, waiting=Waiting(START)):
        run.later(run.enter, inner, start)


def interrupt(run: "Run", scope: Execution, start: "Activity", subprocess: "Activity") -> None:
    """Cancel all that a scope does, and what else could be triggered in it."""
    # Of the user task of the scope's own token alone (semantics 10).
    task_reason = f"Interrupting activity Activity({subprocess.id}) executed."
    cancellation.cancel_content(
        run, scope, reason_of(start), task_reason=task_reason, is_interrupted=True
    )
    # After the content, which may still end by listeners that see the scope as it was.
    cancellation.drop_events(run, scope)


def _after_gateway(run: "Run", gateway: Execution, event: "Activity") -> None:
    """Go on at the event that came first behind an event-based gateway."""
    token = run.parent_of(gateway)
    # The gateway's scope goes with the subscriptions to the events that did not come first.
    cancellation.cancel(run, gateway)
    token.is_active = True
    if event.is_async_before:
        parking.park_behind_gateway(run, token, event)
    else:
        pass_event(run, token, event)


def pass_event(run: "Run", token: Execution, event: "Activity") -> None:
    """Let a token pass an event behind an event-based gateway, which has happened already."""
    # Its subscription was the gateway's: it opens without one.
    if event.is_scope:
        scope = run.open_scope(token, event, is_triggered=True)
    else:
        scope = token
        scope.activity_id = event.id
        scope.activity_instance_id = run.activity_instance_id(event)
    if not run.start_activity_instance(scope, event, waiting=Waiting(START, (HAPPENED,))):
        run.later(event.behavior.signal, scope, run)
