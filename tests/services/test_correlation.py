"""Messages, signals, conditions and triggers from outside: who hears them, and with what."""

import pytest

from app.errors import (
    BadUserRequestError,
    EngineError,
    InvalidRequestError,
    MismatchingCorrelationError,
    NotFoundError,
    NullValueError,
    SuspendedEntityInteractionError,
)
from app.services import conditions, executions, lists, messages, signals, suspension, variables
from app.services.conditions import NoConditionalStartError
from app.services.executions import UnknownExecutionError
from app.services.signals import NotSubscribedError
from tests.models import flow, flows, process

from .conftest import values

EVENTS = (
    '<message id="paid" name="paid"/><message id="go" name="go"/><signal id="alarm" name="alarm"/>'
)


def with_events(content, key):
    return process(content, key).replace(f'<process id="{key}"', f'{EVENTS}<process id="{key}"')


WAITING = with_events(
    '<startEvent id="s"/><receiveTask id="wait" messageRef="paid"/><userTask id="after"/>'
    '<endEvent id="e"/>' + flows("s", "wait", "after", "e"),
    "waiting",
)
STARTED = with_events(
    '<startEvent id="m"><messageEventDefinition messageRef="go"/></startEvent>'
    '<userTask id="after"/>' + flows("m", "after"),
    "started",
)
ALARMED = with_events(
    '<startEvent id="s"/><intermediateCatchEvent id="wait"><signalEventDefinition '
    'signalRef="alarm"/></intermediateCatchEvent><userTask id="after"/>'
    + flows("s", "wait", "after"),
    "alarmed",
)
HOT = process(
    '<startEvent id="s"/><startEvent id="hot"><conditionalEventDefinition><condition '
    'xsi:type="tFormalExpression">${degrees &gt; 30}</condition></conditionalEventDefinition>'
    '</startEvent><userTask id="cool"/>' + flows("s", "cool") + flow("hot", "cool"),
    "warm",
)


@pytest.fixture(scope="module")
def hearing(engine):
    """The engine with processes that hear messages, signals and conditions."""
    engine.deploy(WAITING, STARTED, ALARMED, HOT)
    return engine


def correlate(engine, name="paid", **options):
    arguments = {
        "business_key": None,
        "correlation_keys": {},
        "local_correlation_keys": {},
        "process_variables": {},
        "process_variables_local": {},
        "process_variables_to_triggered_scope": {},
        "process_instance_id": None,
        "tenant_id": None,
        "without_tenant_id": False,
        "all": False,
        "result_enabled": True,
        "variables_in_result_enabled": False,
        **options,
    }
    return messages.correlate(engine.store, message_name=name, **arguments)


def stands_at(engine, instance):
    """The activity that an instance waits at."""
    found = engine.find("task", process_instance_id=instance)
    return found[0]["task_definition_key"] if found else None


# -- messages --------------------------------------------------------------------------------------


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


# -- signals ---------------------------------------------------------------------------------------


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
    throw(hearing, "unheard")


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


# -- conditions ------------------------------------------------------------------------------------


def evaluate(engine, **options):
    arguments = {
        "variables": values(degrees=31),
        "business_key": None,
        "tenant_id": None,
        "without_tenant_id": False,
        "process_definition_id": None,
        **options,
    }
    return conditions.evaluate(engine.store, **arguments)


@pytest.mark.parametrize(
    ("given", "is_started"),
    [({"degrees": 31}, True), ({"degrees": 30}, False), ({"other": 31}, False), ({}, False)],
)
def test_a_condition_that_holds_starts_an_instance(hearing, given, is_started):
    found = evaluate(hearing, variables=values(**given), business_key="k")

    assert [view["definition_key"] for view in found] == (["warm"] if is_started else [])
    for view in found:
        assert view["business_key"] == "k"
        assert stands_at(hearing, view["id"]) == "cool"


def test_one_definition_may_be_meant(hearing):
    definition = lists.definition(hearing.store, "warm", None)["id"]
    other = lists.definition(hearing.store, "waiting", None)["id"]

    assert len(evaluate(hearing, process_definition_id=definition)) == 1
    with pytest.raises(
        NoConditionalStartError, match=rf"^ENGINE-13042 .*'{other}' does not declare"
    ):
        evaluate(hearing, process_definition_id=other)
    with pytest.raises(NotFoundError) as caught:
        evaluate(hearing, process_definition_id="x")
    assert str(caught.value) == (
        "no deployed process definition found with id 'x': processDefinition is null"
    )


def test_a_suspended_definition_is_passed_over(make_engine):
    engine = make_engine()
    engine.deploy(HOT)
    definition = lists.definition(engine.store, "warm", None)["id"]
    suspension.set_definitions(
        engine.store,
        suspended=True,
        include_process_instances=False,
        process_definition_id=definition,
    )

    assert evaluate(engine, process_definition_id=definition) == []


def test_conditions_are_of_one_tenant_or_of_none(hearing):
    with pytest.raises(InvalidRequestError) as caught:
        evaluate(hearing, tenant_id="north", without_tenant_id=True)

    assert str(caught.value) == (
        "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'."
    )


# -- one execution ---------------------------------------------------------------------------------


def signal(engine, execution_id, **given):
    executions.signal(engine.store, execution_id, variables=values(**given))


def trigger(engine, execution_id, name="paid", **given):
    executions.trigger_message(engine.store, execution_id, name, variables=values(**given))


def waits_in(engine, instance):
    """The execution that waits for a message in an instance."""
    (found,) = engine.find("event_subscription", process_instance_id=instance)
    return found["execution_id"]


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
