"""The visibility of variables: scopes, the walk outwards, and their end (semantics 3)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import state
from app.engine.execution.variables import value_of
from app.engine.state.conversion import from_object
from app.engine.state.values import TypedValue
from app.errors import EngineError
from tests.engine.commands import complete, local, set_variables, variables_of
from tests.engine.elements import (
    computed,
    end,
    gateway,
    model,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    user,
)
from tests.engine.memory import MemoryEngine
from tests.models import flow

NESTED = model(
    sequence(
        start(),
        subprocess(
            "outer",
            parameters({"o": "outer", "both": "outer"}),
            sequence(
                start("os"),
                subprocess(
                    "inner",
                    parameters({"i": "inner", "both": "inner"}),
                    sequence(start("is"), task("a", inner=parameters({"t": "task"}))),
                ),
                user("between"),
            ),
        ),
        user("behind"),
    )
)


def in_task(engine, do):
    """Do something with the variables at the execution of the task ``a``; answers what it gives."""
    (found,) = engine.tasks("a")

    def command(run, host):
        return do(run.variables, host.execution(found.execution_id))

    return engine.command(command)


@pytest.fixture
def nested(engine):
    engine.instance = engine.start(engine.deploy(NESTED), p="process", both="process")
    return engine


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        pytest.param("t", "a", id="the task's own"),
        pytest.param("i", "inner", id="of the scope around"),
        pytest.param("o", "outer", id="of a scope further out"),
        pytest.param("both", "inner", id="the nearest of several"),
        pytest.param("p", None, id="of the instance"),
        pytest.param("new", None, id="a new one is the instance's"),
    ],
)
def test_a_value_goes_to_the_nearest_scope_that_has_the_name(nested, name, scope):
    in_task(nested, lambda v, e: v.set(e, name, TypedValue("String", "changed")))

    holders = [
        where for where in ("a", "inner", "outer") if local(nested, where).get(name) == "changed"
    ]
    if variables_of(nested, nested.instance).get(name) == "changed":
        holders.append(None)
    assert holders == [scope]


@pytest.mark.parametrize(
    ("name", "value"),
    [("t", "task"), ("i", "inner"), ("o", "outer"), ("both", "inner"), ("p", "process")],
)
def test_the_nearest_value_is_seen(nested, name, value):
    assert in_task(nested, lambda v, e: v.find(e, name)) == TypedValue("String", value)


def test_a_name_that_nobody_has_is_not_null_but_missing(nested):
    assert in_task(nested, lambda v, e: v.find(e, "nobody")) is None


def test_all_that_is_seen_is_each_name_once(nested):
    found = in_task(nested, lambda v, e: {n: t.value for n, t in v.visible(e).items()})

    assert found == {"t": "task", "i": "inner", "o": "outer", "p": "process", "both": "inner"}


def test_a_local_value_hides_and_does_not_touch_the_outer_one(nested):
    in_task(nested, lambda v, e: v.set_local(e, "both", TypedValue("String", "mine")))

    assert local(nested, "a")["both"] == "mine"
    assert local(nested, "inner")["both"] == "inner"
    assert variables_of(nested, nested.instance)["both"] == "process"


@pytest.mark.parametrize(
    ("names", "left"),
    [
        pytest.param(["both"], "outer", id="the nearest one"),
        pytest.param(["both", "both"], "process", id="the next one"),
        pytest.param(["both", "both", "both"], None, id="the last one"),
        pytest.param(["both", "nobody"], "outer", id="what is not there is no error"),
    ],
)
def test_a_value_is_removed_from_the_nearest_scope(nested, names, left):
    for name in names:
        in_task(nested, lambda v, e, name=name: v.remove_nearest(e, name))

    found = in_task(nested, lambda v, e: v.find(e, "both"))
    assert (None if found is None else found.value) == left


def test_variables_end_with_their_scope(nested):
    complete(nested, "a")
    assert {"i", "t"}.isdisjoint(nested.variables())
    assert "o" in nested.variables()

    complete(nested, "between")

    assert nested.variables() == {"p": "process", "both": "process"}


def test_nothing_of_an_instance_is_left_at_its_end(nested):
    for name in ("a", "between", "behind"):
        complete(nested, name)

    assert nested.is_empty()


@pytest.mark.parametrize(
    ("first", "second"),
    [("text", 5), (5, "text"), (True, [1, 2]), ([1], None), (None, "text"), (1.5, True)],
)
def test_a_variable_may_change_its_type(engine, first, second):
    instance = engine.start(engine.deploy(model(sequence(start(), user("a")))), v=first)
    (before,) = engine.rows[state.Variable].values()

    set_variables(engine, instance, v=second)

    (after,) = engine.rows[state.Variable].values()
    assert after.id == before.id
    assert engine.variables() == {"v": second}
    assert value_of(after).type == from_object(second).type or isinstance(second, int)


def test_a_revision_counts_transactions_and_not_changes(engine):
    instance = engine.start(engine.deploy(model(sequence(start(), user("a")))), v=1)

    def revision():
        (found,) = engine.rows[state.Variable].values()
        return found.revision

    assert revision() == 0
    set_variables(engine, instance, v=1)
    assert revision() == 1  # an equal value is a change, too (semantics 3.2)

    def twice(run, host):
        for number in (2, 3):
            run.variables.set(host.execution(instance), "v", TypedValue("Integer", number))

    engine.command(twice)
    assert revision() == 2
    assert engine.variables() == {"v": 3}


# -- transient values -------------------------------------------------------------------------


def transient(value="now"):
    return TypedValue("String", value, is_transient=True)


def test_a_transient_value_is_seen_in_its_transaction_and_never_stored(nested):
    def do(variables, execution):
        variables.set(execution, "brief", transient())
        return variables.find(execution, "brief").value

    assert in_task(nested, do) == "now"
    assert in_task(nested, lambda v, e: v.find(e, "brief")) is None
    assert "brief" not in nested.variables()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(transient(), TypedValue("String", "kept"), id="stored after transient"),
        pytest.param(TypedValue("String", "kept"), transient(), id="transient after stored"),
    ],
)
def test_a_name_is_not_stored_and_transient_at_once(nested, first, second):
    def do(variables, execution):
        variables.set(execution, "n", first)
        variables.set(execution, "n", second)

    with pytest.raises(EngineError, match="ENGINE-17006 Cannot set transient variable with name n"):
        in_task(nested, do)

    assert "n" not in nested.variables()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        pytest.param(TypedValue("Number", 5), "abstract type number", id="number"),
        pytest.param(
            TypedValue("Object", "[]", {"objectTypeName": "X"}),
            "Cannot find serializer for value .*objectTypeName=X",
            id="object without format",
        ),
        pytest.param(
            TypedValue("Object", "[]", {"serializationDataFormat": "application/json"}),
            "no 'objectTypeName' provided",
            id="object without class",
        ),
        pytest.param(
            TypedValue(
                "Object",
                "rO0",
                {
                    "serializationDataFormat": "application/x-java-serialized-object",
                    "objectTypeName": "X",
                },
            ),
            "ENGINE-17007 .* Java serialization format is prohibited",
            id="Java's own format",
        ),
    ],
)
def test_what_nobody_could_read_is_not_stored(nested, typed, message):
    with pytest.raises(EngineError, match=message):
        in_task(nested, lambda v, e: v.set(e, "n", typed))

    assert "n" not in nested.variables()


# -- forks and joins --------------------------------------------------------------------------


def forked(engine):
    contents = sequence(start(), gateway("parallel", "fork"), user("a"), end("ea")) + sequence(
        user("b"), end("eb")
    )
    return engine.start(engine.deploy(model(contents, flow("fork", "b"))))


def set_at(engine, activity_id, name, value):
    (at_it,) = (e for e in engine.rows[state.Execution].values() if e.activity_id == activity_id)
    engine.command(
        lambda run, host: run.variables.set_local(
            host.execution(at_it.id), name, TypedValue("String", value)
        )
    )


def test_each_token_has_variables_of_its_own(engine):
    forked(engine)
    set_at(engine, "a", "n", "of a")
    set_at(engine, "b", "n", "of b")

    assert (local(engine, "a"), local(engine, "b")) == ({"n": "of a"}, {"n": "of b"})


def test_the_last_token_takes_its_variables_along_into_the_scope(engine):
    instance = forked(engine)
    set_variables(engine, instance, n="of the instance", kept="k")
    set_at(engine, "a", "n", "of a")
    set_at(engine, "b", "n", "of b")

    complete(engine, "a")

    # the same name overwrites what the scope has (semantics 2.2)
    assert variables_of(engine, instance) == {"n": "of b", "kept": "k"}
    assert len([v for v in engine.rows[state.Variable].values() if v.name == "n"]) == 1


def test_values_that_expressions_set_on_several_tokens_go_to_the_instance(engine):
    contents = (
        sequence(start(), gateway("parallel", "fork"), computed("x", "${1}", "left"))
        + computed("y", "${2}", "right")
        + flow("fork", "y")
        + sequence(gateway("parallel", "join"), user("after"))
        + flow("x", "join")
        + flow("y", "join")
    )
    instance = engine.start(engine.deploy(model(contents)))

    assert variables_of(engine, instance) == {"left": 1, "right": 2}


# -- a law ------------------------------------------------------------------------------------

scopes = st.sampled_from(["a", "inner", "outer", "process"])
steps = st.lists(
    st.tuples(
        st.sampled_from(["set", "set_local", "remove", "remove_local"]),
        scopes,
        st.sampled_from("xyz"),
        st.integers(0, 9),
    ),
    max_size=14,
)
OUTWARDS = ["a", "inner", "outer", "process"]


def expected_after(done):
    """The variables of the scopes, worked out from the rule of the walk outwards."""
    held = {scope: {} for scope in OUTWARDS}
    for action, scope, name, value in done:
        chain = OUTWARDS[OUTWARDS.index(scope) :]
        nearest = next((s for s in chain if name in held[s]), None)
        if action == "set":
            held[nearest or "process"][name] = value
        elif action == "set_local":
            held[scope][name] = value
        elif action == "remove" and nearest is not None:
            del held[nearest][name]
        elif action == "remove_local":
            held[scope].pop(name, None)
    return held


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, min_size=1, max_size=3))
def test_scopes_hold_what_the_walk_outwards_says_whatever_was_done(transactions):
    engine = MemoryEngine()
    plain = NESTED.replace("camunda:inputParameter", "camunda:ignored")
    instance = engine.start(engine.deploy(plain))
    rows = engine.rows[state.Execution].values()
    ids = {e.scope_activity_id: e.id for e in rows} | {"process": instance}

    for actions in transactions:

        def do(run, host, actions=actions):
            variables = run.variables
            for action, scope, name, value in actions:
                execution = host.execution(ids[scope])
                if action.startswith("set"):
                    getattr(variables, action)(execution, name, TypedValue("Long", value))
                elif action == "remove":
                    variables.remove_nearest(execution, name)
                else:
                    variables.remove(execution, name)

        engine.command(do)

    held = expected_after([step for actions in transactions for step in actions])
    found = {scope: {} for scope in OUTWARDS}
    for variable in engine.rows[state.Variable].values():
        (scope,) = (s for s in OUTWARDS if ids[s] == variable.execution_id)
        assert variable.name not in found[scope]
        found[scope][variable.name] = variable.long_value
    assert found == held
