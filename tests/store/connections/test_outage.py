"""A database that goes away and comes back is two lines of the log."""

import pytest
from structlog.testing import capture_logs

from app.errors import UnavailableError
from app.store.connections.outage import Outage


def test_an_outage_is_told_once_and_so_is_its_end():
    outage = Outage()

    with capture_logs() as logs:
        outage.end()
        for _ in range(3):
            outage.begin("connection refused")
        for _ in range(3):
            outage.end()

    assert [line["event"] for line in logs] == ["the database is away", "the database is back"]
    assert logs[0]["reason"] == "connection refused"


def test_a_pool_without_a_free_connection_is_no_outage(pg_store):
    pg_store.pool.timeout = 0.01
    taken = [pg_store.pool.take() for _ in range(pg_store.pool.size)]

    with pytest.raises(UnavailableError), pg_store.transaction():
        pass

    assert pg_store.outage.since is None
    for pooled in taken:
        pg_store.pool.give_back(pooled)
