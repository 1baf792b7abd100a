"""Stored counts: their sums in spans of time, and in intervals that count from 1970."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from app.models.monitoring import metric, task_worker
from app.store.commands import metrics

START = datetime(2026, 3, 1, tzinfo=UTC)
COUNTS = [  # name, reporter, minutes after the start, how many
    ("a", "one", 0, 1),
    ("a", "one", 14, 2),
    ("a", "two", 14, 4),
    ("a", "one", 15, 8),
    ("b", "one", 15, 16),
    ("a", "one", 60, 2**40),
]
QUARTER = 900  # seconds


def at(minutes):
    return START + timedelta(minutes=minutes)


@pytest.fixture
def connection(store):
    """A connection to a database with these counts."""
    with store.reading() as connection:
        rows = [
            {"id": str(n), "name": name, "reporter": who, "timestamp": at(when), "value": value}
            for n, (name, who, when, value) in enumerate(COUNTS)
        ]
        connection.execute(insert(metric), rows)
        yield connection


def by_interval(connection, **asked):
    usual = {"name": None, "reporter": None, "start": None, "end": None, "seconds": QUARTER}
    paging = {"is_by_reporter": True, "first_result": 0, "max_results": 200}
    found = metrics.by_interval(connection, **{**usual, **paging, **asked})
    return [
        (
            (row["timestamp"] - START) // timedelta(minutes=1),
            row["name"],
            row["reporter"],
            row["value"],
        )
        for row in found
    ]


@pytest.mark.parametrize(
    ("name", "start", "end", "total"),
    [
        ("a", None, None, 2**40 + 15),
        ("a", at(0), at(15), 7),
        ("a", at(14), at(15), 6),
        ("a", at(15), at(60), 8),
        ("a", at(60), None, 2**40),
        ("a", at(61), None, 0),
        ("none", None, None, 0),
    ],
)
def test_a_span_has_its_beginning_and_not_its_end(connection, name, start, end, total):
    assert metrics.total(connection, name, start, end) == total


def test_intervals_come_the_latest_first_by_name_and_reporter(connection):
    assert by_interval(connection) == [
        (60, "a", "one", 2**40),
        (15, "a", "one", 8),
        (15, "b", "one", 16),
        (0, "a", "one", 3),
        (0, "a", "two", 4),
    ]


def test_reporters_may_be_taken_together(connection):
    assert by_interval(connection, is_by_reporter=False, name="a", end=at(15)) == [
        (0, "a", None, 7)
    ]


def test_one_reporter_or_name_may_be_asked_for(connection):
    assert by_interval(connection, reporter="two") == [(0, "a", "two", 4)]
    assert by_interval(connection, name="b") == [(15, "b", "one", 16)]
    assert by_interval(connection, name="none") == []


def test_intervals_are_paged(connection):
    whole = by_interval(connection)

    assert by_interval(connection, first_result=1, max_results=2) == whole[1:3]
    assert by_interval(connection, max_results=0) == []


def test_intervals_have_the_same_limits_wherever_a_question_begins(connection):
    assert by_interval(connection, start=at(14), name="a", seconds=3_600) == [
        (60, "a", "one", 2**40),
        (0, "a", "one", 10),
        (0, "a", "two", 4),
    ]


def test_counts_are_written_with_who_has_counted_and_when(store):
    with store.transaction() as tx:
        metrics.add(tx, {"a": 2, "b": 3})
        now = tx.now

    with store.reading() as connection:
        rows = connection.execute(metric.select().order_by(metric.c.name)).all()
    assert [(r.name, r.value, r.timestamp) for r in rows] == [("a", 2, now), ("b", 3, now)]
    assert {r.reporter for r in rows} == {store.hostname}


@pytest.mark.parametrize(("date", "left"), [(None, 0), (at(5), 2), (at(0), 3), (at(99), 0)])
def test_assignees_before_a_date_are_forgotten(store, date, left):
    rows = [(0, 7), (5, 7), (6, 9)]
    with store.reading() as connection:
        values = [
            {"id": str(n), "user_hash": user, "timestamp": at(when)}
            for n, (when, user) in enumerate(rows)
        ]
        connection.execute(insert(task_worker), values)
        connection.commit()
        assert metrics.task_workers(connection, None, None) == 2
        assert metrics.task_workers(connection, at(0), at(6)) == 1

    with store.transaction() as tx:
        metrics.forget_task_workers(tx, date)

    with store.reading() as connection:
        assert len(connection.execute(task_worker.select()).all()) == left
