"""One rule for every service: it writes what it has locked, or it reads and begins no transaction.

Every public function of the services that takes a store is here, so that a new one has to be.
"""

import importlib
import inspect
import pkgutil
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

import app.services
from app.engine.state.values import TypedValue
from app.errors import EngineError
from app.security.needs import batch_of
from app.services import (
    access,
    activities,
    activity_instances,
    administrators,
    attachments,
    authorizations,
    batches,
    called_definitions,
    comments,
    completions,
    conditions,
    decision_definitions,
    decision_history,
    decision_tables,
    decisions,
    deletion,
    deployments,
    diagrams,
    embedding,
    executions,
    external_tasks,
    filters,
    foreseen,
    form_files,
    forms,
    gauges,
    groups,
    history,
    history_cleanup,
    incidents,
    instance_batches,
    job_definitions,
    job_retries,
    jobs,
    lists,
    locks,
    messages,
    metrics,
    migration,
    model_files,
    modification,
    outcomes,
    overview,
    polling,
    process_definitions,
    process_instances,
    receipts,
    removal_times,
    repair_batches,
    reports,
    restart,
    retries,
    server,
    sessions,
    signals,
    statistics,
    subjects,
    suspension,
    task_links,
    tasks,
    telemetry,
    tenants,
    user_operations,
    users,
    variables,
)
from app.store import Store
from app.store.commands import removal
from tests.decisions import TIERS
from tests.models import flow, flows, process, task

from . import root_locks

CHILD = process(
    '<startEvent id="s"/>' + task("deep") + '<endEvent id="e"/>' + flows("s", "deep", "e"), "child"
)
MODEL = process(
    '<startEvent id="start" camunda:formKey="deployment:start.html"/>'
    '<startEvent id="asked"><messageEventDefinition messageRef="open"/></startEvent>'
    '<startEvent id="hot"><conditionalEventDefinition><condition>${a == 7}</condition>'
    "</conditionalEventDefinition></startEvent>"
    '<exclusiveGateway id="merge"/><parallelGateway id="fork"/><endEvent id="end"/>'
    + task("work")
    + '<userTask id="approve" camunda:formKey="deployment:ask.html"/>'
    '<boundaryEvent id="helped" attachedToRef="approve" cancelActivity="false">'
    '<escalationEventDefinition/></boundaryEvent><receiveTask id="wait" messageRef="paid"/>'
    '<intermediateCatchEvent id="later"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
    '<intermediateCatchEvent id="alert"><signalEventDefinition signalRef="alarm"/>'
    '</intermediateCatchEvent><callActivity id="call" calledElement="child"/>'
    '<serviceTask id="async" camunda:asyncBefore="true" camunda:expression="${1}"/>'
    '<receiveTask id="idle"/><businessRuleTask id="rule" camunda:decisionRef="tier"/>'
    + flows("start", "merge", "fork")
    + flow("asked", "merge")
    + flow("hot", "merge")
    + "".join(
        flows("fork", name, "end")
        for name in ("work", "approve", "wait", "later", "alert", "call", "async", "idle", "rule")
    ),
    "all",
).replace(
    '<process id="all"',
    '<message id="open" name="open"/><message id="paid" name="paid"/>'
    '<signal id="alarm" name="alarm"/><process id="all"',
)
A = {"a": TypedValue("Integer", 1)}
SKIPS = {"skip_custom_listeners": False, "skip_io_mappings": False}
LONG = timedelta(minutes=1)
TOPICS = [{"topic_name": "work", "lock_duration": LONG}]
FETCH = {"worker_id": "w", "max_tasks": 9, "use_priority": False, "topics": TOPICS, "sorting": []}
MESSAGE = {
    "business_key": None,
    "correlation_keys": {},
    "local_correlation_keys": {},
    "process_variables": A,
    "process_variables_local": {},
    "process_variables_to_triggered_scope": {},
    "process_instance_id": None,
    "tenant_id": None,
    "without_tenant_id": False,
    "all": True,
    "result_enabled": True,
    "variables_in_result_enabled": True,
}
SIGNAL = {"variables": A, "tenant_id": None, "without_tenant_id": False}
NO_QUERIES = {
    "process_instance_ids": None,
    "external_task_query": None,
    "process_instance_query": None,
    "historic_process_instance_query": None,
}


