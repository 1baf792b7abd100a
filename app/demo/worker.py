"""An example: deploys a model, starts an instance, and lets a worker do its tasks.

The worker is `app.worker`; any other one for the Camunda 7 REST API would do the same.
"""

import os
import time
import uuid
from datetime import timedelta
from pathlib import Path

from app.ctl.calls import Server
from app.worker import Worker
from app.worker.connection import AnswerError, Connection
from app.worker.values import to_wire

START_SECONDS = 30
MODEL = Path(__file__).with_name("order.bpmn")
TASKS = 2


def say(text: str) -> None:
    """Tell the terminal a step."""
    print(f"demo │ {text}", flush=True)


User = tuple[str, str] | None


def administrator() -> User:
    """The first administrator's name and password, where the server has been told them."""
    name, password = (os.environ.get(f"BATON_ADMIN_{n}", "") for n in ("USER", "PASSWORD"))
    # A password may begin or end with a blank, a name may not.
    return (name.strip(), password) if name.strip() and password else None


def order_worker(base_url: str, business_key: str, user: User = None) -> Worker:
    """A worker for the tasks of one order; those of other instances are for other workers."""
    wait = timedelta(seconds=5)
    worker = Worker(base_url, worker_id="demo", threads=1, wait=wait, user=user)

    @worker.topic("check", business_key=business_key)
    def check(item: str, count: int) -> dict[str, object]:
        say(f"It got the task 'check' with item={item!r} and count={count}, and does the work …")
        # Long enough to be read as work.
        time.sleep(0.3)
        say("… and completes it with inStock=True")
        return {"inStock": True}

    @worker.topic("ship", business_key=business_key)
    def ship(item: str) -> dict[str, object]:
        say(f"It got the task 'ship' with item={item!r}, and completes it with a parcel")
        return {"parcel": "P-1001"}

    return worker


def show(base_url: str, user: User = None) -> None:
    """Deploy, start, fetch and complete until the instance has ended.

    Raises:
        AnswerError: the server refuses a call.
        OSError: the server cannot be reached.
    """
    server = Server(Connection(base_url, user=user))
    say("Deploying the example model order.bpmn")
    server.deploy("demo", [MODEL], None)
    say("Starting an instance with two variables")
    # One of its own, so that a second demo on the same server gets its own tasks.
    key = f"demo-{uuid.uuid4().hex[:8]}"
    variables = {"item": to_wire("tea"), "count": to_wire(2)}
    body = {"businessKey": key, "variables": variables}
    instance = server.post("/process-definition/key/order/start", body)["id"]
    say("A worker asks for its tasks, and waits for them if it must")
    order_worker(base_url, key, user).work(most=TASKS)
    found = server.get(f"/history/process-instance/{instance}")
    say(f"The instance {instance} has ended: {found['state']}. The server goes on; Ctrl+C ends it.")


def main(base_url: str) -> None:
    """Show the example as soon as the server answers."""
    connection = Connection(base_url)
    # The server starts this program before it serves.
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            connection.call("GET", "/engine", timeout=1)
            break
        except (AnswerError, OSError):
            time.sleep(0.1)
    try:
        show(base_url, administrator())
    except (AnswerError, OSError) as error:
        say(f"The example stopped: {error}")
