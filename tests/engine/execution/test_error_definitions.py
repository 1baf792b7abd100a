"""The error definitions of an external task ask the task itself."""

from datetime import timedelta

import pytest

from tests.models import flows, process, task


def guarded(expression):
    """A task that throws when the expression holds, and what comes after each way."""
    definition = (
        '<extensionElements><camunda:errorEventDefinition id="d" errorRef="code" '
        f'expression="{expression}"/></extensionElements>'
    )
    return process(
        '<startEvent id="s"/>'
        + task("t", inner=definition)
        + '<boundaryEvent id="caught" attachedToRef="t"><errorEventDefinition/></boundaryEvent>'
        + task("done")
        + task("handled")
        + flows("s", "t", "done")
        + flows("caught", "handled")
    )


@pytest.mark.parametrize(
    "expression",
    [
        "${externalTask.lockExpirationTime.time &gt; externalTask.createTime.time}",
        "${!externalTask.suspended}",
        "${!externalTask.isSuspended()}",
        "${externalTask.getCreateTime() != null}",
        "${externalTask.workerId == 'w' &amp;&amp; externalTask.getTopicName() == 't'}",
    ],
)
def test_an_error_definition_may_ask_its_task_for_whatever_it_has(engine, expression):
    engine.start(engine.deploy(guarded(expression)))
    (found,) = engine.tasks()
    found.worker_id, found.lock_expiration_time = "w", engine.now + timedelta(minutes=1)

    engine.complete(found)

    assert [t.activity_id for t in engine.tasks()] == ["handled"]
