"""Processes that are played: how far each comes with what the scenario answers."""

import pytest

from app.bpmn.delegates import Delegates
from app.check import trial
from app.check.findings import REFUSED, check
from tests.models import HEAD, flow, flows, process, task

pytestmark = pytest.mark.no_database
START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def waiting_for(message, key):
    catch = '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/>'
    return process(
        f"{START}{catch}</intermediateCatchEvent>{END}" + flows("s", "c", "e"), key
    ).replace("<process", f'<message id="m" name="{message}"/><process', 1)


def deciding(key):
    """A process that ends where a variable of its start says."""
    return process(
        START
        + '<exclusiveGateway id="g"/><endEvent id="less"/>'
        + END
        + flows("s", "g")
        + flow("g", "e", "${x > 1}")
        + flow("g", "less", "${x < 1}"),
        key,
    )


MODELS = {
    "charging": process(
        START
        + task("charge")
        + '<boundaryEvent id="caught" attachedToRef="charge"><errorEventDefinition errorRef="x"/>'
        '</boundaryEvent><endEvent id="broke"/>'
        + END
        + flows("s", "charge", "e")
        + flows("caught", "broke"),
        "charging",
    ).replace("<process", '<error id="x" errorCode="broke"/><process', 1),
    "asking": process(
        START + '<userTask id="ask"/><exclusiveGateway id="g" default="g_no"/><endEvent id="yes"/>'
        '<endEvent id="no"/>' + flows("s", "ask", "g", "no") + flow("g", "yes", "${approved}"),
        "asking",
    ),
    "told": waiting_for("known", "told"),
    "untold": waiting_for("unknown", "untold"),
    "later": process(
        f'{START}<intermediateCatchEvent id="c"><timerEventDefinition><timeDuration>P1Y'
        f"</timeDuration></timerEventDefinition></intermediateCatchEvent>{END}"
        + flows("s", "c", "e"),
        "later",
    ),
    "circling": process(
        START + task("round") + flows("s", "round") + flow("round", "round"), "circling"
    ),
    "failing": process(
        START
        + '<exclusiveGateway id="g" default="g_e"/>'
        + task("first")
        + END
        + flows("s", "first", "g", "e")
        + flow("g", "first", "${missing}"),
        "failing",
    ),
    "unstartable": deciding("unstartable"),
    "given": deciding("given"),
    "changed": waiting_for("other", "changed"),
    "calling": process(
        f'{START}<callActivity id="c" calledElement="told"/>{END}' + flows("s", "c", "e"), "calling"
    ),
    "nothing": f"{HEAD}</definitions>",
    "refused": process('<task id="t"/>', "refused"),
}
SCENARIO = {
    "variables": {"given": {"x": 5}},
    "topics": {"charge": {"error": "broke"}, "round": None, "first": {"done": True}},
    "tasks": {"ask": {"approved": True}},
    "messages": {"known": {"paid": True}},
}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The outcome of each process by its key, all of them played in one engine."""
    folder = tmp_path_factory.mktemp("models")
    for name, content in MODELS.items():
        (folder / f"{name}.bpmn").write_text(content)
    patch = pytest.MonkeyPatch()
    patch.setattr(trial, "ROUNDS", 12)
    files = check(sorted(folder.iterdir()), Delegates({}))
    (folder / "changed.bpmn").write_text("no model since it was checked")
    found = trial.play(files, SCENARIO, {})
    patch.undo()
    assert {file.path.stem for file in files if file.status == REFUSED} == {"refused"}
    return {outcome.key: outcome for outcome in found}


def test_each_process_that_is_not_refused_is_played(played):
    assert set(played) == set(MODELS) - {"nothing", "refused"}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        pytest.param("charging", ["s", "charge", "caught", "broke"], id="an error of the business"),
        pytest.param("asking", ["s", "ask", "g", "yes"], id="a user task with variables"),
        pytest.param("told", ["s", "c", "e"], id="a message"),
        pytest.param("later", ["s", "c", "e"], id="a timer of a year"),
        pytest.param("given", ["s", "g", "e"], id="variables of the start"),
        pytest.param("calling", ["s", "c", "e"], id="a process of another file"),
    ],
)
def test_a_process_ends_by_what_the_scenario_answers(played, key, path):
    assert (played[key].state, played[key].reasons) == ("ended", [])
    assert sorted(played[key].path) == sorted(path)


def test_a_process_whose_message_is_not_in_the_scenario_waits_for_it(played):
    assert (played["untold"].state, played["untold"].reasons) == ("waits", ["message unknown"])
    assert played["untold"].path == ["s", "c"]


def test_a_process_that_turns_in_a_circle_is_left_after_some_rounds(played):
    found = played["circling"]

    assert (found.state, found.reasons) == ("waits", ["topic round"])
    assert 5 < len(found.path) <= 15


def test_a_process_that_cannot_go_on_fails_with_the_words_of_the_engine_once(played):
    found = played["failing"]

    assert found.state == "failed"
    assert sum("missing" in reason for reason in found.reasons) == 1
    assert "topic first" in found.reasons


def test_a_process_that_cannot_be_started_is_nowhere(played):
    assert (played["unstartable"].state, played["unstartable"].path) == ("failed", [])


def test_a_file_that_the_engine_refuses_fails_with_its_reason(played):
    found = played["changed"]

    assert (found.state, found.path) == ("failed", [])
    assert "Could not parse" in found.reasons[0]