class World:
    """An instance of the model, with its parts by name."""

    def __init__(self, store):
        self.store = store
        self.instance = process_definitions.start(store, key="all", variables=A)["id"]
        external_tasks.fetch_and_lock(store, **FETCH)

    def _one(self, name, **filters):
        return lists.find(self.store, name, {"process_instance_id": self.instance, **filters})[0]

    @property
    def task(self):
        return self._one("external_task")["id"]

    @property
    def user_task(self):
        return self._one("task")["id"]

    @property
    def definition(self):
        (view,) = lists.find(
            self.store, "process_instance", {"process_instance_ids": [self.instance]}
        )
        return view["definition_id"]

    @property
    def deployment(self):
        return lists.get(self.store, "process_definition", self.definition)["deployment_id"]

    @property
    def decision(self):
        return decision_definitions.newest(self.store, "decision_definition", "tier", None)

    def job(self, activity="async"):
        found = lists.find(self.store, "job", {"process_instance_id": self.instance})
        return next(job["id"] for job in found if activity in (job["activity_id"], None))

    def at(self, activity):
        return self._one("execution", activity_id=activity)["id"]

    def incident(self):
        return incidents.create(
            self.store, self.at("work"), incident_type="own", configuration="c", message=None
        )["id"]

    def job_definition(self):
        return lists.get(self.store, "job", self.job())["job_definition_id"]

    def operation(self):
        jobs.set_priority(self.store.acting_for("kim"), self.job(), priority=4)
        return self._one("user_operation")["operation_id"]

    def batch(self):
        values = {"external_task_ids": [self.task], "retries": 2, **NO_QUERIES}
        return retries.set_retries_by_batch(self.store, **values)["id"]

    def comment(self):
        values = {"message": "a", "process_instance_id": self.instance}
        return comments.create(self.store, self.user_task, **values)["id"]

    def attachment(self):
        values = dict.fromkeys(("name", "description", "attachment_type", "url"))
        return attachments.create(self.store, self.user_task, content=b"a", **values)["id"]

    def definitions(self):
        with self.store.reading() as connection:
            return removal.definitions(connection, [self.definition])


def failed(store, world):
    values = {"error_message": "no", "error_details": None, "retries": 0, "retry_timeout": LONG}
    external_tasks.handle_failure(
        store, world.task, worker_id="w", variables=A, local_variables=A, **values
    )


def asynchronous_batch(store, world):
    world.batch()
    for _ in range(3):
        for job in lists.find(store, "job", {}):
            if job["batch_id"] is not None:
                jobs.execute(store, job["id"])


def detached(store, world):
    called = lists.find(store, "process_instance", {"super_process_instance": world.instance})
    process_instances.delete(store, world.instance, skip_subprocesses=True)
    (left,) = lists.find(store, "external_task", {"process_instance_id": called[0]["id"]})
    locks.lock(store, left["id"], worker_id="w", lock_duration=LONG)
    external_tasks.complete(store, left["id"], worker_id="w", variables=A, local_variables={})


def worked_off(store, *made):
    """Run all jobs of batches."""
    for batch in made:
        for kind in ("batch-seed-job", batch["type"], "batch-monitor-job"):
            wanted = {"job_definition_id": f"{batch['id']}:{kind}"}
            for job in lists.find(store, "job", wanted):
                jobs.execute(store, job["id"])


def of(world):
    """That instance, as commands for many select it."""
    queries = {"process_instance_query": None, "historic_process_instance_query": None}
    return {"process_instance_ids": [world.instance], **queries}


CLEARED = {
    "absolute_removal_time": None,
    "calculated_removal_time": False,
    "cleared_removal_time": True,
}
NO_DATE = {"due_date": None, "sets_due_date": True}


def alone(store):
    tasks.create(store, task_id="alone", parent_task_id=None, priority=0, **UNDELEGATED)
    tasks.create(store, task_id="below", parent_task_id="alone", priority=0, **UNDELEGATED)
    variables.put(store, "alone", "a", A["a"], kind="task")
    task_links.add_identity_link(store, "alone", **LINK)


STEPS = {
    "instructions": [
        {"type": "cancel", "activity_id": "idle"},
        {"type": "startBeforeActivity", "activity_id": "approve"},
    ],
    "skip_custom_listeners": False,
    "skip_io_mappings": False,
}


def restarted(store, world):
    definition = world.definition
    process_instances.delete(store, world.instance)
    options = restart.Options(definition, STEPS["instructions"][1:])
    restart.restart(store, [world.instance], options)


