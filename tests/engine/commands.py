"""Commands of clients on a `MemoryEngine`, and what can be seen of its instances afterwards."""

from datetime import timedelta

from app.engine import state
from app.engine.events import signals
from app.engine.execution import cancellation, external_tasks, task_errors, user_tasks
from app.engine.execution.run import Run
from app.engine.execution.variables import value_of
from app.engine.history.history_records import (
    HistoricActivityInstance,
    HistoricExternalTaskLog,
    HistoricIncident,
    HistoricJobLog,
    HistoricProcessInstance,
)
from app.engine.jobs import jobs
from app.engine.state.conversion import from_object, to_object
from app.errors import EngineError
from app.expressions.values import from_json

from .elements import model
from .host import MemoryHost

LOG_STATES = ("created", "failed", "successful", "deleted")


def typed(values):
    """Plain values as a client sends them: whole numbers are Integers."""
    return {name: from_object(from_json(value)) for name, value in values.items()}


# -- commands ---------------------------------------------------------------------------------


def complete(engine, activity_id, **variables):
    """Complete the external or user task at an activity, the oldest of several."""
    work = engine.tasks(activity_id)
    if work:
        engine.complete(work[0], **variables)
        return
    task = user_task(engine, activity_id)
    engine.command(
        lambda run, host: user_tasks.complete(run, host.load(state.Task, task.id), typed(variables))
    )


def deploy(engine, *contents, key="p"):
    """Deploy a model of one process; gives back its graph."""
    return engine.deploy(model(*contents, key=key))


def throw_error(engine, activity_id, code, message=None):
    """Report a BPMN error at the task of an activity."""
    if engine.tasks(activity_id):
        engine.bpmn_error(engine.tasks(activity_id)[0], code, message)
        return
    task = user_task(engine, activity_id)
    engine.command(
        lambda run, host: task_errors.handle_bpmn_error(
            run, host.load(state.Task, task.id), code, message, {}
        )
    )


def escalate(engine, activity_id, code, **variables):
    """Throw an escalation at a user task."""
    task = user_task(engine, activity_id)
    engine.command(
        lambda run, host: task_errors.handle_escalation(
            run, host.load(state.Task, task.id), code, typed(variables)
        )
    )


def fail_task(engine, task, retries, message="broken", *, details=None, timeout=0, local=None):
    """Report the failure of an external task."""
    engine.command(
        lambda run, host: external_tasks.handle_failure(
            run,
            host.load(state.ExternalTask, task.id),
            message=message,
            details=details,
            retries=retries,
            retry_timeout=timedelta(seconds=timeout),
            variables={},
            local_variables=typed(local or {}),
        )
    )


def fail_job(engine, job, message="it fails"):
    """Let a job fail as the executor notes it."""
    engine.command(
        lambda run, host: jobs.fail(
            run, host.load(state.Job, job.id), EngineError(message), "trace", None
        )
    )


def set_variables(engine, instance, **variables):
    """Set variables of an instance as a client does it from outside."""

    def do(run, host):
        run.variables.set_all(host.execution(instance), typed(variables))
        run.notify_changes()
        run.perform()

    engine.command(do)


def broadcast(engine, name, **variables):
    """Send a signal to all its receivers."""

    def do(run, host):
        signals.broadcast(run, name, None, typed(variables), only_tenant=False)
        run.perform()

    engine.command(do)


def delete(engine, instance, reason=None, *, options=None, skips_subprocesses=False):
    """Delete an instance from outside."""
    host = MemoryHost(engine)
    run = Run(host) if options is None else Run(host, options)
    cancellation.delete_process_instance(
        run, host.execution(instance), reason, skips_subprocesses=skips_subprocesses
    )
    host.commit()


def suspend(engine):
    """Suspend everything that runs."""
    for kind in (state.Execution, state.ExternalTask, state.Task, state.Job):
        for record in engine.rows[kind].values():
            record.is_suspended = True


