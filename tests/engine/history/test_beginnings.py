"""Which variables the history tells of as those of the start (semantics 10)."""

import pytest

from app.engine.history.history_records import NOWHERE, HistoricVariableInstance
from app.engine.modification import beginning
from app.engine.modification.instructions import BEFORE, TRANSITION, Start
from tests.engine.commands import deploy, told, typed
from tests.engine.elements import call, element, extensions, listener, sequence, user
from tests.models import flows


def setting(event, name):
    return listener(event, f"${{execution.setVariable('{name}', 1)}}")


def initial(engine):
    return sorted(v.name for v in told(engine, HistoricVariableInstance) if v.is_initial)


def test_a_called_instance_begins_with_what_it_has_been_given(engine):
    begin = element("startEvent", "s", extensions(setting("start", "b"), setting("end", "c")))
    inside = user("u", extensions(setting("start", "d")))
    deploy(engine, sequence(begin, inside), key="called")
    caller = element("startEvent", "s") + call("c", "called", 'in variables="all"')

    engine.start(deploy(engine, caller + flows("s", "c")), a=1)

    assert initial(engine) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [
        ([Start(BEFORE, "u")], ["a", "local", "there"]),
        ([Start(TRANSITION, "s_u")], ["a", "local", "there"]),
        ([Start(BEFORE, "v"), Start(BEFORE, "u")], ["a"]),
    ],
)
def test_an_instance_begins_by_a_single_instruction(engine, instructions, expected):
    given = '<camunda:inputOutput><camunda:inputParameter name="local">1</camunda:inputParameter>'
    inner = extensions(setting("start", "there"), f"{given}</camunda:inputOutput>")
    contents = element("startEvent", "s"), user("u", inner), user("v"), flows("s", "u", "v")
    graph = deploy(engine, *contents)

    engine.command(lambda run, _: beginning.start_at(run, graph, typed({"a": 1}), instructions))

    assert initial(engine) == expected


@pytest.mark.parametrize(
    ("instruction", "is_placed"),
    [((BEFORE, "a"), True), ((TRANSITION, "in_a"), True), ((BEFORE, "sub"), False)],
)
def test_what_the_one_instruction_sets_in_a_scope_is_set_by_the_instance(
    engine, instruction, is_placed
):
    inner = element("startEvent", "in") + user("a") + flows("in", "a")
    contents = element("startEvent", "s"), element("subProcess", "sub", inner), flows("s", "sub")
    graph = deploy(engine, *contents)
    given = Start(*instruction, variables=typed({"n": 1}), local_variables=typed({"l": 2}))

    instance = engine.command(lambda run, _: beginning.start_at(run, graph, {}, [given]))

    place = instance.id if is_placed else NOWHERE
    found = {v.name: v.detail_activity_instance_id for v in told(engine, HistoricVariableInstance)}
    assert found == {"n": place, "l": place}
