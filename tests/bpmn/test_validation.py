"""Rules that a process must keep as a whole: starts, gateways, default flows, asynchrony.

Source: Camunda 7 `BpmnParse.validateActivities`, `selectInitial`, `validateExclusiveGateway`.
"""

import pytest

from .elements import (
    definition,
    element,
    event_subprocess,
    extension,
    flow,
    guard,
    start,
    subprocess,
    timer,
)

MESSAGE = definition("message", messageRef="m")
OTHER = definition("message", messageRef="n")
SIGNAL = definition("signal", signalRef="s")
TIMER = timer("duration", "PT1H")
BESIDE = (
    element("message", "m", name="go")
    + element("message", "n", name="stop")
    + element("signal", "s", name="alert")
)
SECOND_PLAIN = (
    "multiple none start events or timer start events not supported on process definition"
)


@pytest.mark.parametrize(
    ("starts", "initial"),
    [
        pytest.param([("a",)], "a", id="a plain one"),
        pytest.param([("a", TIMER)], "a", id="a timer"),
        pytest.param([("a", MESSAGE)], "a", id="the only one, with a message"),
        pytest.param([("a", SIGNAL)], "a", id="the only one, with a signal"),
        pytest.param([("a", MESSAGE), ("b",)], "b", id="a plain one behind a message"),
        pytest.param([("a",), ("b", MESSAGE)], "a", id="a plain one before a message"),
        pytest.param([("a", SIGNAL), ("b", TIMER)], "b", id="a timer behind a signal"),
        pytest.param([("a", MESSAGE), ("b", SIGNAL)], None, id="none of two that are triggered"),
        pytest.param([("a", MESSAGE), ("b", OTHER)], None, id="none of two messages"),
    ],
)
def test_an_instance_that_is_started_by_key_begins_in_one_place(read_process, starts, initial):
    process = read_process(start="".join(start(*each) for each in starts), beside=BESIDE)

    assert process.initial == initial


@pytest.mark.parametrize(
    ("starts", "extra"),
    [
        ([("a",), ("b",)], 1),
        ([("a",), ("b", TIMER)], 1),
        ([("a", TIMER), ("b", TIMER)], 1),
        ([("a",), ("b",), ("c",)], 2),
    ],
)
def test_two_places_to_begin_are_refused(problems_of, starts, extra):
    problems = problems_of(start="".join(start(*each) for each in starts), beside=BESIDE)

    assert problems == [SECOND_PLAIN] * extra


def test_an_event_subprocess_is_no_start_of_the_process(problems_of):
    problems = problems_of(event_subprocess("e", definition("error")), start="")

    assert problems == ["process must define a startEvent element"]


@pytest.mark.parametrize(
    ("contents", "problems"),
    [
        pytest.param(
            element("subProcess", "s"), ["subProcess must define a startEvent element"], id="none"
        ),
        pytest.param(element("transaction", "s"), [], id="none of a transaction"),
        pytest.param(
            element("subProcess", "s", start("a"), start("b"), start("c")),
            ["multiple start events not supported for subprocess"] * 2,
            id="three",
        ),
        pytest.param(
            element("transaction", "s", start("a"), start("b")),
            ["multiple start events not supported for subprocess"],
            id="two of a transaction",
        ),
    ],
)
def test_a_subprocess_begins_in_one_place(problems_of, read_process, contents, problems):
    if problems:
        assert problems_of(contents) == problems
    else:
        assert "s" in read_process(contents).nodes


@pytest.mark.parametrize(
    ("name", "is_allowed"),
    [("go", True), ("go ${x}", False), ("#{x}", False), ("\\${x}", True)],
)
def test_the_message_of_a_start_event_is_known_beforehand(
    read_process, problems_of, name, is_allowed
):
    options = {"start": start("a", MESSAGE), "beside": element("message", "m", name=name)}

    if is_allowed:
        assert read_process(**options).nodes["a"].detail.name.is_literal
    else:
        assert problems_of(**options) == [
            f"Invalid message name '{name}' for element 'messageEventDefinition': expressions in "
            "the message start event name are not allowed!"
        ]


