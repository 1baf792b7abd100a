"""Messages that are correlated: which instance is meant, and what a start is given."""

import pytest

from app.errors import BadUserRequestError, InvalidRequestError, MismatchingCorrelationError
from app.services import messages, variables

from .asking import MESSAGE
from .conftest import values
from .events import stands_at, waits_in


def correlate(engine, name="paid", **options):
    return messages.correlate(engine.store, message_name=name, **{**MESSAGE, **options})


@pytest.mark.parametrize(
    ("started", "asked", "is_heard"),
    [
        pytest.param({}, {}, True, id="nothing is asked"),
        pytest.param({"n": 5}, {"correlation_keys": {"n": 5}}, True, id="key"),
        pytest.param({"n": 5}, {"correlation_keys": {"n": 6}}, False, id="other value"),
        pytest.param({"n": 5}, {"correlation_keys": {"n": "5"}}, False, id="other type"),
        pytest.param({"n": 5}, {"correlation_keys": {"m": 5}}, False, id="no such variable"),
        pytest.param(
            {"n": 5, "m": 6}, {"correlation_keys": {"n": 5, "m": 6}}, True, id="both keys"
        ),
        pytest.param(
            {"n": 5, "m": 6}, {"correlation_keys": {"n": 5, "m": 7}}, False, id="one of two keys"
        ),
    ],
)
def test_a_message_is_heard_by_the_instance_that_it_describes(hearing, started, asked, is_heard):
    instance = hearing.start("waiting", **started)
    asked = {name: values(**found) for name, found in asked.items()}

    if is_heard:
        (result,) = correlate(hearing, process_instance_id=instance, **asked)
        assert result["result_type"] == "Execution"
        assert result["execution"]["process_instance_id"] == instance
        assert stands_at(hearing, instance) == "after"
    else:
        with pytest.raises(MismatchingCorrelationError):
            correlate(hearing, process_instance_id=instance, **asked)
        assert stands_at(hearing, instance) is None


def test_a_business_key_says_which_instance_is_meant(hearing):
    first = hearing.start("waiting", business_key="order-1")
    second = hearing.start("waiting", business_key="order-2")

    correlate(hearing, business_key="order-2")

    assert (stands_at(hearing, first), stands_at(hearing, second)) == (None, "after")
    with pytest.raises(MismatchingCorrelationError):
        correlate(hearing, business_key="order-3")


def test_variables_of_an_activity_are_local_keys(hearing):
    instance = hearing.start("waiting", n=1)
    execution = waits_in(hearing, instance)
    variables.put(hearing.store, execution, "own", values(v=7)["v"], is_local=True)
    wanted = {"process_instance_id": instance}

    with pytest.raises(MismatchingCorrelationError):
        correlate(hearing, local_correlation_keys=values(own=8), **wanted)
    correlate(hearing, local_correlation_keys=values(own=7), **wanted)

    assert stands_at(hearing, instance) == "after"


def test_several_that_wait_are_too_many_unless_all_are_meant(hearing):
    instances = [hearing.start("waiting", business_key="many") for _ in range(3)]

    with pytest.raises(MismatchingCorrelationError) as caught:
        correlate(hearing, business_key="many")
    assert "ENGINE-13031 Cannot correlate a message with name 'paid' to a single execution. 3" in (
        str(caught.value)
    )
    assert {stands_at(hearing, i) for i in instances} == {None}

    results = correlate(hearing, business_key="many", all=True)

    assert len(results) == 3
    assert {stands_at(hearing, i) for i in instances} == {"after"}


def test_nobody_is_no_error_where_all_are_meant(hearing):
    assert correlate(hearing, "unheard", all=True) == []


def test_a_message_starts_what_waits_for_it(hearing):
    (result,) = correlate(hearing, "go", business_key="k", process_variables=values(n=1))

    view = result["process_instance"]
    assert (result["result_type"], result["execution"]) == ("ProcessDefinition", None)
    assert (view["definition_key"], view["business_key"], view["is_ended"]) == (
        "started",
        "k",
        False,
    )
    assert variables.get(hearing.store, view["id"], "n").value == 1


def test_a_start_has_one_scope_for_all_variables(hearing):
    (result,) = correlate(
        hearing,
        "go",
        process_variables=values(a=1, b=1, c=1),
        process_variables_local=values(b=2, c=2),
        process_variables_to_triggered_scope=values(c=3),
    )

    found = variables.get_all(hearing.store, result["process_instance"]["id"])
    assert {name: typed.value for name, typed in found.items()} == {"a": 1, "b": 2, "c": 3}


def test_variables_are_answered_where_they_are_asked_for(hearing):
    instance = hearing.start("waiting", before=1)

    (result,) = correlate(
        hearing,
        process_instance_id=instance,
        process_variables=values(new="n"),
        variables_in_result_enabled=True,
    )

    assert {name: typed.value for name, typed in result["variables"].items()} == {
        "before": 1,
        "new": "n",
    }


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        pytest.param(
            {"name": None, "tenant_id": "north", "without_tenant_id": True},
            InvalidRequestError,
            "No message name supplied",
            id="name first",
        ),
        pytest.param(
            {"tenant_id": "north", "without_tenant_id": True, "process_instance_id": "i"},
            InvalidRequestError,
            "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'.",
            id="two tenants",
        ),
        pytest.param(
            {"tenant_id": "north", "process_instance_id": "i"},
            BadUserRequestError,
            "ENGINE-13028 Cannot specify a tenant-id when correlate a message to a single process "
            "instance.",
            id="tenant and instance",
        ),
        pytest.param(
            {"without_tenant_id": True, "process_instance_id": "i"},
            BadUserRequestError,
            "ENGINE-13028 Cannot specify a tenant-id when correlate a message to a single process "
            "instance.",
            id="no tenant and instance",
        ),
        pytest.param(
            {"name": "unheard"},
            MismatchingCorrelationError,
            "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate "
            "message 'unheard': No process definition or execution matches the parameters",
            id="nobody",
        ),
    ],
)
def test_what_a_message_refuses(hearing, options, error, words):
    with pytest.raises(error) as caught:
        correlate(hearing, **options)

    assert str(caught.value) == words
