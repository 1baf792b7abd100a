"""Tokens that wait for a job, before an activity begins or after it has ended.

Source: semantics 6; Camunda 7 ``AsyncContinuationJobHandler``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.engine.state import Execution

from . import jobs
from .continuations import AFTER as AFTER
from .continuations import BEFORE as BEFORE
from .continuations import STARTING as STARTING
from .continuations import Continuation

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity, Flow


def park(run: "Run", execution: Execution, activity: "Activity", step: str) -> None:
    """Let a token wait before an activity for its asynchronous continuation."""
    _park(run, execution, activity, Continuation(step))


def park_behind_gateway(run: "Run", token: Execution, event: "Activity") -> None:
    """Let a token wait before an event behind an event-based gateway, which has happened."""
    _park(run, token, event, Continuation(BEFORE, has_happened=True))


def park_after(run: "Run", token: Execution, activity: "Activity", flows: "Sequence[Flow]") -> None:
    """Let a token wait behind an activity before it takes the flows that are chosen already."""
    _park(run, token, activity, Continuation(AFTER, tuple(flow.id for flow in flows)))


def _park(
    run: "Run", execution: Execution, activity: "Activity", continuation: Continuation
) -> None:
    execution.activity_id = activity.id
    # That tells a parked token from one at its activity: the API shows it as a transition instance.
    execution.activity_instance_id = None
    # Variables that one of several tokens brought belong to no activity instance until its job.
    is_instance = activity.multi_instance_body is not None and not activity.is_scope
    is_between = is_instance or bool(continuation.flows)
    if execution.is_concurrent and (is_between or not continuation.is_after):
        run.variables.activity_instance_over(execution)
    execution.is_active = True
    jobs.create(
        run,
        execution,
        activity,
        jobs.ASYNC,
        configuration=continuation.text,
        is_exclusive=activity.job_is_exclusive,
    )
