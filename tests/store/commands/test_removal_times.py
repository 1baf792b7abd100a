"""Removal times of hierarchies, of single instances, of batches; receipts and metrics that expire.

Source: contract 10.6 and 10.7.
"""

import pytest

from app.engine.events.timers import NEVER
from app.models.decisions import historic_decision_instance
from app.models.history import historic_batch, historic_process_instance
from app.models.monitoring import metric, task_worker
from app.models.repository import process_definition
from app.models.runtime import receipt
from app.store.commands import metrics, receipts, removal_times
from app.store.lists import LISTINGS
from tests.store.rows import column, day

SET, OTHER = day(50), day(60)


@pytest.fixture
def hierarchy(shared, rows):
    """A root that calls two levels, one of which has a time of its own, and another root."""
    rows.add(process_definition, "p:1", key="p", history_time_to_live=5)
    rows.add(process_definition, "q:1", key="q")
    called = {"root_process_instance_id": "root", "process_definition_id": "p:1"}
    rows.add_all(
        historic_process_instance,
        {
            "root": {"end_time": day(2), "removal_time": day(7)},
            "child": {"super_process_instance_id": "root", "end_time": day(1)},
            "own": {
                "super_process_instance_id": "root",
                "has_own_removal_time": True,
                "removal_time": day(9),
            },
            "grandchild": {"super_process_instance_id": "child"},
            "other": {
                "root_process_instance_id": "other",
                "removal_time": day(8),
                "process_definition_id": "q:1",
                "end_time": day(2),
            },
        },
        **called,
    )
    rows.write(shared.engine)
    return shared


def shown(store):
    with store.reading() as connection:
        views = LISTINGS["historic_process_instance"].find(connection, {})
    return {view["id"]: view["removal_time"] for view in views}


BEFORE = {
    "root": day(7),
    "child": day(7),
    "own": day(9),
    "grandchild": day(7),
    "other": day(8),
}


@pytest.mark.parametrize("timestamp", [SET, None])
def test_a_hierarchy_follows_its_root(hierarchy, timestamp):
    assert shown(hierarchy) == BEFORE

    with hierarchy.transaction() as tx:
        removal_times.set_of_hierarchy(tx, "root", timestamp)

    # Also the one that had its own.
    expected = dict.fromkeys(("root", "child", "own", "grandchild"), timestamp)
    assert shown(hierarchy) == {**BEFORE, **expected}
    assert column(hierarchy, historic_process_instance, "has_own_removal_time")["own"] is None


@pytest.mark.parametrize("instance", ["root", "child", "own", "grandchild", "other"])
@pytest.mark.parametrize("timestamp", [SET, None])
def test_one_instance_is_given_a_time_and_the_others_keep_theirs(hierarchy, instance, timestamp):
    with hierarchy.transaction() as tx:
        removal_times.set_of_instance(tx, removal_times.past(tx, instance), timestamp)

    assert shown(hierarchy) == {**BEFORE, instance: timestamp}


def test_what_was_set_by_hand_is_kept_when_the_root_alone_changes(hierarchy):
    for instance, timestamp in (("child", SET), ("root", OTHER)):
        with hierarchy.transaction() as tx:
            removal_times.set_of_instance(tx, removal_times.past(tx, instance), timestamp)

    assert shown(hierarchy) == {**BEFORE, "child": SET, "root": OTHER}


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        pytest.param("root", day(7), id="end and days"),
        pytest.param("grandchild", None, id="it runs"),
        pytest.param("other", None, id="kept for ever"),
    ],
)
def test_a_time_is_calculated_from_the_end_and_the_days_of_now(hierarchy, instance, expected):
    with hierarchy.transaction() as tx:
        found = removal_times.past(tx, instance)

    assert found.calculated() == expected
    assert found.root_id == ("other" if instance == "other" else "root")


def test_more_days_than_there_are_are_for_ever(hierarchy):
    longest = removal_times.Past("a", "a", day(1), 2**31 - 1)

    assert longest.calculated() == NEVER


def test_what_is_not_there_has_no_past(hierarchy):
    with hierarchy.transaction() as tx:
        assert removal_times.past(tx, "none") is None


def test_a_batch_is_given_a_time_and_an_unknown_one_is_passed_over(shared, rows):
    rows.add(historic_batch, "b1")
    rows.add(historic_batch, "b2", removal_time=day(3))
    rows.write(shared.engine)

    with shared.transaction() as tx:
        for batch in ("b1", "none"):
            removal_times.set_of_batch(tx, batch, SET)

    assert column(shared, historic_batch, "removal_time") == {"b1": SET, "b2": day(3)}


