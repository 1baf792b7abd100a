"""The numbers for the metrics are read from indexes, whatever else the tables hold."""

import psycopg
import pytest

from app.services.gauges import Reader
from app.store.lists import gauges

from .plans import OPTIONS

INDEXES = {
    "TASKS_FREE": "ix_external_task_fetch",
    "TASKS_LOCKED": "ix_external_task_expiry",
    "TASKS_FAILED": "ix_external_task_failed",
    "JOBS_DUE": "ix_job_due",
    "JOBS_AT_ONCE": "ix_job_due",
    "INCIDENTS": "ix_incident_type",
    "HISTORY": "ix_hi_process_instance_removal",
}


@pytest.mark.parametrize("name", INDEXES)
def test_each_number_is_read_from_its_index(pg_store, postgres_url, name):
    statement = getattr(gauges, name).compile(
        dialect=pg_store.dialect, compile_kwargs={"literal_binds": True}
    )
    with psycopg.connect(postgres_url, options=OPTIONS) as connection:
        rows = connection.execute(f"EXPLAIN {statement}".encode()).fetchall()

    plan = "\n".join(row[0] for row in rows)
    assert INDEXES[name] in plan
    assert "Seq Scan" not in plan


def test_every_statement_is_looked_at():
    assert [getattr(gauges, name) for name in INDEXES] == list(gauges.STATEMENTS)


def test_who_comes_while_another_one_asks_has_the_numbers_of_before(pg_store, monkeypatch):
    reader = Reader(pg_store)
    asked = []

    def ask():
        asked.append(reader.read())  # as another thread would, in the middle
        reader._last = gauges.Gauges({}, gauges.Backlog(0, 0), {}, gauges.Backlog(0, 0))

    monkeypatch.setattr(reader, "_ask", ask)

    assert reader.read() is not None
    assert asked == [None]


def test_a_database_that_is_away_gives_no_numbers(pg_store, postgres, postgres_url):
    reader = Reader(pg_store)
    postgres.drop(postgres_url.rpartition("/")[2])

    assert reader.read() is None
