"""The reports of workers on external tasks: completion, failure, errors (semantics 1)."""

from datetime import timedelta

import pytest

from app.engine import state
from app.engine.execution import external_tasks
from app.engine.history.history_records import HistoricExternalTaskLog
from app.errors import EngineError, SuspendedEntityInteractionError
from tests.engine.commands import (
    at,
    complete,
    fail_task,
    incidents,
    local,
    only_task,
    suspend,
    task_log,
    throw_error,
    told,
    typed,
    variables_of,
)
from tests.engine.elements import (
    boundary,
    end,
    error,
    gateway,
    model,
    parameters,
    sequence,
    start,
    task,
)
from tests.models import flow

LIMIT = external_tasks.LONGEST_MESSAGE


def deploy(engine, inner="", **attributes):
    return engine.deploy(
        model(sequence(start(), task("a", inner=inner, **attributes), task("after"), end()))
    )


def set_retries(engine, retries):
    engine.command(
        lambda run, host: external_tasks.set_retries(
            run, host.load(state.ExternalTask, only_task(engine).id), retries
        )
    )


# -- a new task -------------------------------------------------------------------------------


def test_a_new_task_has_neither_worker_nor_lock_nor_retries(engine):
    instance = engine.start(deploy(engine))

    found = only_task(engine)

    assert (found.worker_id, found.lock_expiration_time, found.retries) == (None, None, None)
    assert (found.is_locked, found.lock_count, found.priority) == (False, 0, 0)
    assert (found.process_instance_id, found.topic_name) == (instance, "a")
    assert found.create_time == engine.now


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        pytest.param("pay", "pay", id="literal"),
        pytest.param("${t}", "cards", id="expression"),
        pytest.param("pay-${t}", "pay-cards", id="composed"),
        pytest.param("${null}", None, id="null can never be fetched"),
    ],
)
def test_a_topic_is_a_text_or_an_expression(engine, topic, expected):
    engine.start(engine.deploy(model(sequence(start(), task("a", topic)))), t="cards")

    assert only_task(engine).topic_name == expected


@pytest.mark.parametrize(
    ("own", "of_process", "expected"),
    [
        pytest.param(None, None, 0, id="none"),
        pytest.param("7", None, 7, id="its own"),
        pytest.param(None, "3", 3, id="that of the process"),
        pytest.param("7", "3", 7, id="its own first"),
        pytest.param("${n + 1}", "3", 6, id="an expression"),
        pytest.param("${unknown}", "3", 0, id="a failing expression is 0, not the process's"),
        pytest.param("-4", None, -4, id="negative"),
    ],
)
def test_the_priority_of_a_task(engine, own, of_process, expected):
    attributes = {} if own is None else {"camunda_taskPriority": own}
    xml = model(sequence(start(), task("a", **attributes)))
    if of_process is not None:
        xml = xml.replace("<process ", f'<process camunda:taskPriority="{of_process}" ', 1)

    engine.start(engine.deploy(xml), n=5)

    assert only_task(engine).priority == expected


# -- completion -------------------------------------------------------------------------------


def test_variables_go_outwards_and_local_ones_stay_and_end_with_the_task(engine):
    given = parameters({"mine": "x"}, {"seen": "${mine}/${here}"})
    instance = engine.start(deploy(engine, given), ours=1)

    engine.complete(only_task(engine), local={"here": "y"}, mine="z", ours=2, new=3)

    assert variables_of(engine, instance) == {"ours": 2, "new": 3, "seen": "z/y"}


def test_a_name_in_both_has_the_local_value_inside(engine):
    given = parameters(outputs={"seen": "${n}"})
    instance = engine.start(deploy(engine, given))

    engine.complete(only_task(engine), local={"n": "inner"}, n="outer")

    assert variables_of(engine, instance) == {"n": "outer", "seen": "inner"}


def test_conditions_of_its_flows_see_local_variables_and_no_outputs(engine):
    given = parameters(outputs={"way": "out"})
    contents = sequence(start(), task("a", inner=given), task("b"))
    contents = contents.replace(flow("a", "b"), flow("a", "b", "${way == 'local'}"))
    engine.start(engine.deploy(model(contents, task("c"), flow("a", "c", "${way == 'out'}"))))

    engine.complete(only_task(engine), local={"way": "local"})

    assert at(engine) == ["b"]


