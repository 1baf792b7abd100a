"""Compensation: remembered when activities complete, asked for by throw and end events.

Source: semantics 2.13; Camunda 7 ``CompensationUtil``.
"""

from typing import TYPE_CHECKING

from app.engine.execution import cancellation, listeners, tree
from app.engine.execution.waiting import END, Waiting
from app.engine.state import EventSubscription, Execution

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity


def remember(run: "Run", execution: Execution, activity: "Activity") -> None:
    """Subscribe to the compensation of an activity that completes.

    A scope in which something can be compensated is kept as an event scope, with a snapshot of
    its variables.
    """
    # Where the activity has an execution of its own, that one is about to go: what is remembered
    # has to hang at the scope around it.
    is_scope = execution.is_scope and execution.scope_activity_id == activity.id
    around = run.scope_of(run.parent_of(execution)) if is_scope else run.scope_of(execution)
    handler = activity.compensation_handler
    is_at_border = handler is not None and not handler.is_event_subprocess
    if activity.is_composite and is_scope:
        # Completed activities inside are undone too where the whole has a handler at its border.
        _keep(run, execution, activity, around, None if is_at_border else handler)
    if handler is not None and is_at_border:
        # It needs no snapshot: it runs with the variables of its scope.
        _subscribe(run, around, handler.id, None)


def _keep(
    run: "Run",
    execution: Execution,
    activity: "Activity",
    around: Execution,
    handler: "Activity | None",
) -> None:
    """Keep a scope in which something can be compensated.

    Args:
        handler: the event sub-process that does so.
    """
    inner = _subscriptions(run, execution)
    if not inner and handler is None:
        return
    # The event scope is inactive, so that neither joins nor prunes count it (semantics 2.1).
    kept = tree.add_child(run, around, is_scope=True)
    kept.is_event_scope, kept.is_active = True, False
    kept.scope_activity_id = activity.id
    kept.scope_activity_instance_id = execution.scope_activity_instance_id
    # Copied, for the variables themselves go with the scope: a handler later sees the values of the
    # time when the sub-process ended (semantics 2.13).
    if local := run.variables.local(execution):
        # As for all that is set in the scope around: while nothing else runs there, it counts as
        # being at the activity. The copies are set by an instance that the history does not have.
        is_alone = execution.parent_id == around.id
        place = (execution if is_alone else around).scope_activity_instance_id
        run.variables.set_kept(kept, local, place, run.activity_instance_id(activity))
    for subscription in inner:
        subscription.execution_id = kept.id
        # The event scopes inside move along, or they would be deleted with their parent.
        if subscription.configuration is not None:
            run.host.execution(subscription.configuration).parent_id = kept.id
    _subscribe(run, around, (handler or activity).id, kept.id)


def _subscriptions(run: "Run", *scopes: Execution) -> list[EventSubscription]:
    """The compensate subscriptions of some scopes, in the order of completion."""
    # Known since the call hierarchy was locked: a model without events pays no statement here.
    if not run.host.has_subscriptions:
        return []
    found = run.host.subscriptions_of([scope.id for scope in scopes])
    found = [s for s in found if s.event_type == "compensate"]
    # All of one transaction have one date; ids grow, so that they break the tie.
    return sorted(found, key=lambda s: (s.created_date, s.id))


def _subscribe(run: "Run", scope: Execution, activity_id: str, event_scope: str | None) -> None:
    # The flag is of the time of the lock: what is made since has to be found, too.
    run.host.has_subscriptions = True
    run.records.add(
        EventSubscription(
            id=run.host.new_id(),
            event_type="compensate",
            created_date=run.host.now,
            activity_id=activity_id,
            configuration=event_scope,
            execution_id=scope.id,
            process_instance_id=scope.process_instance_id,
            root_process_instance_id=scope.root_process_instance_id,
            process_definition_id=scope.process_definition_id,
            tenant_id=scope.tenant_id,
        )
    )


