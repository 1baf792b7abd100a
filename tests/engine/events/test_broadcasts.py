"""Signals and conditions: who hears what, in which order, with which variables (semantics 2.9)."""

import pytest

from app.engine import state
from app.engine.events import conditions, signals
from app.engine.jobs import jobs
from app.engine.jobs.jobs import EVENT
from app.errors import EngineError, SuspendedEntityInteractionError
from tests.engine.commands import (
    at,
    broadcast,
    complete,
    job_log,
    local,
    only_job,
    set_variables,
    subscriptions,
    suspend,
    typed,
    variables_of,
)
from tests.engine.elements import (
    boundary,
    call,
    catch,
    computed,
    condition,
    end,
    event_subprocess,
    gateway,
    model,
    parameters,
    sequence,
    signal,
    start,
    subprocess,
    task,
    throw,
    user,
)
from tests.models import flow


def deploy(engine, *contents, key="p"):
    return engine.deploy(model(*contents, key=key))


def hearing(engine, key="hears"):
    return deploy(engine, sequence(start(), catch("c", signal("ring")), task("heard")), key=key)


# -- signals ----------------------------------------------------------------------------------


def test_all_who_wait_for_a_signal_hear_it(engine):
    graph = hearing(engine)
    for _ in range(3):
        engine.start(graph)

    broadcast(engine, "ring")

    assert at(engine) == ["heard"] * 3
    assert subscriptions(engine) == []


@pytest.mark.parametrize("name", ["rin", "ring ", "RING", ""])
def test_a_signal_has_exactly_its_name(engine, name):
    engine.start(hearing(engine))

    broadcast(engine, name)

    assert at(engine) == ["c"]


def test_the_variables_of_a_signal_go_to_each_who_hears_it(engine):
    graph = hearing(engine)
    instances = [engine.start(graph, n=number) for number in range(2)]

    broadcast(engine, "ring", n=7, who="me")

    assert [variables_of(engine, i) for i in instances] == [{"n": 7, "who": "me"}] * 2


def test_the_name_of_a_signal_may_be_computed_on_entry(engine):
    contents = sequence(start(), catch("c", signal("computed")), task("heard"))
    xml = model(contents).replace('name="computed"', 'name="ring-${n}"')
    instance = engine.start(engine.deploy(xml), n=1)

    set_variables(engine, instance, n=2)
    assert subscriptions(engine) == [("signal", "ring-1", "c")]
    broadcast(engine, "ring-1")

    assert at(engine) == ["heard"]


def test_a_thrown_signal_reaches_others_before_its_sender_goes_on(engine):
    waiting = hearing(engine)
    engine.start(waiting)
    engine.start(deploy(engine, sequence(start(), throw("t", signal("ring")), task("next"))))

    visits = [v.split(" ")[0] for v in engine.visits()]

    assert visits.index("heard") < visits.index("next")


def test_a_signal_end_event_tells_others_and_ends(engine):
    waiting = engine.start(hearing(engine))
    sender = engine.start(deploy(engine, sequence(start(), end("e", signal("ring")))))

    assert engine.instances() == {waiting: "ACTIVE", sender: "COMPLETED"}
    assert at(engine) == ["heard"]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        pytest.param('<camunda:in source="a" target="x"/>', {"x": 1}, id="source"),
        pytest.param('<camunda:in sourceExpression="${a + b}" target="x"/>', {"x": 3}, id="value"),
        pytest.param('<camunda:in variables="all"/>', {"a": 1, "b": 2}, id="all"),
        pytest.param("", {}, id="nothing by itself"),
    ],
)
def test_a_thrown_signal_takes_along_what_is_mapped(engine, mapping, expected):
    instance = engine.start(hearing(engine))
    thrower = throw("t", signal("ring", mapping))

    engine.start(deploy(engine, sequence(start(), thrower, end())), a=1, b=2)

    assert variables_of(engine, instance) == expected


def test_a_receiver_that_ends_another_one_keeps_it_from_hearing(engine):
    # the event sub-process interrupts the scope in which the second one waits
    inner = sequence(start("i"), catch("c", signal("ring")), task("heard"))
    aside = event_subprocess("aside", signal("ring"), task("instead"))
    engine.start(deploy(engine, sequence(start(), subprocess("sub", inner + aside), end())))

    broadcast(engine, "ring")

    assert at(engine) == ["instead"]  # the scope has subscribed before what is inside of it
    assert "c (canceled)" in engine.visits()


def test_an_event_at_the_border_that_does_not_interrupt_hears_each_signal(engine):
    beside = boundary("b", "a", signal("ring"), interrupts=False) + task("x") + flow("b", "x")
    engine.start(deploy(engine, sequence(start(), user("a"), end()), beside))

    for _ in range(3):
        broadcast(engine, "ring")

    assert at(engine) == ["a", "x", "x", "x"]


