"""``python -m tests.benchmarks.cleanup`` removes ended instances while workers work.

It prints how many a second went, and the p99 of the workers' requests beside the usual one. The
clean-up is the server's own, in a process of its own, at its default rate; ``--rate 0`` lets it go
as fast as it can.
"""

import argparse
import statistics
import subprocess
import sys
import threading
import time
from datetime import timedelta

import psycopg

from app.background.cleanup import Cleaner
from app.store import Store
from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from config import Config
from tests.models import TWO_TASKS
from tests.postgres import Postgres
from tests.serving import ROOT

from .measures import VALUES, serve

ENDED = """
INSERT INTO historic_process_instance (id, process_definition_id, process_definition_key,
    start_time, end_time, root_process_instance_id, state, removal_time)
SELECT 'i' || n, 'two:1:x', 'two', now() - interval '90 days', now() - interval '60 days',
    'i' || n, 'COMPLETED', now() - interval '30 days' + n * interval '1 ms'
FROM generate_series(1, %(count)s) n
"""
VISITED = """
INSERT INTO historic_activity_instance (id, activity_id, activity_type, process_definition_key,
    process_definition_id, process_instance_id, root_process_instance_id, execution_id, sequence,
    start_time, end_time, is_canceled, is_complete_scope)
SELECT 'a' || n, 'check', 'serviceTask', 'two', 'two:1:x', 'i' || (n / 4 + 1), 'i' || (n / 4 + 1),
    'i' || (n / 4 + 1), n, now() - interval '90 days', now() - interval '60 days', false, false
FROM generate_series(0, %(count)s * 4 - 1) n
"""
KNOWN = """
INSERT INTO historic_variable_instance (id, name, type, state, revision, create_time, text_value,
    process_instance_id, root_process_instance_id, execution_id)
SELECT 'v' || n, 'note', 'String', 'CREATED', 0, now() - interval '90 days', 'text',
    'i' || (n / 2 + 1), 'i' || (n / 2 + 1), 'i' || (n / 2 + 1)
FROM generate_series(0, %(count)s * 2 - 1) n
"""


def fill(url, count):
    """Make ended instances past their removal time, each with four visits and two variables."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (ENDED, VISITED, KNOWN):
            connection.execute(statement, {"count": count})
        connection.execute("VACUUM ANALYZE")


class Load:
    """Workers that start, fetch and complete, a few times a second each.

    Attributes:
        took: the seconds of each request.
    """

    def __init__(self, server, workers=4, pause=0.05):
        self.took = []
        self._server, self._pause = server, pause
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(workers)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _timed(self, call, *args, **options):
        started = time.perf_counter()
        result = call(*args, **options)
        self.took.append(time.perf_counter() - started)
        return result

    def _work(self, number):
        worker = f"w{number}"
        values = {name: value["value"] for name, value in VALUES.items()}
        while not self._stopping.wait(self._pause):
            self._timed(self._server.start, "two")
            for topic in ("check", "ship"):
                for task in self._timed(self._server.fetch, topic, worker, 1):
                    status, _ = self._timed(self._server.complete, task["id"], worker, **values)
                    assert status == 204


def p99(took):
    """Milliseconds that one of a hundred requests took longer than."""
    return statistics.quantiles(took, n=100)[98] * 1000


def measure(url, count, *, usual_seconds=30.0, rate=Config.cleanup_rate):
    """The usual p99, the one beside the clean-up, and how many instances a second went."""
    fill(url, count)
    server = serve(url)
    try:
        server.deploy(TWO_TASKS)
        with Load(server) as load:
            time.sleep(usual_seconds)
        usual = p99(load.took)
        command = [sys.executable, "-m", "tests.benchmarks.cleanup", "--clean", url]
        started = time.perf_counter()
        with Load(server) as load:
            subprocess.run([*command, "--rate", str(rate)], cwd=ROOT, check=True)
        seconds = time.perf_counter() - started
    finally:
        server.stop()
    with psycopg.connect(url) as connection:
        left = "SELECT count(*) FROM historic_process_instance WHERE id LIKE 'i%'"
        assert connection.execute(left).fetchone() == (0,)
    return {"usual": usual, "beside": p99(load.took), "rate": count / seconds, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=Config.cleanup_rate)
    parser.add_argument("--clean", help="only remove, from the database with this URL")
    given = parser.parse_args()
    if given.clean:
        Cleaner(Store(given.clean, pool_size=1), timedelta(days=1), rate=given.rate).run()
        return
    postgres = Postgres(is_durable=True)
    try:
        url = postgres.create("cleanup")
        migrate(create_engine(url))
        found = measure(url, given.instances, rate=given.rate)
    finally:
        postgres.close()
    print(f"{given.instances} instances in {found['seconds']:.0f} s: {found['rate']:.0f} a second")
    print(f"p99 usual {found['usual']:.1f} ms, beside the clean-up {found['beside']:.1f} ms")
    print(f"ratio {found['beside'] / found['usual']:.2f}, goal 2")


if __name__ == "__main__":
    main()
