"""Multi-instance characteristics.

Source: Camunda 7 `BpmnParse.parseMultiInstanceLoopCharacteristics`.
"""

import pytest

from app.errors import ParseError

from .elements import element, extension


def looped(*contents, extensions="", activity="task", outer=None, **attributes):
    loop = element(
        "multiInstanceLoopCharacteristics", None, *contents, extensions=extensions, **attributes
    )
    return element(activity, "t", loop, **(outer or {}))


def count(text):
    return element("loopCardinality", None, text)


@pytest.fixture
def read_loop(read_process):
    """The loop of a task."""
    return lambda *args, **options: read_process(looped(*args, **options)).nodes["t"].loop


@pytest.mark.parametrize(
    ("value", "is_sequential"),
    [
        ("true", True),
        ("1", True),
        (" true ", True),
        ("false", False),
        ("0", False),
        ("TRUE", False),
    ],
)
def test_a_loop_is_sequential_by_either_word_of_the_schema(read_loop, value, is_sequential):
    assert read_loop(count("2"), isSequential=value).is_sequential is is_sequential


def test_a_loop_is_parallel_where_nothing_is_said(read_loop):
    assert not read_loop(count("2")).is_sequential


@pytest.mark.parametrize(
    ("contents", "attributes", "expression", "variable"),
    [
        pytest.param([], {"camunda_collection": "items"}, None, "items", id="a variable"),
        pytest.param([], {"camunda_collection": "${items}"}, "${items}", None, id="an expression"),
        pytest.param([], {"camunda_collection": "a${b}"}, "a${b}", None, id="a text around"),
        pytest.param(
            [element("loopDataInputRef", None, " items ")], {}, None, "items", id="BPMN's own way"
        ),
        pytest.param(
            [element("loopDataInputRef", None, "${items}")], {}, "${items}", None, id="with one"
        ),
        pytest.param(
            [element("loopDataInputRef", None, "own")],
            {"camunda_collection": "other"},
            None,
            "own",
            id="BPMN's own way first",
        ),
        pytest.param([], {"operaton_collection": "items"}, None, "items", id="another namespace"),
    ],
)
def test_a_collection_is_a_variable_or_an_expression(
    read_loop, contents, attributes, expression, variable
):
    found = read_loop(*contents, **attributes)

    assert (found.collection and found.collection.text) == expression
    assert found.collection_variable == variable


@pytest.mark.parametrize(
    ("contents", "attributes", "variable"),
    [
        pytest.param([], {"camunda_elementVariable": "each"}, "each", id="an attribute"),
        pytest.param([element("inputDataItem", None, name="each")], {}, "each", id="a data item"),
        pytest.param(
            [element("inputDataItem", None, name="own")],
            {"camunda_elementVariable": "other"},
            "own",
            id="the data item first",
        ),
        pytest.param(
            [element("inputDataItem", None)],
            {"camunda_elementVariable": "each"},
            "each",
            id="a data item without a name",
        ),
        pytest.param([], {}, None, id="none"),
    ],
)
def test_an_element_may_have_a_variable(read_loop, contents, attributes, variable):
    found = read_loop(*contents, camunda_collection="items", **attributes)

    assert found.element_variable == variable


def test_a_loop_may_have_a_cardinality_and_a_collection(read_loop):
    found = read_loop(count("${n}"), camunda_collection="items")

    assert (found.cardinality.text, found.collection_variable) == ("${n}", "items")


def test_a_loop_may_end_early(read_loop):
    ended = element(
        "completionCondition", None, " ${nrOfCompletedInstances > 1} ".replace(">", "&gt;")
    )

    assert read_loop(count("3"), ended).completion_condition.text == "${nrOfCompletedInstances > 1}"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, (False, False, True)),
        ({"camunda_asyncBefore": "true"}, (True, False, True)),
        ({"camunda_async": "true"}, (True, False, True)),
        ({"camunda_asyncAfter": "true"}, (False, True, True)),
        ({"camunda_exclusive": "false"}, (False, False, False)),
    ],
)
def test_each_instance_may_have_jobs(read_loop, attributes, expected):
    found = read_loop(count("2"), **attributes)

    assert (found.async_before, found.async_after, found.is_exclusive) == expected


def test_the_jobs_of_instances_are_not_those_of_the_body(read_process):
    node = read_process(
        looped(count("2"), camunda_asyncBefore="true", outer={"camunda_asyncAfter": "true"})
    ).nodes["t"]

    assert (node.async_before, node.async_after) == (False, True)
    assert (node.loop.async_before, node.loop.async_after) == (True, False)


def test_the_instances_have_a_retry_cycle_of_their_own(read_loop):
    cycle = extension("failedJobRetryTimeCycle", "R5/PT1M")

    assert read_loop(count("2"), extensions=cycle).job_retry_cycle.text == "R5/PT1M"


@pytest.mark.parametrize(
    ("contents", "attributes", "problem"),
    [
        pytest.param(
            [],
            {},
            "Either loopCardinality or loopDataInputRef/activiti:collection must be set",
            id="0",
        ),
        pytest.param(
            [count(" ")],
            {},
            "loopCardinality must be defined for a multiInstanceLoopCharacteristics definition ",
            id="an empty cardinality",
        ),
        pytest.param(
            [count("2"), element("inputDataItem", None, name="x")],
            {},
            "LoopDataInputRef/activiti:collection must be set when using inputDataItem or "
            "activiti:elementVariable",
            id="a variable for the elements of nothing",
        ),
    ],
)
@pytest.mark.parametrize("name", ["task", "userTask", "callActivity", "receiveTask"])
def test_a_loop_that_says_too_little_is_refused_at_its_body(
    read_file, name, contents, attributes, problem
):
    outer = {"calledElement": "c"} if name == "callActivity" else {}
    with pytest.raises(ParseError) as caught:
        read_file(looped(*contents, activity=name, outer=outer, **attributes))

    (found,) = caught.value.problems
    assert found.message == problem
    assert found.element_ids == ("t#multiInstanceBody",)


def test_a_loop_adds_its_variables_to_the_names(read_process):
    process = read_process(looped(count("${n}"), camunda_collection="${list}"))

    assert {"n", "list"} <= process.names


def test_a_handler_runs_once_whatever_its_loop_says(read_process):
    node = read_process(looped(count("3"), outer={"isForCompensation": "true"})).nodes["t"]

    assert node.loop is None
    assert node.has_idle_loop