def of_definition(engine, graph, **fields):
    """The subscription by which a signal starts instances of a process."""
    start_event = next(a for a in graph.process.activities if a.node.is_start_event)
    subscription = state.EventSubscription(
        id=engine.next_id(),
        event_type="signal",
        created_date=engine.now,
        event_name="ring",
        activity_id=start_event.id,
        configuration=graph.definition.id,
        **fields,
    )
    engine.rows[state.EventSubscription][subscription.id] = subscription


@pytest.mark.parametrize(("is_suspended", "tasks"), [(False, ["a"]), (True, [])])
def test_a_signal_starts_instances_of_definitions_that_are_not_suspended(
    engine, is_suspended, tasks
):
    graph = deploy(engine, sequence(start("s", signal("ring")), task("a")))
    graph.definition.is_suspended = is_suspended
    of_definition(engine, graph)

    broadcast(engine, "ring", n=1)

    assert at(engine) == tasks
    assert engine.variables() == ({"n": 1} if tasks else {})


@pytest.mark.parametrize(
    ("sender", "heard_by"),
    [
        pytest.param("one", ["one"], id="its own tenant"),
        pytest.param("two", [], id="another tenant"),
        pytest.param(None, [None], id="without a tenant: those without one"),
    ],
)
def test_a_signal_of_a_model_stays_within_its_tenant(engine, sender, heard_by):
    graph = hearing(engine)
    for tenant in ("one", None):
        engine.start(graph)
        for kind in (state.Execution, state.EventSubscription):
            newest = max(engine.rows[kind].values(), key=lambda r: r.id)
            newest.tenant_id = tenant
    tenants = {s.execution_id: s.tenant_id for s in engine.rows[state.EventSubscription].values()}

    def notify(run, host):
        signals.broadcast(run, "ring", sender, {}, only_tenant=True)
        run.perform()

    engine.command(notify)

    left = {s.execution_id for s in engine.rows[state.EventSubscription].values()}
    assert [tenants[e] for e in tenants if e not in left] == heard_by


# -- asynchronous signals ----------------------------------------------------------------------


def tell_asynchronously(engine):
    thrower = throw("t", signal("ring", camunda_async="true"))
    engine.start(deploy(engine, sequence(start(), thrower, end())))


def test_an_asynchronous_signal_is_a_job_for_each_receiver(engine):
    engine.start(hearing(engine))
    engine.start(hearing(engine))

    tell_asynchronously(engine)

    assert at(engine) == ["c", "c"]
    found = sorted(engine.rows[state.Job].values(), key=lambda j: j.id)
    assert [job.kind for job in found] == [EVENT, EVENT]
    hear(engine, found[0])
    assert at(engine) == ["c", "heard"]
    hear(engine, found[1])
    assert at(engine) == ["heard", "heard"]
    assert job_log(engine) == ["created", "created", "successful", "successful"]


def hear(engine, job):
    def do(run, host):
        subscription = host.load(state.EventSubscription, job.configuration)
        signals.execute_job(run, host.load(state.Job, job.id), subscription)

    engine.command(do)


def test_a_receiver_that_has_gone_on_meanwhile_hears_nothing(engine):
    engine.start(hearing(engine))
    tell_asynchronously(engine)

    broadcast(engine, "ring")

    assert not engine.rows[state.Job]  # it went with its scope
    assert at(engine) == ["heard"]
    assert job_log(engine) == ["created", "deleted"]


def test_a_receiver_that_is_suspended_hears_it_later(engine):
    engine.start(hearing(engine))
    tell_asynchronously(engine)
    suspend(engine)

    with pytest.raises(SuspendedEntityInteractionError, match="is suspended"):
        hear(engine, only_job(engine))

    assert at(engine) == ["c"]
    assert only_job(engine).retries == jobs.DEFAULT_RETRIES


# -- conditions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "changes", "happens"),
    [
        pytest.param({}, {"n": 5}, True, id="any variable"),
        pytest.param({"camunda_variableName": "n"}, {"n": 5}, True, id="its variable"),
        pytest.param({"camunda_variableName": "m"}, {"n": 5}, False, id="another variable"),
        pytest.param({"camunda_variableEvents": "update"}, {"n": 5}, True, id="its event"),
        pytest.param({"camunda_variableEvents": "create"}, {"n": 5}, False, id="another event"),
        pytest.param(
            {"camunda_variableName": "n", "camunda_variableEvents": "create, update"},
            {"n": 5},
            True,
            id="one of several events",
        ),
        pytest.param({}, {"n": 1}, False, id="it does not hold"),
        pytest.param({}, {"m": 1}, False, id="whatever else changes"),
    ],
)
def test_a_condition_is_looked_at_when_what_it_names_changes(engine, definition, changes, happens):
    waiting = catch("c", condition("${n == 5}", **definition))
    instance = engine.start(deploy(engine, sequence(start(), waiting, task("then"))), n=0)

    set_variables(engine, instance, **changes)

    assert at(engine) == (["then"] if happens else ["c"])


def test_a_condition_that_holds_already_is_passed(engine):
    engine.start(
        deploy(engine, sequence(start(), catch("c", condition("${n == 5}")), task("then"))), n=5
    )

    assert at(engine) == ["then"]
    assert subscriptions(engine) == []