def test_the_message_of_an_event_subprocess_may_be_an_expression(read_process):
    process = read_process(
        event_subprocess("e", MESSAGE), beside=element("message", "m", name="go-${x}")
    )

    assert process.nodes["e-start"].detail.name.text == "go-${x}"


def gateway(*outgoing, default=None):
    """An exclusive gateway with flows to ``a``, ``b``, …; each has a condition or None."""
    given = {} if default is None else {"default": default}
    made = [element("exclusiveGateway", "g", **given), flow("start", "g")]
    for name, held in zip("abcd", outgoing, strict=False):
        made += [element("task", name), flow("g", name, *([] if held is None else [guard(held)]))]
    return "".join(made)


WITHOUT = (
    "Exclusive Gateway 'g' has outgoing sequence flow '{}' without condition which is not the "
    "default flow."
)


@pytest.mark.parametrize(
    ("contents", "problems"),
    [
        pytest.param(
            gateway(), ["Exclusive Gateway 'g' has no outgoing sequence flows."], id="no flow"
        ),
        pytest.param(
            gateway("${x}"),
            [
                "Exclusive Gateway 'g' has only one outgoing sequence flow ('g_a'). This is not "
                "allowed to have a condition."
            ],
            id="one with a condition",
        ),
        pytest.param(
            gateway("${x}", "${y}", default="g_b"),
            [
                "Exclusive Gateway 'g' has outgoing sequence flow 'g_b' which is the default flow "
                "but has a condition too."
            ],
            id="a default flow with a condition",
        ),
        pytest.param(
            gateway(None, None), [WITHOUT.format("g_a"), WITHOUT.format("g_b")], id="two without"
        ),
        pytest.param(
            gateway("${x}", None, None, default="g_b"),
            [WITHOUT.format("g_c")],
            id="one without beside the default flow",
        ),
    ],
)
def test_an_exclusive_gateway_that_cannot_choose_is_refused(problems_of, contents, problems):
    assert problems_of(contents) == problems


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param(gateway(None), id="one flow"),
        pytest.param(gateway("${x}", "${y}"), id="two with conditions"),
        pytest.param(gateway("${x}", None, default="g_b"), id="a default flow"),
        pytest.param(gateway("${x}", "${y}", None, default="g_c"), id="a default flow of three"),
    ],
)
def test_an_exclusive_gateway_that_can_choose_is_read_without_a_word(read_file, contents):
    assert read_file(contents).warnings == ()


def test_a_single_flow_without_a_condition_is_a_bad_habit(read_file):
    (warning,) = read_file(gateway("${x}", None)).warnings

    assert warning.message == WITHOUT.format("g_b") + (
        " We assume it to be the default flow, but it is bad modeling practice, better set the "
        "default flow in your gateway."
    )
    assert warning.element_ids == ("g", "g_b")


@pytest.mark.parametrize("name", ["parallelGateway", "inclusiveGateway", "task"])
def test_other_nodes_may_have_any_flows(read_process, name):
    process = read_process(
        element(name, "n")
        + element("task", "a")
        + element("task", "b")
        + flow("n", "a")
        + flow("n", "b", guard("${x}"))
    )

    assert process.nodes["n"].outgoing == ("n_a", "n_b")


@pytest.mark.parametrize(
    ("default", "is_known"),
    [("t_u", True), ("t", True), ("no", False)],
)
def test_a_default_flow_refers_to_something(read_process, problems_of, default, is_known):
    contents = (
        element("task", "t", default=default) + element("task", "u") + flow("t", "u", guard("${x}"))
    )

    if is_known:
        assert read_process(contents).nodes["t"].default_flow == default
    else:
        assert problems_of(contents) == [
            f"cvc-id.1: There is no ID/IDREF binding for IDREF '{default}'."
        ]


def test_an_empty_default_is_no_name(problems_of):
    problems = problems_of(element("task", "t", default=""))

    assert problems[0] == "cvc-datatype-valid.1.2.1: '' is not a valid value for 'NCName'."


