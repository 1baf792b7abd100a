"""The number of instances of a repeated activity, and what ends the repetition."""

import pytest

from app.engine import state
from app.engine.graph.graph import BODY
from app.engine.history.history_records import HistoricDetail
from app.engine.modification import beginning
from app.engine.modification.instructions import BEFORE, Start
from app.engine.state import Job, Variable
from app.errors import EngineError
from tests.engine.commands import (
    at,
    complete,
    local,
    set_variables,
    task_log,
    told,
)
from tests.engine.elements import (
    followed,
    loop,
    parameters,
    task,
)
from tests.models import flows, process


def repeated(loop, how="", **attributes):
    inner = f"<multiInstanceLoopCharacteristics {how}>{loop}</multiInstanceLoopCharacteristics>"
    return process(
        '<startEvent id="s"/>'
        + task("t", inner=inner, **attributes)
        + '<endEvent id="e"/>'
        + flows("s", "t", "e")
    )


def test_a_default_flow_of_a_multi_instance_activity_fails_with_its_first_instance(engine):
    graph = engine.deploy(repeated("<loopCardinality>2</loopCardinality>", default="t_e"))
    engine.start(graph)

    with pytest.raises(EngineError, match="ENGINE-02005 Default sequence flow 't_e' for element"):
        engine.complete(engine.tasks()[0])

    assert len(engine.tasks()) == 2


def test_a_multi_instance_activity_without_instances_takes_its_default_flow(engine):
    graph = engine.deploy(repeated("<loopCardinality>0</loopCardinality>", default="t_e"))

    engine.start(graph)

    assert engine.visits() == ["s", "t#multiInstanceBody", "e"]


def test_a_completion_condition_is_evaluated_with_the_last_instance_too(engine):
    condition = "<completionCondition>${1 + 1}</completionCondition>"
    graph = engine.deploy(repeated(f"<loopCardinality>1</loopCardinality>{condition}"))
    engine.start(graph)

    message = r"ENGINE-02028 Could not resolve .* '\$\{1 \+ 1\}' needs to evaluate to a boolean"
    with pytest.raises(EngineError, match=message):
        engine.complete(engine.tasks()[0])


@pytest.mark.parametrize(
    "overwritten",
    [{"nrOfCompletedInstances": 7}, {"nrOfActiveInstances": 0}, {"nrOfInstances": 1}],
)
def test_counters_that_a_worker_overwrites_leave_no_task_behind(engine, overwritten):
    graph = engine.deploy(repeated("<loopCardinality>3</loopCardinality>"))
    engine.start(graph)

    engine.complete(engine.tasks()[0], **overwritten)
    assert len(engine.tasks()) == 2

    engine.complete(engine.tasks()[0])
    engine.complete(engine.tasks()[0])
    assert engine.is_empty()


def test_a_map_is_no_collection_to_go_over(engine):
    inner = '<multiInstanceLoopCharacteristics camunda:collection="items"/>'
    graph = engine.deploy(
        process('<startEvent id="s"/>' + task("t", inner=inner) + flows("s", "t"))
    )

    with pytest.raises(EngineError, match="ENGINE-02025 Variable 'items' is not of the expected"):
        engine.start(graph, items={"a": 1})


def test_the_number_of_an_instance_is_at_no_activity_while_it_waits_for_a_job(engine):
    text = repeated("<loopCardinality>2</loopCardinality>", 'camunda:asyncBefore="true"')
    engine.start(engine.deploy(text))

    def numbers():
        found = [v for v in engine.rows[Variable].values() if v.name == "loopCounter"]
        return {v.long_value: v.activity_instance_id for v in found}

    assert numbers() == {0: None, 1: None}

    engine.execute(min(engine.rows[Job].values(), key=lambda job: job.id))

    assert sorted(map(bool, numbers().values())) == [False, True]


@pytest.mark.parametrize("is_sequential", ["true", "false"])
def test_the_counters_of_a_body_that_is_made_by_hand_are_in_its_history(engine, is_sequential):
    how = f'isSequential="{is_sequential}"'
    graph = engine.deploy(repeated("<loopCardinality>2</loopCardinality>", how))

    engine.command(lambda run, _: beginning.start_at(run, graph, {}, [Start(BEFORE, "t")]))

    count = next(r for r in engine.history.values() if getattr(r, "name", "") == "nrOfInstances")
    assert count.activity_instance_id.startswith("t#multiInstanceBody:")


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("over", ["items", "${items}", "${execution.getVariable('items')}"])
def test_each_item_of_a_collection_has_its_instance_and_number(engine, sequential, over):
    how = loop(over=over, element_variable="item", sequential=sequential)
    echo = parameters({"echo": "${item}-${loopCounter}"})
    graph = engine.deploy(followed(task("t", inner=echo + how)))
    engine.start(graph, items=["a", "b", "c"])
    seen = []

    while engine.tasks("t"):
        (found, *_) = engine.tasks("t")
        values = [
            v.text_value
            for v in engine.rows[state.Variable].values()
            if v.execution_id == found.execution_id and v.name == "echo"
        ]
        seen += values
        engine.complete(found)

    assert seen == ["a-0", "b-1", "c-2"]


