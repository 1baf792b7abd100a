"""Runs errands with an external task client: Camunda's, or Operaton's, which has the same modules."""

import asyncio
import json
import sys
from importlib import import_module

url, topic, package = sys.argv[1:]
WORKER = f"{package}-client"
SETTINGS = {"maxTasks": 4, "asyncResponseTimeout": 1000, "deserializeValues": False}


def load(module, name):
    return getattr(import_module(f"{package}.{module}"), name)


def do(task):
    started[task.get_business_key()] = task.get_process_instance_id()
    return task.complete({"answer": 42}, {"local": True})


async def do_later(task):
    return do(task)


async def work_once():
    worker = load("external_task.async_external_task_worker", "AsyncExternalTaskWorker")
    working = worker(WORKER, url, SETTINGS)
    assert await working.fetch_and_execute(topic, do_later)
    await asyncio.gather(*working.running_tasks)


client = load("client.external_task_client", "ExternalTaskClient")(WORKER, url, SETTINGS)
fetched = map(load("external_task.external_task", "ExternalTask"), client.fetch_and_lock(topic))
tasks = {task.get_business_key(): task for task in fetched}
ids = {errand: task.get_task_id() for errand, task in tasks.items()}
read = {errand: task.get_variables() for errand, task in tasks.items()}
for values in read.values():
    values["data"] = json.loads(values["data"])

assert client.complete(ids["done"], {"answer": 42})
assert client.bpmn_failure(ids["refused"], "FOG", "not today", {"reason": "fog"})
assert client.failure(ids["failed"], "out of paper", "tray 2", 0, 0)

started = {}
definitions = load("process_definition.process_definition_client", "ProcessDefinitionClient")(url)
by_key = definitions.start_process(topic, {"text": "a"}, business_key="worker")
load("external_task.external_task_worker", "ExternalTaskWorker")(
    WORKER, url, SETTINGS
).fetch_and_execute(topic, do)
by_version = definitions.start_process_by_version(topic, None, {}, business_key="async worker")
asyncio.run(work_once())

more = {
    "started": started
    == {"worker": by_key["id"], "async worker": by_version["id"]},
    "running": len(definitions.get_process_instance(topic, ["text_eq_grüße"])),
    "jobs": definitions.get_jobs(0, 10, process_instance_id=by_key["id"]),
    "versions": [d["version"] for d in definitions.get_process_definitions(topic, None, [])],
    "priority": tasks["kept"]._context["priority"],
}
print("READ " + json.dumps({"tasks": read, "more": more}))
