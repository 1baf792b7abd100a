"""Taking tokens away.

Source: contract 10.1; Camunda 7 ``AbstractInstanceCancellationCmd``, ``ActivityCancellationCmd``,
``ModificationUtil``.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.engine.execution import cancellation, suspended, tree
from app.engine.state import Execution
from app.errors import NotValidError

from . import places
from .instructions import Cancel
from .places import Place

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run

REASON = "Cancellation due to process instance modifcation"  # the reference engine spells it so


def cancel(
    run: "Run",
    instance: Execution,
    instruction: Cancel,
    current: Iterable[Place] | None,
    end_state: str,
) -> None:
    """Cancel what an instruction names.

    Args:
        current: what was there before the modification, if only that is meant.
        end_state: of the instances that a canceled call activity has called.

    Raises:
        NotValidError: there is no such activity or transition instance.
    """
    if instruction.activity_id is not None:
        found = current
        if found is None:
            found = places.places_of(run, instance, instruction.activity_id)
        # The list is of before the first of them is canceled, which may take others along.
        for place in found:
            execution = _still(run, instance, place, instruction.activity_id)
            if execution is not None:
                _cancel(run, instance, execution, end_state, REASON)
        return
    activity_instance_id, execution_id = (
        instruction.activity_instance_id,
        instruction.transition_instance_id,
    )
    if activity_instance_id is not None:
        found_one = places.activity_instance(run, instance, activity_instance_id)
        missing = _missing("Activity instance", activity_instance_id, "activityInstance")
    else:
        found_one = places.parked(run, instance, execution_id or "")
        missing = _missing("Transition instance", execution_id, "transitionInstance")
    if found_one is None:
        raise NotValidError(missing)
    # An oddity of the reference: for an activity instance it has no reason of its own.
    reason = REASON if activity_instance_id is None else None
    _cancel(run, instance, found_one, end_state, reason)


def _missing(kind: str, found_id: str | None, name: str) -> str:
    lower = kind[0].lower() + kind[1:]
    return (
        f"Cannot perform instruction: Cancel {lower} '{found_id}'; {kind} '{found_id}' does not "
        f"exist: {name} is null"
    )


def _still(run: "Run", instance: Execution, place: Place, activity_id: str) -> Execution | None:
    """The execution now at a place: canceling another may have moved it, or taken it along."""
    # Found again by its id: its execution may have been folded into another.
    if place.activity_instance_id is not None:
        return places.activity_instance(run, instance, place.activity_instance_id)
    execution = place.execution
    while execution.id in run.replaced:
        execution = run.replaced[execution.id]
    execution = run.moved.get(execution.id, execution)
    waiting = places.waiting_in(run, places.executions_of(run, instance))
    return execution if waiting.get(execution.id) == activity_id else None


def _cancel(
    run: "Run", instance: Execution, execution: Execution, end_state: str, reason: str | None
) -> None:
    """Cancel an execution with the scopes around it that do nothing else.

    The instance itself stays: a later instruction may start something in it.
    """
    top = _topmost(run, execution)
    # Late, as in the reference: what does not exist is reported even of a suspended instance, and
    # only a token that the instance carries itself is refused.
    if top is instance and instance.activity_id is not None:
        suspended.refuse(instance)
    usual, run.ends_called_as = run.ends_called_as, end_state
    if top is instance:
        cancellation.cancel_content(run, instance, reason, task_reason=reason)
        # As if nothing had ended yet: canceled with its last token, it is no completed one.
        run.held[instance.id] = None
    else:
        _cancel_inside(run, top, reason)
    run.ends_called_as = usual


def _cancel_inside(run: "Run", top: Execution, reason: str | None) -> None:
    above = run.parent_of(top)
    cancellation.cancel(run, top, reason)
    scope = run.scope_of(above)
    # It carried nothing but the scope that was canceled.
    if not top.is_concurrent and above.is_concurrent:
        tree.remove(run, above)
    # A body counts its instances down; any other scope folds the last token.
    run.scope_activity_of(scope).behavior.token_canceled(scope, run)


def _topmost(run: "Run", execution: Execution) -> Execution:
    """The outermost scope that an execution is alone in, else the execution itself."""
    while execution.parent_id is not None:
        scope = run.scope_of(run.parent_of(execution))
        if len(run.host.children_of(scope.id, at_most=2)) > 1:
            break
        execution = scope
    return execution