@pytest.mark.parametrize(("sequential", "numbers"), [(False, [0, 1]), (True, [0])])
def test_an_element_variable_may_have_the_name_of_the_counter(engine, sequential, numbers):
    how = loop(over="items", element_variable="loopCounter", sequential=sequential)

    engine.start(engine.deploy(followed(task("t", inner=how))), items=[5, 7])

    counted = [d for d in told(engine, HistoricDetail) if d.variable_name == "loopCounter"]
    assert [d.long_value for d in counted] == numbers
    kept = [v for v in engine.rows[state.Variable].values() if v.name == "loopCounter"]
    assert sorted(v.long_value for v in kept) == [5, 7][: len(numbers)]


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(
    ("how", "variables"),
    [
        pytest.param({"count": 0}, {}, id="cardinality 0"),
        pytest.param({"over": "items"}, {"items": []}, id="empty collection"),
    ],
)
def test_a_body_without_instances_is_left_at_once(engine, how, variables, sequential):
    graph = engine.deploy(followed(task("t", inner=loop(sequential=sequential, **how))))

    engine.start(graph, **variables)

    assert at(engine) == ["after"]
    assert engine.visits() == ["s", f"t{BODY}", "after …"]


def test_a_parallel_body_reads_its_collection_once(engine):
    how = loop(over="items", element_variable="item")
    instance = engine.start(engine.deploy(followed(task("t", inner=how))), items=["a", "b"])

    set_variables(engine, instance, items=["x", "y", "z"])
    complete(engine, "t")
    complete(engine, "t")

    assert at(engine) == ["after"]


def test_a_sequential_body_reads_its_collection_in_each_round(engine):
    how = loop(over="items", element_variable="item", sequential=True)
    instance = engine.start(engine.deploy(followed(task("t", inner=how))), items=["a", "b"])
    assert local(engine, "t" + BODY)["item"] == "a"

    set_variables(engine, instance, items=["x", "y", "z"])
    complete(engine, "t")

    assert local(engine, "t" + BODY)["item"] == "y"
    complete(engine, "t")
    assert at(engine) == ["after"]  # it was counted when the body began


def test_a_sequential_body_whose_collection_has_shrunk_has_null_for_what_is_gone(engine):
    how = loop(over="items", element_variable="item", sequential=True)
    instance = engine.start(engine.deploy(followed(task("t", inner=how))), items=["a", "b"])

    set_variables(engine, instance, items=["x"])
    complete(engine, "t")

    assert local(engine, "t" + BODY)["item"] is None


@pytest.mark.parametrize(
    ("over", "value", "code"),
    [
        pytest.param("items", "text", "ENGINE-02025", id="variable with a text"),
        pytest.param("items", 5, "ENGINE-02025", id="variable with a number"),
        pytest.param("nothing", [1], "ENGINE-02025", id="variable that is not there"),
        pytest.param("${items}", "text", "ENGINE-02024", id="expression with a text"),
        pytest.param("${null}", [1], "ENGINE-02024", id="expression with null"),
    ],
)
def test_what_is_no_collection_is_refused(engine, over, value, code):
    graph = engine.deploy(followed(task("t", inner=loop(over=over))))

    with pytest.raises(EngineError, match=code):
        engine.start(graph, items=value)

    assert not engine.rows[state.Execution]


def test_a_completion_condition_cancels_the_parallel_instances_that_still_run(engine):
    how = loop(4, until="${nrOfCompletedInstances == 2}")
    engine.start(engine.deploy(followed(task("t", inner=how))))
    complete(engine, "t")

    complete(engine, "t")

    assert at(engine) == ["after"]
    assert task_log(engine, "t").count("successful") == 2
    assert task_log(engine, "t").count("deleted") == 2
    assert engine.visits().count("t (canceled)") == 2
    assert f"t{BODY}" in engine.visits()


def test_a_completion_condition_ends_a_sequential_body_early(engine):
    how = loop(4, sequential=True, until="${nrOfCompletedInstances/nrOfInstances >= 0.5}")
    engine.start(engine.deploy(followed(task("t", inner=how))))

    complete(engine, "t")
    assert at(engine) == ["t"]
    complete(engine, "t")

    assert at(engine) == ["after"]
    assert engine.visits().count("t") == 2


def test_a_parallel_completion_condition_reads_what_the_finished_instance_has(engine):
    how = loop(over="items", element_variable="item", until="${item == 'stop'}")
    engine.start(engine.deploy(followed(task("t", inner=how))), items=["go", "stop", "go"])

    complete(engine, "t")
    assert at(engine) == ["t", "t"]
    complete(engine, "t")

    assert at(engine) == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("text", ["${'true'}", "${1}", "${null}"])
def test_a_completion_condition_must_be_a_boolean(engine, sequential, text):
    graph = engine.deploy(followed(task("t", inner=loop(2, sequential=sequential, until=text))))
    engine.start(graph)

    with pytest.raises(EngineError, match="ENGINE-02028"):
        complete(engine, "t")

    assert "t …" in engine.visits()
