"""Runs errands with camunda-client: its external task client, and the worker on top of it."""

import asyncio
import json
import sys
from datetime import timedelta

import httpx
from camunda_client import ExternalTaskClient, ExternalTaskConfig, ExternalTaskWorker
from camunda_client.clients.dto import AuthData
from camunda_client.utils import deserialize, to_camunda_datetime

url, name = sys.argv[1:]  # of the topic and of the worker
second = timedelta(seconds=1)
client = ExternalTaskClient(
    name,
    url,
    AuthData("nobody", "nothing"),
    httpx.AsyncHTTPTransport(),
    ExternalTaskConfig(max_tasks=4, async_response_timeout=second, retry_timeout=0 * second),
)


async def main():
    tasks = {task.business_key: task for task in await client.fetch_and_lock([name])}
    ids = {errand: task.id for errand, task in tasks.items()}
    await client.complete(ids["done"], global_variables={"answer": deserialize(42)})
    await client.bpmn_error(ids["refused"], "FOG", "not today", {"reason": deserialize("fog")})
    await client.failure(
        ids["failed"], error_message="out of paper", error_details="tray 2", retries=0
    )
    await client.extend_lock(ids["kept"], new_duration=3_600_000)
    await client.unlock(ids["kept"])
    return {
        "tasks": {errand: task.parsed_variables for errand, task in tasks.items()},
        "more": {
            "zone": to_camunda_datetime(tasks["kept"].lock_expiration_time)[-5:],
            "definition": tasks["kept"].process_definition_key,
            "retries": tasks["kept"].retries,
            "suspended": tasks["kept"].suspended,
            "priority": tasks["kept"].priority,
            "worker": await work(),
        },
    }


async def work():
    """Fetch the task that is unlocked again, unlock it, and return what was read of it."""
    read = {}
    worker = ExternalTaskWorker(client, pull_interval=second / 20)
    async with worker, worker.subscribe(name) as contexts:
        async for context in contexts:
            async with context as task:
                await context.unlock_task()
                read = {"errand": task.business_key, "text": task.parsed_variables["text"]}
            break
    return read


print("READ " + json.dumps(asyncio.run(main())))
