"""Jobs: made for timers and asynchronous continuations, and what their failure costs.

Source: semantics 6; Camunda 7 ``JobEntity``, ``DefaultJobRetryCmd``.
"""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.events import timers
from app.engine.execution import incidents
from app.engine.execution.no_instance import NoInstance
from app.engine.history.history import CREATED, FAILED
from app.engine.state import Execution, Job
from app.engine.state.texts import readable
from app.errors import EngineError, ExpressionError, SuspendedEntityInteractionError
from app.expressions.values import BigInteger

from . import definitions
from .definitions import ASYNC as ASYNC
from .definitions import BOUNDARY_TIMER as BOUNDARY_TIMER
from .definitions import CATCH_TIMER as CATCH_TIMER
from .definitions import EVENT as EVENT
from .definitions import START_TIMER as START_TIMER
from .definitions import SUBPROCESS_TIMER as SUBPROCESS_TIMER
from .definitions import TASK_TIMER as TASK_TIMER

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity
    from app.expressions import Expression

DEFAULT_RETRIES = 3
LONGEST_MESSAGE = 666
MOST_RETRIES = 2**31 - 1


class NoTimerError(EngineError):
    """A job that is no timer has no due date of its own."""

    def __init__(self, job: Job) -> None:
        super().__init__(
            f"Only timer jobs can be recalculated, but the job with id '{job.id}' is of type "
            f"'{job.kind}'."
        )


class PriorityError(EngineError):
    """A priority is no whole number."""


def create(
    run: "Run",
    execution: Execution,
    activity: "Activity",
    kind: str,
    *,
    configuration: str | None = None,
    is_exclusive: bool = True,
    due: timers.Due | None = None,
) -> Job:
    """Make a job at an execution, with the priority and the retries of its activity."""
    host = run.host
    job = Job(
        id=host.new_id(),
        kind=kind,
        create_time=host.now,
        retries=initial_retries(_cycle(activity)),
        priority=_priority(run, execution, activity, kind),
        is_exclusive=is_exclusive,
        is_suspended=execution.is_suspended,
        configuration=configuration,
        activity_id=activity.id,
        execution_id=execution.id,
        process_instance_id=execution.process_instance_id,
        root_process_instance_id=execution.root_process_instance_id,
        process_definition_id=execution.process_definition_id,
        process_definition_key=execution.process_definition_key,
        deployment_id=run.graph_of(execution).definition.deployment_id,
        due_date=due.timestamp if due else None,
        repeat=due.repeat if due else None,
        tenant_id=execution.tenant_id,
    )
    # Before it is added: an operator's suspension or priority holds for the first try already.
    follow_definition(run, job)
    host.has_jobs = True
    run.records.add(job)
    run.history.job(job, CREATED)
    return job


def follow_definition(run: "Run", job: Job) -> None:
    """Let a new job be as its definition says that jobs are now.

    Source: Camunda 7 ``JobDeclaration.createJobInstance``, ``DefaultJobPriorityProvider``.
    """
    job.job_definition_id = definitions.id_of(job)
    if job.job_definition_id is None:
        return
    definition = run.host.job_definition(job.job_definition_id)
    if definition is None:
        return
    job.job_definition_id = definition.id  # which was perhaps brought along
    job.is_suspended = job.is_suspended or definition.is_suspended
    if definition.overriding_job_priority is not None:
        job.priority = definition.overriding_job_priority


def _priority(run: "Run", execution: Execution, activity: "Activity", kind: str) -> int:
    """The priority of a job: 0 when its expression fails, an error when it is no number.

    Source: Camunda 7 ``DefaultJobPriorityProvider``, ``DefaultPriorityProvider``.
    """
    node = activity.node
    # Settings of a multi-instance activity are those of its instances, not of their body.
    own = node.job_priority if node and activity.inner is None else None
    expression = own or run.graph_of(execution).model.job_priority
    if expression is None:
        return 0
    # The deployment has checked that it is a number.
    if expression.is_literal:
        return int(expression.text)
    try:
        value = run.evaluation(execution).of(expression)
    # Graceful degradation is on by default in the reference (semantics 0.2).
    except ExpressionError:
        return 0
    where = f"Job {activity.id}/{kind} instantiated in context of {_shown(execution)}"
    return whole_priority(value, where)


