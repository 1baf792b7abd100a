"""Each command: what it prints, what it changes, and its exit status."""

import json

import pytest

from app.ctl.cli import main

from ..models import TWO_TASKS, flows, process, task
from ..worker.recorded import Recorded

pytestmark = pytest.mark.no_database
ORDERED = process(
    '<startEvent id="start"><messageEventDefinition messageRef="m"/></startEvent>'
    + task("pack")
    + '<intermediateCatchEvent id="paid"><messageEventDefinition messageRef="n"/>'
    '</intermediateCatchEvent><endEvent id="end"/>' + flows("start", "pack", "paid", "end"),
    "ordered",
).replace("<process", '<message id="m" name="order"/><message id="n" name="pay"/><process')
ASKING = process(
    '<startEvent id="start"/><userTask id="ask" name="Ask" camunda:assignee="kim"/>'
    '<endEvent id="end"/>' + flows("start", "ask", "end"),
    "asking",
)


@pytest.fixture
def rows(ctl):
    """Carries out a command; returns its JSON."""

    def rows(*arguments):
        status, out, err = ctl("--json", *arguments)
        assert (status, err) == (0, "")
        return json.loads(out)

    return rows


def fail(baton, topic="check", retries=0):
    """Let the external task of a topic fail; returns its id."""
    (found,) = baton.fetch(topic)
    body = {"workerId": "w", "errorMessage": "no money", "retries": retries}
    assert baton.call("POST", f"/external-task/{found['id']}/failure", body)[0] == 204
    return found["id"]


# -- lists ------------------------------------------------------------------------------------


def test_definitions_are_listed_and_may_be_chosen_by_key(rows, baton):
    baton.deploy(TWO_TASKS)
    baton.deploy(ASKING)

    assert {row["key"] for row in rows("definitions")} == {"two", "asking"}
    assert [row["key"] for row in rows("definitions", "--key", "asking")] == ["asking"]


def test_instances_are_chosen_by_process_and_business_key(rows, baton, ctl):
    baton.deploy(TWO_TASKS)
    ctl("start", "two", "--business-key", "A-1")
    ctl("start", "two", "--business-key", "A-2")

    assert len(rows("instances")) == 2
    (chosen,) = rows("instances", "--business-key", "A-2")
    assert chosen["businessKey"] == "A-2"
    assert rows("instances", "--process-key", "two", "--business-key", "A-3") == []


def test_tasks_are_chosen_by_topic_and_instance(rows, baton):
    baton.deploy(TWO_TASKS)
    one, _ = baton.start("two"), baton.start("two")

    assert len(rows("tasks")) == 2
    (chosen,) = rows("tasks", "--instance", one, "--topic", "check")
    assert chosen["processInstanceId"] == one
    assert rows("tasks", "--instance", one, "--topic", "ship") == []


def test_incidents_are_chosen_by_the_key_of_their_definition(rows, baton):
    baton.deploy(TWO_TASKS)
    baton.start("two")
    fail(baton)

    (incident,) = rows("incidents", "--definition-key", "two")
    assert incident["incidentMessage"] == "no money"
    assert rows("incidents", "--definition-key", "other") == []


def test_user_tasks_are_chosen_by_assignee(ctl, rows, baton):
    baton.deploy(ASKING)
    instance = baton.start("asking")

    head, row = ctl("user-tasks", "--assignee", "kim")[1].splitlines()

    assert head.split() == ["id", "name", "assignee", "created", "processInstanceId"]
    assert row.split()[1:3] == ["Ask", "kim"]
    assert rows("user-tasks", "--assignee", "lee") == []
    assert len(rows("user-tasks", "--instance", instance)) == 1


# -- one instance -----------------------------------------------------------------------------


def test_a_running_instance_is_shown_with_all_that_one_asks_first(ctl, baton):
    baton.deploy(TWO_TASKS)
    instance = baton.start("two", amount=5)
    fail(baton)

    status, out, _ = ctl("instance", instance)

    parts = out.split("\n\n")
    assert status == 0
    assert "ACTIVE" in parts[0]
    assert [part.splitlines()[0] for part in parts[1:]] == [
        "path",
        "variables",
        "external tasks",
        "incidents",
    ]
    assert parts[2].splitlines()[2].split() == ["amount", "5"]
    assert "no money" in parts[3]
    assert "failedExternalTask" in parts[4]


def test_an_instance_that_has_ended_is_shown_by_its_history(ctl, rows, baton):
    baton.deploy(TWO_TASKS)
    instance = baton.start("two")
    (found,) = baton.fetch("check")
    baton.complete(found["id"], approved=False)

    assert "COMPLETED" in ctl("instance", instance)[1]
    (shown,) = rows("instance", instance)
    assert set(shown) == {"instance", "path"}
    assert [a["activityId"] for a in shown["path"]] == ["start", "check", "gate", "rejected"]


def test_an_instance_of_no_id_is_a_refusal(ctl):
    status, out, err = ctl("instance", "a/b?c")

    assert (status, out) == (1, "")
    assert err.startswith("ctl: the server answers 404 ")


# -- acts -------------------------------------------------------------------------------------