def advance(engine, **duration):
    """Let time pass, and execute each job that is due by then, once."""
    engine.now += timedelta(**duration)
    timers = [job for job in engine.rows[state.Job].values() if job.due_date is not None]
    for job in sorted(timers, key=lambda job: (job.due_date, job.id)):
        if job.due_date <= engine.now and job.id in engine.rows[state.Job]:
            engine.execute(job)


# -- what is there ----------------------------------------------------------------------------


def user_task(engine, activity_id):
    """The oldest user task of an activity."""
    found = engine.rows[state.Task].values()
    return min((t for t in found if t.task_definition_key == activity_id), key=lambda t: t.id)


def only_task(engine, activity_id="a"):
    (found,) = engine.tasks(activity_id)
    return found


def only_job(engine):
    (job,) = engine.rows[state.Job].values()
    return job


def at(engine):
    """The activities at which tokens stand, sorted."""
    found = engine.rows[state.Execution].values()
    return sorted(e.activity_id for e in found if e.activity_id and not e.is_event_scope)


def tree(engine, instance):
    """The executions of an instance, one a line: what each is for, and where its token stands."""
    rows = engine.rows[state.Execution]

    def lines(execution, depth):
        label = f"scope {execution.scope_activity_id}" if execution.is_scope else "token"
        if execution.parent_id is None:
            label = "instance"
        if execution.is_concurrent:
            label = f"concurrent {label}"
        if execution.is_event_scope:
            label = f"kept {label}"
        where = f" at {execution.activity_id}" if execution.activity_id else ""
        waits = " (inactive)" if execution.activity_id and not execution.is_active else ""
        yield "  " * depth + label + where + waits
        children = [e for e in rows.values() if e.parent_id == execution.id]
        for child in sorted(children, key=lambda e: e.id):
            yield from lines(child, depth + 1)

    return list(lines(rows[instance], 0))


def subscriptions(engine):
    """The subscriptions: type, name and activity, sorted."""
    found = engine.rows[state.EventSubscription].values()
    return sorted((s.event_type, s.event_name or "", s.activity_id) for s in found)


def local(engine, activity_id):
    """The variables of the scope of an activity, or of the token that stands there."""
    executions = engine.rows[state.Execution].values()
    ids = {e.id for e in executions if activity_id in (e.scope_activity_id, e.activity_id)}
    return _values(engine, ids)


def variables_of(engine, instance):
    """The variables of an instance's own scope."""
    return _values(engine, {instance})


def _values(engine, execution_ids):
    found = engine.rows[state.Variable].values()
    return {v.name: to_object(value_of(v)) for v in found if v.execution_id in execution_ids}


# -- what the history says --------------------------------------------------------------------


def told(engine, kind):
    """The records of the history of one class, in the order in which they were made."""
    return [record for record in engine.history.values() if isinstance(record, kind)]


def visit(engine, activity_id):
    """The only activity instance of an activity."""
    (found,) = (v for v in told(engine, HistoricActivityInstance) if v.activity_id == activity_id)
    return found


def task_log(engine, activity_id=None):
    """The states in the log of external tasks, as words."""
    found = told(engine, HistoricExternalTaskLog)
    return [LOG_STATES[e.state] for e in found if activity_id in (None, e.activity_id)]


def job_log(engine, activity_id=None):
    """The states in the log of jobs, as words."""
    found = told(engine, HistoricJobLog)
    return [LOG_STATES[e.state] for e in found if activity_id in (None, e.activity_id)]


def incidents(engine):
    """The history of incidents: the activity of each and its state."""
    words = ("open", "resolved", "deleted")
    return [(i.activity_id, words[i.state]) for i in told(engine, HistoricIncident)]


def instance_of(engine, instance):
    """The history of an instance."""
    (found,) = (i for i in told(engine, HistoricProcessInstance) if i.id == instance)
    return found
