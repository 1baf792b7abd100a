"""Numbers and timestamps that are beyond what their place holds."""

import pytest

from app.engine import state
from app.engine.jobs import jobs
from app.engine.state.values import TypedValue
from app.errors import EngineError, JavaRuntimeError
from tests.models import flow, flows, process, task

BIG = TypedValue(
    "Object",
    str(2**64 - 1),
    {"objectTypeName": "java.math.BigInteger", "serializationDataFormat": "application/json"},
)
START = '<startEvent id="s"/>'


def counted(cardinality):
    loop = f"<loopCardinality>{cardinality}</loopCardinality>"
    loop = f"<multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics>"
    return process(START + task("t", inner=loop) + flows("s", "t"))


@pytest.mark.parametrize(("cardinality", "count"), [("${2.9}", 2), ("${0/0}", 0), ("${'+2'}", 2)])
def test_a_cardinality_is_cut_to_a_whole_number(engine, cardinality, count):
    engine.start(engine.deploy(counted(cardinality)))

    assert len(engine.tasks()) == count


@pytest.mark.parametrize(
    ("cardinality", "message"),
    [
        ("${1/0}", "More than 100000 instances"),
        ("${big}", "but was '-1'"),
        ("${' 2 '}", "For input string"),
        ("${'1_0'}", "For input string"),
        ("${''}", "For input string"),
        ("${'99999999999'}", "For input string"),
    ],
)
def test_a_cardinality_that_is_none_is_refused(engine, cardinality, message):
    graph = engine.deploy(counted(cardinality))

    with pytest.raises(EngineError, match=message):
        engine.start(graph, big=BIG)


def repeated(cycle):
    timer = f"<timerEventDefinition><timeCycle>{cycle}</timeCycle></timerEventDefinition>"
    return process(
        START
        + task("t")
        + f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="false">{timer}</boundaryEvent>'
        + '<endEvent id="e"/>'
        + flows("s", "t")
        + flow("b", "e")
    )


@pytest.mark.parametrize(
    "cycle",
    [
        "R3/P9000Y",
        "R3/P9999Y",
        "R1_0/PT1H",
        "R 3/PT1H",
        "R99999999999/PT1H",
    ],
)
def test_a_cycle_that_no_calendar_holds_is_refused(engine, cycle):
    graph = engine.deploy(repeated(cycle))

    with pytest.raises(EngineError, match=r"duedate is null|Exception while parsing cycle"):
        engine.start(graph)


def test_a_cycle_ends_with_the_last_year(engine):
    engine.start(engine.deploy(repeated("R3/9999-06-01T00:00:00/P1Y")))
    (job,) = engine.rows[state.Job].values()

    engine.now = job.due_date
    engine.execute(job)

    assert engine.rows[state.Job] == {}


def test_a_retry_is_put_off_to_the_last_year_at_most(engine):
    cycle = "<camunda:failedJobRetryTimeCycle>R3/P9999Y</camunda:failedJobRetryTimeCycle>"
    graph = engine.deploy(
        process(
            START
            + '<serviceTask id="t" camunda:expression="${nobody}" camunda:asyncBefore="true">'
            + f"<extensionElements>{cycle}</extensionElements></serviceTask>"
            + flows("s", "t")
        )
    )
    engine.start(graph)
    (job,) = engine.rows[state.Job].values()

    engine.command(
        lambda run, host: jobs.fail(run, host.load(state.Job, job.id), EngineError("no"), "", None)
    )

    (job,) = engine.rows[state.Job].values()
    assert (job.retries, job.due_date.year) == (2, 9999)


PRIORITIES = [
    ("${5}", 5),
    ("${5.9}", 5),
    ("${'7'}", 7),
    ("${null}", 50),
    ("${1/0}", 2**31 - 1),
]


@pytest.mark.parametrize(("priority", "expected"), PRIORITIES)
def test_the_priority_of_a_user_task_is_an_integer(engine, priority, expected):
    element = f'<userTask id="t" camunda:priority="{priority}"/>'

    engine.start(engine.deploy(process(START + element + flows("s", "t"))))

    (found,) = engine.rows[state.Task].values()
    assert found.priority == expected


@pytest.mark.parametrize(
    ("priority", "message"),
    [
        ("${'99999999999'}", "Priority does not resolve to a number: 99999999999"),
        ("x", "Priority does not resolve to a number: x"),
        ("${true}", "Priority expression does not resolve to a number: "),
    ],
)
def test_the_priority_of_a_user_task_is_refused_when_it_is_none(engine, priority, message):
    element = f'<userTask id="t" camunda:priority="{priority}"/>'
    graph = engine.deploy(process(START + element + flows("s", "t")))

    with pytest.raises(EngineError, match=message):
        engine.start(graph)


@pytest.mark.parametrize(
    ("priority", "message"),
    [
        ("${'5'}", "Priority value is not an Integer"),
        ("${true}", "Priority value is not an Integer"),
        ("${null}", "Priority value is not an Integer"),
        ("${1.5}", "Priority value must be either Short, Integer, or Long"),
    ],
)
def test_the_priority_of_a_job_is_a_whole_number(engine, priority, message):
    element = (
        f'<serviceTask id="t" camunda:asyncBefore="true" camunda:jobPriority="{priority}"'
        ' camunda:expression="${1}"/>'
    )
    graph = engine.deploy(process(START + element + flows("s", "t")))

    with pytest.raises(
        EngineError, match=r"Job t/async-continuation .* ProcessInstance.*" + message
    ):
        engine.start(graph)


def test_a_job_whose_priority_fails_has_none(engine):
    element = (
        '<serviceTask id="t" camunda:asyncBefore="true" camunda:jobPriority="${missing}"'
        ' camunda:expression="${1}"/>'
    )

    engine.start(engine.deploy(process(START + element + flows("s", "t"))))

    (job,) = engine.rows[state.Job].values()
    assert job.priority == 0


@pytest.mark.parametrize(
    ("priority", "message"),
    [
        ("${big}", ": Priority value must be either Short, Integer, or Long"),
        ("${1.5}", ": Priority value must be either Short, Integer, or Long"),
        ("${true}", ": Priority value is not an Integer"),
        ("${null}", ": Priority value is not an Integer"),
    ],
)
def test_the_priority_of_an_external_task_is_a_whole_number(engine, priority, message):
    element = task("t", camunda_taskPriority=priority)
    graph = engine.deploy(process(START + element + flows("s", "t")))

    with pytest.raises(EngineError, match=message):
        engine.start(graph, big=BIG)


@pytest.mark.parametrize(
    "element",
    [task("t", topic="${5 - 4 > 0}"), '<userTask id="t" camunda:assignee="${true}"/>'],
    ids=["topic", "assignee"],
)
def test_what_must_be_a_text_fails_like_a_cast_of_java(engine, element):
    graph = engine.deploy(process(START + element.replace("> 0", "&gt; 0") + flows("s", "t")))

    with pytest.raises(JavaRuntimeError) as caught:
        engine.start(graph)

    assert caught.value.java_type == "ClassCastException"
    assert str(caught.value) == (
        "class java.lang.Boolean cannot be cast to class java.lang.String (java.lang.Boolean and "
        "java.lang.String are in module java.base of loader 'bootstrap')"
    )
