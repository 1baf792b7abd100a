"""How often an activity is done, and what ends the repetition."""

import pytest

from app.errors import EngineError
from tests.models import flows, process, task


def repeated(loop, **attributes):
    inner = f"<multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics>"
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