def whole_priority(value: object, where: str) -> int:
    """The priority that an expression gave.

    Args:
        where: begins the message.

    Raises:
        PriorityError: it is no whole number of 64 bits.
    """
    # Two refusals with two messages, as Java's classes are distinguished there.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PriorityError(f"{where}: Priority value is not an Integer")
    if isinstance(value, (float, BigInteger)):
        raise PriorityError(f"{where}: Priority value must be either Short, Integer, or Long")
    return int(value)


def _shown(execution: Execution) -> str:
    """An execution as Java's text of it (Camunda 7 ``ExecutionEntity.toString``)."""
    if execution.id == execution.process_instance_id:
        return f"ProcessInstance[{execution.id}]"
    concurrent, scope = execution.is_concurrent, execution.is_scope
    return f"{'Concurrent' * concurrent}{'Scope' * scope}Execution[{execution.id}]"


def initial_retries(cycle: "Expression | None") -> int:
    """The retries that a constant cycle gives from the start."""
    # An expression is evaluated with the first failure only (semantics 6).
    if cycle is None or not cycle.is_literal:
        return DEFAULT_RETRIES
    found = parse_retry_cycle(cycle.text)
    return found[0] if found else DEFAULT_RETRIES


def _cycle(activity: "Activity") -> "Expression | None":
    node = activity.node
    if node is None:
        return None
    if activity.multi_instance_body is not None and node.loop is not None:
        return node.loop.job_retry_cycle or node.job_retry_cycle
    return node.job_retry_cycle


def parse_retry_cycle(text: str) -> tuple[int, list[timers.Period]] | None:
    """The number of retries, and how long each waits; None for a text that says neither."""
    text = text.strip()
    try:
        # Nine digits at most: `int` of an untrusted text, and Java's int ends with ten.
        repeated = re.fullmatch(r"R(\d{0,9})/(P[^/,]+)", text)
        if repeated is not None:
            times = int(repeated[1]) if repeated[1] else MOST_RETRIES
            return times, [timers.period_of(repeated[2])]
        intervals = [timers.period_of(part.strip()) for part in text.split(",")]
    except ValueError:
        return None
    # n intervals lie between n + 1 tries.
    return len(intervals) + 1, intervals


def schedule(run: "Run", execution: Execution, event: "Activity", kind: str) -> Job:
    """Make the job of a timer event."""
    timer = _required_timer(event)
    due = _due(run, execution, timer, event.id)
    return _timer_job(run, execution, event, kind, event.id, timer, due)


def _required_timer(event: "Activity") -> bpmn.Timer:
    if event.timer is None:
        raise TypeError(type(event.detail).__name__)
    return event.timer


def reschedule(run: "Run", job: Job, execution: Execution, event: "Activity") -> None:
    """Let the job of a timer event be due when its model says, counted from now."""
    timer = _required_timer(event)
    due = _due(run, execution, timer, event.id)
    job.due_date, job.repeat = due.timestamp, due.repeat


def schedule_timeout(run: "Run", execution: Execution, timer: bpmn.Timer, listener_id: str) -> Job:
    """Make the job of a listener that is notified when a user task takes too long."""
    activity = run.scope_activity_of(execution)
    due = _due(run, execution, timer, activity.id)
    return _timer_job(run, execution, activity, TASK_TIMER, listener_id, timer, due)


def _timer_job(
    run: "Run",
    execution: Execution,
    activity: "Activity",
    kind: str,
    configuration: str,
    timer: bpmn.Timer,
    due: timers.Due,
) -> Job:
    return create(
        run,
        execution,
        activity,
        kind,
        configuration=configuration,
        is_exclusive=timer.is_exclusive,
        due=due,
    )


def recalculate(run: "Run", job: Job, *, is_creation_based: bool) -> None:
    """Work out anew when a timer is due, by its model and the variables of now.

    Args:
        is_creation_based: durations count from the creation of the job, else from now.

    Raises:
        NoTimerError: the job is another.
        TimerError: the text gives no due date.
    """
    graph = run.host.graph(job.process_definition_id or "") if job.activity_id else None
    activity = None if graph is None else graph.activities.get(job.activity_id or "")
    timer = None if activity is None else _timer_of(job, activity)
    if timer is None:
        raise NoTimerError(job)
    now = run.host.local_now
    since = job.create_time.astimezone(now.tzinfo) if is_creation_based else now
    if job.execution_id is None:
        value = timer.value.evaluate(NoInstance(since))
    else:
        value = run.evaluation(run.host.execution(job.execution_id)).of(timer.value)
    due = timers.due_of(timer.kind, value, since, job.activity_id or "")
    job.due_date, job.repeat = due.timestamp, due.repeat


