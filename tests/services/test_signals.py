"""Signals from outside: who hears them, and with what."""

import pytest

from app.errors import BadUserRequestError, InvalidRequestError, NullValueError
from app.services import signals, variables
from app.services.signals import NotSubscribedError

from .conftest import values
from .events import ALARMED, stands_at, waits_in


def throw(engine, name="alarm", **options):
    arguments = {
        "execution_id": None,
        "variables": {},
        "tenant_id": None,
        "without_tenant_id": False,
        **options,
    }
    signals.deliver(engine.store, name=name, **arguments)


def test_a_signal_is_heard_by_all(hearing):
    instances = [hearing.start("alarmed") for _ in range(2)]

    throw(hearing, variables=values(n=1))

    assert {stands_at(hearing, i) for i in instances} == {"after"}
    assert {variables.get(hearing.store, i, "n").value for i in instances} == {1}


def test_a_signal_that_nobody_hears_is_no_error(hearing):
    instance = hearing.start("alarmed")

    throw(hearing, "unheard")

    assert stands_at(hearing, instance) is None


def test_a_signal_to_one_execution_is_heard_by_it_alone(hearing):
    first, second = (hearing.start("alarmed") for _ in range(2))

    throw(hearing, execution_id=waits_in(hearing, first))

    assert (stands_at(hearing, first), stands_at(hearing, second)) == ("after", None)


def test_a_signal_of_a_tenant_is_not_heard_by_others(make_engine):
    engine = make_engine()
    for tenant_id in (None, "north", "south"):
        engine.deploy(ALARMED, tenant_id=tenant_id)
    by_tenant = {t: engine.start("alarmed", tenant_id=t) for t in (None, "north", "south")}

    throw(engine, tenant_id="north")
    assert [stands_at(engine, i) for i in by_tenant.values()] == [None, "after", None]
    throw(engine, without_tenant_id=True)
    assert [stands_at(engine, i) for i in by_tenant.values()] == ["after", "after", None]
    throw(engine)
    assert stands_at(engine, by_tenant["south"]) == "after"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        pytest.param(
            {"name": None, "execution_id": "x", "tenant_id": "north"},
            InvalidRequestError,
            "No signal name given",
            id="name first",
        ),
        pytest.param(
            {"execution_id": "x", "tenant_id": "north"},
            BadUserRequestError,
            "ENGINE-13027 Cannot specify a tenant-id when deliver a signal to a single execution.",
            id="execution and tenant",
        ),
        pytest.param(
            {"execution_id": "x", "without_tenant_id": True},
            BadUserRequestError,
            "ENGINE-13027 Cannot specify a tenant-id when deliver a signal to a single execution.",
            id="execution and no tenant",
        ),
        pytest.param(
            {"execution_id": "x"},
            NullValueError,
            "Cannot find execution with id 'x': execution is null",
            id="unknown execution",
        ),
    ],
)
def test_what_a_signal_refuses(hearing, options, error, words):
    with pytest.raises(error) as caught:
        throw(hearing, **options)

    assert str(caught.value) == words


def test_an_execution_that_waits_for_another_thing_has_not_subscribed(hearing):
    instance = hearing.start("waiting")

    with pytest.raises(NotSubscribedError) as caught:
        throw(hearing, execution_id=instance)

    assert str(caught.value) == (
        f"Execution '{instance}' has not subscribed to a signal event with name 'alarm'. is empty"
    )
