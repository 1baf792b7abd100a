"""``python -m app.users``: administrators without the API."""

import io

import pytest

from app import users as command
from app.services import users
from app.store import Store


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    """Run a command with typed input; gives its output, with the message of a refusal in front."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    def call(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            command.main(arguments)
        except SystemExit as error:
            return f"refused: {error}"
        return capsys.readouterr().out

    return call


@pytest.fixture
def store(sqlite_url):
    store = Store(sqlite_url)
    yield store
    store.close()


def test_an_administrator_is_made_and_listed_without_its_password(run, store):
    said = run("create-administrator", "ada", typed="geheim!\n")

    assert users.verify(store, "ada", "geheim!")
    assert run("list").splitlines() == ["* ada"]
    assert "geheim" not in said + run("list")


def test_a_user_that_is_there_becomes_one_and_keeps_its_password(run, store):
    users.create(store, user_id="kim", first_name="Kim", last_name="Li", password="a")
    assert run("list") == "  kim  Kim Li\n"

    assert "stays" in run("create-administrator", "kim")

    assert users.verify(store, "kim", "a")
    assert run("list") == "* kim  Kim Li\n"


def test_a_new_password_lets_a_locked_user_in(run, store):
    users.create(store, user_id="kim", password="a")
    assert not users.verify(store, "kim", "wrong")
    assert not users.verify(store, "kim", "a")

    said = run("set-password", "kim", typed="geheim!\n")

    assert "geheim" not in said
    assert users.verify(store, "kim", "geheim!")


def test_a_locked_user_is_unlocked(run, store):
    users.create(store, user_id="kim", password="a")
    assert not users.verify(store, "kim", "wrong")

    run("unlock", "kim")

    assert users.verify(store, "kim", "a")


@pytest.mark.parametrize(
    ("arguments", "typed", "reason"),
    [
        (("create-administrator", "ada"), "", "there is no password"),
        (("create-administrator", "no-dash"), "a\n", "invalid id"),
        (("set-password", "nobody"), "a\n", "there is no user nobody"),
        (("unlock", "nobody"), "", "there is no user nobody"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(run, arguments, typed, reason):
    said = run(*arguments, typed=typed)

    assert said.startswith("refused: baton: ")
    assert reason in said
    assert "\n" not in said


def test_the_rules_of_passwords_hold_here_too(run, store, monkeypatch):
    monkeypatch.setenv("BATON_PASSWORD_POLICY", "on")

    assert "policy" in run("create-administrator", "ada", typed="short\n")
    assert not users.is_known(store, "ada")
