"""Sessions: known by a text that only the browser has, until they end."""

from datetime import timedelta

import pytest

from app.security.sessions import digest
from app.services import sessions, users

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def kim(engine):
    users.create(engine.store, user_id="kim", password="tea")
    return "kim"


@pytest.fixture
def token(engine, kim):
    return sessions.begin(engine.store, kim, "tea", HOUR)


def test_a_session_is_its_users(engine, token):
    assert sessions.user_of(engine.store, token) == "kim"


@pytest.mark.parametrize(
    ("passed", "is_known"),
    [(HOUR - timedelta(milliseconds=1), True), (HOUR, False), (HOUR * 2, False)],
)
def test_a_session_ends_with_its_time(engine, token, passed, is_known):
    engine.clock.move(engine.clock() + passed)

    assert (sessions.user_of(engine.store, token) == "kim") == is_known


def test_who_logs_out_is_not_known_any_more(engine, token):
    sessions.end(engine.store, token)
    sessions.end(engine.store, token)

    assert sessions.user_of(engine.store, token) is None


@pytest.mark.parametrize("text", ["", "unknown", "\ud800"])
def test_any_other_text_is_nobodys(engine, kim, text):
    assert sessions.user_of(engine.store, text) is None
    sessions.end(engine.store, text)


def test_what_the_database_keeps_lets_nobody_in(engine, token):
    assert sessions.user_of(engine.store, digest(token)) is None


def test_a_wrong_password_begins_none(engine, kim):
    assert sessions.begin(engine.store, kim, "coffee", HOUR) is None
    users.unlock(engine.store, kim)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: users.set_credentials(s, "lou", password="new"), id="password"),
        pytest.param(lambda s: users.delete(s, "lou"), id="deletion"),
    ],
)
def test_sessions_end_with_what_has_begun_them(engine, change):
    users.create(engine.store, user_id="lou", password="tea")
    token = sessions.begin(engine.store, "lou", "tea", HOUR)

    change(engine.store)
    found = sessions.user_of(engine.store, token)

    users.delete(engine.store, "lou")
    assert found is None
