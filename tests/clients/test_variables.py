"""A client reads back the variables that it has stored, in every type that it knows."""

from tests.models import flows, process, task

from .errands import told
from .running import PROGRAMS, run

TYPES = {
    "text": "String",
    "number": "Integer",
    "yes": "Boolean",
    "day": "Date",
    "data": "Json",
    "file": "File",
}


def model(key):
    """Two tasks in a row; topics begin with the key."""
    return process(
        '<startEvent id="start"/>'
        + task("first", f"{key}-first")
        + task("second", f"{key}-second")
        + '<endEvent id="end"/>'
        + flows("start", "first", "second", "end"),
        key,
    )


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
    assert told(server, instance)["state"] == "COMPLETED"


def test_the_node_client_completes_with_variables_of_every_kind(server, node_clients, tmp_path):
    server.deploy(model("node-variables"))
    instance = server.start("node-variables")
    node, folder = node_clients

    read = run(*node, folder / "variables.mjs", server.base_url, "node-variables", tmp_path)

    check(server, instance, read, "2026-11-24T10:00:00.123Z")


def test_the_python_client_completes_with_variables_of_every_kind(server, python_clients):
    server.deploy(model("python-variables"))
    instance = server.start("python-variables")

    read = run(python_clients, PROGRAMS / "variables.py", server.base_url, "python-variables")

    check(server, instance, read, "2026-11-24T10:00:00.123+0000")
