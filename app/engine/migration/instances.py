"""The state of a process instance, as activity instances one inside the other.

Source: contract 10.4; Camunda 7 ``MigratingProcessInstance``, ``MigratingActivityInstance``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.engine.graph.graph import Activity
from app.engine.modification import places
from app.engine.state import Execution

from .plan import Mapped, Plan

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


@dataclass(slots=True, eq=False)
class ActivityInstance:
    """An activity instance, or a token that waits for a job in front of an activity or behind it.

    Attributes:
        id: of the activity instance, or of the transition instance.
        execution: its scope, else what carries the token.
        mapped: what the plan says of it; None for the process itself, and without instruction.
        around: the activity instance of the scope that it is in; None for the process itself.
        has_scope: the execution is its own, and not that of the scope around it.
    """

    id: str
    activity: Activity
    execution: Execution
    mapped: Mapped | None
    around: "ActivityInstance | None"
    is_parked: bool = False
    has_scope: bool = False
    inside: "list[ActivityInstance]" = field(default_factory=list)

    @property
    def vanishes(self) -> bool:
        """Whether the target has nothing in its place."""
        return self.mapped is None and self.around is not None

    @property
    def target(self) -> Activity | None:
        """The target of its activity."""
        return None if self.mapped is None else self.mapped.target

    def all(self) -> "Iterator[ActivityInstance]":
        """The activity instance with those inside it, outermost first."""
        yield self
        for activity_instance in self.inside:
            yield from activity_instance.all()


def read(run: "Run", instance: Execution, plan: Plan) -> ActivityInstance:
    """The activity instances of an instance; the outermost is the process itself."""
    top = ActivityInstance(instance.id, plan.source.process, instance, None, None, has_scope=True)
    scopes = {instance.id: top}
    for execution in places.executions_of(run, instance):
        if execution.is_scope and execution.scope_activity_id is not None:
            _add(
                scopes,
                plan,
                execution,
                execution.scope_activity_id,
                execution.scope_activity_instance_id,
                run.scope_of(run.parent_of(execution)),
            )
        # A scope whose own token stands at its activity is one instance, not two.
        if execution.activity_id is None or execution.activity_id == execution.scope_activity_id:
            continue
        _add(
            scopes,
            plan,
            execution,
            execution.activity_id,
            execution.activity_instance_id,
            run.scope_of(execution),
        )
    return top


def _add(
    scopes: dict[str, ActivityInstance],
    plan: Plan,
    execution: Execution,
    activity_id: str,
    activity_instance_id: str | None,
    scope: Execution,
) -> None:
    around = scopes[scope.id]
    activity_instance = ActivityInstance(
        activity_instance_id or execution.id,
        plan.source.activities[activity_id],
        execution,
        plan.of(activity_id),
        around,
        is_parked=activity_instance_id is None,
        has_scope=execution.scope_activity_id == activity_id,
    )
    # Parents come first in the list, so that the scope around is known by now.
    around.inside.append(activity_instance)
    if activity_instance.has_scope:
        scopes[execution.id] = activity_instance