def test_each_flow_that_leaves_an_asynchronous_activity_has_an_id(problems_of, read_process):
    named = flow("t", "u")
    nameless = element("sequenceFlow", None, sourceRef="t", targetRef="u")
    both = element("task", "u") + element("task", "t", camunda_asyncAfter="true")

    assert read_process(both + named).nodes["t"].async_after
    assert problems_of(both + named + nameless) == [
        "Sequence flow with sourceRef='t' must have an id, activity with id 't' uses 'asyncAfter'."
    ]


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("0", 0),
        ("5", 5),
        ("P5D", 5),
        ("P0D", 0),
        ("+5", 5),
        ("-0", 0),
        ("2147483647", 2147483647),
    ],
)
def test_a_time_to_live_is_in_days(read_process, value, days):
    found = read_process(attributes=f'camunda:historyTimeToLive="{value}"')

    assert found.history_time_to_live == days


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("P1W", "P1W"),
        ("PT24H", "PT24H"),
        ("P1Y", "P1Y"),
        ("p5d", "p5d"),
        ("P-5D", "P-5D"),
        ("P2147483648D", "2147483648"),
        ("2147483648", "2147483648"),
        ("5.0", "5.0"),
        (" 5", " 5"),
        ("five", "five"),
        ("${x}", "${x}"),
    ],
)
def test_a_time_to_live_that_is_none_is_refused(problems_of, value, shown):
    text = f'Cannot parse historyTimeToLive: For input string: "{shown}"'

    problems = problems_of(attributes=f'camunda:historyTimeToLive="{value}"')

    assert problems == [f"{text}: {text}"]


@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize("value", [None, ""])
def test_a_time_to_live_may_be_required(read_process, problems_of, value, is_required):
    attributes = "" if value is None else f'camunda:historyTimeToLive="{value}"'

    if is_required:
        (problem,) = problems_of(attributes=attributes, require_ttl=True)
        assert problem.startswith("ENGINE-12018 History Time To Live (TTL) cannot be null")
    else:
        assert read_process(attributes=attributes).history_time_to_live is None


@pytest.mark.parametrize(
    ("value", "is_startable"), [("true", True), ("TRUE", True), ("false", False), ("no", False)]
)
def test_a_process_may_be_hidden_from_the_tasklist(read_process, value, is_startable):
    process = read_process(attributes=f'camunda:isStartableInTasklist="{value}"')

    assert process.is_startable_in_tasklist is is_startable


@pytest.mark.parametrize("id_", [None, ""])
def test_a_process_has_an_id(problems_of, id_):
    nameless = element("process", id_, start("s"), isExecutable="true")

    assert "process must have an id" in problems_of(beside=nameless)


def test_a_process_that_is_not_executable_is_named_and_not_read(read_file):
    idle = element("process", "idle", element("complexGateway", "x"))

    parsed = read_file(beside=idle + element("process", "off", isExecutable="false"))

    assert [process.id for process in parsed.processes] == ["order"]
    assert parsed.left_out == ("idle", "off")


@pytest.mark.parametrize("value", ["true", "TRUE", "True"])
def test_executable_may_be_said_in_any_case(read_file, value):
    other = element("process", "other", start("s"), isExecutable=value)

    assert [process.id for process in read_file(beside=other).processes] == ["other", "order"]


def test_problems_that_were_found_before_a_broken_expression_are_told(problems_of):
    contents = element("serviceTask", "t") + element("userTask", "u", camunda_assignee="${")

    (problem,) = problems_of(contents)
    assert problem.startswith("One of the attributes 'class'")


def test_priorities_of_a_process_are_those_of_its_tasks_and_jobs(read_process, problems_of):
    process = read_process(attributes='camunda:taskPriority="7" camunda:jobPriority="${p}"')

    assert (process.task_priority.text, process.job_priority.text) == ("7", "${p}")
    assert process.names == {"p"}
    assert problems_of(attributes='camunda:taskPriority="high"') == [
        "Value 'high' for attribute 'taskPriority' is not a valid number"
    ]


def test_a_deep_scope_is_checked_as_the_process_is(problems_of):
    inner = element("exclusiveGateway", "g")

    assert problems_of(subprocess("a", subprocess("b", inner))) == [
        "Exclusive Gateway 'g' has no outgoing sequence flows."
    ]


def test_an_extension_of_a_process_is_not_one_of_its_nodes(read_process):
    held = element("extensionElements", None, extension("properties"))

    assert list(read_process(held).nodes) == ["start"]
