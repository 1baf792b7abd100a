"""From the model of a process to the graph that runs: elements linked, behaviors bound."""

from app.bpmn import model as bpmn
from app.engine.behaviors import behavior_of, process_behavior
from app.engine.events.subscribing import awaits_message, has_events
from app.engine.state import ProcessDefinition
from app.scripts.languages import is_javascript, is_juel

from .graph import BODY, Activity, Flow, Graph
from .kinds import Kind

# Camunda 7's parser calls `setScope(true)` for these, whatever else they have.
_ALWAYS_SCOPES = frozenset(
    (
        Kind.CALL_ACTIVITY,
        Kind.EVENT_BASED_GATEWAY,
        Kind.CANCEL_END,
        Kind.COMPENSATION_START,
        Kind.COMPENSATION_THROW,
        Kind.COMPENSATION_END,
    )
)


def compile_graph(model: bpmn.ProcessModel, definition: ProcessDefinition) -> Graph:
    """Compile a model: link its elements and give each its behavior."""
    graph = Graph(model, definition)
    process = graph.process
    process.is_scope = process.is_composite = True
    process.listeners = model.listeners
    process.behavior = process_behavior()
    for node in model.nodes.values():
        _add(graph, node)
    # All activities first: scopes, hosts and handlers are named by ids that may come later in the
    # file.
    for activity in list(graph.activities.values()):
        _place(graph, activity)
    # Before scopes are marked: what is behind an event-based gateway is known from the flows.
    _link_flows(graph)
    for activity in graph.activities.values():
        activity.is_scope = _is_scope(activity)
        activity.behavior = behavior_of(activity)
    for activity in (process, *graph.activities.values()):
        activity.has_events = has_events(activity)
    _mark_compensation(graph)
    _mark_listeners(graph)
    graph.initial = graph.activities.get(model.initial or "")
    return graph


def _add(graph: Graph, node: bpmn.FlowNode) -> None:
    activity = Activity(node.id, node.name, Kind(node.kind), None, node.detail)
    activity.node = node
    activity.is_composite = activity.kind.is_composite
    activity.is_interrupting = node.is_interrupting
    activity.inputs, activity.outputs = node.inputs, node.outputs
    activity.listeners = node.listeners
    activity.loop = node.loop
    activity.is_async_before, activity.is_async_after = node.async_before, node.async_after
    activity.job_is_exclusive = node.is_exclusive
    activity.has_idle_loop = node.has_idle_loop
    graph.activities[node.id] = activity
    if node.loop is None:
        return
    # The suffix is seen by clients: it is in activity instances and in messages.
    body = Activity(node.id + BODY, None, Kind.MULTI_INSTANCE_BODY, None)
    body.node, body.loop, body.inner = node, node.loop, activity
    body.is_scope = body.is_composite = True
    body.has_idle_loop = node.has_idle_loop
    # asyncBefore on the activity is one job for all; on the loop, one for each instance (semantics
    # 2.11).
    body.is_async_before, body.is_async_after = node.async_before, node.async_after
    body.job_is_exclusive = node.is_exclusive
    activity.is_async_before = node.loop.async_before
    activity.is_async_after = node.loop.async_after
    activity.job_is_exclusive = node.loop.is_exclusive
    activity.multi_instance_body = body
    graph.activities[body.id] = body


def _place(graph: Graph, activity: Activity) -> None:
    """Put an activity into its scope and its events to their host."""
    node = activity.node
    if node is None:
        return
    outer = graph.activities.get(node.scope_id, graph.process)
    handler = node.compensation_handler
    if handler is not None and activity.inner is None:  # each instance of a body is undone
        activity.compensation_handler = graph.activities[handler]
    if activity.multi_instance_body is not None:
        activity.scope = activity.multi_instance_body
        activity.scope.activities.append(activity)
        return
    activity.scope = outer
    outer.activities.append(activity)
    if activity.is_event_subprocess:
        outer.event_subprocesses.append(activity)
    if node.attached_to is not None:
        host = graph.activities[node.attached_to]
        # An event at the border cancels all instances (semantics 2.9).
        if host.multi_instance_body is not None:
            host = host.multi_instance_body
        activity.attached_to = host
        if activity.kind is not Kind.COMPENSATION_BOUNDARY:  # it waits for no token
            host.boundary_events.append(activity)


def _link_flows(graph: Graph) -> None:
    """Flows of a multi-instance activity come to, and go from, its body."""
    flows: dict[str, Flow] = {}
    outgoing: dict[str, list[Flow]] = {}
    for model in graph.model.flows.values():
        source, target = graph.activities[model.source_id], graph.activities[model.target_id]
        source = source.multi_instance_body or source
        target = target.multi_instance_body or target
        flows[model.id] = Flow(model, source, target)
        # In the order of the document, which is the order of evaluation everywhere (semantics 2.2).
        outgoing.setdefault(source.id, []).append(flows[model.id])
        target.incoming_count += 1
        target.is_behind_gateway |= source.kind is Kind.EVENT_BASED_GATEWAY
    for activity in graph.activities.values():
        activity.outgoing = tuple(outgoing.get(activity.id, ()))
        _link_default(activity, flows)


def _link_default(activity: Activity, flows: dict[str, Flow]) -> None:
    """A default flow counts where it leaves the activity that names it; a body names none."""
    node = activity.node
    if node is None or node.default_flow is None or activity.inner is not None:
        return
    flow = flows.get(node.default_flow)
    if flow is not None and flow.source is activity:
        activity.default_flow = flow
    else:
        activity.missing_default = node.default_flow


def _is_scope(activity: Activity) -> bool:
    """Whether an activity has an execution of its own (semantics 2.1)."""
    is_instance = activity.multi_instance_body is not None  # the body keeps its variables apart
    # An external task always, so that its local variables end with it.
    if activity.is_composite or activity.is_external or activity.boundary_events:
        return True
    if not is_instance and (activity.kind in _ALWAYS_SCOPES or activity.inputs or activity.outputs):
        return True
    if activity.is_decision or awaits_message(activity):
        return True
    if activity.user_task is not None:
        # Its timers need a scope to hang at; other user tasks have none (semantics 2.1).
        return any(listener.timer is not None for listener in activity.user_task.listeners)
    if activity.is_behind_gateway:  # the gateway waits in its place
        return False
    return activity.waits_for_event


def _mark_listeners(graph: Graph) -> None:
    """Note where a token may wait for a worker who does a listener."""
    of_process = any(map(_may_be_done_by_worker, graph.process.listeners))
    for activity in graph.activities.values():
        found = of_process or any(map(_may_be_done_by_worker, activity.all_listeners))
        activity.may_wait_for_listeners = found


def _may_be_done_by_worker(listener: bpmn.Listener) -> bool:
    # A language that runs here needs no worker.
    if listener.script is not None:
        return not (is_javascript(listener.script.format) or is_juel(listener.script.format))
    if listener.expression is not None and listener.kind == "expression":
        return listener.expression.bean_call is not None
    return True


def _mark_compensation(graph: Graph) -> None:
    """Note the scopes that finished activities inside them can be compensated for."""
    for activity in graph.activities.values():
        if activity.compensation_handler is not None:
            scope = activity.scope
            # All the way up: a throw in any scope around may compensate what is below.
            while scope is not None:
                scope.has_compensation_inside = True
                scope = scope.scope
