"""Commits that fail: conflicts are repeated inside; one whose answer is lost is never repeated."""

import psycopg
import pytest

from tests.models import TWO_TASKS

from .audit import audit
from .harness import Client, Storm, is_unavailable
from .proxy import Proxy

BODY = {"workerId": "w", "variables": {"approved": {"value": True}}}
TRIGGER = """
    CREATE SEQUENCE faults;
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE number bigint := nextval('faults');
    BEGIN {statements} RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER fails AFTER INSERT OR UPDATE OR DELETE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
"""
CONFLICT = """
    IF number % 50 = 0 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF;
    IF number % 50 = 25 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40P01'; END IF;
"""
CUT = "IF {condition} THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"


def at_commit(url, statements, table="execution"):
    """Let something happen at commits: a trigger fires for each row that they have changed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TRIGGER.format(statements=statements, table=table))


def fired(url):
    """How often the trigger has fired."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT last_value FROM faults").fetchone()[0]


def complete(server, task_id):
    client = Client([server.port])
    path = f"/external-task/{task_id}/complete"
    try:
        return client.call("POST", path, BODY, Idempotency_Key="k")
    finally:
        client.close()


def locked(server):
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (task,) = server.fetch("check")
    return instance, task["id"]


def visits(server, instance, activity):
    query = f"processInstanceId={instance}&activityId={activity}"
    return server.call("GET", f"/history/activity-instance/count?{query}")[1]["count"]


@pytest.fixture
def proxy(postgres_url):
    proxy = Proxy(postgres_url)
    yield proxy
    proxy.close()


def test_deadlocks_and_serialization_failures_are_repeated_unseen(working, postgres_url, instances):
    server = working(postgres_url)
    at_commit(postgres_url, CONFLICT, "external_task")

    with Storm([server], instances) as storm:
        storm.finish()

    audit(storm, server)
    assert storm.doubts == {}
    assert fired(postgres_url) >= 25 * 10  # conflicts


def test_a_conflict_that_never_ends_is_answered_and_changes_nothing(serve, postgres_url):
    server = serve(postgres_url)
    _, task_id = locked(server)
    at_commit(postgres_url, "RAISE EXCEPTION 'injected' USING ERRCODE = '40001';")

    status, _, error = complete(server, task_id)

    assert (status, error["type"]) == (500, "OptimisticLockingException")
    assert "Nothing was changed" in error["message"]
    assert server.call("GET", f"/external-task/{task_id}")[1]["workerId"] == "w"


def test_a_complete_cut_before_its_commit_is_done_by_the_repeat(serve, postgres_url):
    server = serve(postgres_url)
    instance, task_id = locked(server)
    at_commit(postgres_url, CUT.format(condition="number = 1"), "receipt")

    first, again = complete(server, task_id), complete(server, task_id)

    assert is_unavailable(first)
    assert again[0] == 204
    assert "Idempotent-Replayed" not in again[1]
    assert visits(server, instance, "ship") == 1


def test_a_complete_whose_commit_came_through_unheard_is_a_replay_at_the_repeat(serve, proxy):
    server = serve(proxy.url)
    instance, task_id = locked(server)

    proxy.every = 1
    first = complete(server, task_id)
    proxy.every = 0
    again = complete(server, task_id)

    assert is_unavailable(first)
    assert "whether the command was done is not known" in first[2]["message"]
    assert (again[0], again[1]["Idempotent-Replayed"]) == (204, "true")
    assert visits(server, instance, "ship") == 1
    assert proxy.lost == 1


def test_nothing_is_lost_or_doubled_when_connections_are_cut_before_the_commit(
    working, postgres_url, instances
):
    server = working(postgres_url)
    at_commit(postgres_url, CUT.format(condition="number % 60 = 0"))

    with Storm([server], instances) as storm:
        storm.finish()

    audit(storm, server)
    assert storm.doubts[503]


def test_nothing_is_lost_or_doubled_when_commits_come_through_unheard(working, proxy, instances):
    server = working(proxy.url)

    with Storm([server], instances) as storm:
        proxy.every = 15
        storm.reach(0.9)
        proxy.every = 0
        storm.finish()

    audit(storm, server)
    assert proxy.lost > 5
    assert storm.replays
