"""Several instructions, one after the other, on one instance.

Source: contract 10.1; semantics 2.15; Camunda 7 ``ModifyProcessInstanceCmd``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.engine.execution import cancellation, ending
from app.engine.state import Execution

from . import canceling, places, starting
from .instructions import Cancel, Instruction

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


def modify(
    run: "Run", instance: Execution, instructions: Sequence[Instruction], *, end_state: str
) -> None:
    """Perform instructions; the instance ends behind the last one if nothing is left of it.

    Args:
        end_state: in which the history leaves an instance whose last token was canceled, and
            those that it has called.

    Raises:
        NotValidError: an instruction names something that does not exist.
        SuspendedEntityInteractionError: the instance is suspended.
        EngineError: an instruction cannot be performed, or the run that follows fails.
    """
    # All at once before the first instruction: what those start is not meant.
    before = {
        id(i): places.places_of(run, instance, i.activity_id)
        for i in instructions
        if isinstance(i, Cancel) and i.is_only_current and i.activity_id is not None
    }
    # While instructions go on, the last token may go and come (semantics 2.15).
    run.held[instance.id] = None
    for instruction in instructions:
        if isinstance(instruction, Cancel):
            current = before.get(id(instruction))
            canceling.cancel(run, instance, instruction, current, end_state)
        else:
            starting.start(run, instance, instruction)
    ended = run.held.pop(instance.id)
    if run.records.is_removed(Execution, instance.id):
        return
    # Something still runs.
    if instance.activity_id is not None or run.host.children_of(instance.id, at_most=2):
        return
    # Its last token has ended, by a flow that led there: it is completed, else canceled.
    if ended is not None:
        ending.end_process_instance(run, instance, *ended)
    else:
        cancellation.delete_process_instance(run, instance, None, state=end_state)
    run.perform()