def restarted_by_batch(store, world):
    definition = world.definition
    process_instances.delete(store, world.instance)
    options = restart.Options(definition, STEPS["instructions"][1:])
    worked_off(store, repair_batches.restart_many(store, [world.instance], options))


def plan_of(store, world):
    """The plan from the world's definition to itself."""
    definition = world.definition
    found = migration.generate(
        store, source_id=definition, target_id=definition, update_event_triggers=True
    )
    instructions = [
        (i["source_activity_ids"][0], i["target_activity_ids"][0], i["update_event_trigger"])
        for i in found
    ]
    return migration.WantedPlan(definition, definition, instructions)


UNDELEGATED = {"delegation_state": None}
LINK = {"user_id": "ann", "group_id": None, "link_type": "candidate"}
GRANT = {"permissions": ["READ"], "user_id": "kim", "group_id": None, "resource_type": 6}
PROFILE = {"first_name": "Kim", "last_name": None, "email": None}
FILTER = {"name": "mine", "owner": "kim", "query": {}, "properties": None}


def asked(store):
    """The store for an administrator, who is asked for permissions."""
    found = store.acting_for("admin")
    found.has_authorization = True
    with found.reading() as connection:
        connection.exec_driver_sql(
            "INSERT INTO identity_authorization VALUES ('x', 1, -1, 'admin', NULL, 7, '*') "
            "ON CONFLICT DO NOTHING"
        )
        connection.commit()
    return found


class People:
    """A user, in a group and in a tenant, and a tenant of that group."""

    def __init__(self, store):
        number = uuid.uuid4().hex
        self.user, self.group, self.tenant = f"kim{number}", f"crew{number}", f"north{number}"
        users.create(store, user_id=self.user, password="pw", **PROFILE)
        groups.create(store, group_id=self.group, name="Crew")
        tenants.create(store, tenant_id=self.tenant, name="North")
        groups.add_member(store, self.group, self.user)
        tenants.add_user(store, self.tenant, self.user)
        tenants.add_group(store, self.tenant, self.group)


def of_people(call):
    """The call of a service in a world with people."""
    return lambda store, world: call(store, People(store))


def refused_filter(store):
    with pytest.raises(filters.UnknownFilterError):
        filters.require(store, "unknown")


def kept_filter(store):
    return filters.create(store, resource_type="Task", **FILTER)["id"]


def grant(store):
    key = uuid.uuid4().hex
    return authorizations.create(store, type_=1, resource_id=key, **GRANT)["id"]


def logged_in(store, people):
    return sessions.begin(store, people.user, "pw", LONG)


