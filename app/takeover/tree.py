"""How the executions of one instance become Baton's: the same ids, parents and flags.

Camunda 7 does not say which activity an execution is the scope of: it follows from the model and
from where the tokens stand. Two shapes differ, and get an execution more: a call activity inside
of a multi-instance, which is no scope there, and a handler of a compensation, whose scope is itself
concurrent there.

Source: contract 16.4; Camunda 7 ``PvmExecutionImpl``, ``LegacyBehavior``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

from app.engine.graph.graph import Activity, Graph
from app.engine.graph.kinds import Kind
from app.engine.state import Execution


class MisplacedTokenError(Exception):
    """A token stands where the model does not allow it.

    Attributes:
        activity_id: where that is; None where it cannot be told.
    """

    def __init__(self, activity_id: str | None, reason: str) -> None:
        super().__init__(reason)
        self.activity_id = activity_id


@dataclass
class Node:
    """An execution, as the source has it, and what is below it."""

    execution: Execution  # is changed in place; what others look at is kept apart
    children: list["Node"] = field(default_factory=list)  # without event scopes
    parent: "Node | None" = None
    scope: Activity | None = None
    place: str | None = field(init=False)
    activity_instance_id: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.place = self.execution.activity_id
        self.activity_instance_id = self.execution.activity_instance_id


def below(execution_id: str) -> str:
    """The id of the execution that is put below, or above, another: the same each time."""
    return str(uuid5(NAMESPACE_OID, f"takeover {execution_id}"))


class Tree:
    """The executions of one process instance.

    Args:
        rows: of the source, with ``activity_id`` and ``activity_instance_id`` as they are there.

    Attributes:
        executions: what they become.
        moved: the execution that has what belonged to another one's activity, by the old id.
        activity_instances: those that variables of scopes belong to, by their executions.

    Raises:
        MisplacedTokenError: the model has no such place.
    """

    def __init__(self, graph: Graph, rows: Sequence[Execution]) -> None:
        self._graph = graph
        self._nodes = {row.id: Node(row) for row in rows}
        self.executions: list[Execution] = []
        self.moved: dict[str, str] = {}
        self.activity_instances: dict[str, str | None] = {}
        for node in self._nodes.values():
            self._link(node)
        for node in self._nodes.values():
            if node.execution.is_scope:
                self._scope_of(node)
        # In three passes: each needs what the one before has found for all nodes.
        for node in list(self._nodes.values()):
            self._convert(node)

    def _link(self, node: Node) -> None:
        parent_id = node.execution.parent_id
        if parent_id is None:
            return
        node.parent = self._nodes.get(parent_id)
        if node.parent is None:
            raise MisplacedTokenError(node.place, f"the execution '{parent_id}' is not there")
        # Event scopes keep what was done for compensation; no token is below them.
        if not node.execution.is_event_scope:
            node.parent.children.append(node)

    # -- which activity an execution is the scope of ----------------------------------------

    def _activity(self, activity_id: str) -> Activity:
        found = self._graph.activities.get(activity_id)
        if found is None:
            raise MisplacedTokenError(activity_id, f"the model has no activity '{activity_id}'")
        return found

    def _scope_of(self, node: Node) -> Activity:
        if node.scope is None:
            node.scope = self._graph.process if node.parent is None else self._find(node)
        return node.scope

    def _find(self, node: Node) -> Activity:
        if node.place is not None:
            at = self._activity(node.place)
            if node.children or node.execution.is_event_scope:
                return at  # it throws compensation, is compensated, or was kept for it
            return (
                self._outer(at) if node.activity_instance_id is None or not _was_scope(at) else at
            )
        for child in node.children:
            found = self._around(child)
            if found is not None:
                return found
        raise MisplacedTokenError(None, f"nothing is below the execution '{node.execution.id}'")

    def _around(self, child: Node) -> Activity | None:
        """The activity in whose scope a child is."""
        if child.execution.is_scope:
            return self._outer(self._scope_of(child))
        if child.place is not None:
            return self._outer(self._activity(child.place))
        return self._around(child.children[0]) if child.children else None

    def _outer(self, activity: Activity) -> Activity:
        return activity.scope if activity.scope is not None else self._graph.process

    def _activity_instance_of(self, node: Node) -> str | None:
        """The activity instance that a scope belongs to.

        The execution itself names it while its tokens are forked, or where nothing runs inside of
        the activity; otherwise the one above does (semantics of ``leaveActivityInstance``). Ids
        begin with the activity, unless that is too long.
        """
        activity, parent = self._scope_of(node), node.parent
        above = None if parent is None else parent.activity_instance_id
        for activity_instance_id in (node.activity_instance_id, above):
            if activity_instance_id is not None and activity_instance_id.startswith(
                f"{activity.id}:"
            ):
                return activity_instance_id
        inside = node.children[0] if len(node.children) == 1 else None
        if node.execution.is_event_scope:
            return node.activity_instance_id
        if node.place is not None and node.children and not activity.is_composite:
            return above  # it throws, and names itself what is undone
        if inside is not None:
            goes_on = inside.execution.is_scope and (
                self._scope_of(inside).is_composite or bool(inside.children)
            )
            return (
                above
                if goes_on and not inside.execution.is_concurrent
                else node.activity_instance_id
            )
        is_leaf_inside = not node.children and node.place != activity.id
        return above if is_leaf_inside else node.activity_instance_id or above

    # -- what they become -------------------------------------------------------------------

    def _convert(self, node: Node) -> None:
        execution = node.execution
        scope_id = own_id = None
        if execution.is_scope:
            own_id = execution.id if node.parent is None else self._activity_instance_of(node)
            scope_id = None if node.parent is None else self._scope_of(node).id
            is_over = node.place is not None and self._scope_of(node).inner is not None
            self.activity_instances[execution.id] = (
                node.parent.activity_instance_id if is_over and node.parent else own_id
            )
        place, place_id = self._place(node, own_id)
        execution.scope_activity_id, execution.scope_activity_instance_id = scope_id, own_id
        execution.is_active = execution.is_active and not node.children
        self.executions.append(execution)
        if execution.is_scope and execution.is_concurrent and not execution.is_event_scope:
            self._put_above(node)
        execution.activity_id, execution.activity_instance_id = place, place_id
        if place is not None and place_id is not None:
            self._settle(execution, self._activity(place), place_id)

    def _place(self, node: Node, own_id: str | None) -> tuple[str | None, str | None]:
        """Where the token is, and its activity instance there."""
        execution = node.execution
        if execution.is_event_scope or node.place is None:
            return None, None
        if node.children:  # an event that throws stays in its place; what is compensated does not
            is_thrower = not self._activity(node.place).is_composite
            return (node.place, own_id) if is_thrower else (None, None)
        is_done = (
            execution.is_concurrent
            and not execution.is_active
            and node.activity_instance_id is None
        )
        if is_done:  # one of several instances that has done its part
            return None, None
        self._activity(node.place)
        return node.place, node.activity_instance_id

    def _settle(self, token: Execution, activity: Activity, activity_instance_id: str) -> None:
        """Let the execution at an activity be a scope exactly if the activity is one here."""
        if activity.is_scope and token.scope_activity_id != activity.id:
            self._put_below(token, activity, activity_instance_id)
        elif activity.is_handler and token.is_scope and token.is_concurrent:
            token.is_scope = False
            token.scope_activity_id = token.scope_activity_instance_id = None

    def _put_below(self, token: Execution, activity: Activity, activity_instance_id: str) -> None:
        """Give a token at an activity that is a scope here an execution for it."""
        added = _like(token, below(token.id), token.id)
        added.is_scope = True
        added.is_active = token.is_active
        added.activity_id = added.scope_activity_id = activity.id
        added.activity_instance_id = added.scope_activity_instance_id = activity_instance_id
        token.activity_id = token.activity_instance_id = None
        token.is_active = False
        self.moved[token.id] = added.id
        self.executions.append(added)

    def _put_above(self, node: Node) -> None:
        """Give a handler of a compensation the token that it runs for."""
        execution, activity = node.execution, self._scope_of(node)
        if not activity.is_handler:
            return
        token = _like(execution, below(execution.id), execution.parent_id or "")
        token.is_concurrent = True
        execution.parent_id, execution.is_concurrent = token.id, False
        self.executions.append(token)


def _like(execution: Execution, new_id: str, parent_id: str) -> Execution:
    return Execution(
        id=new_id,
        process_instance_id=execution.process_instance_id,
        root_process_instance_id=execution.root_process_instance_id,
        process_definition_id=execution.process_definition_id,
        process_definition_key=execution.process_definition_key,
        is_suspended=execution.is_suspended,
        parent_id=parent_id,
        tenant_id=execution.tenant_id,
    )


def _was_scope(activity: Activity) -> bool:
    """Whether it has an execution of its own in Camunda 7."""
    if activity.kind is Kind.CALL_ACTIVITY and activity.multi_instance_body is not None:
        return bool(activity.inputs or activity.outputs)
    return activity.is_scope
