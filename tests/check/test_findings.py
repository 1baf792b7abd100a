"""Findings about single files and about several together, and their messages."""

import json
from pathlib import Path

import pytest

from app.bpmn.delegates import Delegates
from app.bpmn.needs import ELSEWHERE, LISTENER, NOTIFIED, TASK, Need
from app.check.files import NoFileError, found
from app.check.findings import check_contents, entries, entry_of
from app.check.outcomes import Outcome
from app.check.report import as_json, as_text
from app.errors import ParseProblem
from tests.models import HEAD, flows, process, task

pytestmark = pytest.mark.no_database
RUNS = process('<startEvent id="s"/>' + task("t") + flows("s", "t"), "runs")
DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
    'namespace="n">{}</definitions>'
)
RATE = (
    '<decision id="rate" name="Rate"><variable id="v" name="rate"/><literalExpression id="l">'
    "<text>1</text></literalExpression></decision>"
)


def java(name):
    """A process with a task of a Java class."""
    return process(f'<startEvent id="s"/><serviceTask id="a" camunda:class="{name}"/>', "k")


def calling(called, key="calls"):
    return process(
        f'<startEvent id="s"/><callActivity id="c" calledElement="{called}"/>' + flows("s", "c"),
        key,
    )


def checked(delegates=None, deployed=(), **files):
    """The findings about files, given as keywords: their names with ``__`` for the dot."""
    contents = [(Path(name.replace("__", ".")), text.encode()) for name, text in files.items()]
    return check_contents(contents, Delegates(delegates or {}), frozenset(deployed))


def messages(findings):
    return [finding.problem.message for finding in findings]


# -- one file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        pytest.param("a__bpmn", RUNS, "runs", id="a process"),
        pytest.param("a__bpmn20__xml", RUNS, "runs", id="by its other ending"),
        pytest.param("a__xml", RUNS, "runs", id="a process in a file of any name"),
        pytest.param("a__dmn", DMN.format(RATE), "runs", id="a decision"),
        pytest.param("a__bpmn", java("a.B"), "needs", id="Java"),
        pytest.param("a__bpmn", f"{HEAD}</definitions>", "nothing", id="no process"),
        pytest.param("a__dmn", DMN.format(""), "nothing", id="no decision"),
        pytest.param("a__txt", "notes", "nothing", id="no model"),
        pytest.param("a__txt", f"{HEAD}</definitions>", "nothing", id="nothing of another name"),
        pytest.param("a__bpmn", "notes", "refused", id="no XML in a file of models"),
        pytest.param("a__dmn", "notes", "refused", id="no XML in a file of decisions"),
        pytest.param("a__bpmn", process('<task id="t"/>'), "refused", id="no start"),
    ],
)
def test_a_file_is_told_to_run_to_need_something_or_to_be_refused(name, content, status):
    (file,) = checked(**{name: content})

    assert file.status == status
    assert bool(file.refusals) == (status == "refused")
    assert bool(file.needs) == (status == "needs")


def test_the_keys_of_a_file_are_those_of_its_processes_and_decisions():
    model, decisions = checked(a__bpmn=RUNS, b__dmn=DMN.format(RATE))

    assert (model.processes, model.decisions) == (["runs"], [])
    assert (decisions.processes, decisions.decisions) == ([], ["rate"])


def test_a_finding_is_at_its_line_and_element():
    (file,) = checked(a__bpmn=RUNS.replace(' camunda:type="external"', "\n"))

    (finding,) = file.refusals or file.needs
    assert finding.problem.line >= 1
    assert finding.problem.element_ids == ("t",)


def test_what_stands_in_already_is_needed_no_more():
    content = java("org.example.Charge")

    (without,) = checked(a__bpmn=content)
    (served,) = checked({"org.example.Charge": "charge"}, a__bpmn=content)

    assert (without.status, served.status) == ("needs", "runs")
    assert without.needs[0].entry == ("org.example.Charge", "charge")


def test_a_timer_that_starts_a_process_and_cannot_be_read_is_a_refusal_and_no_warning():
    timer = (
        '<startEvent id="s"><timerEventDefinition><timeDuration>soon</timeDuration>'
        "</timerEventDefinition></startEvent>"
    )

    (file,) = checked(a__bpmn=process(timer, "timed"))

    assert file.status == "refused"
    assert len(file.refusals) == 1
    assert file.refusals[0].problem.element_ids == ("s",)
    assert not set(messages(file.warnings)) & set(messages(file.refusals))


def test_a_timer_inside_a_process_that_cannot_be_read_is_a_warning():
    timer = (
        '<startEvent id="s"/><intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>'
        "soon</timeDuration></timerEventDefinition></intermediateCatchEvent>" + flows("s", "w")
    )

    (file,) = checked(a__bpmn=process(timer, "timed"))

    assert file.status == "runs"
    assert any("timer cannot be read" in message for message in messages(file.warnings))


# -- files together ---------------------------------------------------------------------------


