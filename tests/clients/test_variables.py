"""Real clients, as programs of their own: what they store they read back."""

import json
import subprocess
from pathlib import Path

from tests.models import flows, process, task

HERE = Path(__file__).parent
MODEL = process(
    '<startEvent id="start"/>'
    + task("first")
    + task("second")
    + '<endEvent id="end"/>'
    + flows("start", "first", "second", "end"),
    "clients",
)
TYPES = {
    "text": "String",
    "number": "Integer",
    "yes": "Boolean",
    "day": "Date",
    "data": "Json",
    "file": "File",
}


def run(*command):
    """What a program says that it has read."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=60
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("READ ")]
    assert found, done.stdout + done.stderr
    return json.loads(found[0].removeprefix("READ "))


def check(server, instance, read, day):
    assert {name: kind.title() for name, kind in read.pop("types").items()} == TYPES
    assert read == {
        "text": "grüße",
        "number": 42,
        "yes": True,
        "day": day,
        "data": {"a": [1, "b"]},
        "file": "hello file\n",
        "filename": "hello.txt",
    }
    history = server.call("GET", f"/history/process-instance/{instance}")[1]
    assert history["state"] == "COMPLETED"


def test_the_node_client_completes_with_variables_of_every_kind(server, node_clients, tmp_path):
    server.deploy(MODEL)
    instance = server.start("clients")
    node, folder = node_clients

    read = run(*node, folder / "variables.mjs", server.base_url, tmp_path)

    check(server, instance, read, "2026-11-24T10:00:00.123Z")


def test_the_python_client_completes_with_variables_of_every_kind(server, python_clients):
    server.deploy(MODEL)
    instance = server.start("clients")

    read = run(python_clients, HERE / "programs" / "variables.py", server.base_url)

    check(server, instance, read, "2026-11-24T10:00:00.123+0000")
