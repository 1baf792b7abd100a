"""Fetches of external tasks: what is refused, found and locked, and which variables come."""

from datetime import timedelta

import pytest

from app.errors import EngineError, NullValueError
from app.services import external_tasks, suspension, variables

from .conftest import MINUTE, TOPIC, values


def fetch(engine, *topics, **options):
    arguments = {
        "worker_id": "w",
        "max_tasks": 10,
        "use_priority": False,
        "sorting": [],
        "topics": [{**TOPIC, **topic} for topic in topics],
        **options,
    }
    return external_tasks.fetch_and_lock(engine.store, **arguments)


@pytest.mark.parametrize(
    ("topics", "options", "error", "message"),
    [
        pytest.param([{}], {"worker_id": None}, NullValueError, "workerId is null", id="worker"),
        pytest.param(
            [{"topic_name": None}],
            {"max_tasks": -1},
            EngineError,
            "maxResults is not greater than or equal to 0",
            id="number before topics",
        ),
        pytest.param(
            [{"topic_name": None, "lock_duration": timedelta(0)}],
            {},
            NullValueError,
            "topicName is null",
            id="name before duration",
        ),
        pytest.param(
            [{"lock_duration": timedelta(0)}],
            {},
            EngineError,
            "lockTime is not greater than 0",
            id="no duration",
        ),
        pytest.param(
            [{"lock_duration": -MINUTE}],
            {"max_tasks": 0},
            EngineError,
            "lockTime is not greater than 0",
            id="a fetch of nothing is checked too",
        ),
    ],
)
def test_what_a_fetch_refuses(engine, topics, options, error, message):
    with pytest.raises(error) as caught:
        fetch(engine, *topics, **options)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("topics", "options"),
    [([], {}), ([{}], {"max_tasks": 0}), ([{"topic_name": "nobody's"}], {})],
)
def test_a_fetch_of_nothing_finds_nothing(engine, topics, options):
    assert fetch(engine, *topics, **options) == []


def test_of_two_topics_of_one_name_the_last_one_counts(engine):
    engine.start(business_key="twice")
    filters = {"business_key": "twice"}

    (found,) = fetch(
        engine, {**filters, "lock_duration": MINUTE}, {**filters, "lock_duration": 2 * MINUTE}
    )

    assert found["lock_expiration_time"] == engine.clock() + 2 * MINUTE


def test_a_fetch_locks_what_it_finds_and_finds_it_once(engine):
    instance = engine.start(business_key="once", number=1)
    wanted = {"business_key": "once"}

    (found,) = fetch(engine, wanted)

    assert found["process_instance_id"] == instance
    assert (found["worker_id"], found["lock_count"]) == ("w", 1)
    assert fetch(engine, wanted) == []


def test_a_task_is_free_again_at_the_end_of_its_lock(engine):
    engine.start(business_key="again")
    wanted = {"business_key": "again"}
    fetch(engine, wanted)

    engine.later(milliseconds=59_999)
    assert fetch(engine, wanted, worker_id="other") == []
    engine.later(milliseconds=1)
    (found,) = fetch(engine, wanted, worker_id="other")

    assert (found["worker_id"], found["lock_count"]) == ("other", 2)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_fetch_takes_no_more_than_it_is_told(engine, most):
    key = f"most{most}"
    for _ in range(3):
        engine.start(business_key=key)

    assert len(fetch(engine, {"business_key": key}, max_tasks=most)) == min(most, 3)


def test_without_retries_a_task_is_nobodys(engine):
    instance = engine.start(business_key="done for")
    external_tasks.set_retries(engine.store, engine.work_of(instance), retries=0)

    assert fetch(engine, {"business_key": "done for"}) == []


def test_a_suspended_task_is_not_fetched(engine):
    instance = engine.start(business_key="resting")
    suspension.set_instances(engine.store, [instance], suspended=True)

    assert fetch(engine, {"business_key": "resting"}) == []


def test_a_priority_decides_only_where_it_is_asked_for(engine):
    tasks = []
    for priority in (1, 9, 5):
        instance = engine.start(business_key="ranked")
        tasks.append(engine.work_of(instance))
        external_tasks.set_priority(engine.store, tasks[-1], priority=priority)

    found = fetch(engine, {"business_key": "ranked"}, use_priority=True)

    assert [task["priority"] for task in found] == [9, 5, 1]


@pytest.mark.parametrize(
    ("order", "expected"), [("asc", ["first", "second"]), ("desc", ["second", "first"])]
)
def test_a_fetch_is_sorted_by_the_time_of_making(engine, order, expected):
    for name in ("first", "second"):
        engine.start(business_key=f"aged {order}", name=name)
        engine.later(seconds=1)

    found = fetch(engine, {"business_key": f"aged {order}"}, sorting=[("createTime", order)])

    assert [task["variables"]["name"].value for task in found] == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(None, {"a", "b"}, id="none said: all"),
        pytest.param([], set(), id="none"),
        pytest.param(["a", "unknown"], {"a"}, id="those there are"),
    ],
)
def test_a_topic_says_which_variables_it_wants(engine, wanted, expected):
    key = f"variables {wanted}"
    engine.start(business_key=key, a=1, b=2)

    (found,) = fetch(engine, {"business_key": key, "variables": wanted})

    assert {*found["variables"]} == expected


def test_local_variables_are_those_of_the_task(engine):
    instance = engine.start(business_key="local", outer=1)
    execution = engine.one("external_task", process_instance_id=instance)["execution_id"]
    variables.put(engine.store, execution, "own", values(v=2)["v"], is_local=True)

    (found,) = fetch(engine, {"business_key": "local", "local_variables": True})

    assert "own" in found["variables"]


@pytest.mark.parametrize(
    ("sent", "is_found"),
    [
        pytest.param({"n": 5}, True, id="equal"),
        pytest.param({"n": "5"}, False, id="another type"),
        pytest.param({"n": 5.0}, False, id="a double"),
        pytest.param({"n": 6}, False, id="another value"),
        pytest.param({"n": 6, "s": "x"}, True, id="one of several"),
        pytest.param({"unknown": None}, False, id="no such variable"),
        pytest.param({"empty": None}, True, id="null"),
    ],
)
def test_variables_of_the_instance_narrow_a_topic(engine, sent, is_found):
    key = f"narrowed {sent}"
    engine.start(business_key=key, n=5, s="x", empty=None)

    found = fetch(engine, {"business_key": key, "process_variables": sent})

    assert bool(found) == is_found
