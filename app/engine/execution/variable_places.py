"""Where the history says that a variable is.

Source: semantics 10.
"""

from collections.abc import Callable

from app.engine.graph.graph import BODY
from app.engine.state import Execution


def place_of(
    execution: Execution, opening: str | None, chain: Callable[[Execution], list[Execution]]
) -> str | None:
    """The activity instance that the history names for a variable of this scope.

    A task's own scope is the task, and a sub-process that of what the token in it sets; what a
    sub-process is given when it opens, or while other tokens are in it, and what belongs to one
    of several tokens that is at no activity yet is noted at the scope around it (semantics 10).

    Args:
        opening: the scope whose inputs are being set.
        chain: an execution with all above it.
    """
    if execution.is_scope and execution.scope_activity_instance_id is not None:
        own = execution.scope_activity_instance_id
        is_body = (execution.scope_activity_id or "").endswith(BODY)
        is_kept = execution.is_event_scope and is_body  # an oddity: others are not their own
        is_inside = is_kept or (execution.is_active and execution.id != opening)
        if execution.parent_id is None or is_inside or execution.activity_instance_id == own:
            return own
    if execution.is_concurrent and execution.activity_instance_id is not None:
        return execution.activity_instance_id
    outer = next((s for s in chain(execution)[1:] if s.is_scope), execution)
    return outer.scope_activity_instance_id
