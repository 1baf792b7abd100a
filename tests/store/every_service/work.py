"""Services that write external tasks, jobs and user tasks."""

from datetime import UTC, datetime

from app.errors import EngineError
from app.services import (
    attachments,
    comments,
    completions,
    external_tasks,
    job_definitions,
    job_retries,
    jobs,
    locks,
    polling,
    retries,
    task_links,
    tasks,
    variables,
)

from .world import FETCH, LONG, NO_QUERIES, A, of, worked_off

NO_DATE = {"due_date": None, "sets_due_date": True}
UNDELEGATED = {"delegation_state": None}
LINK = {"user_id": "ann", "group_id": None, "link_type": "candidate"}


def failed(store, world):
    values = {"error_message": "no", "error_details": None, "retries": 0, "retry_timeout": LONG}
    external_tasks.handle_failure(
        store, world.task, worker_id="w", variables=A, local_variables=A, **values
    )


def alone(store):
    tasks.create(store, task_id="alone", parent_task_id=None, priority=0, **UNDELEGATED)
    tasks.create(store, task_id="below", parent_task_id="alone", priority=0, **UNDELEGATED)
    variables.put(store, "alone", "a", A["a"], kind="task")
    task_links.add_identity_link(store, "alone", **LINK)


WRITES = {
    "completions.complete_many": lambda s, w: completions.complete_many(
        s, "w", [completions.Completion(w.task, A, A)] * 2
    ),
    "external_tasks.complete": lambda s, w: external_tasks.complete(
        s, w.task, worker_id="w", variables=A, local_variables=A
    ),
    "external_tasks.handle_failure": failed,
    "external_tasks.handle_bpmn_error": lambda s, w: external_tasks.handle_bpmn_error(
        s, w.task, worker_id="w", error_code="no", error_message=None, variables=A
    ),
    "external_tasks.set_retries": lambda s, w: external_tasks.set_retries(s, w.task, retries=0),
    "external_tasks.set_priority": lambda s, w: external_tasks.set_priority(s, w.task, priority=9),
    "external_tasks.fetch_and_lock": lambda s, w: external_tasks.fetch_and_lock(s, **FETCH),
    "job_retries.set_retries": lambda s, w: worked_off(
        s, job_retries.set_retries(s, retries=0, job_ids=[w.job()], job_query=None, **NO_DATE)
    ),
    "job_retries.set_retries_of_instances": lambda s, w: worked_off(
        s, job_retries.set_retries_of_instances(s, retries=0, **NO_DATE, **of(w))
    ),
    "jobs.execute": lambda s, w: [jobs.execute(s, w.job("later")), jobs.execute(s, w.job())],
    "jobs.note_failure": lambda s, w: jobs.note_failure(s, w.job(), EngineError("no"), None),
    "jobs.set_retries": lambda s, w: jobs.set_retries(
        s, w.job(), retries=0, due_date=None, sets_due_date=True
    ),
    "jobs.set_due_date": lambda s, w: jobs.set_due_date(s, w.job(), due_date=datetime.now(UTC)),
    "jobs.recalculate_due_date": lambda s, w: jobs.recalculate_due_date(
        s, w.job("later"), is_creation_based=False
    ),
    "job_definitions.set_retries": lambda s, w: [
        jobs.set_retries(s, w.job(), retries=0, **NO_DATE),
        job_definitions.set_retries(s, w.job_definition(), retries=2, **NO_DATE),
    ],
    "job_definitions.set_suspended": lambda s, w: job_definitions.set_suspended(
        s, suspended=True, include_jobs=True, process_definition_key="all"
    ),
    "job_definitions.set_priority": lambda s, w: job_definitions.set_priority(
        s, w.job_definition(), priority=3, include_jobs=True
    ),
    "jobs.set_priority": lambda s, w: jobs.set_priority(s, w.job(), priority=3),
    "jobs.delete": lambda s, w: jobs.delete(s, w.job()),
    "jobs.acquire": lambda s, w: jobs.acquire(s, "o", limit=3, lock_duration=LONG),
    "jobs.release": lambda s, w: [
        jobs.acquire(s, "o", limit=3, lock_duration=LONG),
        jobs.release(s, "o", [w.job()]),
        jobs.release(s, "o"),
    ],
    "locks.lock": lambda s, w: locks.lock(s, w.task, worker_id="w", lock_duration=LONG),
    "locks.extend_lock": lambda s, w: locks.extend_lock(
        s, w.task, worker_id="w", new_duration=LONG
    ),
    "locks.unlock": lambda s, w: locks.unlock(s, w.task),
    "locks.give_back": lambda s, w: locks.give_back(s, {w.task: 1}),
    "polling.begin": lambda s, w: polling.begin(
        s,
        async_response_timeout=None,
        is_connected=lambda: True,
        holds_thread=True,
        **FETCH,
    ),
    "retries.set_retries_by_batch": lambda s, w: w.batch(),
    "retries.set_retries_of_many": lambda s, w: retries.set_retries_of_many(
        s, retries=0, external_task_ids=[w.task], **NO_QUERIES
    ),
    "tasks.claim": lambda s, w: tasks.claim(s, w.user_task, user_id="u"),
    "tasks.set_assignee": lambda s, w: tasks.set_assignee(s, w.user_task, user_id="u"),
    "tasks.delegate": lambda s, w: tasks.delegate(s, w.user_task, user_id="u"),
    "tasks.resolve": lambda s, w: tasks.resolve(s, w.user_task, variables=A),
    "tasks.update": lambda s, w: tasks.update(
        s, w.user_task, tenant_id=None, priority=3, **UNDELEGATED
    ),
    "tasks.handle_bpmn_error": lambda s, w: tasks.handle_bpmn_error(
        s, w.user_task, error_code="no", error_message=None, variables=A
    ),
    "task_links.add_identity_link": lambda s, w: task_links.add_identity_link(
        s, w.user_task, **LINK
    ),
    "task_links.delete_identity_link": lambda s, w: [
        task_links.add_identity_link(s, w.user_task, **LINK),
        task_links.delete_identity_link(s, w.user_task, **LINK),
    ],
    "tasks.handle_bpmn_escalation": lambda s, w: tasks.handle_bpmn_escalation(
        s, w.user_task, escalation_code="help", variables=A
    ),
    "tasks.create": lambda s, w: tasks.create(
        s, task_id="own", parent_task_id=w.user_task, priority=0, **UNDELEGATED
    ),
    "tasks.delete": lambda s, w: [alone(s), tasks.delete(s, "alone")],
    "comments.create": lambda s, w: w.comment(),
    "comments.update_of_task": lambda s, w: comments.update_of_task(
        s, w.user_task, comment_id=w.comment(), message="b"
    ),
    "comments.update_of_instance": lambda s, w: comments.update_of_instance(
        s, w.instance, comment_id=w.comment(), message="b"
    ),
    "comments.delete_of_task": lambda s, w: comments.delete_of_task(s, w.user_task, w.comment()),
    "comments.delete_of_instance": lambda s, w: [
        w.comment(),
        comments.delete_of_instance(s, w.instance),
    ],
    "attachments.create": lambda s, w: w.attachment(),
    "attachments.delete": lambda s, w: attachments.delete(s, w.user_task, w.attachment()),
    "tasks.complete": lambda s, w: tasks.complete(s, w.user_task, variables=A),
}