@pytest.mark.parametrize(
    ("where", "happens"),
    [
        pytest.param("inner", True, id="in its own scope"),
        pytest.param("outer", True, id="in a scope around"),
        pytest.param("other", False, id="in a scope beside"),
    ],
)
def test_a_condition_sees_changes_of_its_own_scope_and_of_those_around(engine, where, happens):
    inner = subprocess(
        "inner",
        parameters({"v": "0"}) if where == "inner" else "",
        sequence(start("ii"), user("x")),
        boundary("b", "x", condition("${v == 1}")),
        task("then"),
        flow("b", "then"),
    )
    outer = subprocess("outer", parameters({"v": "0"}), sequence(start("oi"), inner))
    contents = (
        sequence(start(), gateway("parallel", "fork"), outer)
        + subprocess("other", parameters({"v": "0"}), sequence(start("xi"), user("y")))
        + flow("fork", "other")
    )
    engine.start(deploy(engine, contents))
    (scope,) = (e for e in engine.rows[state.Execution].values() if e.scope_activity_id == where)

    def change(run, host):
        run.variables.set_local(host.execution(scope.id), "v", typed({"v": 1})["v"])
        run.notify_changes()
        run.perform()

    engine.command(change)

    assert ("then" in at(engine)) is happens


def test_a_condition_at_the_border_that_does_not_interrupt_happens_with_each_change(engine):
    beside = boundary("b", "a", condition("${n > 0}"), interrupts=False) + task("x")
    instance = engine.start(
        deploy(engine, sequence(start(), user("a"), end()), beside, flow("b", "x")), n=0
    )

    for number in (1, 0, 2, 2):
        set_variables(engine, instance, n=number)

    assert at(engine) == ["a", "x", "x", "x"]


def test_what_a_task_sets_may_interrupt_what_follows_in_another_branch(engine):
    contents = (
        sequence(start(), gateway("parallel", "fork"), computed("set", "${1}", "n"), end("se"))
        + user("a")
        + flow("fork", "a")
        + event_subprocess("aside", condition("${n == 1}"), task("handle"))
    )

    engine.start(deploy(engine, contents), n=0)

    assert at(engine) == ["handle"]


def test_several_conditions_that_hold_by_one_change_all_happen(engine):
    events = "".join(
        boundary(f"b{n}", "a", condition(f"${{n > {n}}}"), interrupts=False)
        + task(f"x{n}")
        + flow(f"b{n}", f"x{n}")
        for n in range(3)
    )
    instance = engine.start(deploy(engine, sequence(start(), user("a"), end()), events), n=0)

    set_variables(engine, instance, n=2)

    assert at(engine) == ["a", "x0", "x1"]


def test_a_condition_does_not_see_variables_of_a_called_instance(engine):
    deploy(engine, sequence(start("cs"), user("work")), key="called")
    event = boundary("b", "call", condition("${n == 1}"))
    engine.start(deploy(engine, sequence(start(), call("call", "called"), end()), event))

    complete(engine, "work", n=1)

    assert engine.visits()[-1] == "e"
    assert "b" not in engine.visits()


@pytest.mark.parametrize(
    ("text", "variables", "starts"),
    [
        pytest.param("${n > 1}", {"n": 2}, True, id="holds"),
        pytest.param("${n > 1}", {"n": 1}, False, id="does not"),
        pytest.param("${n > 1}", {}, False, id="unknown"),
        pytest.param("${true}", {}, True, id="always"),
    ],
)
def test_a_condition_starts_instances_of_a_process(engine, text, variables, starts):
    graph = deploy(engine, sequence(start("s", condition(text)), task("a")))

    found = engine.command(lambda run, _: conditions.starts(run, graph, typed(variables)))

    assert [a.id for a in found] == (["s"] if starts else [])


@pytest.mark.parametrize("named", [True, False])
def test_a_condition_that_names_a_variable_starts_only_with_it(engine, named):
    definition = condition("${n == 1}", camunda_variableName="m")
    graph = deploy(engine, sequence(start("s", definition), task("a")))
    variables = typed({"n": 1, "m": 2} if named else {"n": 1})

    found = engine.command(lambda run, _: conditions.starts(run, graph, variables))

    assert bool(found) is named


def test_a_condition_of_a_start_event_must_be_a_boolean(engine):
    graph = deploy(engine, sequence(start("s", condition("${n}")), task("a")))

    with pytest.raises(EngineError, match="returns non-Boolean"):
        engine.command(lambda run, _: conditions.starts(run, graph, typed({"n": 1})))


def test_outputs_that_make_a_condition_hold_take_the_token_away_before_the_next_activity(engine):
    mapped = parameters(outputs={"n": "${1}"})
    contents = sequence(start(), task("a", inner=mapped), task("next"))
    contents += event_subprocess("aside", condition("${n == 1}"), task("handle"))
    engine.start(deploy(engine, contents), n=0)

    complete(engine, "a")

    assert at(engine) == ["handle"]
    assert "next" not in [v.split(" ")[0] for v in engine.visits()]
    assert local(engine, "handle") == {}
