"""Putting tokens where a modification wants them.

Source: contract 10.1; Camunda 7 ``AbstractInstantiationCmd``,
``PvmExecutionImpl.executeActivities``.
"""

from typing import TYPE_CHECKING

from app.engine.events import triggers
from app.engine.execution import cancellation, suspended
from app.engine.graph.graph import Activity, Flow, Graph
from app.engine.graph.kinds import Kind
from app.engine.jobs import parking
from app.engine.state import Execution
from app.errors import EngineError, NotValidError

from . import places
from .instructions import AFTER, BEFORE, Start

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


class AmbiguousAncestorError(EngineError):
    """A scope runs several times, and nothing says which one is meant."""


def start(run: "Run", instance: Execution, instruction: Start) -> None:
    """Start a token, with the scopes around it that are not there yet.

    Raises:
        NotValidError: there is no such activity, flow or ancestor.
        EngineError: it is ambiguous where to start, or nothing can be started there.
    """
    target = target_of(run.graph_of(instance), instruction)
    # Refusals first: nothing is opened for an instruction that cannot be followed.
    _refuse_compensation(target)
    scope, missing = _surroundings(run, instance, target, instruction)
    suspended.refuse(instance)
    if instance.id in run.held:
        run.held[instance.id] = None
    token = _token(run, instance, target, scope, missing)
    for number, activity in enumerate(missing):
        run.variables.places.is_unplaced = number == 0
        token = run.open_scope(token, activity)
        run.variables.places.is_unplaced = False
        run.start_activity_instance(token, activity, is_unplaced=number == 0)
        # A parallel body opened by hand has one instance, whatever its loop says.
        token = activity.behavior.first_token(token, run)
    run.variables.places.moving = token.id
    if missing and run.history.beginnings.is_initial(token):
        run.variables.places.entering = instance.id
    run.variables.set_all(token, instruction.variables)
    # An oddity of the reference: the history has no activity instance for these.
    is_placed = not token.is_concurrent
    run.variables.set_all_local(token, instruction.local_variables, is_placed=is_placed)
    run.variables.places.moving = run.variables.places.entering = None
    _begin(run, token, target)
    run.perform()
    # Twice: conditions that hold by now have steps of their own.
    run.notify_changes()
    run.perform()


def target_of(graph: Graph, instruction: Start) -> Activity | Flow:
    """The activity that is entered, or the flow that is taken.

    Raises:
        NotValidError: it does not exist.
        EngineError: not exactly one flow leaves the activity to start after.
    """
    element_id = instruction.element_id
    if instruction.kind == AFTER:
        return _only_flow(graph, instruction)
    found: Activity | Flow | None
    if instruction.kind == BEFORE:
        found = graph.activities.get(element_id)
    else:
        flows = (f for a in graph.activities.values() for f in _flows_from(a))
        found = next((f for f in flows if f.id == element_id), None)
    if found is None:
        raise NotValidError(
            instruction.failure(
                f"Element '{element_id}' does not exist in process '{graph.definition.id}': "
                "element is null"
            )
        )
    return found


def _refuse_compensation(target: Activity | Flow) -> None:
    """Refuse the event that leads to a compensation handler: no token ever comes to it.

    Raises:
        EngineError: it is one.
    """
    if not isinstance(target, Flow) and target.kind is Kind.COMPENSATION_BOUNDARY:
        raise EngineError(
            f"Cannot start before activity {target.id}; activity is a compensation boundary event."
        )


def _flows_from(activity: Activity) -> tuple[Flow, ...]:
    """The flows that a token can take out of an activity.

    Source: Camunda 7 ``BpmnParse.parseSequenceFlow``.
    """
    # An event behind the gateway takes the token from there: the flow to it is never taken.
    return () if activity.kind is Kind.EVENT_BASED_GATEWAY else activity.outgoing


def _only_flow(graph: Graph, instruction: Start) -> Flow:
    activity_id = instruction.element_id
    activity = graph.activities.get(activity_id)
    if activity is None:
        raise NotValidError(
            instruction.failure(f"Activity '{activity_id}' does not exist: activity is null")
        )
    outgoing = _flows_from(activity)  # those of a multi-instance activity leave its body
    if len(outgoing) != 1:
        problem = (
            "more than one outgoing sequence flow"
            if outgoing
            else "no outgoing sequence flow to take"
        )
        raise EngineError(f"Cannot start after activity {activity_id}; activity has {problem}")
    return outgoing[0]


