"""The execution of a job: a token goes on, or an event happens.

Source: semantics 6; Camunda 7 ``JobEntity``, ``AsyncContinuationJobHandler``, ``TimerEntity``.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from app.engine.events import timers, triggers
from app.engine.execution import incidents, starting, suspended, user_tasks
from app.engine.history.history import SUCCESSFUL
from app.engine.state import Execution, Job

from .continuations import STARTING, Continuation
from .jobs import ASYNC, BOUNDARY_TIMER, SUBPROCESS_TIMER, TASK_TIMER, create

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


def execute(run: "Run", job: Job) -> None:
    """Do what a job stands for; it is gone afterwards.

    Raises:
        SuspendedEntityInteractionError: its instance is suspended.
    """
    execution = run.host.execution(job.execution_id or "")
    # First: what it sets off may cancel the execution, and must not find its own job.
    run.records.remove(job)
    run.history.job(job, SUCCESSFUL)
    incidents.end_about(run, job.id)
    if job.kind == ASYNC:
        run.attempt(_resume, run, execution, Continuation.parse(job.configuration))
    else:
        _fire(run, job, execution)
    run.perform()


def _resume(run: "Run", execution: Execution, continuation: Continuation) -> None:
    """Go on behind an asynchronous continuation."""
    activity = run.activity_of(execution)
    run.at = activity.id
    if continuation.has_happened:
        triggers.pass_event(run, execution, activity)
        return
    if execution.is_concurrent:
        # They are at no activity while it waits, and at the next one from now on.
        run.variables.load_all((execution,))
    if not continuation.is_after:
        if continuation.step == STARTING:
            starting.go_on(run, execution, activity)
        else:
            run.begin(execution, activity)
        return
    body = activity.multi_instance_body
    if body is not None:
        suspended.refuse(execution)
        execution.activity_id = None
        body.behavior.instance_finished(execution, run)
        return
    # Chosen before the token was parked: conditions are not evaluated a second time.
    flows = [flow for flow in activity.outgoing if flow.id in continuation.flows]
    run.take_all(execution, activity, flows)


def _fire(run: "Run", job: Job, execution: Execution) -> None:
    """Trigger the event of a timer; one that repeats gets its next job first.

    The next job has the retries that are left (Camunda 7 ``TimerEntity.createNewTimer``).
    """
    event = run.graph_of(execution).activities[job.activity_id or ""]
    # By its id it can be executed at any time, and costs a retry then (semantics 6). Such a failure
    # is one of no activity, and no failure of the time-out of a user task.
    if job.kind != TASK_TIMER:
        suspended.refuse(execution)
    repeats = job.kind == TASK_TIMER or (
        job.kind in (BOUNDARY_TIMER, SUBPROCESS_TIMER) and not event.is_interrupting
    )
    # Before the event happens: it may end the scope, and takes the next job along then.
    if job.repeat is not None and repeats:
        timestamp = _next(job, run.host.local_now)
        if timestamp is not None:
            follower = create(
                run,
                execution,
                event,
                job.kind,
                configuration=job.configuration,
                due=timers.Due(timestamp, job.repeat),
            )
            follower.retries = job.retries
    if job.kind == TASK_TIMER:
        user_tasks.time_out(run, execution, job.configuration or "")
    else:
        triggers.trigger(run, execution, event)


def _next(job: Job, now: datetime) -> datetime | None:
    """The next due date; a timer that fires early repeats the one it had.

    Source: semantics 10 (a cycle executed before it is due uses up no repetition).
    """
    return timers.next_due(job.repeat or "", now)
