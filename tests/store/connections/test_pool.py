"""How many connections there are, which is taken first, and what becomes of a lost one."""

import pytest

from app.errors import UnavailableError
from app.store.connections.database import create_engine
from app.store.connections.pool import Pool


@pytest.fixture
def engine(sqlite_url):
    engine = create_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def opened():
    """The connections that were opened."""
    return []


@pytest.fixture
def pool(engine, opened):
    def connect():
        opened.append(engine.connect())
        return opened[-1]

    pool = Pool(connect, size=2, timeout=0)
    yield pool
    pool.close()


def test_nothing_is_opened_before_it_is_needed(pool, opened):
    assert opened == []

    pool.give_back(pool.take())

    assert len(opened) == pool.idle == 1


def test_the_one_that_was_used_last_is_taken_first(pool):
    first, second = pool.take(), pool.take()
    pool.give_back(first)
    pool.give_back(second)

    assert pool.take() is second
    assert pool.take() is first
    pool.give_back(first)
    pool.give_back(second)


def test_no_more_are_taken_than_there_may_be(pool, opened):
    taken = [pool.take(), pool.take()]

    with pytest.raises(UnavailableError, match="in use"):
        pool.take()

    assert len(opened) == 2
    pool.give_back(taken.pop())
    taken.append(pool.take())
    for pooled in taken:
        pool.give_back(pooled)
    assert (pool.idle, len(opened)) == (2, 2)


def test_a_failure_to_open_one_takes_no_place(engine):
    attempts = []

    def connect():
        attempts.append(1)
        if len(attempts) <= 3:
            raise OSError("away")
        return engine.connect()

    pool = Pool(connect, size=1, timeout=0)
    for _ in range(3):
        with pytest.raises(OSError, match="away"):
            pool.take()

    # The place is still there: with one lost at each failure, nobody would get another.
    pool.give_back(pool.take())
    assert pool.idle == 1
    pool.close()


def test_a_block_gives_back_what_it_has_taken_also_when_it_fails(pool):
    for _ in range(3):
        with pytest.raises(KeyError), pool.taken():
            raise KeyError

    assert pool.idle == 1


def test_a_lost_connection_is_not_kept_nor_are_those_of_its_age(pool, opened):
    first, second = pool.take(), pool.take()
    pool.give_back(first)

    second.core.invalidate()
    pool.give_back(second)

    assert pool.idle == 0
    assert first.core.closed
    pool.give_back(pool.take())
    assert len(opened) == 3


def test_one_that_was_closed_is_not_kept(pool):
    pooled = pool.take()
    pooled.close()

    pool.give_back(pooled)

    assert pool.idle == 0


def test_a_stale_connection_is_passed_over(pool, opened, monkeypatch):
    pool.give_back(pool.take())
    monkeypatch.setattr("app.store.connections.pool.Pooled.is_stale", property(lambda _: True))

    pooled = pool.take()

    assert pooled.core is opened[1]
    assert opened[0].closed
    pool.give_back(pooled)


def test_closing_leaves_what_is_in_use(pool):
    used, idle = pool.take(), pool.take()
    pool.give_back(idle)

    pool.close()

    assert (idle.core.closed, used.core.closed) == (True, False)
    pool.give_back(used)


def test_a_file_that_was_replaced_is_written_no_more(pool, tmp_path, sqlite_url):
    pooled = pool.take()
    path = tmp_path / "baton.db"
    path.rename(tmp_path / "moved.db")

    with pytest.raises(UnavailableError, match="removed or replaced"):
        pooled.require_file()
    pool.give_back(pooled)

    # Also where another file has its name now.
    path.write_bytes((tmp_path / "moved.db").read_bytes())
    again = pool.take()
    again.require_file()
    pool.give_back(again)


def test_another_server_has_a_pool_of_the_same_size(pool, engine):
    other = pool.like(engine.connect)

    taken = [other.take(), other.take()]

    with pytest.raises(UnavailableError):
        other.take()
    assert pool.idle == 0
    for pooled in taken:
        other.give_back(pooled)
    other.close()
