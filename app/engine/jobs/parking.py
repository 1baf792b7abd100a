"""Tokens that wait for a job, before an activity begins or after it has ended.

Source: semantics 6; Camunda 7 ``AsyncContinuationJobHandler``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.engine.execution import cancellation
from app.engine.state import Execution

from . import definitions, jobs

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity, Flow

BEFORE = "transition-create-scope"
HAPPENED = f"{BEFORE}$happened"  # behind an event-based gateway there is nothing to wait for
STARTING = "process-start"  # in front of a whole instance, by the job of its start event
AFTER = definitions.LEAVES


def park(run: "Run", execution: Execution, activity: "Activity", configuration: str) -> None:
    """Let a token wait at an activity for its asynchronous continuation."""
    if configuration == BEFORE and activity.kind.interrupts_its_scope:
        execution = cancellation.interrupt(run, execution)
    execution.activity_id = activity.id
    # That tells a parked token from one at its activity: the API shows it as a transition instance.
    execution.activity_instance_id = None
    # Variables that one of several tokens brought belong to no activity instance until its job.
    if execution.is_concurrent and configuration != AFTER:
        run.variables.activity_instance_over(execution)
    execution.is_active = True
    jobs.create(
        run,
        execution,
        activity,
        jobs.ASYNC,
        configuration=configuration,
        is_exclusive=activity.job_is_exclusive,
    )


def park_after(run: "Run", token: Execution, activity: "Activity", flows: "Sequence[Flow]") -> None:
    """Let a token wait behind an activity before it takes the flows that are chosen already."""
    # Ids of a model have no `$`: they are names of XML.
    park(run, token, activity, "$".join((AFTER, *(flow.id for flow in flows))))
