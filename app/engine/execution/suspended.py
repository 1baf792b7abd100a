"""Suspended instances: what their tokens may not do.

Source: semantics 4.6; Camunda 7 ``ExecutionEntity.ensureNotSuspended``,
``ExecutionEntity.requiresUnsuspendedExecution``.
"""

from app.engine.state import Execution
from app.errors import SuspendedEntityInteractionError


def refuse(execution: Execution) -> None:
    """Refuse to let a suspended token do, leave or end something, or hear of an event.

    On its way to the next activity it is let through: up to there, or to the job in front of it.

    Raises:
        SuspendedEntityInteractionError: the execution is suspended.
    """
    if execution.is_suspended:
        raise SuspendedEntityInteractionError(
            f"ENGINE-03043 Execution with id '{execution.id}' is suspended."
        )