@pytest.mark.parametrize(
    "table",
    [historic_process_instance, historic_decision_instance, historic_batch],
    ids=lambda table: table.name,
)
def test_the_known_of_some_ids_are_found(shared, rows, table):
    for name in ("a", "b"):
        rows.add(table, name)
    rows.write(shared.engine)

    with shared.reading() as connection:
        found = removal_times.known(connection, table.name, ["b", "c", "a"])

    assert sorted(found) == ["a", "b"]


def test_receipts_go_oldest_or_not_but_never_more_than_asked_for(shared, rows):
    for number in range(1, 5):
        rows.add(receipt, f"r{number}", create_time=day(number), fingerprint=f"f{number}")
    rows.write(shared.engine)

    with shared.transaction() as tx:
        assert [receipts.find(tx, one) for one in ("r1", "none")] == ["f1", None]
        removed = [receipts.remove_before(tx, day(4), 2) for _ in range(3)]

    # The one of the day itself is not older.
    assert removed == [2, 1, 0]
    assert column(shared, receipt, "fingerprint") == {"r4": "f4"}


@pytest.fixture
def counted(shared, rows):
    rows.add_all(
        metric,
        {
            "m1": {"timestamp": day(1), "value": 1},
            "m2": {"timestamp": day(1, minutes=14), "value": 10},
            "m3": {"timestamp": day(1, minutes=15), "value": 100, "reporter": "b"},
            "m4": {"timestamp": day(2), "value": 1000, "name": "jobs"},
        },
        name="instances",
        reporter="a",
    )
    for number, user in enumerate([7, 7, 8]):
        rows.add(task_worker, f"w{number}", user_hash=user, timestamp=day(number + 1))
    rows.write(shared.engine)
    return shared


@pytest.mark.parametrize(
    ("name", "start", "end", "expected"),
    [
        pytest.param("instances", None, None, 111, id="all"),
        pytest.param("instances", day(1, minutes=14), None, 110, id="from, included"),
        pytest.param("instances", None, day(1, minutes=14), 1, id="to, excluded"),
        pytest.param("instances", day(2), None, 0, id="none"),
        pytest.param("unknown", None, None, 0, id="unknown"),
    ],
)
def test_a_total_is_of_a_span_without_its_end(counted, name, start, end, expected):
    with counted.reading() as connection:
        assert metrics.total(connection, name, start, end) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(None, None, 2), (day(3), None, 1), (None, day(3), 1)]
)
def test_a_user_counts_once(counted, start, end, expected):
    with counted.reading() as connection:
        assert metrics.task_workers(connection, start, end) == expected


def intervals(store, **wanted):
    every = {
        "name": None,
        "reporter": None,
        "start": None,
        "end": None,
        "seconds": 900,
        "is_by_reporter": False,
        "first_result": 0,
        "max_results": 10,
    }
    with store.reading() as connection:
        found = metrics.by_interval(connection, **{**every, **wanted})
    return [tuple(row.values()) for row in found]


def test_intervals_are_summed_the_latest_first(counted):
    assert intervals(counted) == [
        (day(2), "jobs", None, 1000),
        (day(1, minutes=15), "instances", None, 100),
        (day(1), "instances", None, 11),
    ]
    assert intervals(counted, first_result=1, max_results=1) == [
        (day(1, minutes=15), "instances", None, 100)
    ]


def test_intervals_are_narrowed_and_told_apart(counted):
    hour = {"seconds": 3600, "name": "instances"}

    assert intervals(counted, **hour) == [(day(1), "instances", None, 111)]
    assert intervals(counted, is_by_reporter=True, **hour) == [
        (day(1), "instances", "a", 11),
        (day(1), "instances", "b", 100),
    ]
    assert intervals(counted, reporter="b", **hour) == [(day(1), "instances", None, 100)]
    assert intervals(counted, end=day(1, minutes=1), **hour) == [(day(1), "instances", None, 1)]


@pytest.mark.parametrize(("date", "left"), [(day(3), {"w2"}), (None, set())])
def test_assignees_are_forgotten(counted, date, left):
    with counted.transaction() as tx:
        metrics.forget_task_workers(tx, date)

    assert column(counted, task_worker, "user_hash").keys() == left


def test_what_is_written_down_has_the_time_and_the_host(shared, rows):
    rows.of(metric)

    with shared.transaction() as tx:
        metrics.add(tx, {"instances": 3, "jobs": 0})

    assert sorted(column(shared, metric, "value").values()) == [0, 3]
    assert set(column(shared, metric, "reporter").values()) == {shared.hostname}
