"""``python -m tests.benchmarks.removal`` measures what the removal of a month of history costs.

Figures that do not depend on how busy the machine is: seconds of the processor in PostgreSQL and in
Baton, bytes of WAL, and what VACUUM takes afterwards; for a partition that is dropped as well.
"""

import argparse
import os
import time
from pathlib import Path

import psycopg

from app.services import history
from app.store import Store
from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from tests.postgres import Postgres

from .cleanup import fill

ROWS = 7  # of an instance: itself, four visits, two variables
TABLES = (
    "historic_process_instance",
    "historic_activity_instance",
    "historic_variable_instance",
)
TICKS = os.sysconf("SC_CLK_TCK")


def processor(pid):
    """The seconds of the processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Meter:
    """Measures a block by the log of the server and the processor time of its sessions."""

    def __init__(self, connection):
        self._connection = connection

    def _look(self):
        lsn = self._value("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        pids = [row[0] for row in self._connection.execute(query)]
        return int(lsn), sum(map(processor, pids)), time.process_time(), time.monotonic()

    def _value(self, query):
        return self._connection.execute(query).fetchone()[0]

    def __enter__(self):
        self._before = self._look()
        return self

    def __exit__(self, *_):
        after = self._look()
        self.wal, self.server, self.client, self.seconds = (
            b - a for a, b in zip(self._before, after, strict=True)
        )

    def line(self, name, rows):
        million = rows / 1_000_000
        return (
            f"{name:28} {self.seconds:7.1f} s, for a million rows: server "
            f"{self.server / million:6.1f} s, Baton {self.client / million:6.1f} s of the "
            f"processor, {self.wal / million / 2**20:7.0f} MB of WAL"
        )


def removal(url, count, batch):
    """Remove so many instances in portions; prints what that and VACUUM take."""
    fill(url, count)
    store = Store(url, pool_size=1)
    usual, history.BATCH = history.BATCH, batch
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            history.remove_expired(store, lambda _: False)  # now the session is there
            with Meter(connection) as found:
                history.remove_expired(store)
            print(found.line(f"portions of {batch}", count * ROWS), flush=True)
            with Meter(connection) as found:
                for table in TABLES:
                    connection.execute(f"VACUUM {table}")
            print(found.line("VACUUM behind it", count * ROWS), flush=True)
            left = connection.execute(f"SELECT count(*) FROM {TABLES[0]}").fetchone()[0]
            assert left == 0
    finally:
        history.BATCH = usual
        store.close()


def partition(url, count):
    """Drop a partition with the same rows; prints what that takes."""
    fill(url, count)
    with psycopg.connect(url, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE month_{table} (LIKE {table} INCLUDING ALL)")
            connection.execute(f"INSERT INTO month_{table} SELECT * FROM {table}")
        connection.execute("CHECKPOINT")
        with Meter(connection) as found:
            for table in TABLES:
                connection.execute(f"DROP TABLE month_{table}")
        print(found.line("a partition is dropped", count * ROWS))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=200_000)
    parser.add_argument("--batches", type=int, nargs="+", default=[100, 500])
    given = parser.parse_args()
    postgres = Postgres(is_durable=True, autovacuum="off", max_wal_size="8GB")
    try:
        for batch in given.batches:
            url = postgres.create(f"removal_{batch}")
            migrate(create_engine(url))
            removal(url, given.instances, batch)
        url = postgres.create("partition")
        migrate(create_engine(url))
        partition(url, given.instances)
    finally:
        postgres.close()


if __name__ == "__main__":
    main()
