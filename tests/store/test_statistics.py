"""Statistics ask a few questions, whatever there is to count."""

import time

import psycopg
import pytest
from sqlalchemy import event

from app.services import deployments, reports, statistics
from app.store import Store
from tests.models import process

DEFINITIONS, INSTANCES = 50, 100_000
INSTANT = 3.0  # seconds of the database: ten times the goal
FILL = """
INSERT INTO execution (id, process_instance_id, root_process_instance_id, process_definition_id,
    process_definition_key, is_scope, is_concurrent, is_active, is_event_scope, is_suspended,
    activity_id, activity_instance_id)
SELECT 'i' || n, 'i' || n, 'i' || n, ids[1 + mod(n, 50)], 'p', true, false, true, false, false,
    'a' || mod(n, 7), 'v' || n
FROM generate_series(1, 100000) AS n, (SELECT %(ids)s::text[] AS ids) AS given;
INSERT INTO job (id, kind, create_time, retries, priority, is_exclusive, is_suspended, activity_id,
    execution_id, process_instance_id, root_process_instance_id, process_definition_id)
SELECT 'j' || n, 'async-continuation', now(), mod(n, 2), 0, true, false, 'a' || mod(n, 7), 'i' || n,
    'i' || n, 'i' || n, ids[1 + mod(n, 50)]
FROM generate_series(1, 20000) AS n, (SELECT %(ids)s::text[] AS ids) AS given;
INSERT INTO incident (id, incident_type, incident_timestamp, cause_incident_id,
    root_cause_incident_id, activity_id, process_instance_id, root_process_instance_id,
    process_definition_id)
SELECT 'x' || n, 'failedJob', now(), 'x' || n, 'x' || n, 'a' || mod(n, 7), 'i' || n, 'i' || n,
    ids[1 + mod(n, 50)]
FROM generate_series(1, 20000) AS n, (SELECT %(ids)s::text[] AS ids) AS given;
"""
COUNTS = {"has_failed_jobs": True, "has_incidents": True, "incident_type": None}


@pytest.fixture(scope="module")
def store(postgres, postgres_template):
    """A store with many instances of many definitions."""
    postgres.drop("baton_statistics")
    url = postgres.create("baton_statistics", postgres_template)
    store = Store(url)
    models = [
        (f"{n}.bpmn", process('<startEvent id="s"/>', f"p{n}").encode()) for n in range(DEFINITIONS)
    ]
    view = deployments.create(store, name="d", source=None, tenant_id=None, resources=models)
    store.ids = [definition["id"] for definition in view["definitions"]]
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement, {"ids": store.ids})
        connection.execute("VACUUM ANALYZE execution, job, incident")
    yield store
    store.close()
    postgres.drop("baton_statistics")


def asked(store, read):
    """The answer of a read, its statements, and how long they took together."""
    found = []

    def begin(*_):
        found.append(-time.perf_counter())

    def end(*_):
        found[-1] += time.perf_counter()

    event.listen(store.engine, "before_cursor_execute", begin)
    event.listen(store.engine, "after_cursor_execute", end)
    try:
        answer = read()
    finally:
        event.remove(store.engine, "before_cursor_execute", begin)
        event.remove(store.engine, "after_cursor_execute", end)
    return answer, len(found), sum(found)


def test_statistics_of_all_definitions_are_a_few_statements(store):
    answer, statements, seconds = asked(
        store, lambda: statistics.of_definitions(store, has_root_incidents=False, **COUNTS)
    )

    assert [view["instances"] for view in answer] == [INSTANCES // DEFINITIONS] * DEFINITIONS
    assert sum(view["failed_jobs"] for view in answer) == 10_000
    assert sum(i["incident_count"] for view in answer for i in view["incidents"]) == 20_000
    assert statements <= 4
    assert seconds < INSTANT


def test_statistics_of_one_definition_are_a_few_statements(store):
    answer, statements, seconds = asked(
        store, lambda: statistics.of_activities(store, store.ids[3], **COUNTS)
    )

    assert sum(view["instances"] for view in answer) == INSTANCES // DEFINITIONS
    assert [view["id"] for view in answer] == [f"a{n}" for n in range(7)]
    assert statements <= 3
    assert seconds < INSTANT


def test_reports_are_one_statement(store):
    for read in (
        lambda: reports.instance_durations(store, "QUARTER", {}),
        lambda: reports.task_durations(store, "MONTH", {}),
        lambda: reports.task_counts(store, {}, is_by_name=True),
    ):
        assert asked(store, read)[:2] == ([], 1)