def _surroundings(
    run: "Run", instance: Execution, target: Activity | Flow, instruction: Start
) -> tuple[Execution, list[Activity]]:
    """The scope to start in, and the activities whose scopes have to be opened inside it.

    Raises:
        NotValidError: the ancestor does not exist, or is not around the target.
        AmbiguousAncestorError: the scope runs several times.
    """
    ancestor = _ancestor(run, instance, instruction)
    around = _scope_of(target)
    missing: list[Activity] = []
    scope = around
    while True:
        found = places.scopes_of(run, instance, scope)
        # Outwards to the first scope that runs; with an ancestor named, to that one.
        if scope.scope is None or (found if ancestor is None else ancestor in found):
            break
        missing.insert(0, scope)
        scope = scope.scope
    if ancestor is not None:
        if ancestor not in found:
            raise NotValidError(
                instruction.failure(
                    f"Scope execution for '{instruction.ancestor_id}' cannot be found in parent "
                    f"hierarchy of flow element '{target.id}'"
                )
            )
        return ancestor, missing
    if len(found) > 1:
        raise AmbiguousAncestorError(
            f"Ancestor activity execution is ambiguous for activity Activity({around.id})"
        )
    return found[0], missing


def _ancestor(run: "Run", instance: Execution, instruction: Start) -> Execution | None:
    if instruction.ancestor_id is None:
        return None
    found = places.activity_instance(run, instance, instruction.ancestor_id)
    if found is None:
        raise NotValidError(
            instruction.failure(
                f"Ancestor activity instance '{instruction.ancestor_id}' does not exist: "
                "ancestorInstance is null"
            )
        )
    return found


def _scope_of(target: Activity | Flow) -> Activity:
    """The activity, or process, in whose scope the target is."""
    activity = target.source if isinstance(target, Flow) else target
    if activity.scope is None:
        raise TypeError(activity.id)
    return activity.scope


def _token(
    run: "Run",
    instance: Execution,
    target: Activity | Flow,
    scope: Execution,
    missing: list[Activity],
) -> Execution:
    """The execution of the new token; an interrupting event first ends what it interrupts."""
    if isinstance(target, Activity) and not missing:
        host = _ended_by(target)
        if host is not None:
            waiting = _single(run, instance, host)
            if waiting is not None:
                # Started by hand, an interrupting event does to its host what its trigger does.
                return _replaced(run, waiting, target)
    handler = _interrupting(target, missing)
    if handler is not None:
        cancellation.cancel_content(
            run, scope, f"Interrupting activity Activity({handler.id}) executed."
        )
        if scope.parent_id is not None:  # of the instance itself they stay, an oddity
            cancellation.drop_events(run, scope)
        return scope
    if scope.activity_id is None and not run.host.children_of(scope.id, at_most=2):
        return scope
    # A sequential body refuses, a parallel one counts, other scopes fork.
    return run.scope_activity_of(scope).behavior.add_token(scope, run)


def _ended_by(event: Activity) -> Activity | None:
    """The element that an event started by hand ends: its activity, or the gateway before it."""
    if event.attached_to is not None:
        return event.attached_to if event.is_interrupting else None
    return event.gateway_before


def _single(run: "Run", instance: Execution, activity: Activity) -> Execution | None:
    found = places.scopes_of(run, instance, activity)
    if len(found) > 1:
        raise AmbiguousAncestorError(f"Executions for activity Activity({activity.id}) ambiguous")
    return found[0] if found else None


def _replaced(run: "Run", waiting: Execution, event: Activity) -> Execution:
    """The token in whose place an interrupted activity ran."""
    token = run.parent_of(waiting)
    cancellation.cancel(run, waiting, f"Cancelling activity Activity({event.id}) executed.")
    token.is_active = True
    return token


def _interrupting(target: Activity | Flow, missing: list[Activity]) -> Activity | None:
    """The event sub-process that is meant and interrupts: it ends the rest of its scope."""
    first, *inside = [*missing, target]
    if isinstance(first, Flow) or not first.is_event_subprocess:
        return None
    event = first.start_event
    is_begun = not inside or inside[0] is event
    return first if event is not None and event.is_interrupting and is_begun else None


def _begin(run: "Run", token: Execution, target: Activity | Flow) -> None:
    if isinstance(target, Flow):
        run.take(token, target)
    elif target.gateway_before is None:
        run.later(run.enter, token, target)
    elif target.is_async_before:
        parking.park_behind_gateway(run, token, target)
    else:
        triggers.pass_event(run, token, target)
