"""Whether another token could still come to an inclusive join.

Source: BPMN 2.0.2 §13.4.3; semantics 2.5; Camunda 7 ``InclusiveGatewayActivityBehavior``.
"""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from app.engine.state import Execution

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity

MOST_LOOKED_AT = 8  # tokens on a flow that a look nearby considers


def is_nearby(execution: Execution, gateway: "Activity", run: "Run") -> bool:
    """Whether a token that could come is found by a look at a few, whatever their number.

    False says nothing: `look_around` knows.
    """
    if not execution.is_concurrent:  # alone in its scope
        return False
    scope = run.parent_of(execution)
    # The last ones that will be moved are in front: branches run one after the other, and those
    # that have not begun are what the others wait for.
    on_flows = islice(run.under_way.items(), MOST_LOOKED_AT)
    if any(reaches(place, gateway) and _is_inside(key, scope, run) for key, place in on_flows):
        return True
    found = run.host.some_below(scope.id, gateway.id)
    # Only those at an activity of their own: what is below the others may not have been read.
    standing = (e for e in found if e.activity_id is not None and _is_inside(e.id, scope, run))
    waiting = (e for e in standing if not _waits_at(e, scope, gateway))
    return _may_come(waiting, gateway, run)


def look_around(
    execution: Execution, gateway: "Activity", run: "Run"
) -> tuple[bool, list[Execution]]:
    """Whether a token of the whole scope could come, and those that wait at the join already.

    The executions of finished scopes, kept for their compensation, carry no token.
    """
    scope = run.parent_of(execution) if execution.is_concurrent else execution
    below = _without_event_scopes(scope, run.host.tree_below(scope.id))
    waiting = {e.id: e for e in below if _waits_at(e, scope, gateway)}
    waiting[execution.id] = execution
    parents = {e.parent_id for e in below}
    leaves = (e for e in below if e.id not in parents and e.id not in waiting)
    return _may_come(leaves, gateway, run), sorted(waiting.values(), key=lambda e: e.id)


def _without_event_scopes(scope: Execution, below: list[Execution]) -> list[Execution]:
    """Those of a tree, parents first, that are below no event scope."""
    inside, found = {scope.id}, []
    for execution in below:
        if execution.parent_id in inside and not execution.is_event_scope:
            inside.add(execution.id)
            found.append(execution)
    return found


def _waits_at(execution: Execution, scope: Execution, gateway: "Activity") -> bool:
    is_here = execution.activity_id == gateway.id and execution.parent_id == scope.id
    return is_here and not execution.is_active


def _is_inside(execution_id: str, scope: Execution, run: "Run") -> bool:
    """Whether an execution is below a scope, by what has been read."""
    found = run.records.get(Execution, execution_id)
    while found is not None and found.id != scope.id:
        found = run.records.get(Execution, found.parent_id or "")
    return found is not None


def _may_come(leaves: Iterable[Execution], gateway: "Activity", run: "Run") -> bool:
    """Whether one of some executions that carry a token could come to the gateway."""
    known: set[Activity] = set()  # from which none could: many stand at the same activity
    for leaf in leaves:
        # A token on a flow is at no activity: it counts as being where it will arrive.
        place = run.under_way.get(leaf.id)
        if place is None and (at := leaf.activity_id or leaf.scope_activity_id) is not None:
            place = run.graph_of(leaf).activities[at]
        if place is None or place in known:
            continue
        if reaches(place, gateway):
            return True
        known.add(place)
    return False


def reaches(start: "Activity", gateway: "Activity") -> bool:
    """Whether a token at an activity could come to a gateway along the flows.

    An activity without outgoing flows is left through the scope around it; the event-based
    gateway through its events.
    """
    # A list instead of recursion: a model may be a chain of thousands of activities. Loops are
    # walked once.
    seen: set[str] = set()
    ahead: list[Activity] = [start]
    while ahead:
        activity = ahead.pop()
        if activity is gateway:
            return True
        if activity.id in seen:
            continue
        seen.add(activity.id)
        ahead += [flow.target for flow in activity.outgoing]
        if (
            # Outwards to the flow scope, but not to the process: no token leaves that one by a
            # flow.
            not activity.outgoing
            and activity.scope is not None
            and activity.scope.scope is not None
        ):
            ahead.append(activity.scope)
    return False
