"""The tree of activity instances.

Source: contract 4.3; Camunda 7 ``GetActivityInstanceCmd``.
"""

from typing import Any

from app.engine.graph.graph import Activity, Graph
from app.engine.graph.kinds import Kind
from app.engine.jobs.jobs import ASYNC
from app.engine.state import Execution, Incident, Job
from app.store import Snapshot, Store

from .process_instances import NotRunningError
from .retrying import repeated

Node = dict[str, Any]


@repeated
def tree(store: Store, instance_id: str) -> Node:
    """The activity instances of a process instance, the outermost first.

    Raises:
        NotRunningError: there is no such instance.
    """
    with store.snapshot() as snapshot:
        instance = snapshot.execution_seen(instance_id)
        if instance is None or instance.parent_id is not None:
            raise NotRunningError(instance_id)
        return _Tree(snapshot, instance).build()


class _Tree:
    def __init__(self, snapshot: Snapshot, instance: Execution) -> None:
        self._instance = instance
        self._graph: Graph = snapshot.graph(instance.process_definition_id)
        executions = [instance, *snapshot.tree_below(instance.id)]
        # An ended scope that may be compensated for is no activity instance any more.
        self._executions = [e for e in executions if not e.is_event_scope]
        self._by_id = {e.id: e for e in self._executions}
        self._parents = {e.parent_id for e in self._executions}
        # The reference engine does not name the executions around the handler of a compensation.
        self._undoing = {e.parent_id for e in self._executions if self._is_handler(e)}
        ids = [e.id for e in self._executions]
        self._incidents: list[Incident] = (
            snapshot.incidents_of(ids) if snapshot.has_incidents else []
        )
        # A few statements for the whole tree, however many executions it has.
        jobs: list[Job] = snapshot.jobs_of(ids) if snapshot.has_jobs else []
        self._parked = {(j.execution_id, j.activity_id) for j in jobs if j.kind == ASYNC}
        self._nodes: dict[str, Node] = {}

    def build(self) -> Node:
        root = self._node(
            self._graph.process, self._instance.id, None, [self._instance], is_root=True
        )
        self._nodes[self._instance.id] = root
        # Parents come first, so that each finds the node that it belongs below.
        for execution in self._executions:
            self._place(execution)
        return root

    def _place(self, execution: Execution) -> None:
        """Put the activity of an execution below its scope."""
        own = execution.scope_activity_instance_id
        if execution.parent_id is not None:
            around = self._around(execution)
            if execution.is_scope and execution.scope_activity_id is not None:
                activity = self._graph.activities[execution.scope_activity_id]
                if activity.inner is not None and self._is_undone_with_others(execution):
                    self._nodes[own or ""] = around  # its instances are undone, it is over
                else:
                    self._add(around, activity, own or "", execution)
            elif execution.activity_id is None:
                self._place_token(execution, around)
        if execution.activity_id is None:
            return
        # The scope's own token stands at the activity whose scope it is: one node, not two.
        if execution.is_scope and execution.activity_instance_id == own and own is not None:
            return
        activity = self._graph.activities[execution.activity_id]
        inside = self._inside(execution)
        if activity.has_idle_loop and execution.is_concurrent:
            thrower = self._by_id[execution.parent_id or ""].scope_activity_instance_id
            inside = self._nodes.get(thrower or "", inside)
        if execution.activity_instance_id is not None:
            self._add(inside, activity, execution.activity_instance_id, execution)
        elif self._is_between(execution, activity):
            inside["child_transition_instances"].append(
                self._transition(inside, activity, execution)
            )

    def _is_between(self, execution: Execution, activity: Activity) -> bool:
        """Whether a token waits for a job, or for a worker who does a listener."""
        is_parked = (execution.id, activity.id) in self._parked
        # A caller may have deleted the job; the token is there all the same.
        is_left = activity.is_async_before or activity.is_async_after
        is_left = is_left and execution.id not in self._parents
        return is_parked or is_left or activity.may_wait_for_listeners

    def _place_token(self, token: Execution, around: Node) -> None:
        """Put a token that stands nowhere below its scope.

        In the reference one of several instances that has done its part stands at its activity
        still, as if it were about to start it, and one around a call, or around a handler of a
        compensation, is not named.
        """
        if token.id in self._undoing:
            return
        scope = self._by_id[token.parent_id or ""].scope_activity_id
        inner = None if scope is None else self._graph.activities[scope].inner
        if inner is not None and token.id not in self._parents:
            transition = self._transition(around, inner, token)
            around["child_transition_instances"].append(transition)
        elif inner is None or inner.kind is not Kind.CALL_ACTIVITY:
            around["execution_ids"].append(token.id)
            for key, shown in _named(self._incidents_of(token)).items():
                around[key] += shown

    def _is_undone_with_others(self, body: Execution) -> bool:
        """Whether a multi-instance body and more are compensated below the same execution."""
        has_siblings = any(
            e.parent_id == body.parent_id and e is not body for e in self._executions
        )
        return body.is_concurrent and has_siblings

    def _is_handler(self, execution: Execution) -> bool:
        scope = execution.scope_activity_id
        return scope is not None and self._graph.activities[scope].is_handler

    def _around(self, execution: Execution) -> Node:
        """The node of the scope around an execution."""
        parent = self._by_id[execution.parent_id or ""]
        return self._inside(parent)

    def _inside(self, execution: Execution) -> Node:
        """The node of the scope that an execution is in."""
        # Upwards until something holds activities: tokens and events that throw are no place for a
        # node.
        while not execution.is_scope or not self._is_composite(execution):
            execution = self._by_id[execution.parent_id or ""]
        return self._nodes[execution.scope_activity_instance_id or ""]

    def _is_composite(self, execution: Execution) -> bool:
        """Whether activities run inside the scope; a throwing event only waits for them."""
        scope = execution.scope_activity_id
        return scope is None or self._graph.activities[scope].is_composite

    def _add(self, parent: Node, activity: Activity, node_id: str, execution: Execution) -> None:
        body = activity.multi_instance_body
        if activity.is_composite and body is not None and body.loop and body.loop.is_sequential:
            shown = parent["child_activity_instances"]
            if shown:  # those that are compensated together are one, as in the reference
                self._nodes[node_id] = shown[0]
                return
        node = self._node(activity, node_id, parent["id"], [execution])
        self._nodes[node_id] = node
        parent["child_activity_instances"].append(node)

    def _node(
        self,
        activity: Activity,
        node_id: str,
        parent_id: str | None,
        executions: list[Execution],
        *,
        is_root: bool = False,
    ) -> Node:
        incidents = self._about(executions[0], activity)
        return {
            "id": node_id,
            "parent_activity_instance_id": parent_id,
            # The root is no activity: the reference engine names the definition there (contract
            # 4.3).
            "activity_id": self._instance.process_definition_id if is_root else activity.id,
            "activity_type": activity.type,
            "process_instance_id": self._instance.id,
            "process_definition_id": self._instance.process_definition_id,
            "child_activity_instances": [],
            "child_transition_instances": [],
            "execution_ids": [e.id for e in executions],
            "activity_name": activity.name,
            **_named(incidents),
            "name": activity.name,
        }

    def _about(self, execution: Execution, activity: Activity) -> list[Incident]:
        """The incidents that a node shows, of whatever activity: a timer at the border has its own.

        A scope whose execution stands at an activity inside it leaves them to that activity.
        """
        # Or the incident would be shown twice, at the scope and at the activity inside.
        if execution.activity_id not in (None, activity.id):
            return []
        return self._incidents_of(execution)

    def _incidents_of(self, execution: Execution) -> list[Incident]:
        return [i for i in self._incidents if i.execution_id == execution.id]

    def _transition(self, parent: Node, activity: Activity, execution: Execution) -> Node:
        incidents = self._about(execution, activity)
        return {
            "id": execution.id,
            "parent_activity_instance_id": parent["id"],
            "process_instance_id": self._instance.id,
            "process_definition_id": self._instance.process_definition_id,
            "activity_id": activity.id,
            "activity_name": activity.name,
            "activity_type": activity.type,
            "execution_id": execution.id,
            "target_activity_id": activity.id,
            **_named(incidents),
        }


def _named(incidents: list[Incident]) -> dict[str, list[Any]]:
    return {
        "incident_ids": [i.id for i in incidents],
        "incidents": [{"id": i.id, "activity_id": i.activity_id} for i in incidents],
    }
