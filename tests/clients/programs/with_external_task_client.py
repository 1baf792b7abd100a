"""Runs errands with an external task client: Camunda's, or Operaton's with the same modules."""

import asyncio
import json
import sys
from importlib import import_module

url, name = sys.argv[1:]  # of the topic and of the worker
package = name.split("_")[0]
SETTINGS = {"maxTasks": 4, "asyncResponseTimeout": 1000, "deserializeValues": False}
executed = {}


def load(module, member):
    return getattr(import_module(f"{package}.{module}"), member)


def execute(task):
    executed[task.get_business_key()] = task.get_process_instance_id()
    return task.complete({"answer": 42}, {"local": True})


async def execute_later(task):
    return execute(task)


async def work_once():
    worker = load("external_task.async_external_task_worker", "AsyncExternalTaskWorker")
    working = worker(name, url, SETTINGS)
    assert await working.fetch_and_execute(name, execute_later)
    await asyncio.gather(*working.running_tasks)


client = load("client.external_task_client", "ExternalTaskClient")(name, url, SETTINGS)
fetched = map(load("external_task.external_task", "ExternalTask"), client.fetch_and_lock(name))
tasks = {task.get_business_key(): task for task in fetched}
ids = {errand: task.get_task_id() for errand, task in tasks.items()}
read = {errand: task.get_variables() for errand, task in tasks.items()}
for values in read.values():
    values["data"] = json.loads(values["data"])

assert client.complete(ids["done"], {"answer": 42})
assert client.bpmn_failure(ids["refused"], "FOG", "not today", {"reason": "fog"})
assert client.failure(ids["failed"], "out of paper", "tray 2", 0, 0)

engine = load("process_definition.process_definition_client", "ProcessDefinitionClient")(url)
by_key = engine.start_process(name, {"text": "a"}, business_key="worker")["id"]
worker = load("external_task.external_task_worker", "ExternalTaskWorker")(name, url, SETTINGS)
worker.fetch_and_execute(name, execute)
by_version = engine.start_process_by_version(name, None, {}, business_key="async worker")["id"]
asyncio.run(work_once())

more = {
    "executed": executed == {"worker": by_key, "async worker": by_version},
    "running": len(engine.get_process_instance(name, ["text_eq_grüße"])),
    "jobs": engine.get_jobs(0, 10, process_instance_id=by_key),
    "versions": [d["version"] for d in engine.get_process_definitions(name, None, [])],
}
if package == "operaton":
    more["state"] = engine.get_process_instance_history(by_key)["state"]
print("READ " + json.dumps({"tasks": read, "more": more}))
