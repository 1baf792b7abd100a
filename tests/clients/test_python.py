"""Python's client libraries, each a program of its own, run the same errands."""

import pytest

from .errands import READ, expected, hand_out, outcome
from .running import PROGRAMS, run

LIBS = ["pycamunda", "external_task_client:camunda", "external_task_client:operaton", "generic_camunda_client", "camunda_client", "operaton_tasks", "fastbpmn"]

@pytest.mark.parametrize("lib", LIBS)
def test_debug(server, python_clients, lib):
    name, *rest = lib.split(":")
    key = lib.replace(":", "-")
    instances = hand_out(server, key)
    read = run(python_clients, PROGRAMS / f"with_{name}.py", server.base_url, key, *rest)
    import pprint
    pprint.pprint(read)
    assert read["tasks"] == dict.fromkeys(["done", "failed", "refused", "kept"], READ)
    assert outcome(server, instances) == expected(name)
    assert 0