def test_the_log_tells_who_has_completed_it_and_with_which_retries(engine):
    engine.start(deploy(engine))
    fail_task(engine, only_task(engine), 2)
    engine.rows[state.ExternalTask][only_task(engine).id].worker_id = "w"

    complete(engine, "a")

    entries = [e for e in told(engine, HistoricExternalTaskLog) if e.activity_id == "a"]
    assert task_log(engine, "a") == ["created", "failed", "successful"]
    assert [e.retries for e in entries] == [None, None, 2]
    assert [e.worker_id for e in entries] == [None, None, "w"]
    assert [e.error_message for e in entries] == [None, "broken", None]


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(lambda engine: complete(engine, "a"), id="complete"),
        pytest.param(lambda engine: throw_error(engine, "a", "E"), id="bpmn error"),
        pytest.param(lambda engine: fail_task(engine, only_task(engine), 1), id="failure"),
    ],
)
def test_a_suspended_task_takes_no_report(engine, report):
    engine.start(deploy(engine))
    suspend(engine)

    with pytest.raises(SuspendedEntityInteractionError, match="ENGINE-03043 ExternalTask with id"):
        report(engine)

    assert only_task(engine).error_message is None
    assert task_log(engine) == ["created"]


# -- failure ----------------------------------------------------------------------------------


def test_a_failure_keeps_the_task_with_its_worker_until_the_timeout(engine):
    engine.start(deploy(engine))
    engine.rows[state.ExternalTask][only_task(engine).id].worker_id = "w"

    fail_task(engine, only_task(engine), 3, "no ink", details="line 1", timeout=60, local={"n": 1})

    found = only_task(engine)
    assert (found.retries, found.error_message, found.error_details) == (3, "no ink", "line 1")
    assert found.lock_expiration_time == engine.now + timedelta(seconds=60)
    assert (found.worker_id, found.is_locked) == ("w", True)
    assert local(engine, "a") == {"n": 1}


@pytest.mark.parametrize(
    ("second", "message", "details"),
    [
        pytest.param({"message": "b", "details": "d2"}, "b", "d2", id="both anew"),
        pytest.param({"message": "b"}, "b", "d1", id="details stay when there are none"),
        pytest.param({"message": None}, None, "d1", id="a message is cleared"),
        pytest.param({"message": "", "details": ""}, "", "", id="empty texts are texts"),
    ],
)
def test_a_second_failure(engine, second, message, details):
    engine.start(deploy(engine))
    fail_task(engine, only_task(engine), 3, "a", details="d1")

    fail_task(engine, only_task(engine), 2, **second)

    assert (only_task(engine).error_message, only_task(engine).error_details) == (
        message,
        details,
    )


def test_the_log_of_a_failure_has_the_retries_from_before(engine):
    engine.start(deploy(engine))

    for retries in (5, 4, 0):
        fail_task(engine, only_task(engine), retries, f"left {retries}")

    entries = [e for e in told(engine, HistoricExternalTaskLog) if e.state == 1]
    assert [e.retries for e in entries] == [None, 5, 4]
    assert [e.error_message for e in entries] == ["left 5", "left 4", "left 0"]
    assert only_task(engine).last_failure_log_id == entries[-1].id


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        pytest.param("x" * LIMIT, "x" * LIMIT, id="as long as may be"),
        pytest.param("x" * (LIMIT + 1), "x" * LIMIT, id="one too long"),
        pytest.param("😀" * 333, "😀" * 333, id="two units a character"),
        pytest.param("😀" * 334, "😀" * 333, id="the pair that is too much"),
        pytest.param("x" + "😀" * 333, "x" + "😀" * 332, id="no half of a pair"),
        pytest.param("ß" * 700, "ß" * LIMIT, id="one unit a character"),
        pytest.param("", "", id="empty"),
        pytest.param(None, None, id="none"),
    ],
)
def test_a_message_has_at_most_666_units_of_utf_16(message, kept):
    assert external_tasks.cut(message) == kept


