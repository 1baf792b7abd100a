"""The engines of a server, as the setting names them."""

import json
import re

import pytest

from app.server.engines import MOST, OWN, environment, read

pytestmark = pytest.mark.no_database
URL = "postgresql://kim:secret@db/one"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("  ", {}),
        (f"a={URL}", {"a": URL}),
        (f" a={URL} , b=sqlite:///b.sqlite ", {"a": URL, "b": "sqlite:///b.sqlite"}),
        (f"a={URL}\nb={URL}", {"a": URL, "b": URL}),
        (f"a={URL},", {"a": URL}),
        (f"A.b-c_1={URL}", {"A.b-c_1": URL}),
        # a comma of a URL is not the end of an entry, unless a name and a URL follow it
        (
            "a=postgresql://u@h1,h2/db?a=b,b=sqlite://",
            {"a": "postgresql://u@h1,h2/db?a=b", "b": "sqlite://"},
        ),
        ("a=postgresql://u@h1:1,h2:2/db", {"a": "postgresql://u@h1:1,h2:2/db"}),
    ],
)
def test_engines_are_named_with_their_urls(text, expected):
    assert read(text) == {name: {"DATABASE_URL": url} for name, url in expected.items()}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a", "name=URL"),
        (f"a={URL},a={URL}", "'a' is named twice"),
        (f"default={URL}", "'default' is the engine of DATABASE_URL"),
        (f"-a={URL}", "not '-a'"),
        (f"{'a' * 64}={URL}", "a name has letters"),
        (",".join(f"e{number}={URL}" for number in range(MOST + 1)), f"at most {MOST}"),
    ],
)
def test_what_names_no_engines_is_refused_without_its_passwords(text, reason):
    with pytest.raises(ValueError, match=re.escape(reason)) as refused:
        read(text)

    assert "secret" not in str(refused.value)


def test_a_file_may_give_each_engine_settings_of_its_own(tmp_path):
    path = tmp_path / "engines.json"
    path.write_text(json.dumps({"a": URL, "b": {"DATABASE_URL": URL, "POOL_SIZE": 3}}))

    assert read(str(path)) == {
        "a": {"DATABASE_URL": URL},
        "b": {"DATABASE_URL": URL, "POOL_SIZE": "3"},
    }


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (5, "'a' must have a URL"),
        (None, "'a' must have a URL"),
        ({}, "'a' must have a URL"),
        ({"DATABASE_URL": ""}, "'a' must have a URL"),
        ({"DATABASE_URL": URL, "PORT": 1}, "PORT is no setting of an engine"),
        ({"DATABASE_URL": URL, "POOL_SIZE": True}, "POOL_SIZE of 'a' must be"),
        ({"DATABASE_URL": URL, "POOL_SIZE": [1]}, "POOL_SIZE of 'a' must be"),
    ],
)
def test_a_file_with_other_settings_is_refused(tmp_path, settings, reason):
    path = tmp_path / "engines.json"
    path.write_text(json.dumps({"a": settings}))

    with pytest.raises(ValueError, match=reason):
        read(str(path))


def test_nothing_of_the_servers_database_is_the_engines():
    server = {
        "DATABASE_URL": "sqlite://",
        "DATABASE_READ_URL": "sqlite://",
        "BATON_ENGINES": "a=…",
        "PORT": "80",
        "POOL_SIZE": "5",
    }

    found = environment(server, {"DATABASE_URL": URL, "POOL_SIZE": "3"})

    assert found == {"DATABASE_URL": URL, "PORT": "80", "POOL_SIZE": "3"}
    assert set(found) & set(server) - set(OWN) == {"PORT"}
