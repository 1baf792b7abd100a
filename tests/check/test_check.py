"""The program that tells which models run here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.check.cli import main
from app.check.findings import topic_of
from tests.models import TWO_TASKS, flow, flows, process, task

ROOT = Path(__file__).resolve().parents[2]
JAVA = process(
    '<startEvent id="s"/><serviceTask id="a" camunda:class="org.example.ChargeCard"/>'
    '<serviceTask id="b" camunda:expression="${orders.check(id)}"/>'
    '<task id="c"><extensionElements><camunda:executionListener event="end" class="org.Log"/>'
    "</extensionElements></task>" + flows("s", "a", "b", "c"),
    "java",
)
CONDITION = process(
    '<startEvent id="s"/><exclusiveGateway id="g" default="g_b"/>'
    + task("a")
    + task("b")
    + flows("s", "g", "b")
    + flow("g", "a", "${svc.holds(x)}"),
    "condition",
)
BROKEN = process('<startEvent id="s"/><serviceTask id="a"/>', "broken")
DECISION = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
    'namespace="n"><decision id="rate" name="Rate"><variable id="v" name="rate"/>'
    '<literalExpression id="l"><text>1</text>'
    "</literalExpression></decision></definitions>"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "two.bpmn").write_text(TWO_TASKS)
    (tmp_path / "rate.dmn").write_text(DECISION)
    (tmp_path / "notes.txt").write_text("no model")
    return tmp_path


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        return status, capsys.readouterr()

    return run


@pytest.fixture
def report(run):
    def report(*arguments):
        status, told = run("--json", *arguments)
        return status, json.loads(told.out)

    return report


def test_a_folder_of_models_that_run_is_zero(folder, report):
    status, told = report(folder)

    assert status == 0
    assert [Path(f["file"]).name for f in told["files"]] == ["rate.dmn", "two.bpmn"]
    assert [f["status"] for f in told["files"]] == ["runs", "runs"]
    assert told["files"][0]["decisions"] == ["rate"]
    assert told["files"][1]["processes"] == ["two"]
    assert told["summary"] == {"runs": 2}


def test_what_needs_java_is_told_with_the_line_that_helps(folder, report):
    (folder / "java.bpmn").write_text(JAVA)

    status, told = report(folder / "java.bpmn")

    assert status == 1
    (found,) = told["files"]
    assert found["status"] == "needs"
    assert [n["elementIds"] for n in found["needs"]] == [["a"], ["b"], ["c"]]
    assert told["delegates"] == {
        "org.example.ChargeCard": "charge-card",
        "orders.check": "orders-check",
        "org.Log": {"ignore": True},
    }


def test_with_the_proposed_file_the_models_run(folder, report):
    (folder / "java.bpmn").write_text(JAVA)
    (folder / "delegates.json").write_text(json.dumps(report(folder)[1]["delegates"]))

    status, told = report(folder, "--delegates", folder / "delegates.json")

    assert status == 0
    assert told["summary"] == {"runs": 3}


def test_what_nothing_stands_in_for_is_told_without_a_line(folder, report, run):
    (folder / "condition.bpmn").write_text(CONDITION)

    status, told = report(folder / "condition.bpmn")

    assert status == 1
    (need,) = told["files"][0]["needs"]
    assert "delegates" not in need
    assert told["delegates"] == {}
    assert "needs what nothing stands in for" in run(folder / "condition.bpmn")[1].out


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.bpmn", BROKEN, "One of the attributes"),
        ("broken.bpmn", "<", "ENGINE-09003 Could not parse"),
        ("broken.dmn", "<", "ENGINE-09003 Could not parse"),
        ("broken.dmn", DECISION.replace("20191111", "1"), "It is no DMN in a known namespace."),
        (
            "timer.bpmn",
            process(
                '<startEvent id="s"><timerEventDefinition><timeCycle>0 0 12</timeCycle>'
                "</timerEventDefinition></startEvent>"
            ),
            "The timer cannot be read: ENGINE-09026",
        ),
    ],
)
def test_a_refused_file_is_two_with_the_reason(folder, report, name, content, message):
    (folder / name).write_text(content)

    status, told = report(folder)

    assert status == 2
    (refused,) = [f for f in told["files"] if f["status"] == "refused"]
    assert refused["refusals"][0]["message"].startswith(message)


def test_a_call_of_a_process_in_another_file_is_no_warning(folder, report):
    call = '<startEvent id="s"/><callActivity id="c" calledElement="{}"/>'
    (folder / "known.bpmn").write_text(process(call.format("two"), "known"))
    (folder / "unknown.bpmn").write_text(process(call.format("nobody"), "unknown"))

    status, told = report(folder)

    assert status == 0
    warnings = {Path(f["file"]).name: f["warnings"] for f in told["files"]}
    assert warnings["known.bpmn"] == []
    assert len(warnings["unknown.bpmn"]) == 1


def test_the_text_has_a_line_for_each_file_and_a_summary(folder, run):
    (folder / "java.bpmn").write_text(JAVA)

    status, told = run(folder)

    assert status == 1
    lines = told.out.splitlines()
    (line,) = [line for line in lines if line.startswith(str(folder / "two.bpmn"))]
    assert line.endswith("runs")
    assert any("a: The class 'org.example.ChargeCard' needs" in line for line in lines)
    assert "3 files: 2 runs, 1 needs a mapping" in lines
    assert "A file for BATON_DELEGATES, to be looked at:" in lines


@pytest.mark.parametrize(
    "arguments",
    [
        ["/nowhere"],
        ["{}", "--delegates", "{}/notes.txt"],
        ["{}", "--delegates", "/nowhere"],
        ["{}", "--try", "{}/deep.json"],
    ],
)
def test_what_cannot_be_read_is_one_line_and_three(folder, run, arguments):
    (folder / "deep.json").write_text("[" * 100_000)

    status, told = run(*(argument.format(folder) for argument in arguments))

    assert status == 3
    assert told.out == ""
    assert told.err.startswith("check: ")
    assert told.err.count("\n") == 1


def test_processes_are_played_with_a_scenario(folder, report):
    (folder / "scenario.json").write_text(
        json.dumps(
            {
                "variables": {"two": {"item": "tea"}},
                "topics": {"check": {"approved": True}, "ship": {}},
            }
        )
    )

    status, told = report(folder / "two.bpmn", "--try", folder / "scenario.json")

    assert status == 0
    (played,) = told["played"]
    assert (played["key"], played["state"], played["reasons"]) == ("two", "ended", [])
    assert played["path"] == ["start", "check", "gate", "ship", "end"]


def test_a_played_process_says_what_it_waits_for_or_why_it_fails(folder, report):
    (folder / "scenario.json").write_text('{"topics": {"check": {"approved": true}}}')
    (folder / "fails.bpmn").write_text(
        process(
            '<startEvent id="s"/><scriptTask id="a" scriptFormat="javascript"><script>nobody'
            "</script></scriptTask>" + flows("s", "a"),
            "fails",
        )
    )

    status, told = report(folder, "--try", folder / "scenario.json")

    assert status == 1
    outcomes = {outcome["key"]: outcome for outcome in told["played"]}
    assert outcomes["two"]["state"] == "waits"
    assert outcomes["two"]["reasons"] == ["topic ship"]
    assert outcomes["fails"]["state"] == "failed"
    assert "nobody is not defined" in outcomes["fails"]["reasons"][0]


def test_the_program_starts_without_a_server(folder):
    command = [sys.executable, "-m", "app.check", str(folder)]

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "2 files: 2 runs" in ran.stdout


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("org.example.ChargeCard", "charge-card"),
        ("Charge", "charge"),
        ("${chargeCard}", "charge-card"),
        ("orders.checkAll", "orders-check-all"),
        ("script:groovy", "groovy"),
        ("http-connector", "http-connector"),
        ("${}", "work"),
    ],
)
def test_a_topic_is_proposed_for_each_name(name, topic):
    assert topic_of(name) == topic


def rule(number, condition):
    return (
        f'<rule id="r{number}"><inputEntry id="i{number}"><text>{condition}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{number}</text></outputEntry></rule>'
    )


def test_rules_that_overlap_and_values_that_none_matches_are_warned_about(tmp_path, report):
    table = (
        '<decisionTable id="t" hitPolicy="UNIQUE"><input id="in"><inputExpression id="e" '
        'typeRef="integer"><text>n</text></inputExpression></input><output id="out" name="r" '
        f'typeRef="integer"/>{rule(1, "[1..5]")}{rule(2, "[4..9]")}</decisionTable>'
    )
    before, after = DECISION.split('<literalExpression id="l">')
    (tmp_path / "rate.dmn").write_text(before + table + after.partition("</literalExpression>")[2])

    status, told = report(tmp_path)

    assert status == 0
    assert [warning["message"] for warning in told["files"][0]["warnings"]] == [
        "Decision 'rate': Rules 1 and 2 match the same values.",
        "Decision 'rate': No rule matches these values: n: < 1, > 9.",
    ]


MESSAGE_START = process(
    '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>', "KEY"
).replace("<process ", '<message id="m" name="order"/><process ', 1)
TIMER_START = process(
    '<startEvent id="s"><timerEventDefinition><timeCycle>R/PT1H</timeCycle>'
    '</timerEventDefinition></startEvent><userTask id="mine"/>' + flows("s", "mine"),
    "timed",
)


def test_a_message_that_starts_two_processes_is_refused_and_a_key_in_two_files_warned_about(
    tmp_path, report
):
    for name, key in (("a", "first"), ("b", "second"), ("c", "first")):
        (tmp_path / f"{name}.bpmn").write_text(MESSAGE_START.replace("KEY", key))

    status, told = report(tmp_path)

    assert status == 2
    assert [f["status"] for f in told["files"]] == ["runs", "refused", "runs"]
    assert told["files"][1]["refusals"][0]["message"] == (
        "The message 'order' starts the process 'first' of 'a.bpmn' already."
    )
    assert [w["message"] for w in told["files"][2]["warnings"]] == [
        "The process 'first' is in 'a.bpmn' as well: a deployment that has both is refused."
    ]


def test_the_timers_that_start_other_processes_are_not_played(folder, report):
    (folder / "timed.bpmn").write_text(TIMER_START)
    (folder / "scenario.json").write_text('{"topics": {"check": {"approved": true}}}')

    _, told = report(folder, "--try", folder / "scenario.json")

    assert {p["key"]: p["reasons"] for p in told["played"] if p["key"] == "two"} == {
        "two": ["topic ship"]
    }


def test_a_decision_that_is_in_no_file_and_has_no_substitute_is_warned_about(folder, report):
    rule = '<startEvent id="s"/><businessRuleTask id="r" camunda:decisionRef="{}"/>'
    for key in ("rate", "absent", "served"):
        (folder / f"{key}.bpmn").write_text(process(rule.format(key), f"asks-{key}"))
    (folder / "delegates.json").write_text('{"decision:served": "decide"}')

    status, told = report(folder, "--delegates", folder / "delegates.json")

    assert status == 0
    assert [w["message"] for f in told["files"] for w in f["warnings"]] == [
        "The decision 'absent' that it asks for is not deployed."
    ]
