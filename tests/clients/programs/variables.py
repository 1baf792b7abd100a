"""Completes a task with a variable of each kind, reads them back in the next one, prints them."""

import base64
import json
import sys

import requests
from camunda.client.external_task_client import ExternalTaskClient
from camunda.external_task.external_task import ExternalTask

base_url, key = sys.argv[1:]
client = ExternalTaskClient(
    "python", base_url, {"asyncResponseTimeout": 2000, "deserializeValues": False}
)


def fetch(topic):
    (task,) = client.fetch_and_lock([topic])
    return ExternalTask(task)


task = fetch(f"{key}-first")
content = base64.b64encode(b"hello file\n").decode()
variables = {
    "text": "grüße",
    "number": 42,
    "yes": True,
    "day": {"type": "Date", "value": "2026-11-24T10:00:00.123+0000"},
    "data": {"type": "Json", "value": json.dumps({"a": [1, "b"]})},
    "file": {
        "type": "File",
        "value": content,
        "valueInfo": {"filename": "hello.txt", "mimeType": "text/plain", "encoding": "utf-8"},
    },
}
assert client.complete(task.get_task_id(), variables)

task = fetch(f"{key}-second")
file = requests.get(
    f"{base_url}/process-instance/{task.get_process_instance_id()}/variables/file/data", timeout=10
)
read = {
    "text": task.get_variable("text"),
    "number": task.get_variable("number"),
    "yes": task.get_variable("yes"),
    "day": task.get_variable("day"),
    "data": json.loads(task.get_variable("data")),
    "file": file.text,
    "filename": task.get_variable("file", with_meta=True)["valueInfo"]["filename"],
    "types": {n: v["type"] for n, v in task._context["variables"].items()},
}
assert client.complete(task.get_task_id(), {})
print("READ " + json.dumps(read))