def test_a_message_starts_an_instance_and_reaches_the_one_that_waits(ctl, rows, baton):
    baton.deploy(ORDERED)

    (started,) = rows("correlate", "order", "--business-key", "A-1", "--var", "amount=5")
    baton.complete(baton.fetch("pack")[0]["id"])
    (reached,) = rows("correlate", "pay", "--instance", started["id"])

    assert (started["resultType"], reached["resultType"]) == ("ProcessDefinition", "Execution")
    assert "COMPLETED" in ctl("instance", started["id"])[1]


def test_the_table_of_a_message_names_what_it_has_reached(ctl, baton):
    baton.deploy(ORDERED)

    head, row = ctl("correlate", "order")[1].splitlines()

    assert head.split() == ["resultType", "id", "processInstanceId"]
    assert row.split()[0] == "ProcessDefinition"


def test_retries_are_given_to_several_at_once(ctl, baton):
    baton.deploy(TWO_TASKS)
    tasks = []
    for _ in range(2):
        baton.start("two")
        tasks.append(fail(baton))

    status, out, _ = ctl("retry", *tasks)

    assert status == 0
    assert out.splitlines() == [f"external-task {id_}: retries 1" for id_ in tasks]
    assert len(baton.fetch("check")) == 2


def test_what_was_done_is_told_when_the_next_is_refused(ctl, baton):
    baton.deploy(TWO_TASKS)
    one, two = baton.start("two"), baton.start("two")

    status, out, err = ctl("cancel", one, "missing", two)

    assert (status, out) == (1, f"{one} is cancelled\n")
    assert "404" in err
    assert [i["id"] for i in baton.call("GET", "/process-instance")[1]] == [two]


def test_a_deployment_that_has_not_changed_makes_no_version(ctl, rows, model):
    assert ctl("deploy", model, "--name", "first")[0] == 0

    assert ctl("deploy", model, "--name", "first")[1] == "(none)\n"

    assert [row["version"] for row in rows("definitions")] == [1]


def test_a_deployment_is_called_as_its_first_file_unless_it_has_a_name(rows, model):
    (plain,) = rows("deploy", model)
    (named,) = rows("deploy", model, "--name", "orders", "--tenant", "one")

    assert (plain["name"], plain["tenantId"]) == ("two", None)
    assert (named["name"], named["tenantId"]) == ("orders", "one")


def test_a_model_that_is_refused_says_why_in_one_line(ctl, tmp_path):
    path = tmp_path / "broken.bpmn"
    path.write_text(process('<startEvent id="s"/><serviceTask id="a"/>', "broken"))

    status, out, err = ctl("deploy", str(path))

    assert (status, out) == (1, "")
    assert "400" in err
    assert err.count("\n") == 1


# -- usage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param([], "required: COMMAND", id="nothing"),
        pytest.param(["unknown"], "invalid choice", id="no command"),
        pytest.param(["start"], "required: key", id="a key is missing"),
        pytest.param(["cancel"], "required: id", id="an id is missing"),
        pytest.param(["retry", "x", "--retries", "many"], "invalid int value", id="no number"),
        pytest.param(["tasks", "--unknown", "x"], "unrecognized arguments", id="no option"),
    ],
)
def test_wrong_usage_is_two_with_a_reason(capsys, arguments, reason):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        pytest.param(["--user", "kim", "tasks"], 2, "NAME:PASSWORD", id="no password"),
        pytest.param(["--url", "ftp://x", "tasks"], 2, "no HTTP address", id="no address"),
        pytest.param(
            ["--url", "http://127.0.0.1:1/engine-rest", "tasks"],
            1,
            "http://127.0.0.1:1/engine-rest cannot be reached",
            id="no server",
        ),
        pytest.param(["deploy", "."], 2, "Is a directory", id="a folder"),
        pytest.param(["start", "x", "--var", "n"], 2, "not name=value", id="no value"),
    ],
)
def test_what_cannot_be_carried_out_is_one_line(capsys, arguments, status, reason):
    assert main(arguments) == status

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("ctl: ")
    assert reason in printed.err
    assert printed.err.count("\n") == 1


def test_the_address_may_stand_in_the_environment(monkeypatch, capsys, baton):
    monkeypatch.setenv("BATON_URL", baton.base_url)

    assert main(["tasks"]) == 0
    assert capsys.readouterr().out == "(none)\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], None),
        (["--user", "kim:se:cret"], "Basic a2ltOnNlOmNyZXQ="),
        (["--token", "abc"], "Bearer abc"),
    ],
)
def test_who_asks_is_said_to_the_server(run, options, expected):
    recorded = Recorded(task=[(200, [])])
    try:
        status, out, _ = run(recorded.base_url, *options, "user-tasks")
    finally:
        recorded.close()

    assert (status, out) == (0, "(none)\n")
    assert recorded.requests[0][2].get("Authorization") == expected


def test_what_a_server_says_cannot_reach_the_terminal_as_it_is(run):
    recorded = Recorded(task=[(400, {"message": "no\x1b[2J\nctl: all is well"})])
    try:
        status, _, err = run(recorded.base_url, "user-tasks")
    finally:
        recorded.close()

    assert status == 1
    assert err == "ctl: the server answers 400 no [2J ctl: all is well\n"
