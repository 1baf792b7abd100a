"""Runs errands with fastbpmn, whose process engine lists free tasks and locks them one by one."""

import asyncio
import json
import sys

import pylibmagic  # noqa: F401, finds the library that fastbpmn imports
from fastbpmn.aetpi.servers.camunda7.decoder import decode_variables
from fastbpmn.aetpi.servers.camunda7.encoder import encode_variables
from fastbpmn.camunda import ProcessEngine

url, name = sys.argv[1:]  # of the topic and of the worker
engine = ProcessEngine(camunda_base_url=url)


async def pending():
    found = await engine.get_pending_tasks()
    return {task["business_key"]: task for task in found if task["topic_name"] == name}


async def values(task):
    """The variables of every scope around a task."""
    scopes = await engine.process_instance_execution_ids(
        task["process_instance_id"], task["execution_id"]
    )
    read = {}
    for scope in scopes:
        found = await engine.external_task_fetch_execution(scope)
        day = found.pop("day", None)
        read |= decode_variables(found) | ({"day": day["value"]} if day else {})
    return read


async def main():
    tasks = await pending()
    ids = {errand: task["id"] for errand, task in tasks.items()}
    locked = [await engine.external_task_lock(id_, name, 30_000) for id_ in ids.values()]
    again = await engine.external_task_lock(ids["done"], "another", 30_000)
    left = await pending()
    read = {errand: await values(task) for errand, task in tasks.items()}
    assert await engine.external_task_complete(
        ids["done"], name, {"answer": {"type": "Integer", "value": 42}}
    )
    assert await engine.external_task_error(
        ids["refused"], name, "FOG", "not today", encode_variables({"reason": "fog"})
    )
    assert await engine.external_task_failure(
        ids["failed"], name, "out of paper", "tray 2", 0, 0, None, None
    )
    instance = tasks["kept"]["process_instance_id"]
    history = await engine.process_instance_properties(instance)
    more = {
        "locked": locked,
        "locked again": again,
        "left": sorted(left),
        "extended": await engine.external_task_extend_lock(ids["kept"], name, 60_000),
        "gone": await engine.external_task_complete(ids["done"], name, {}),
        "state": history["state"],
    }
    return {"tasks": read, "more": more}


print("READ " + json.dumps(asyncio.run(main())))
