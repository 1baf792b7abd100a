"""The bytes that an operation adds to the log of the database (WAL), which are always the same.

With ``full_page_writes``, as servers have it, a page that is touched first after a checkpoint is
in the log as a whole; each phase begins with a checkpoint.
"""

import itertools

import psycopg

from app.store import Store
from tests.models import TWO_TASKS
from tests.store.driving import complete, deploy, fetch, start

WARM = 50  # operations of each phase that do not count


class Log:
    """Where the log of a database ends."""

    def __init__(self, url):
        self._connection = psycopg.connect(url, autocommit=True)

    def measure(self, items, operate):
        """The bytes of each operation on the items, the first ones left out."""
        for item in items[:WARM]:
            operate(item)
        self._connection.execute("CHECKPOINT")
        ends = [self._end()]
        for item in items[WARM:]:
            operate(item)
            ends.append(self._end())
        return [after - before for before, after in itertools.pairwise(ends)]

    def _end(self):
        query = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
        return int(self._connection.execute(query).fetchone()[0])

    def close(self):
        self._connection.close()


def bytes_of_operations(url, count):
    """The bytes of each start, complete that moves on, and complete that ends the instance."""
    store, log = Store(url), Log(url)
    found = {}
    try:
        deploy(store, TWO_TASKS)
        found["start"] = log.measure(range(count + WARM), lambda _: start(store, "two"))
        for topic, name in (("check", "complete-first"), ("ship", "complete-last")):
            tasks = []
            while some := fetch(store, topic, 20):
                tasks += some
            found[name] = log.measure(tasks, lambda task: complete(store, task))
    finally:
        log.close()
        store.close()
    return found
