"""The report about each kind of need agrees with what happens when the process is played."""

import contextlib
import io
import json
from pathlib import Path

import pytest

from app.check.cli import main
from tests.models import flow, flows, process

LISTENER = "<extensionElements><camunda:{} event='{}' {}/></extensionElements>"
SCRIPT = "<camunda:script scriptFormat='groovy'>x</camunda:script>"
END = '<endEvent id="e"/>'


def of_task(element):
    return f'<startEvent id="s"/>{element}{END}' + flows("s", "a", "e")


def told(kind, event, code, around="task"):
    return of_task(f'<{around} id="a">{LISTENER.format(kind, event, code)}</{around}>')


GATEWAY = '<startEvent id="s"/><exclusiveGateway id="g" default="g_e"/>' + flows("s", "g", "e")
NEEDS = {  # and whether something can stand in
    "class": (of_task('<serviceTask id="a" camunda:class="org.A"/>'), True),
    "delegate": (of_task('<serviceTask id="a" camunda:delegateExpression="${one}"/>'), True),
    "bean": (of_task('<serviceTask id="a" camunda:expression="${two.do(1)}"/>'), True),
    "mail": (of_task('<serviceTask id="a" camunda:type="mail"/>'), True),
    "shell": (of_task('<sendTask id="a" camunda:type="shell"/>'), True),
    "connector": (
        of_task(
            '<serviceTask id="a"><extensionElements><camunda:connector><camunda:connectorId>soap'
            "</camunda:connectorId></camunda:connector></extensionElements></serviceTask>"
        ),
        True,
    ),
    "script": (
        of_task('<scriptTask id="a" scriptFormat="groovy"><script>x</script></scriptTask>'),
        True,
    ),
    "rule": (of_task('<businessRuleTask id="a" camunda:class="org.Rule"/>'), True),
    "message": (
        of_task(
            '<intermediateThrowEvent id="a"><messageEventDefinition camunda:class="org.Send"/>'
            "</intermediateThrowEvent>"
        ),
        True,
    ),
    "start": (told("executionListener", "start", "class='org.Start'"), True),
    "end": (told("executionListener", "end", "delegateExpression='${three}'"), True),
    "told": (told("taskListener", "create", "class='org.Create'", "userTask"), True),
    "assigned": (
        told("taskListener", "assignment", "class='org.Assign'", "userTask").replace(
            'id="a"', 'id="a" camunda:assignee="mary"'
        ),
        True,
    ),
    "take": (
        '<startEvent id="s"/><endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="e">'
        + LISTENER.format("executionListener", "take", "expression='${four.do()}'")
        + "</sequenceFlow>",
        True,
    ),
    "condition": (GATEWAY + END + '<task id="t"/>' + flow("g", "t", "${five.holds()}"), False),
    "parameter": (
        of_task(
            '<task id="a"><extensionElements><camunda:inputOutput><camunda:inputParameter name="p">'
            f"{SCRIPT}</camunda:inputParameter></camunda:inputOutput></extensionElements></task>"
        ),
        False,
    ),
    "mapping": (
        of_task('<callActivity id="a" calledElement="class" '
                'camunda:variableMappingClass="org.M"/>'),
        False,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("needs")
    for name, (content, _) in NEEDS.items():
        (found / f"{name}.bpmn").write_text(process(content, name))
    return found


@pytest.fixture(scope="module")
def reports(folder):
    """The reports of two checks: without delegates, and with those that the first one proposes."""
    found = []
    tasks = {"a": {}}
    for number in range(2):
        delegates = found[-1]["delegates"] if found else {}
        topics = {topic: {} for topic in delegates.values() if isinstance(topic, str)}
        scenario = folder / "scenario.json"
        scenario.write_text(json.dumps({"topics": topics, "tasks": tasks}))
        mapping = folder / f"delegates{number}.json"
        mapping.write_text(json.dumps(delegates))
        files = ["--delegates", str(mapping), "--try", str(scenario), str(folder)]
        found.append(_report(files))
    return found


def _report(arguments):
    with contextlib.redirect_stdout(io.StringIO()) as written:
        main(["--json", *arguments])
    return json.loads(written.getvalue())


def said(report, name):
    (file,) = [f for f in report["files"] if Path(f["file"]).stem == name]
    (played,) = [p for p in report["played"] if p["key"] == name]
    return file["status"], played["state"]


@pytest.mark.parametrize("name", NEEDS)
def test_what_needs_something_fails_without_it(reports, name):
    assert said(reports[0], name) == ("needs", "failed")


@pytest.mark.parametrize("name", [name for name, (_, can) in NEEDS.items() if can])
def test_with_what_is_proposed_the_process_ends(reports, name):
    assert said(reports[1], name) == ("runs", "ended")


@pytest.mark.parametrize("name", [name for name, (_, can) in NEEDS.items() if not can])
def test_where_nothing_is_proposed_nothing_helps(reports, name):
    assert said(reports[1], name) == ("needs", "failed")
