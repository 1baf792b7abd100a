"""Escalations that do not interrupt: who goes on first (semantics 2.9)."""

from app.engine.history.history_records import HistoricVariableInstance
from tests.engine.commands import at, deploy, told
from tests.engine.elements import element, escalation, extensions, listener, user
from tests.models import flows


def logging(what, event="start"):
    text = f"${{execution.setVariable('log', log.concat('{what} '))}}"
    return extensions(listener(event, text))


def test_what_throws_goes_on_before_the_handler_begins(engine):
    definition = escalation("late")
    begin = element("startEvent", "event", definition, isInterrupting="false")
    handler = logging("handler") + begin + user("handle") + flows("event", "handle")
    contents = (
        element("startEvent", "s"),
        element("intermediateThrowEvent", "throw", logging("throw", "end") + definition),
        element("endEvent", "e", logging("end")),
        element("subProcess", "aside", handler, triggeredByEvent="true"),
        flows("s", "throw", "e"),
    )

    engine.start(deploy(engine, *contents), log="")

    (log,) = (v for v in told(engine, HistoricVariableInstance) if v.name == "log")
    assert log.text_value == "throw end handler "
    assert at(engine) == ["handle"]
