"""The called elements of call activities: by version and by tag."""

import pytest

from app.errors import ClassCastError, EngineError, JavaRuntimeError
from tests.models import flow, process


def calling(attributes, inner=""):
    return process(
        f'<startEvent id="s"/><callActivity id="call" {attributes}>{inner}</callActivity>'
        + flow("s", "call"),
        "calling",
    )


BY_VERSION = 'calledElement="called" camunda:calledElementBinding="version"'
BY_TAG = 'calledElement="called" camunda:calledElementBinding="versionTag"'


@pytest.mark.parametrize(
    ("attributes", "error", "message"),
    [
        ('calledElement="${1 + 1}"', ClassCastError, "Cannot cast '2' to String"),
        (
            BY_VERSION + ' camunda:calledElementVersion="${1 + 1}"',
            EngineError,
            "It is not possible to transform '2' into an integer.",
        ),
        (
            BY_VERSION + ' camunda:calledElementVersion="first"',
            JavaRuntimeError,
            'For input string: "first"',
        ),
        (
            BY_TAG + ' camunda:calledElementVersionTag="${1 + 1}"',
            EngineError,
            "It is not possible to transform '2' into a string.",
        ),
        ('calledElement="${null}"', EngineError, "no processes deployed with key 'null'"),
    ],
)
def test_what_is_called_is_named_by_texts_and_its_version_by_an_integer(
    engine, attributes, error, message
):
    graph = engine.deploy(calling(attributes))

    with pytest.raises(error, match=message):
        engine.start(graph)


def test_a_business_key_is_a_text(engine):
    engine.deploy(process('<startEvent id="s"/><endEvent id="e"/>' + flow("s", "e"), "called"))
    key = '<extensionElements><camunda:in businessKey="${1 + 1}"/></extensionElements>'
    graph = engine.deploy(calling('calledElement="called"', key))

    with pytest.raises(ClassCastError, match="Cannot cast '2' to String"):
        engine.start(graph)
