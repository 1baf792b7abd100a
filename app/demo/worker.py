"""An example worker over plain HTTP: deploys a model, starts an instance, does its tasks.

Any worker for the Camunda 7 REST API would do the same; this one needs nothing but Python.
"""

import json
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

START_SECONDS = 30
MODEL = Path(__file__).with_name("order.bpmn")
RESULTS: dict[str, dict[str, Any]] = {
    "check": {"inStock": {"value": True}},
    "ship": {"parcel": {"value": "P-1001"}},
}


class Client:
    """Calls the API and says so."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer; None when there is none."""
        data = None if body is None else json.dumps(body).encode()
        return self._send(method, path, data, "application/json")

    def _send(self, method: str, path: str, data: bytes | None, content_type: str) -> Any:
        request = urllib.request.Request(self._base_url + path, data, method=method)
        if data is not None:
            request.add_header("Content-Type", content_type)
        with urllib.request.urlopen(request, timeout=60) as answer:
            raw = answer.read()
            say(f"{method} {path} → {answer.status}")
        return json.loads(raw) if raw else None

    def deploy(self, path: Path) -> Any:
        """Deploy a file."""
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="data"; filename="{path.name}"\r\n'
            "Content-Type: text/xml\r\n\r\n"
        )
        data = head.encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        content_type = f"multipart/form-data; boundary={mark}"
        return self._send("POST", "/deployment/create", data, content_type)

    def is_up(self) -> bool:
        """Whether the server answers."""
        try:
            urllib.request.urlopen(f"{self._base_url}/engine", timeout=1).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True


def say(text: str) -> None:
    """Tell the terminal a step."""
    print(f"demo │ {text}", flush=True)


def show(client: Client) -> None:
    """Deploy, start, fetch and complete until the instance has ended."""
    say("Deploying the example model order.bpmn")
    client.deploy(MODEL)
    say("Starting an instance with two variables")
    body = {"businessKey": "demo", "variables": {"item": {"value": "tea"}, "count": {"value": 2}}}
    instance = client.call("POST", "/process-definition/key/order/start", body)["id"]
    for topic, result in RESULTS.items():
        say(f"A worker asks for a task of the topic '{topic}', and waits for it if it must")
        fetch = {
            "workerId": "demo",
            "maxTasks": 1,
            "asyncResponseTimeout": 5_000,
            "topics": [{"topicName": topic, "lockDuration": 60_000}],
        }
        (task,) = client.call("POST", "/external-task/fetchAndLock", fetch)
        values = {name: variable["value"] for name, variable in task["variables"].items()}
        say(f"It got the task {task['id']} with the variables {values}, and does the work …")
        time.sleep(0.3)
        say(f"… and completes it with {result}")
        completion = {"workerId": "demo", "variables": result}
        client.call("POST", f"/external-task/{task['id']}/complete", completion)
    found = client.call("GET", f"/history/process-instance/{instance}")
    say(f"The instance {instance} has ended: {found['state']}. The server goes on; Ctrl+C ends it.")


def main(base_url: str) -> None:
    """Show the example as soon as the server answers."""
    client = Client(base_url)
    deadline = time.monotonic() + START_SECONDS
    while not client.is_up():
        if time.monotonic() > deadline:
            return
        time.sleep(0.1)
    try:
        show(client)
    except (urllib.error.URLError, ConnectionError, ValueError) as error:
        say(f"The example stopped: {error}")
