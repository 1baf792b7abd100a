"""The command line against Baton."""

import json
import subprocess
import sys

import pytest

from ..serving import ROOT, environment

pytestmark = pytest.mark.no_database


def test_a_model_is_deployed_and_an_instance_started(ctl, model):
    status, out, _ = ctl("deploy", model)
    assert status == 0
    assert "two" in out

    status, out, _ = ctl(
        "--json", "start", "two", "--business-key", "A-1", "--var", "amount=5", "--var", "item=tea"
    )

    (instance,) = json.loads(out)
    assert instance["businessKey"] == "A-1"
    shown = json.loads(ctl("--json", "instance", instance["id"])[1])[0]
    assert shown["variables"] == {"amount": 5, "item": "tea"}
    assert [a["activityId"] for a in shown["path"]] == ["start", "check"]


def test_lists_are_tables_for_people(ctl, baton, model):
    ctl("deploy", model)
    ctl("start", "two")

    head, row = ctl("tasks", "--topic", "check")[1].splitlines()

    assert head.split()[:3] == ["id", "topicName", "activityId"]
    assert row.split()[1:4] == ["check", "check", "-"]
    assert ctl("tasks", "--topic", "other")[1] == "(none)\n"
    assert len(ctl("instances", "--process-key", "two")[1].splitlines()) == 2
    assert ctl("instances", "--process-key", "other")[1] == "(none)\n"


def test_an_incident_is_retried(ctl, baton, model):
    ctl("deploy", model)
    ctl("start", "two")
    (task,) = baton.fetch("check")
    body = {"workerId": "w", "errorMessage": "no money", "retries": 0}
    baton.call("POST", f"/external-task/{task['id']}/failure", body)
    (incident,) = json.loads(ctl("--json", "incidents")[1])

    status, out, _ = ctl("retry", incident["id"], "--retries", "2")

    assert (status, out) == (0, f"external-task {task['id']}: retries 2\n")
    assert ctl("incidents")[1] == "(none)\n"


def test_an_instance_is_cancelled(ctl, baton, model):
    ctl("deploy", model)
    instance = baton.start("two")

    assert ctl("cancel", instance)[0] == 0

    assert "EXTERNALLY_TERMINATED" in ctl("instance", instance)[1]


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (("start", "two", "--var", "amount"), 2, "'amount' is not name=value"),
        (("deploy", "missing.bpmn"), 2, "missing.bpmn"),
        (("cancel", "x"), 1, "404"),
        (("retry", "x"), 2, "no incident"),
        (("--user", "ann", "tasks"), 2, "NAME:PASSWORD"),
        (("correlate", "nobody"), 1, "400"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(ctl, arguments, status, text):
    found, _, err = ctl(*arguments)

    assert found == status
    assert text in err
    assert err.count("\n") == 1


def test_control_characters_do_not_reach_the_terminal(ctl, baton, model):
    ctl("deploy", model)
    ctl("start", "two", "--business-key", "a\x1b[31mb")

    out = ctl("instances")[1]

    assert "\x1b" not in out
    assert "a [31mb" in out


def test_a_server_that_is_not_there_is_named():
    command = [sys.executable, "-m", "app.ctl", "--url", "http://127.0.0.1:1/engine-rest", "tasks"]

    found = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)

    assert found.returncode == 1
    assert "http://127.0.0.1:1/engine-rest cannot be reached" in found.stderr
