"""The compatibility of activities, by their kinds.

Source: contract 10.4; Camunda 7 ``SameBehaviorInstructionValidator``,
``SupportedActivityValidator``, ``SupportedPassiveEventTriggerActivityValidator``.
"""

from app.engine.events.subscribing import awaits_message, trigger_of
from app.engine.graph.graph import Activity
from app.engine.graph.kinds import Kind

_TASKS = (Kind.USER_TASK, Kind.RECEIVE_TASK, Kind.CALL_ACTIVITY)
_GATEWAYS = (Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY)
_COMPENSATED = (Kind.COMPENSATION_BOUNDARY, Kind.COMPENSATION_START)


def behavior(activity: Activity) -> str:
    """The name of an activity's behavior: only activities with the same one are compatible."""
    if activity.inner is not None and activity.loop is not None:
        order = "sequential" if activity.loop.is_sequential else "parallel"
        return f"{order} multi-instance body"
    if activity.kind.is_composite:
        return "sub-process"
    # Before the type: any element that a worker does may become any other.
    if activity.is_external:
        return "external task"
    is_conditional = " (conditional)" if activity.conditional is not None else ""
    if activity.attached_to is not None:
        return "boundary event" + is_conditional
    if activity.is_start_of_event_subprocess:
        return "start event of an event sub-process" + is_conditional
    if activity.waits_for_event:
        return "intermediate catch event" + is_conditional
    if activity.detail is not None and not activity.kind.is_gateway:
        return f"{activity.type} ({type(activity.detail).__name__})"
    return activity.type


def is_event(activity: Activity) -> bool:
    """Whether it waits in parallel to what its scope does."""
    return activity.attached_to is not None or activity.is_start_of_event_subprocess


def is_compensation_event(activity: Activity) -> bool:
    """Whether it is the event at the border that leads to a compensation handler."""
    return activity.kind is Kind.COMPENSATION_BOUNDARY


def event_scope(activity: Activity) -> Activity | None:
    """The activity whose execution subscribes to an event; itself where a token waits in it."""
    if activity.attached_to is not None:
        return activity.attached_to
    if activity.is_start_of_event_subprocess:
        return activity.scope.scope if activity.scope is not None else None
    gateway = activity.gateway_before
    if gateway is not None:
        return gateway
    return activity if awaits_message(activity) or activity.waits_for_event else None


def has_trigger(activity: Activity) -> bool:
    """Whether a subscription or a timer is kept for it."""
    return event_scope(activity) is not None and _is_awaited(activity)


def _is_awaited(event: Activity) -> bool:
    return event.timer is not None or trigger_of(event) is not None


def is_migratable(activity: Activity) -> bool:
    """Whether a token can be in it, or wait for it, when an instance is at rest."""
    # A handler that runs is in the midst of a compensation, which cannot change its model.
    if activity.is_handler:
        return False
    if is_event(activity):
        return activity.kind in _COMPENSATED or _is_awaited(activity)
    # A token may wait there for its job, even where none can be inside.
    if activity.is_async_before or activity.is_async_after:
        return True
    if activity.is_composite or activity.is_external or activity.kind in _GATEWAYS:
        return True
    return activity.kind in _TASKS or activity.waits_for_event
