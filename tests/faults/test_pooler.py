"""Behind PgBouncer in transaction mode everything goes as it does without."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.models import TWO_TASKS
from tests.pooler import Pooler, program
from tests.postgres import Postgres
from tests.serving import Server, seconds_until_woken

pytestmark = pytest.mark.skipif(program() is None, reason="pgbouncer is not installed")


@pytest.fixture(scope="module")
def pooled():
    """A server of its own, for sessions differ by its settings, and the pooler before it."""
    postgres = Postgres()
    try:
        postgres.create("baton")
        pooler = Pooler(postgres)
        try:
            yield postgres, pooler
        finally:
            pooler.close()
    finally:
        postgres.close()


@pytest.fixture(scope="module")
def server(pooled):
    _, pooler = pooled
    found = Server(pooler.url("baton"), DATABASE_POOLER="transaction", WEB_CONCURRENCY="2")
    found.deploy(TWO_TASKS)
    yield found
    found.stop()


def test_many_workers_share_few_sessions(server):
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: server.start("two", n=1), range(24)))
        for topic in ("check", "ship"):
            tasks = [t for _ in range(6) for t in server.fetch(topic, most=4)]
            assert len(tasks) == 24
            done = pool.map(lambda t: server.complete(t["id"], approved=True)[0], tasks)
            assert set(done) == {204}

    ended = server.call("GET", "/history/process-instance?finished=true&maxResults=1000")[1]
    assert {view["id"] for view in ended} == set(started)
    for view in ended:  # whatever the time zone of the server is
        assert view["startTime"].endswith("+0000")
        began = datetime.strptime(view["startTime"], "%Y-%m-%dT%H:%M:%S.%f%z")
        assert abs(datetime.now(UTC) - began) < timedelta(minutes=30)


def test_a_long_list_is_read_in_parts(server):
    answer = server.call("GET", "/history/activity-instance?maxResults=2000")

    assert answer[0] == 200


def test_a_poll_hears_of_tasks_by_looking(server):
    assert seconds_until_woken(server, server) < 30


def test_wake_ups_take_the_direct_way_where_one_is_told(pooled, serve):
    postgres, pooler = pooled
    direct = {"DATABASE_POOLER": "transaction", "DATABASE_DIRECT_URL": postgres.url("baton")}
    servers = [serve(pooler.url("baton"), WEB_CONCURRENCY="1", **direct) for _ in range(2)]
    servers[0].deploy(TWO_TASKS.replace('id="two"', 'id="three"'))

    taken = [seconds_until_woken(*servers, key="three") for _ in range(3)]

    assert min(taken) < 30
