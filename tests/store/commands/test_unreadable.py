"""Tasks with a variable that cannot be read fail one fetch, and are stepped past by the next."""

import pytest

from app.engine.state.conversion import DeserializationError
from app.engine.state.values import TypedValue
from app.store.commands import unreadable
from app.store.commands.unreadable import Unreadable, check

JSON = {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"}


def test_a_task_is_reported_once():
    met = Unreadable()

    assert [met.report("a"), met.report("b"), met.report("a")] == [True, True, False]


def test_those_that_are_remembered_are_few_and_the_oldest_goes_first(monkeypatch):
    monkeypatch.setattr(unreadable, "CAPACITY", 2)
    met = Unreadable()

    assert [met.report(name) for name in "abc"] == [True, True, True]
    assert not met.report("c")
    assert not met.report("b")
    assert met.report("a")


def test_what_can_be_read_is_handed_out():
    check(
        {
            "text": TypedValue("String", "{"),
            "list": TypedValue("Object", "[1]", JSON),
            "none": TypedValue("Object", None, JSON),
        }
    )


def test_what_cannot_be_read_is_named():
    values = {"good": TypedValue("String", "x"), "bad": TypedValue("Object", "{", JSON)}

    with pytest.raises(DeserializationError, match="Cannot deserialize object in variable 'bad'"):
        check(values)
