"""An instance of a model in which everything waits that services act on."""

from datetime import timedelta

from app.engine.state.values import TypedValue
from app.services import (
    attachments,
    comments,
    decision_definitions,
    deployments,
    external_tasks,
    incidents,
    jobs,
    lists,
    migration,
    process_definitions,
    retries,
)
from app.store.commands import removal
from tests.decisions import TIERS
from tests.models import flow, flows, process, task

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
STEPS = {
    "instructions": [
        {"type": "cancel", "activity_id": "idle"},
        {"type": "startBeforeActivity", "activity_id": "approve"},
    ],
    "skip_custom_listeners": False,
    "skip_io_mappings": False,
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