WRITES = {
    "sessions.begin": of_people(logged_in),
    "sessions.end": of_people(lambda s, p: sessions.end(s, logged_in(s, p))),
    "administrators.ensure": lambda s, w: administrators.ensure(s, uuid.uuid4().hex, "pw"),
    "authorizations.create": lambda s, w: grant(s),
    "authorizations.update": lambda s, w: authorizations.update(
        s, grant(s), resource_id=uuid.uuid4().hex, **GRANT
    ),
    "authorizations.delete": lambda s, w: authorizations.delete(s, grant(s)),
    "filters.create": lambda s, w: kept_filter(s),
    "filters.update": lambda s, w: filters.update(s, kept_filter(s), **FILTER),
    "filters.delete": lambda s, w: filters.delete(s, kept_filter(s)),
    "groups.create": lambda s, w: People(s),
    "groups.update": of_people(
        lambda s, p: groups.update(s, p.group, group_id=p.group, name="b", type_=None)
    ),
    "groups.delete": of_people(lambda s, p: groups.delete(s, p.group)),
    "groups.add_member": lambda s, w: People(s),
    "groups.delete_member": of_people(lambda s, p: groups.delete_member(s, p.group, p.user)),
    "tenants.create": lambda s, w: People(s),
    "tenants.update": of_people(
        lambda s, p: tenants.update(s, p.tenant, tenant_id=p.tenant, name="South")
    ),
    "tenants.delete": of_people(lambda s, p: tenants.delete(s, p.tenant)),
    "tenants.add_user": lambda s, w: People(s),
    "tenants.add_group": lambda s, w: People(s),
    "tenants.delete_user": of_people(lambda s, p: tenants.delete_user(s, p.tenant, p.user)),
    "tenants.delete_group": of_people(lambda s, p: tenants.delete_group(s, p.tenant, p.group)),
    "users.create": lambda s, w: People(s),
    "users.update_profile": of_people(
        lambda s, p: users.update_profile(s, p.user, new_id=p.user, **PROFILE)
    ),
    "users.set_credentials": of_people(
        lambda s, p: users.set_credentials(s, p.user, password="other")
    ),
    "users.delete": of_people(lambda s, p: users.delete(s, p.user)),
    "users.unlock": of_people(lambda s, p: users.unlock(s, p.user)),
    "users.verify": of_people(lambda s, p: users.verify(s, p.user, "wrong")),
    "batches.create": asynchronous_batch,
    "batches.set_suspended": lambda s, w: batches.set_suspended(s, w.batch(), suspended=True),
    "batches.delete": lambda s, w: batches.delete(s, w.batch(), cascade=True),
    "batches.delete_history": lambda s, w: batches.delete_history(s, w.batch()),
    "decisions.evaluate": lambda s, w: decisions.evaluate(s, key="tier", variables=A),
    "decisions.set_time_to_live": lambda s, w: decisions.set_time_to_live(
        s, key="tier", history_time_to_live=3
    ),
    "deletion.delete_decision_instances_of": lambda s, w: deletion.delete_decision_instances_of(
        s, [w.decision["id"]]
    ),
    "deletion.delete_instances_of": lambda s, w: deletion.delete_instances_of(
        s, w.definition, **SKIPS
    ),
    "deletion.forget": lambda s, w: deletion.forget(s, w.definitions(), cascade=True),
    "deployments.create": lambda s, w: deploy(s),
    "deployments.delete": lambda s, w: deployments.delete(s, w.deployment, cascade=True),
    "executions.signal": lambda s, w: executions.signal(s, w.at("idle"), variables=A),
    "executions.trigger_message": lambda s, w: executions.trigger_message(
        s, w.at("wait"), "paid", variables=A
    ),
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
    "history.delete_process_instance": lambda s, w: history.delete_process_instance(
        s, (process_instances.delete(s, w.instance), w.instance)[1]
    ),
    "history.delete_by_batch": lambda s, w: worked_off(
        s,
        history.delete_by_batch(
            s,
            historic_process_instance_ids=[
                (process_instances.delete(s, w.instance), w.instance)[1]
            ],
            historic_process_instance_query=None,
        ),
    ),
    "history.delete_variables_of": lambda s, w: history.delete_variables_of(s, w.instance),
    "history.delete_variable": lambda s, w: history.delete_variable(
        s, w._one("historic_variable_instance")["id"]
    ),
    "history_cleanup.request": lambda s, w: jobs.execute(
        s, history_cleanup.request(s, immediately_due=True)["id"]
    ),
    "history.remove_expired": lambda s, w: history.remove_expired(s),
    "incidents.create": lambda s, w: w.incident(),
    "incidents.resolve": lambda s, w: incidents.resolve(s, w.incident()),
    "incidents.annotate": lambda s, w: incidents.annotate(s, w.incident(), annotation="a"),
    "instance_batches.delete": lambda s, w: worked_off(
        s,
        instance_batches.delete(s, delete_reason="x", skip_subprocesses=False, **SKIPS, **of(w)),
    ),
    "instance_batches.set_suspended": lambda s, w: worked_off(
        s, instance_batches.set_suspended(s, suspended=True, **of(w))
    ),
    "instance_batches.set_variables": lambda s, w: worked_off(
        s, instance_batches.set_variables(s, variables=A, **of(w))
    ),
    "instance_batches.correlate": lambda s, w: worked_off(
        s, instance_batches.correlate(s, message_name=None, variables=A, **of(w))
    ),
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
    "conditions.evaluate": lambda s, w: conditions.evaluate(
        s,
        variables={"a": TypedValue("Integer", 7)},
        business_key=None,
        tenant_id=None,
        without_tenant_id=False,
        process_definition_id=None,
    ),
    "deployments.redeploy": lambda s, w: deployments.redeploy(
        s, w.deployment, source=None, resource_ids=(), resource_names=()
    ),
    "metrics.report": lambda s, w: metrics.report(s),
    "metrics.forget_task_workers": lambda s, w: metrics.forget_task_workers(s, date=None),
    "user_operations.annotate": lambda s, w: user_operations.annotate(
        s, w.operation(), annotation="why"
    ),
    "jobs.set_priority": lambda s, w: jobs.set_priority(s, w.job(), priority=3),
    "jobs.delete": lambda s, w: jobs.delete(s, w.job()),
    "jobs.acquire": lambda s, w: jobs.acquire(s, "o", limit=3, lock_duration=LONG),
    "jobs.release": lambda s, w: [
        jobs.acquire(s, "o", limit=3, lock_duration=LONG),
        jobs.release(s, "o"),
    ],
    "locks.lock": lambda s, w: locks.lock(s, w.task, worker_id="w", lock_duration=LONG),
    "locks.extend_lock": lambda s, w: locks.extend_lock(
        s, w.task, worker_id="w", new_duration=LONG
    ),
    "locks.unlock": lambda s, w: locks.unlock(s, w.task),
    "locks.give_back": lambda s, w: locks.give_back(s, {w.task: 1}),
    "messages.correlate": lambda s, w: messages.correlate(s, message_name="paid", **MESSAGE),
    "migration.execute": lambda s, w: migration.execute(
        s, plan_of(s, w), [w.instance], skip_custom_listeners=False, skip_io_mappings=False
    ),
    "modification.modify": lambda s, w: modification.modify(s, w.instance, **STEPS),
    "modification.modify_many": lambda s, w: modification.modify_many(
        s, process_definition_id=w.definition, instance_ids=[w.instance], **STEPS
    ),
    "polling.begin": lambda s, w: polling.begin(
        s,
        async_response_timeout=None,
        is_connected=lambda: True,
        holds_thread=True,
        **FETCH,
    ),
    "process_definitions.start": lambda s, w: process_definitions.start(
        s, definition_id=w.definition, variables=A
    ),
    "process_definitions.set_history_time_to_live": lambda s, w: (
        process_definitions.set_history_time_to_live(s, w.definition, 3)
    ),
    "process_definitions.delete": lambda s, w: process_definitions.delete(
        s, process_definitions.ids_of_key(s, "all", None), cascade=True, **SKIPS
    ),
    "process_instances.delete": detached,
    "receipts.remove_expired": lambda s, w: receipts.remove_expired(s, timedelta(0)),
    "repair_batches.migrate": lambda s, w: worked_off(
        s, repair_batches.migrate(s, plan_of(s, w), [w.instance], **SKIPS)
    ),
    "repair_batches.modify": lambda s, w: worked_off(
        s, repair_batches.modify(s, w.instance, **STEPS)
    ),
    "repair_batches.modify_many": lambda s, w: worked_off(
        s,
        repair_batches.modify_many(
            s, process_definition_id=w.definition, instance_ids=[w.instance], **STEPS
        ),
    ),
    "repair_batches.restart_many": restarted_by_batch,
    "restart.restart": restarted,
    "removal_times.set_of_instances": lambda s, w: [
        worked_off(
            s,
            removal_times.set_of_instances(
                s,
                historic_process_instance_ids=[w.instance],
                historic_process_instance_query=None,
                hierarchical=is_hierarchical,
                update_in_chunks=False,
                update_chunk_size=None,
                **CLEARED,
            ),
        )
        for is_hierarchical in (True, False)
    ],
    "decision_history.delete_by_batch": lambda s, w: worked_off(
        s,
        decision_history.delete_by_batch(
            s, historic_decision_instance_ids=["x"], historic_decision_instance_query={}
        ),
    ),
    "removal_times.set_of_decisions": lambda s, w: worked_off(
        s,
        removal_times.set_of_decisions(
            s,
            historic_decision_instance_ids=None,
            historic_decision_instance_query={},
            hierarchical=True,
            absolute_removal_time=None,
            calculated_removal_time=True,
            cleared_removal_time=False,
        ),
    ),
    "removal_times.set_of_batches": lambda s, w: worked_off(
        s,
        removal_times.set_of_batches(
            s, historic_batch_ids=[w.batch()], historic_batch_query=None, **CLEARED
        ),
    ),
    "retries.set_retries_by_batch": lambda s, w: w.batch(),
    "retries.set_retries_of_many": lambda s, w: retries.set_retries_of_many(
        s, retries=0, external_task_ids=[w.task], **NO_QUERIES
    ),
    "signals.deliver": lambda s, w: [
        signals.deliver(s, name="alarm", execution_id=w.at("alert"), **SIGNAL),
        signals.deliver(s, name="alarm", execution_id=None, **SIGNAL),
    ],
    "suspension.set_instances": lambda s, w: suspension.set_instances(
        s, [w.instance], suspended=True
    ),
    "suspension.set_instances_of": lambda s, w: suspension.set_instances_of(
        s, suspended=True, process_definition_key="all"
    ),
    "suspension.set_definitions": lambda s, w: [
        suspension.set_definitions(
            s, suspended=to, include_process_instances=True, process_definition_key="all"
        )
        for to in (True, False)
    ],
    "suspension.set_jobs": lambda s, w: suspension.set_jobs(
        s,
        suspended=True,
        process_definition_tenant_id=None,
        process_definition_without_tenant_id=False,
        process_instance_id=w.instance,
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
    "variables.modify": lambda s, w: variables.modify(
        s, w.at("work"), modifications=A, deletions=["a"], is_local=True
    ),
    "variables.put": lambda s, w: variables.put(s, w.user_task, "b", A["a"], kind="task"),
    "variables.delete": lambda s, w: variables.delete(s, w.instance, "a"),
}


def deployed(s, w):
    return lists.get(s, "process_definition", w.definition)


READS = {
    "gauges.read": lambda s, w: gauges.read(s),
    "activities.of_definition": lambda s, w: activities.of_definition(s, w.definition),
    "lists.seen": lambda s, w: lists.seen(s, "task"),
    "overview.definitions": lambda s, w: overview.definitions(s),
    "overview.versions": lambda s, w: overview.versions(s, "all", None),
    "overview.topics": lambda s, w: overview.topics(s, 9),
    "overview.incident_groups": lambda s, w: overview.incident_groups(s, {}, 0, 9),
    "overview.incidents_of": lambda s, w: overview.incidents_of(s, [w.instance]),
    "overview.at_activities": lambda s, w: overview.at_activities(
        s, process_instance_id=w.instance
    ),
    "overview.visited": lambda s, w: overview.visited(s, w.instance),
    "overview.up_to": lambda s, w: overview.up_to(s, "task", {}, 9),
    "sessions.user_of": lambda s, w: sessions.user_of(s, "unknown"),
    "called_definitions.static": lambda s, w: called_definitions.static(s, w.definition),
    "deployments.registered": lambda s, w: deployments.registered(s),
    "filters.require": lambda s, w: refused_filter(s),
    "outcomes.note_completion": lambda s, w: outcomes.note_completion(s, None, was_repeated=False),
    "model_files.read_models": lambda s, w: model_files.read_models(
        s, [("child.bpmn", CHILD.encode())]
    ),
    "metrics.total": lambda s, w: metrics.total(
        s, "process-instances", start_date=None, end_date=None
    ),
    "metrics.by_interval": lambda s, w: metrics.by_interval(
        s,
        name=None,
        reporter=None,
        start_date=None,
        end_date=None,
        interval=None,
        is_by_reporter=True,
        first_result=None,
        max_results=None,
    ),
    "reports.instance_durations": lambda s, w: reports.instance_durations(s, "MONTH", {}),
    "reports.task_durations": lambda s, w: reports.task_durations(s, "QUARTER", {}),
    "reports.task_counts": lambda s, w: reports.task_counts(s, {}, is_by_name=True),
    "statistics.of_activities": lambda s, w: statistics.of_activities(
        s, w.definition, has_failed_jobs=True, has_incidents=True, incident_type=None
    ),
    "statistics.of_definitions": lambda s, w: statistics.of_definitions(
        s,
        has_failed_jobs=True,
        has_incidents=True,
        has_root_incidents=False,
        incident_type=None,
    ),
    "statistics.of_history": lambda s, w: statistics.of_history(
        s, w.definition, dict.fromkeys(("canceled", "finished", "incidents"), True)
    ),
    "telemetry.data": lambda s, w: telemetry.data(s, "1"),
    "diagrams.drawn": lambda s, w: diagrams.drawn(s, deployed(s, w)),
    "diagrams.layout": lambda s, w: diagrams.layout(s, deployed(s, w)),
    "diagrams.picture": lambda s, w: diagrams.picture(s, deployed(s, w)),
    "decision_tables.deployed": lambda s, w: decision_tables.deployed(s, w.decision["id"]),
    "decision_tables.tried": lambda s, w: decision_tables.tried(s, w.decision["id"], A),
    "server.state": lambda s, w: server.state(s, "1"),
    "lists.diagram": lambda s, w: lists.diagram(
        s, {"deployment_id": w.deployment, "diagram": "all.bpmn"}
    ),
    "lists.logged_stacktrace": lambda s, w: lists.logged_stacktrace(s, "none"),
    "migration.check": lambda s, w: migration.check(
        s, plan_of(s, w), batch_of("MIGRATE_PROCESS_INSTANCES")
    ),
    "migration.generate": lambda s, w: plan_of(s, w),
    "migration.validate": lambda s, w: migration.validate(s, plan_of(s, w)),
    "activity_instances.tree": lambda s, w: activity_instances.tree(s, w.instance),
    "decision_definitions.newest": lambda s, w: w.decision,
    "decision_definitions.picture": lambda s, w: decision_definitions.picture(s, w.decision),
    "decision_history.statistics": lambda s, w: decision_history.statistics(
        s, w.decision["decision_requirements_definition_id"], None
    ),
    "external_tasks.error_details": lambda s, w: external_tasks.error_details(s, w.task),
    "forms.show": lambda s, w: forms.show(s, lists.find(s, "task", {})),
    "forms.start_form": lambda s, w: forms.start_form(s, w.definition),
    "forms.start_variables": lambda s, w: forms.start_variables(s, w.definition, None),
    "forms.task_variables": lambda s, w: forms.task_variables(s, w.user_task, None),
    "history_cleanup.find": lambda s, w: history_cleanup.find(s),
    "jobs.next_due": lambda s, w: jobs.next_due(s),
    "access.require": lambda s, w: access.require(asked(s), "POST /task/{}/claim", (w.user_task,)),
    "access.admit": lambda s, w: access.admit(asked(s), "GET /task/{}/form", (w.user_task,)),
    "subjects.find": lambda s, w: subjects.find(s, "GET /task/{}/form", (w.user_task,)),
    "lists.limits": lambda s, w: lists.limits(asked(s), "task"),
    "batches.require_allowed": lambda s, w: batches.require_allowed(s, instance_batches.DELETION),
    "users.require_seen": lambda s, w: users.require_seen(s, "kim"),
    "users.kept_password": lambda s, w: users.kept_password(s, "kim"),
    "users.is_known": lambda s, w: users.is_known(s, "kim"),
    "access.is_allowed": lambda s, w: access.is_allowed(s, "POST /user/create", ()),
    "foreseen.refusal": lambda s, w: foreseen.refusal(asked(s), "POST /deployment/create", ()),
    "foreseen.require": lambda s, w: foreseen.require(
        asked(s), "POST /task/{}/claim", (w.user_task,)
    ),
    "authorizations.may_ask_of_others": lambda s, w: authorizations.may_ask_of_others(s),
    "authorizations.holds": lambda s, w: authorizations.holds(
        s,
        user_id="kim",
        permission="READ",
        resource_name="PROCESS_DEFINITION",
        resource_type=6,
        resource_id="all",
    ),
    "authorizations.show": lambda s, w: authorizations.show(s, lists.find(s, "authorization", {})),
    "groups.groups_of": lambda s, w: groups.groups_of(s, "kim"),
    "embedding.variables": lambda s, w: embedding.variables(s, lists.find(s, "task", {}), ["a"]),
    "lists.counts": lambda s, w: lists.counts(s, "task", [{}, {"assignee": "kim"}]),
    "lists.find": lambda s, w: lists.find(s, "job", {}),
    "lists.chunks": lambda s, w: [list(c) for c in lists.chunks(s, "job", {}, (), None, None)],
    "lists.ids": lambda s, w: lists.ids(s, "job", {}),
    "lists.count": lambda s, w: lists.count(s, "job", {}),
    "lists.get": lambda s, w: lists.get(s, "job", w.job()),
    "lists.topic_names": lambda s, w: lists.topic_names(
        s, with_locked_tasks=True, with_unlocked_tasks=False, with_retries_left=False
    ),
    "lists.definition": lambda s, w: lists.definition(s, "all", None),
    "lists.xml": lambda s, w: lists.xml(s, lists.definition(s, "all", None)),
    "lists.resources": lambda s, w: lists.resources(s, w.deployment),
    "lists.resource_content": lambda s, w: lists.resource_content(
        s, w.deployment, lists.resources(s, w.deployment)[0]["id"]
    ),
    "lists.stacktrace": lambda s, w: lists.stacktrace(s, w.job()),
    "lists.log_details": lambda s, w: lists.log_details(s, "none"),
    "process_definitions.id_of": lambda s, w: process_definitions.id_of(s, "all"),
    "process_definitions.ids_of_key": lambda s, w: process_definitions.ids_of_key(s, "all", None),
    "process_instances.get": lambda s, w: process_instances.get(s, w.instance),
    "process_instances.selected": lambda s, w: process_instances.selected(
        s,
        process_instance_ids=None,
        process_instance_query={},
        historic_process_instance_query={},
    ),
    "retries.select_tasks": lambda s, w: retries.select_tasks(s, [w.task], None, None, {}, None),
    "task_links.identity_links": lambda s, w: task_links.identity_links(s, w.user_task),
    "task_links.candidate_group_count": lambda s, w: task_links.candidate_group_count(s),
    "comments.of_task": lambda s, w: comments.of_task(s, w.user_task),
    "comments.of_instance": lambda s, w: comments.of_instance(s, w.instance),
    "comments.get": lambda s, w: comments.get(s, w.user_task, "none"),
    "attachments.of_task": lambda s, w: attachments.of_task(s, w.user_task),
    "attachments.get": lambda s, w: attachments.get(s, w.user_task, "none"),
    "attachments.content": lambda s, w: attachments.content(s, w.user_task, "none"),
    "embedding.of_task": lambda s, w: embedding.of_task(s, lists.get(s, "task", w.user_task)),
    "form_files.of_task": lambda s, w: form_files.of_task(s, w.user_task),
    "form_files.of_start": lambda s, w: form_files.of_start(s, w.definition),
    "forms.rendered_task": lambda s, w: forms.rendered_task(s, w.user_task),
    "forms.rendered_start": lambda s, w: forms.rendered_start(s, w.definition),
    "variables.get_all": lambda s, w: [
        variables.get_all(s, w.instance),
        variables.get_all(s, w.user_task, kind="task"),
        variables.get_all(s, w.user_task, kind="task", is_local=True),
    ],
    "variables.get": lambda s, w: variables.get(s, w.at("work"), "a"),
}


def public_functions():
    """The functions of the services that take a store, by module and name.

    Not those of an engine for tests, which is alone with its database and empties it.
    """
    for found in pkgutil.iter_modules(app.services.__path__):
        if found.name == "testing":
            continue
        module = importlib.import_module(f"app.services.{found.name}")
        for name, function in vars(module).items():
            is_own = inspect.isfunction(function) and function.__module__ == module.__name__
            if not is_own or name.startswith("_"):
                continue
            if next(iter(inspect.signature(function).parameters), None) == "store":
                yield f"{found.name}.{name}"


def deploy(store):
    resources = [
        ("all.bpmn", MODEL.encode()),
        ("child.bpmn", CHILD.encode()),
        ("pricing.dmn", TIERS.encode()),
        ("ask.html", b"<form/>"),
        ("start.html", b"<form/>"),
        ("f.form", b'{"id": "f"}'),
    ]
    deployments.create(store, name="t", source=None, tenant_id=None, resources=resources)


def test_every_service_is_known_to_write_or_to_read():
    assert sorted(public_functions()) == sorted([*WRITES, *READS])


@pytest.fixture(scope="module")
def checked_url(postgres, postgres_template):
    """A database that refuses what is written without the lock of its call hierarchy."""
    postgres.drop("baton_locks")
    url = postgres.create("baton_locks", postgres_template)
    root_locks.install(url)
    yield url
    postgres.drop("baton_locks")


@pytest.fixture
def checked(checked_url):
    store = Store(checked_url, pool_size=3)
    deploy(store)
    yield store
    store.close()


@pytest.mark.parametrize("name", WRITES)
def test_a_service_writes_only_below_roots_that_it_has_locked(checked, name):
    world = World(checked)

    WRITES[name](checked, world)  # the database refuses anything else


def test_the_database_of_this_test_refuses_what_is_not_locked(checked):
    world = World(checked)

    update = "UPDATE external_task SET business_key = 'x' WHERE process_instance_id = %(id)s"

    with checked.reading() as connection, pytest.raises(DBAPIError, match="without the lock"):
        connection.exec_driver_sql(update, {"id": world.instance})


@pytest.fixture(scope="module")
def world(crowded):
    """What is only read, and is made once for all who read."""
    deploy(crowded)
    return World(crowded)


@pytest.mark.parametrize("name", READS)
def test_a_service_that_only_answers_begins_no_transaction_that_writes(world, monkeypatch, name):
    store = world.store

    def refuse():
        raise AssertionError(f"{name} begins a transaction that writes")

    monkeypatch.setattr(store, "transaction", refuse)

    READS[name](store, world)
