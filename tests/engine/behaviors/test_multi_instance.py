"""How often an activity is done, and what ends the repetition."""

import pytest

from app.engine.modification import beginning
from app.engine.modification.instructions import BEFORE, Start
from app.engine.state import Job, Variable
from app.errors import EngineError
from tests.models import flows, process, task


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
