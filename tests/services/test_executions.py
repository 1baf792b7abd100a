"""Executions that are triggered by their id."""

import pytest

from app.errors import EngineError, SuspendedEntityInteractionError
from app.services import executions, suspension, variables
from app.services.executions import UnknownExecutionError

from .conftest import values
from .events import stands_at, waits_in


def signal(engine, execution_id, **given):
    executions.signal(engine.store, execution_id, variables=values(**given))


def trigger(engine, execution_id, name="paid", **given):
    executions.trigger_message(engine.store, execution_id, name, variables=values(**given))


def test_a_trigger_moves_an_execution_on(hearing):
    instance = hearing.start("waiting")

    trigger(hearing, waits_in(hearing, instance), n=1)

    assert stands_at(hearing, instance) == "after"
    assert variables.get(hearing.store, instance, "n").value == 1


def test_a_signal_moves_a_receive_task_on(hearing):
    instance = hearing.start("waiting")

    signal(hearing, waits_in(hearing, instance), n=1)

    assert stands_at(hearing, instance) == "after"


@pytest.mark.parametrize("name", ["go", "PAID", ""])
def test_a_trigger_has_the_name_that_is_waited_for(hearing, name):
    instance = hearing.start("waiting")

    with pytest.raises(EngineError) as caught:
        trigger(hearing, instance, name)

    assert str(caught.value) == (
        f"Execution with id '{instance}' does not have a subscription to a message event with name "
        f"'{name}': eventSubscriptions is empty"
    )


@pytest.mark.parametrize("command", [signal, trigger])
def test_a_suspended_execution_is_not_moved(hearing, command):
    instance = hearing.start("waiting")
    execution = waits_in(hearing, instance)
    suspension.set_instances(hearing.store, [instance], suspended=True)

    with pytest.raises(SuspendedEntityInteractionError) as caught:
        command(hearing, execution)

    assert str(caught.value) == f"ENGINE-03043 Execution with id '{execution}' is suspended."


def test_a_scope_above_what_waits_stands_nowhere(hearing):
    instance = hearing.start("waiting")

    with pytest.raises(EngineError) as caught:
        signal(hearing, instance)

    assert str(caught.value) == (f"cannot signal execution {instance}: it has no current activity")


def test_an_unknown_execution_is_missing(hearing):
    with pytest.raises(UnknownExecutionError) as caught:
        signal(hearing, "x")
    assert str(caught.value) == "execution x doesn't exist: execution is null"
    with pytest.raises(EngineError, match=r"^Execution with id 'x' does not have a subscription"):
        trigger(hearing, "x")