def throw(run: "Run", execution: Execution, activity_id: str | None) -> bool:
    """Start the handlers of what has completed around a throwing event, the last one first.

    Args:
        activity_id: only what this activity left; None for everything in the scope.

    Returns:
        whether any handler was started.
    """
    scopes = [run.scope_of(run.parent_of(execution))]
    # An event sub-process does not bound what it throws: what completed in it is meant, and what
    # completed in the scope around it.
    while run.scope_activity_of(scopes[-1]).is_event_subprocess:
        scopes.append(run.scope_of(run.parent_of(scopes[-1])))
    found = _wanted(run, scopes, activity_id)
    _start(run, execution, found)
    return bool(found)


def _wanted(
    run: "Run", scopes: list[Execution], activity_id: str | None
) -> list[EventSubscription]:
    """The subscriptions of some scopes, oldest first, of one activity if it is named."""
    found = _subscriptions(run, *scopes)
    if activity_id is None:
        return found
    graph = run.graph_of(scopes[0])
    activity = graph.activities.get(activity_id)
    # Subscriptions are at the handler, or at the body of a multi-instance, never at what the event
    # names.
    wanted = {activity_id}
    if activity is not None and activity.compensation_handler is not None:
        # By its name an activity is undone by its handler alone, not by those inside.
        wanted = {activity.compensation_handler.id}
    if activity is not None and activity.multi_instance_body is not None:
        wanted.add(activity.multi_instance_body.id)
    return [s for s in found if s.activity_id in wanted]


def _start(run: "Run", execution: Execution, found: list[EventSubscription]) -> None:
    """Put the handlers on the agenda, the last one on top.

    All have their tokens before the first one runs: the last to end says that all are done.
    """
    execution.is_active = False
    activities = run.graph_of(execution).activities
    for subscription in found:
        # Before the handlers run: a second throw must not start them again.
        run.records.remove(subscription)
        activity = activities[subscription.activity_id or ""]
        if subscription.configuration is None:
            token = tree.add_child(run, execution, is_concurrent=True)
            run.later(run.enter, token, activity)
        elif activity.is_event_subprocess:
            token = tree.add_child(run, execution, is_concurrent=True)
            token.is_active = False
            run.later(run.enter, _reopened(run, subscription, token), activity)
        else:
            kept = _reopened(run, subscription, execution)
            kept.is_concurrent = True
            # An instance of its own, which the history does not have (semantics 11.2).
            kept.scope_activity_instance_id = run.activity_instance_id(activity)
            run.later(_compensate, kept, run)


def is_compensating(run: "Run", execution: Execution, activity: "Activity") -> bool:
    """Whether a handler runs because something is compensated, and not by an instruction.

    Source: Camunda 7 ``BpmnActivityBehavior.isAncestorCompensationThrowing``.
    """
    while activity.is_handler and execution.parent_id is not None:
        execution = run.parent_of(execution)
        if run.scope_activity_of(execution).kind.is_compensating:
            return True
    return False


def _reopened(run: "Run", subscription: EventSubscription, parent: Execution) -> Execution:
    """The event scope of a subscription, put below the event that undoes it."""
    kept = run.host.execution(subscription.configuration or "")
    kept.parent_id, kept.is_event_scope, kept.is_active = parent.id, False, True
    return kept


def _compensate(kept: Execution, run: "Run") -> None:
    """Run the handlers of what has completed in a scope, inside of it as it was."""
    _start(run, kept, _subscriptions(run, kept))


def end_scope(run: "Run", scope: Execution, activity: "Activity") -> None:
    """End a scope in which handlers have run: nothing follows it.

    A handler is left as any activity is. What had completed before has its end behind it: neither
    the history nor listeners are notified again.

    Source: Camunda 7 ``AbstractBpmnActivityBehavior.signalCompensationDone``.
    """
    if activity.is_handler:
        if not listeners.notify(run, scope, "end", waiting=Waiting(END)):
            run.end(run.close(scope, activity, is_complete_scope=False))
        return
    cancellation.drop_event_scopes(run, scope)
    if scope.is_concurrent:
        run.end(scope)
        return
    # The scope hung below the throwing event: its end is that of a handler's token.
    token = run.parent_of(scope)
    tree.remove(run, scope)
    token.is_active = True
    run.end(token)