def _timer_of(job: Job, activity: "Activity") -> bpmn.Timer | None:
    """The timer of the model that a job was made for."""
    if job.kind == TASK_TIMER and activity.user_task is not None:
        listeners = (li for li in activity.user_task.listeners if li.id == job.configuration)
        return next((li.timer for li in listeners), None)
    return activity.timer if job.kind not in (ASYNC, EVENT) else None


def _due(run: "Run", execution: Execution, timer: bpmn.Timer, name: str) -> timers.Due:
    value = run.evaluation(execution).of(timer.value)
    return timers.due_of(timer.kind, value, run.host.local_now, name)


def fail(
    run: "Run", job: Job, error: Exception, trace: str, failed_activity_id: str | None
) -> None:
    """Note that a job has failed: one retry less, and an incident with the last one."""
    # In a transaction of its own: that of the job was rolled back with all it had changed.
    job.lock_owner = job.lock_expiration_time = None
    is_first = job.exception_message is None
    # An expression's error may quote NUL, which PostgreSQL's text cannot hold: the failure itself
    # would fail.
    job.exception_message = readable(str(error)[:LONGEST_MESSAGE])
    job.exception_stacktrace = readable(trace)
    # A suspended token is refused before it does anything at an activity.
    is_refused = isinstance(error, SuspendedEntityInteractionError)
    job.failed_activity_id = failed_activity_id or (None if is_refused else job.activity_id)
    # Before the retries change: the entry has those from before.
    log_id = run.history.job(job, FAILED)
    found = _retry_cycle(run, job)
    if found is not None:
        _back_off(run, job, *found, is_first=is_first)
    set_retries(run, job, max(0, job.retries - 1), log_id)


def _retry_cycle(run: "Run", job: Job) -> tuple[int, list[timers.Period]] | None:
    """The retry cycle of a job's activity; None without one, or when it is unknown."""
    if job.process_definition_id is None or job.activity_id is None or job.kind == EVENT:
        return None
    activity = run.host.graph(job.process_definition_id).activities.get(job.activity_id)
    cycle = None if activity is None else _cycle(activity)
    if cycle is None:
        return None
    if cycle.is_literal:
        return parse_retry_cycle(cycle.text)
    if job.execution_id is None:
        return None
    try:
        value = run.evaluation(run.host.execution(job.execution_id)).of(cycle)
    # A cycle that fails is as good as none: the job must still lose its retry.
    except EngineError:
        return None
    return parse_retry_cycle(value) if isinstance(value, str) else None


def _back_off(
    run: "Run", job: Job, total: int, intervals: list[timers.Period], *, is_first: bool
) -> None:
    """Put the next try off; the first failure gives the job the retries of its cycle."""
    if is_first:
        set_retries(run, job, total)
    # By the retries left, so that an operator who gives some begins the list anew.
    step = max(0, min(len(intervals) - 1, len(intervals) + 1 - job.retries))
    job.due_date = _later(run.host.now, intervals[step])


def _later(now: datetime, interval: timers.Period) -> datetime:
    try:
        return interval.after(now)
    except (ValueError, OverflowError):  # the last timestamp that there is
        return timers.NEVER


def raise_incident(run: "Run", job: Job, log_id: str | None = None) -> None:
    """Make the incident of a job without retries; the log has an entry of its last failure."""
    if job.execution_id is None and job.batch_id is None:
        return
    # One at a time: setting the retries to 0 again is no second failure.
    if incidents.is_about(run, job.id):
        return
    incidents.create(
        run,
        incidents.FAILED_JOB,
        run.host.execution(job.execution_id) if job.execution_id is not None else job,
        activity_id=job.activity_id,
        configuration=job.id,
        message=job.exception_message,
        failed_activity_id=job.failed_activity_id,
        history_configuration=log_id,
        job_definition_id=job.job_definition_id,
    )


def set_retries(run: "Run", job: Job, retries: int, log_id: str | None = None) -> None:
    """Set the retries: none raises an incident, some resolve it.

    Args:
        log_id: the entry of the log that tells of the failure which takes the last one.
    """
    had_retries = job.retries > 0
    job.retries = retries
    if had_retries and retries == 0:
        raise_incident(run, job, log_id)
    elif not had_retries and retries > 0:
        end_incidents(run, job)


def end_incidents(run: "Run", job: Job, state: int = incidents.RESOLVED) -> None:
    """End the incidents about a job."""
    if job.execution_id is None:
        run.host.has_incidents = True  # which is known of call hierarchies alone
    incidents.end_about(run, job.id, state)
