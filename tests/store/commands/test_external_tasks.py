"""Fetching reads hardly more than it answers, whatever stands around it."""

import multiprocessing
import re
from datetime import timedelta

import psycopg
import pytest

from app.engine.state.values import TypedValue
from app.services import external_tasks
from app.store import Store
from app.store.commands.external_tasks import RELEASE_EXPIRED, _claim
from tests.models import flows, process, task
from tests.store.driving import deploy, fetch, start
from tests.store.plans import OPTIONS, Prepared

FILL = """
INSERT INTO external_task (id, lock_count, priority, create_time, execution_id, activity_id,
    activity_instance_id, process_instance_id, root_process_instance_id, process_definition_id,
    process_definition_key, is_locked, is_suspended, topic_name, worker_id, lock_expiration_time,
    retries)
SELECT 'task-' || n, 0, n %% 10, now() - (n || ' seconds')::interval, 'e' || n, 'a', 'a:' || n,
    'i' || n, 'i' || n, 'd', 'p', n %% 20 < 10, false, 'topic-' || (n / 20) %% 50,
    CASE WHEN n %% 20 < 10 THEN 'other' END,
    CASE WHEN n %% 20 < 10 THEN now() + interval '1 hour' END,
    CASE WHEN n %% 20 BETWEEN 10 AND 18 THEN 0 END
FROM generate_series(1, %(count)s) n
"""


def rows_read(plan):
    """The rows that scans of the task table have looked at, filtered ones included."""
    total = 0
    for line in plan.splitlines():
        scan = re.search(r"Scan.* on external_task.*actual time=\S+ rows=(\d+) loops=(\d+)", line)
        if scan:
            total += int(scan[1]) * int(scan[2])
        removed = re.search(r"Rows Removed by (?:Filter|Index Recheck): (\d+)", line)
        if removed:
            total += int(removed[1])
    return total


@pytest.mark.parametrize("use_priority", [False, True])
def test_a_fetch_reads_at_most_ten_times_what_it_answers(postgres_url, use_priority):
    store = Store(postgres_url)
    wanted = {"limit": 20, "topic_name_0": "topic-7"}
    claim = _claim(((),), use_priority, False)
    with psycopg.connect(postgres_url, options=OPTIONS) as connection:
        connection.execute(FILL, {"count": 200_000})
        connection.execute("ANALYZE external_task")
        plan = Prepared(connection, "claim", claim, store.dialect, wanted).plan()
        topics = {"topics": ["topic-7"]}
        first = Prepared(connection, "release", RELEASE_EXPIRED, store.dialect, topics).plan()
    store.close()

    print(f"{rows_read(plan)} rows read for 20, {rows_read(first)} looked at for expired locks")
    assert "Seq Scan on external_task" not in plan + first
    assert 20 <= rows_read(plan) <= 200
    assert rows_read(first) == 0


def take(url, number, out):
    """Fetch until there is nothing left."""
    store = Store(url)
    mine = []
    topics = [{"topic_name": "topic-0", "lock_duration": timedelta(hours=1)}]
    while found := external_tasks.fetch_and_lock(
        store, worker_id=f"w{number}", max_tasks=20, use_priority=False, topics=topics, sorting=[]
    ):
        mine += [task["id"] for task in found]
    store.close()
    out.put(mine)


def test_eight_processes_that_fetch_at_once_get_each_of_5000_tasks_once(postgres_url):
    free = FILL.replace("n %% 20 < 10", "false").replace("n %% 20 BETWEEN 10 AND 18", "false")
    with psycopg.connect(postgres_url) as connection:
        connection.execute(free.replace("(n / 20) %% 50", "0"), {"count": 5_000})
    out = multiprocessing.get_context("spawn").Queue()
    spawn = multiprocessing.get_context("spawn").Process
    fetching = [spawn(target=take, args=(postgres_url, n, out)) for n in range(8)]
    for one in fetching:
        one.start()
    taken = [task for _ in fetching for task in out.get(timeout=120)]
    for one in fetching:
        one.join()

    assert len(taken) == len(set(taken)) == 5_000


@pytest.mark.parametrize(("sort_order", "expected"), [("asc", "a1 b1 a2"), ("desc", "b2 a2 b1")])
def test_the_limit_takes_the_first_of_all_topics_in_the_order_asked_for(
    store, sort_order, expected
):
    for topic in ("a", "b"):
        model = f'<startEvent id="s"/>{task(topic)}{flows("s", topic)}'
        deploy(store, process(model, key=f"process_{topic}"))
    for number in (1, 2):
        for topic in ("a", "b"):
            start(store, f"process_{topic}", name=TypedValue("String", f"{topic}{number}"))

    found = external_tasks.fetch_and_lock(
        store,
        worker_id="w",
        max_tasks=3,
        use_priority=False,
        topics=[{"topic_name": t, "lock_duration": timedelta(hours=1)} for t in ("a", "b")],
        sorting=[("createTime", sort_order)],
    )

    assert " ".join(task["variables"]["name"].value for task in found) == expected


@pytest.mark.parametrize("most", [1, 20])
def test_a_fetch_writes_the_columns_of_its_lock_and_no_other(pg_store, postgres_url, counter, most):
    deploy(pg_store, process(f'<startEvent id="s"/>{task("a")}{flows("s", "a")}'))
    for _ in range(most):
        start(pg_store, "p")

    counter.mark()
    found = fetch(pg_store, "a", most)
    counter.count()

    (written,) = [s for s in counter.statements if "lock_count" in s and " SET " in s]
    assigned = re.findall(r'"(\w+)" = ', written)
    assert assigned == ["worker_id", "lock_expiration_time", "is_locked", "lock_count"]
    assert len(found) == most
    assert {(view["worker_id"], view["lock_count"]) for view in found} == {("w", 1)}
    query = "SELECT id, lock_expiration_time FROM external_task WHERE is_locked"
    with psycopg.connect(postgres_url) as connection:
        rows = connection.execute(query).fetchall()
    assert dict(rows) == {view["id"]: view["lock_expiration_time"] for view in found}
