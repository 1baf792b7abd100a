"""Where the tokens and scopes of an instance are.

The tree changes with each instruction, so that nothing found here outlives one.
"""

from typing import TYPE_CHECKING, NamedTuple

from app.engine.state import Execution

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity


class Place(NamedTuple):
    """An activity instance, or a token that waits in front of an activity or behind it.

    Attributes:
        activity_instance_id: the activity instance; None for a token that waits for a job.
        execution: its scope, else what carries the token.
    """

    activity_instance_id: str | None
    execution: Execution


def executions_of(run: "Run", instance: Execution) -> list[Execution]:
    """The executions of an instance, parents first, but those kept for compensations."""
    kept: set[str] = set()
    found = [instance]
    for execution in run.host.tree_below(instance.id):
        # Parents come first, so that all below an event scope is left out with it.
        if execution.is_event_scope or execution.parent_id in kept:
            kept.add(execution.id)
        else:
            found.append(execution)
    return found


def scopes_of(run: "Run", instance: Execution, activity: "Activity") -> list[Execution]:
    """The executions that are scopes of an activity, or of the process."""
    if activity.scope is None:
        return [instance]
    return [
        e for e in executions_of(run, instance) if e.is_scope and e.scope_activity_id == activity.id
    ]


def activity_instance(
    run: "Run", instance: Execution, activity_instance_id: str
) -> Execution | None:
    """The execution that has an activity instance as its scope, or as what its token does."""
    for execution in executions_of(run, instance):
        if activity_instance_id in (
            execution.scope_activity_instance_id,
            execution.activity_instance_id,
        ):
            return execution
    return None


def parked(run: "Run", instance: Execution, execution_id: str) -> Execution | None:
    """The token that is shown as the transition instance of this id."""
    executions = executions_of(run, instance)
    waiting = waiting_in(run, executions)
    # An earlier instruction may have moved the token, whose id is reported as it was before.
    while execution_id not in waiting and execution_id in run.replaced:
        execution_id = run.replaced[execution_id].id
    if execution_id not in waiting and execution_id in run.moved:
        execution_id = run.moved[execution_id].id
    if execution_id not in waiting:
        return None
    return next(e for e in executions if e.id == execution_id)


def waiting_in(run: "Run", executions: list[Execution]) -> dict[str, str]:
    """The activities that tokens wait in front of or behind, in none, by the tokens' ids.

    One of several instances that has done its part stands at its activity still, for as long as the
    others run; it goes with them when they are canceled.
    """
    carrying = {e.parent_id for e in executions}
    waiting: dict[str, str] = {}
    for execution in executions:
        at = execution.activity_id
        if at is not None and is_parked(execution):
            waiting[execution.id] = at
        elif at is None and not execution.is_scope and execution.id not in carrying:
            inner = run.scope_activity_of(run.parent_of(execution)).inner
            if inner is not None:
                waiting[execution.id] = inner.id
    return waiting


def is_parked(execution: Execution) -> bool:
    """Whether a token waits in front of an activity or behind one, and is in none."""
    at = execution.activity_id
    return (
        at is not None
        and execution.activity_instance_id is None
        and execution.scope_activity_id != at
    )


def places_of(run: "Run", instance: Execution, activity_id: str) -> list[Place]:
    """The instances of an activity, then the tokens that wait in front of it and behind it."""
    executions = executions_of(run, instance)
    waiting = waiting_in(run, executions)
    entered: list[Place] = []
    for execution in executions:
        if execution.is_scope and execution.scope_activity_id == activity_id:
            entered.append(Place(execution.scope_activity_instance_id, execution))
        elif execution.activity_id == activity_id and execution.activity_instance_id is not None:
            entered.append(Place(execution.activity_instance_id, execution))
    # In the order in which the reference cancels them: what runs, then what waits for a job.
    return entered + [Place(None, e) for e in executions if waiting.get(e.id) == activity_id]