# -- incidents --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retries", "history"),
    [
        pytest.param([3], [], id="retries left"),
        pytest.param([0], ["open"], id="none at once"),
        pytest.param([1, 0], ["open"], id="the last one used up"),
        pytest.param([0, 0], ["open"], id="none twice is one incident"),
        pytest.param([0, 2], ["resolved"], id="some again"),
        pytest.param([0, 2, 0], ["resolved", "open"], id="none again"),
        pytest.param([2, 3], [], id="more"),
    ],
)
@pytest.mark.parametrize("by_failure", [True, False])
def test_retries_make_and_end_incidents(engine, retries, history, by_failure):
    engine.start(deploy(engine))

    for number in retries:
        if by_failure:
            fail_task(engine, only_task(engine), number)
        else:
            set_retries(engine, number)

    assert incidents(engine) == [("a", one) for one in history]
    assert len(engine.rows[state.Incident]) == history.count("open")


def test_an_incident_tells_of_the_task_and_its_failure(engine):
    engine.start(deploy(engine))

    fail_task(engine, only_task(engine), 0, "no ink")

    (found,) = engine.rows[state.Incident].values()
    assert found.incident_type == "failedExternalTask"
    assert found.configuration == only_task(engine).id
    assert found.incident_message == "no ink"
    assert found.history_configuration == only_task(engine).last_failure_log_id
    assert (found.cause_incident_id, found.root_cause_incident_id) == (found.id, found.id)


def test_retries_set_by_hand_repeat_the_last_message(engine):
    engine.start(deploy(engine))
    fail_task(engine, only_task(engine), 2, "no ink")

    set_retries(engine, 0)

    (found,) = engine.rows[state.Incident].values()
    assert found.incident_message == "no ink"


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        pytest.param(lambda engine: complete(engine, "a"), "resolved", id="completed"),
        pytest.param(lambda engine: throw_error(engine, "a", "E"), "deleted", id="error"),
    ],
)
def test_an_incident_ends_with_its_task(engine, report, expected):
    engine.start(deploy(engine))
    fail_task(engine, only_task(engine), 0)

    report(engine)

    assert incidents(engine) == [("a", expected)]
    assert not engine.rows[state.Incident]


# -- errors -----------------------------------------------------------------------------------


def test_variables_of_a_bpmn_error_go_outwards(engine):
    caught = boundary("b", "a", error("E")) + task("handle") + flow("b", "handle")
    instance = engine.start(engine.deploy(model(sequence(start(), task("a"), end()), caught)))

    engine.command(
        lambda run, host: external_tasks.handle_bpmn_error(
            run,
            host.load(state.ExternalTask, only_task(engine).id),
            "E",
            None,
            typed({"n": 1}),
        )
    )

    assert variables_of(engine, instance) == {"n": 1}
    assert at(engine) == ["handle"]


def test_an_error_that_cannot_be_propagated_names_its_code_and_changes_nothing(engine):
    mapped = parameters(outputs={"x": "${unknown}"})
    caught = boundary("b", "a", error("E"))
    engine.start(engine.deploy(model(sequence(start(), task("a", inner=mapped), end()), caught)))

    with pytest.raises(EngineError, match="ENGINE-13033 Propagation of bpmn error E failed"):
        throw_error(engine, "a", "E")

    assert at(engine) == ["a"]


def test_each_visit_makes_a_task_with_an_execution_of_its_own(engine):
    contents = (
        start()
        + gateway("exclusive", "again")
        + task("a")
        + gateway("exclusive", "more", default="more_e")
        + end()
        + flow("s", "again")
        + flow("again", "a")
        + flow("a", "more")
        + flow("more", "again", "${n < 3}")
        + flow("more", "e")
    )
    engine.start(engine.deploy(model(contents)), n=0)
    seen = set()

    for number in (1, 2, 3):
        seen.add(
            (
                only_task(engine).id,
                only_task(engine).execution_id,
                only_task(engine).activity_instance_id,
            )
        )
        complete(engine, "a", n=number)

    assert len(seen) == 3
    assert engine.is_empty()
