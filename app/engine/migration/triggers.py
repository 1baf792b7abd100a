"""The subscriptions and timers of a migrated scope.

Source: contract 10.4; Camunda 7 ``EventSubscriptionInstanceHandler``, ``TimerInstanceHandler``.
"""

from typing import TYPE_CHECKING

from app.engine.events import subscribing
from app.engine.execution import incidents, user_tasks
from app.engine.graph.graph import Activity
from app.engine.history.history import DELETED, REMOVED
from app.engine.jobs import definitions, jobs
from app.engine.state import EventSubscription, Execution, Job

from . import kinds
from .plan import Mapped, Plan

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


def migrate(run: "Run", scope: Execution, target: Activity, plan: Plan) -> None:
    """Keep what is mapped, remove what is not, and make what only the target has.

    A timer at the border that is mapped and has fired already is not made again; subscriptions, and
    timers of event sub-processes, are.
    """
    kept = _subscriptions(run, scope, target, plan) | _timers(run, scope, target, plan)
    for event in subscribing.subscribed(target):
        if event.id not in kept:
            subscribing.subscribe(run, scope, event)
    for event, kind in subscribing.awaited(target):
        # Its job would be there if it had not: a mapped timer without one is done.
        has_fired = event.attached_to is not None and plan.sources_of(event)
        is_new = event.id not in kept and not has_fired
        if event.timer is not None and is_new:
            jobs.schedule(run, scope, event, kind)


def _subscriptions(run: "Run", scope: Execution, target: Activity, plan: Plan) -> set[str]:
    kept: set[str] = set()
    if not run.host.has_subscriptions:
        return kept
    for subscription in run.host.subscriptions_of([scope.id]):
        if subscription.event_type == "compensate":
            continue
        mapped = _mapped(plan, subscription.activity_id, target)
        if mapped is None:
            run.records.remove(subscription)
        else:
            _keep(run, scope, subscription, mapped)
            kept.add(mapped.target.id)
    return kept


def _mapped(plan: Plan, activity_id: str | None, target: Activity) -> Mapped | None:
    """The instruction for an event, if it leads to an event of its scope's target."""
    mapped = plan.of(activity_id)
    if mapped is None or kinds.event_scope(mapped.target) is not target:
        return None
    return mapped


def _keep(run: "Run", scope: Execution, subscription: EventSubscription, mapped: Mapped) -> None:
    subscription.activity_id = mapped.target.id
    subscription.process_definition_id = scope.process_definition_id
    # Evaluated now, in the scope that goes on: names may be expressions.
    if mapped.instruction.updates_trigger:
        subscription.event_name = subscribing.name_of(run, scope, mapped.target)


def _timers(run: "Run", scope: Execution, target: Activity, plan: Plan) -> set[str]:
    kept: set[str] = set()
    timeouts: set[str | None] = set()
    for job in run.host.jobs_of([scope.id]) if run.host.has_jobs else ():
        # Of the token, not of the scope: it is moved with its instance.
        if job.kind == jobs.ASYNC:
            continue
        # A timeout belongs to a listener of the task itself and not to an event at its border.
        if job.kind == jobs.TASK_TIMER:
            mapped = plan.of(job.activity_id)
            is_kept = mapped is not None and _has_timeout(mapped.target, job.configuration)
            timeouts.add(job.configuration)
        else:
            mapped = _mapped(plan, job.activity_id, target)
            is_kept = mapped is not None and mapped.target.timer is not None
        if mapped is None or not is_kept:
            _drop(run, job)
            continue
        relocate(run, job, scope, mapped.target)
        if job.kind != jobs.TASK_TIMER:
            job.configuration = mapped.target.id
            kept.add(mapped.target.id)
            if mapped.instruction.updates_trigger:
                jobs.reschedule(run, job, scope, mapped.target)
    user_tasks.schedule_timeouts(run, scope, besides=timeouts)
    return kept


def _has_timeout(activity: Activity, listener_id: str | None) -> bool:
    listeners = () if activity.user_task is None else activity.user_task.listeners
    return any(li.timer is not None and li.id == listener_id for li in listeners)


def _drop(run: "Run", job: Job) -> None:
    run.history.job(job, DELETED)
    run.records.remove(job)
    incidents.end_about(run, job.id, REMOVED)


def _definition_of(run: "Run", job: Job) -> str | None:
    declared = definitions.id_of(job)
    found = None if declared is None else run.host.job_definition(declared)
    return declared if found is None else found.id


def relocate(run: "Run", job: Job, execution: Execution, activity: Activity) -> None:
    """Let a job be one of the target's."""
    definition = run.graph_of(execution).definition
    job.activity_id = activity.id
    job.execution_id = execution.id
    job.process_definition_id = definition.id
    job.process_definition_key = definition.key
    job.deployment_id = definition.deployment_id
    job.job_definition_id = _definition_of(run, job)
    for incident in run.host.incidents_about(job.id) if run.host.has_incidents else ():
        # Not those that it has caused at callers, which stay in their own definitions.
        if incident.configuration == job.id:
            incident.activity_id = activity.id
            incident.job_definition_id = job.job_definition_id