@pytest.mark.parametrize("order", [("a__bpmn", "b__bpmn"), ("b__bpmn", "a__bpmn")], ids=str)
def test_a_call_may_go_to_any_file_of_the_deployment(order):
    files = {order[0]: calling("runs"), order[1]: RUNS}

    assert [file.warnings for file in checked(**files)] == [[], []]


@pytest.mark.parametrize(
    ("called", "deployed", "warns"),
    [
        pytest.param("runs", [], True, id="nowhere"),
        pytest.param("runs", ["runs"], False, id="deployed already"),
        pytest.param("runs", ["other"], True, id="something else is"),
        pytest.param("${which}", [], False, id="only a run can tell"),
    ],
)
def test_a_call_of_what_is_not_there_is_warned_about(called, deployed, warns):
    (file,) = checked(deployed=deployed, a__bpmn=calling(called))

    wanted = ["The process 'runs' that it calls is not deployed."] if warns else []
    assert messages(file.warnings) == wanted
    assert file.status == "runs"


# -- what helps -------------------------------------------------------------------------------


def need(place=TASK, name="org.example.Charge"):
    return Need("class", name, place, ParseProblem("x"))


@pytest.mark.parametrize(
    ("place", "name", "entry"),
    [
        pytest.param(TASK, "a.b.ChargeCard", ("a.b.ChargeCard", "charge-card"), id="a task"),
        pytest.param(LISTENER, "a.b.Log", ("a.b.Log", {"ignore": True}), id="a listener"),
        pytest.param(NOTIFIED, "a.b.Log", ("a.b.Log", {"ignore": True}), id="one that is told"),
        pytest.param(ELSEWHERE, "a.b.Form", None, id="where nothing can stand in"),
        pytest.param(TASK, "", None, id="without a name"),
    ],
)
def test_a_line_is_proposed_where_one_helps(place, name, entry):
    assert entry_of(need(place, name)) == entry


def test_a_topic_counts_before_what_is_left_out_and_names_are_in_order():
    both = process(
        '<startEvent id="s"/><task id="c"><extensionElements><camunda:executionListener '
        'event="end" class="b.Do"/></extensionElements></task>'
        '<serviceTask id="a" camunda:class="b.Do"/><serviceTask id="z" camunda:class="a.Do"/>',
        "both",
    )

    assert list(entries(checked(a__bpmn=both)).items()) == [("a.Do", "do"), ("b.Do", "do")]


# -- which files ------------------------------------------------------------------------------


def test_the_models_of_a_folder_are_found_in_the_order_of_their_names(tmp_path):
    for name in ("b.bpmn", "a.dmn", "in/c.bpmn20.xml", "in/d.dmn11.xml", "notes.txt", "e.xml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "folder.bpmn").mkdir()

    names = [str(path.relative_to(tmp_path)) for path in found([str(tmp_path)])]

    assert names == ["a.dmn", "b.bpmn", "in/c.bpmn20.xml", "in/d.dmn11.xml"]


def test_a_file_that_is_named_is_found_whatever_its_name_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("x")

    assert list(found([str(path)])) == [path]


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(NoFileError, match=r"There is no file or folder '.*gone'"):
        list(found([str(tmp_path), str(tmp_path / "gone")]))


# -- reports ----------------------------------------------------------------------------------


def test_the_text_says_what_helps_below_what_is_needed():
    files = checked(short__bpmn=RUNS, a_longer_name__bpmn=java("org.Charge"))

    lines = as_text(files, []).splitlines()

    assert lines[0] == "short.bpmn          runs"
    assert lines[1] == "a_longer_name.bpmn  needs a mapping"
    assert lines[2].startswith("    1:")
    assert lines[3] == '        "org.Charge": "charge"'
    assert "2 files: 1 runs, 1 needs a mapping" in lines
    assert json.loads(
        "\n".join(lines[lines.index("A file for BATON_DELEGATES, to be looked at:") + 1 :])
    )


def test_a_report_of_nothing_says_so():
    assert as_text([], []).strip() == "0 files: none"
    assert json.loads(as_json([], [])) == {"files": [], "summary": {}, "delegates": {}}


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Outcome("k", "ended", [], ["s", "e"]), "ended: s -> e"),
        (
            Outcome("k", "waits", ["topic t", "user task u"], ["s"]),
            "waits (topic t; user task u): s",
        ),
        (Outcome("k", "failed", ["no"]), "failed (no): nowhere"),
    ],
    ids=str,
)
def test_how_far_a_process_came_is_said_in_a_line(outcome, text):
    assert outcome.as_text == text
    assert f"  k: {text}" in as_text([], [outcome]).splitlines()
    assert json.loads(as_json([], [outcome]))["played"] == [outcome.as_json()]


def test_json_has_the_line_that_helps_and_names_in_their_own_letters():
    files = checked(a__bpmn=java("org.Gebühr"))
    text = as_json(files, [])

    told = json.loads(text)
    (needed,) = told["files"][0]["needs"]
    assert needed["delegates"] == {"org.Gebühr": told["delegates"]["org.Gebühr"]}
    assert needed["elementIds"] == ["a"]
    assert "Gebühr" in text
