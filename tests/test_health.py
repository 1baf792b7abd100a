"""GET /health and /ready: they answer whatever else goes on."""

import contextlib
import threading

import pytest
from sqlalchemy import text

from app import create_app
from app.store.connections.database import create_engine
from config import Config


def test_a_process_with_its_database_is_ready(client):
    assert client.get("/health").get_json() == {"status": "UP"}
    answer = client.get("/ready")

    assert answer.status_code == 200
    assert answer.get_json()["status"] == "UP"


def test_a_process_is_ready_while_every_connection_is_in_use(app, client):
    pool = app.extensions["baton"].store.pool
    with contextlib.ExitStack() as taken:
        for _ in range(pool.size):
            taken.enter_context(pool.taken())

        answers = [client.get("/health").status_code, client.get("/ready").status_code]

    assert answers == [200, 200]


@pytest.mark.parametrize(
    "values", ["version_num = '9999', oldest = '9998'", "version_num = '0007'"]
)
def test_a_schema_that_this_version_cannot_work_with_is_not_ready(client, database_url, values):
    with create_engine(database_url).begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET {values}"))

    answer = client.get("/ready")

    assert answer.status_code == 503
    assert answer.get_json()["status"] == "SCHEMA_OUTDATED"


def test_a_schema_that_has_only_grown_is_ready(client, database_url):
    with create_engine(database_url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    answer = client.get("/ready")

    assert (answer.status_code, answer.get_json()["status"]) == (200, "UP")


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/baton.db", "postgresql://nobody@127.0.0.1:9/baton"]
)
def test_a_database_that_cannot_be_reached_is_not_ready(url):
    client = create_app(Config(database_url=url)).test_client()

    assert client.get("/health").status_code == 200
    answer = client.get("/ready")

    assert answer.status_code == 503
    assert answer.get_json()["status"] == "DATABASE_DOWN"


def test_a_database_that_hangs_is_not_ready_within_a_second_and_asked_once():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as mute:  # accepts, and never says a word
        url = f"postgresql://nobody@127.0.0.1:{mute.getsockname()[1]}/baton"
        app = create_app(Config(database_url=url))
        answers = []
        askers = [
            threading.Thread(target=lambda: answers.append(app.test_client().get("/ready")))
            for _ in range(5)
        ]
        before = threading.active_count()
        for asker in askers:
            asker.start()
        most = threading.active_count() - before - len(askers)
        for asker in askers:
            asker.join()

    assert {answer.get_json()["status"] for answer in answers} == {"DATABASE_SLOW"}
    assert all(answer.get_json()["databaseMillis"] < 2_000 for answer in answers)
    assert most <= 1
