"""Terminate end events: what they cancel, and when (semantics 2.7 and 2.9)."""

import pytest

from app.engine.history.history_records import HistoricVariableInstance
from tests.engine.commands import complete, deploy, told, visit
from tests.engine.elements import element, extensions, listener, user
from tests.models import flow, flows


@pytest.mark.parametrize("waits", [False, True])
def test_what_a_terminate_end_event_cancels_has_ended_when_it_starts(engine, waits):
    def told_of(what, *events):
        text = "execution.setVariable('log', log.concat('{0}-{1} '))"
        found = (listener(e, f"${{{text.format(what, e)}}}") for e in events)
        return extensions(*found)

    terminate = told_of("e", "start", "end") + "<terminateEventDefinition/>"
    contents = (
        element("startEvent", "s"),
        element("parallelGateway", "g"),
        user("a", told_of("a", "end")),
        user("b") if waits else element("task", "b"),
        element("endEvent", "e", terminate),
        flows("s", "g", "a"),
        flow("g", "b") + flow("b", "e"),
    )
    instance = engine.start(deploy(engine, *contents), log="")

    if waits:
        complete(engine, "b")

    (log,) = (v for v in told(engine, HistoricVariableInstance) if v.name == "log")
    assert (log.text_value, log.process_instance_id) == ("a-end e-start e-end ", instance)
    ended = visit(engine, "e")
    assert ended.execution_id == instance
