"""Declarations of a file beside its processes: messages, signals, errors, escalations."""

import pytest

from app.bpmn import model
from app.errors import ExpressionSyntaxError

from .elements import boundary, catch, definition, element, end, start, throw


@pytest.mark.parametrize(
    ("beside", "problem"),
    [
        pytest.param(element("signal", None, name="n"), "signal must have an id", id="signal"),
        pytest.param(element("signal", "s"), "signal with id 's' has no name", id="its name"),
        pytest.param(
            element("error", None, errorCode="E"),
            "'id' is mandatory on error definition",
            id="error",
        ),
        pytest.param(
            element("escalation", None, escalationCode="X"), "escalation must have an id", id="esc"
        ),
    ],
)
def test_a_declaration_needs_an_id(problems_of, beside, problem):
    assert problems_of(beside=beside) == [problem]


def test_a_message_without_an_id_is_of_no_use_and_no_problem(read_process):
    process = read_process(beside=element("message", None, name="m"))

    assert list(process.nodes) == ["start"]


def test_two_signals_have_two_names_whatever_their_ids(problems_of):
    beside = element("signal", "a", name="n") + element("signal", None, name="n")

    assert problems_of(beside=beside) == ["duplicate signal name 'n'.", "signal must have an id"]


def test_messages_may_share_a_name(read_process):
    process = read_process(
        catch("c1", definition("message", messageRef="m1"))
        + catch("c2", definition("message", messageRef="m2")),
        beside=element("message", "m1", name="n") + element("message", "m2", name="n"),
    )

    assert process.nodes["c1"].detail == model.Message(process.nodes["c2"].detail.name)


@pytest.mark.parametrize("reference", ["m", "x:m", " m ", "a:b:m"])
def test_a_reference_may_have_a_prefix_and_blanks(read_process, reference):
    process = read_process(
        catch("c", definition("message", messageRef=reference)),
        beside=element("message", "m", name="paid"),
    )

    assert process.nodes["c"].detail.name.text == "paid"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (None, "Cannot have a message event subscription with an empty or missing name"),
        ("", "Cannot have a message event subscription with an empty or missing name"),
    ],
)
@pytest.mark.parametrize("place", ["catch", "boundary", "receive", "start"])
def test_a_message_that_is_waited_for_has_a_name(problems_of, place, name, problem):
    declared = element("message", "m", **({} if name is None else {"name": name}))
    contents = {
        "catch": catch("c", definition("message", messageRef="m")),
        "boundary": element("task", "t")
        + boundary("b", "t", definition("message", messageRef="m")),
        "receive": element("receiveTask", "r", messageRef="m"),
        "start": "",
    }[place]
    begun = (
        start("start", definition("message", messageRef="m"))
        if place == "start"
        else start("start")
    )

    assert problems_of(contents, beside=declared, start=begun) == [problem]


def test_a_signal_without_a_reference_is_refused(problems_of):
    assert problems_of(throw("t", definition("signal"))) == [
        "signalEventDefinition does not have required property 'signalRef'"
    ]


@pytest.mark.parametrize("make", [catch, throw, end])
def test_a_signal_that_is_not_declared_is_refused(problems_of, make):
    assert problems_of(make("e", definition("signal", signalRef="no"))) == [
        "Could not find signal with id 'no'"
    ]


@pytest.mark.parametrize(
    ("declared", "reference", "code"),
    [
        pytest.param({"errorCode": "E1"}, "e", "E1", id="declared"),
        pytest.param({"errorCode": "E1"}, "x:e", "E1", id="with a prefix"),
        pytest.param({"errorCode": "E1"}, "E2", "E2", id="a code in the place of a reference"),
        pytest.param({}, "e", None, id="without a code"),
    ],
)
def test_a_caught_error_has_the_code_of_its_declaration(read_process, declared, reference, code):
    process = read_process(
        element("task", "t") + boundary("b", "t", definition("error", errorRef=reference)),
        beside=element("error", "e", **declared),
    )

    assert process.nodes["b"].detail.code == code


def test_the_message_of_an_error_belongs_to_who_throws_it(read_process):
    process = read_process(
        element("task", "t")
        + boundary("b", "t", definition("error", errorRef="e"))
        + end("x", definition("error", errorRef="e")),
        beside=element("error", "e", errorCode="E1", camunda_errorMessage="${why}"),
    )

    assert process.nodes["b"].detail.message is None
    assert process.nodes["x"].detail.message.text == "${why}"


def test_the_names_of_a_declaration_belong_to_the_process_that_uses_it(read_file):
    user = element(
        "process",
        "user",
        start("s"),
        catch("c", definition("message", messageRef="m")),
        isExecutable="true",
    )

    parsed = read_file(beside=element("message", "m", name="paid-${number}") + user)

    names = {process.id: process.names for process in parsed.processes}
    assert names == {"user": {"number"}, "order": frozenset()}


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        pytest.param(
            throw("t", definition("escalation", escalationRef="no")),
            "could not find escalation with id 'no'",
            id="thrown",
        ),
        pytest.param(
            throw("t", definition("escalation", escalationRef="mute")),
            "throwing escalation event must have an 'escalationCode'",
            id="thrown without a code",
        ),
        pytest.param(
            end("t", definition("escalation", escalationRef="mute")),
            "escalation end event must have an 'escalationCode'",
            id="at an end without a code",
        ),
        pytest.param(
            element("userTask", "u")
            + boundary("b", "u", definition("escalation", escalationRef="no")),
            "could not find escalation with id 'no'",
            id="caught",
        ),
    ],
)
def test_an_escalation_refers_to_one_with_a_code(problems_of, contents, problem):
    beside = element("escalation", "mute", escalationCode="")

    assert problems_of(contents, beside=beside) == [problem]


def test_an_escalation_without_a_code_may_be_caught(read_process):
    process = read_process(
        element("userTask", "u")
        + boundary("b", "u", definition("escalation", escalationRef="mute")),
        beside=element("escalation", "mute"),
    )

    assert process.nodes["b"].detail == model.Escalation(None)


def test_a_syntax_error_in_a_declaration_is_one_of_the_file(read_file):
    with pytest.raises(ExpressionSyntaxError, match="ENGINE-01009 Error while parsing process"):
        read_file(beside=element("message", "m", name="${"))
