"""How several engines are told to a server, and wrong lists and files of them."""

import json

import pytest

from config import Config, ConfigError


def test_engines_are_told_with_their_urls_hosts_with_commas_included():
    several = "postgresql://u:p@one:5433,two/billing"
    text = f"billing={several}, archive=postgresql://host/archive"

    config = Config.from_environ({"DATABASE_URL": "postgresql://h/main", "BATON_ENGINES": text})

    found = {each.engine: each.database_url for each in config.every}
    assert found == {
        "default": "postgresql://h/main",
        "billing": several,
        "archive": "postgresql://host/archive",
    }


def test_a_file_gives_engines_settings_of_their_own(tmp_path):
    path = tmp_path / "engines.json"
    own = {
        "DATABASE_URL": "postgresql://h/billing",
        "DATABASE_POOLER": "transaction",
        "POOL_SIZE": 3,
    }
    path.write_text(json.dumps({"billing": own, "archive": "postgresql://h/archive"}))
    server = {
        "DATABASE_URL": "postgresql://h/main",
        "DATABASE_READ_URL": "postgresql://standby/main",
        "POOL_SIZE": "9",
        "BATON_ENGINES": str(path),
    }

    default, billing, archive = Config.from_environ(server).every

    assert (default.pool_size, default.read_url) == (9, "postgresql://standby/main")
    assert (billing.pool_size, billing.is_pooled, billing.read_url) == (3, True, "")
    assert (archive.pool_size, archive.is_pooled) == (9, False)


def test_an_engine_on_sqlite_makes_the_server_one_process():
    environ = {"DATABASE_URL": "postgresql://h/main", "BATON_ENGINES": "a=sqlite:///a.db"}

    assert Config.from_environ(environ).processes == 1
    with pytest.raises(ConfigError, match="BATON_ENGINES: a: WEB_CONCURRENCY is 2"):
        Config.from_environ({**environ, "WEB_CONCURRENCY": "2"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("billing", "must be name=URL"),
        ("=sqlite:///a.db", "letters"),
        ("default=sqlite:///a.db", "the engine of DATABASE_URL"),
        ("a/b=sqlite:///a.db", "letters"),
        ("a=sqlite:///a.db,a=sqlite:///b.db", "named twice"),
        ("a=mysql://u:secret@h/b", "a: DATABASE_URL must begin with"),
        ("a=sqlite:///:memory:", "a: DATABASE_URL must name a file"),
        ("a=postgresql://u:secret@host:port/b", "has a host or a port that is none"),
        ("a=sqlite:///baton.db", "default and a have one database"),
        ("a=sqlite:///x.db,b=sqlite:///./x.db", "a and b have one database"),
        ("a=postgresql://u@h/x,b=postgresql://v:secret@h/x?sslmode=require", "have one database"),
        ("/nowhere/engines.json", "cannot be read"),
        (",".join(f"e{n}=sqlite:///{n}.db" for n in range(33)), "at most 32"),
    ],
)
def test_a_wrong_list_of_engines_is_one_line(text, says):
    with pytest.raises(ConfigError) as caught:
        Config.from_environ({"BATON_ENGINES": text})

    message = str(caught.value)
    assert message.startswith("BATON_ENGINES: ")
    assert says in message
    assert "\n" not in message
    assert "secret" not in message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "an object of names"),
        ("{", "no JSON"),
        ('{"a": 1}', "must have a URL"),
        ('{"a": {}}', "must have a URL"),
        ('{"a": {"DATABASE_URL": "sqlite:///a.db", "PORT": 1}}', "PORT is no setting of an engine"),
        ('{"a": {"DATABASE_URL": "sqlite:///a.db", "POOL_SIZE": []}}', "a text or a number"),
        ('{"a": {"DATABASE_URL": "sqlite:///a.db", "POOL_SIZE": 0}}', "a: POOL_SIZE must be"),
    ],
)
def test_a_wrong_file_of_engines_is_one_line(tmp_path, content, says):
    path = tmp_path / "engines.json"
    path.write_text(content)

    with pytest.raises(ConfigError, match=says) as caught:
        Config.from_environ({"BATON_ENGINES": str(path)})

    assert "\n" not in str(caught.value)


def test_an_engine_for_tests_is_alone():
    environ = {"BATON_TEST": "on", "BATON_ENGINES": "a=sqlite:///a.db"}

    assert Config.from_environ(environ).engines == ()
