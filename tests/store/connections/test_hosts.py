"""URLs of one server of PostgreSQL, and of several."""

import pytest

from app.store.connections.database import create_engine
from app.store.connections.hosts import PRIMARY, has_several, postgres_url

SEVERAL = [
    "postgresql://u:p%40w@a:5433,b/baton",
    "postgresql://u:p%40w@/baton?host=a:5433,b",
    "postgresql://u:p%40w@/baton?host=a:5433&host=b",
    "postgresql://u:p%40w@/baton?host=a,b&port=5433,5432",
    "postgresql+psycopg://u:p%40w@a:5433,b:5432/baton",
]


def arguments(url):
    engine = create_engine(url)
    return engine.dialect.create_connect_args(engine.url)[1]


@pytest.mark.parametrize("url", SEVERAL)
def test_several_hosts_are_handed_to_the_driver_and_the_primary_is_meant(url):
    found = arguments(url)

    assert has_several(postgres_url(url))
    assert (found["host"], found["port"]) == ("a,b", "5433,5432")
    assert (found["user"], found["password"], found["dbname"]) == ("u", "p@w", "baton")
    assert found["target_session_attrs"] == PRIMARY


def test_what_is_asked_of_the_hosts_is_left():
    found = arguments("postgresql://a,b/baton?target_session_attrs=any&sslmode=require")

    assert (found["target_session_attrs"], found["sslmode"]) == ("any", "require")


def test_addresses_of_ipv6_are_hosts_too():
    found = arguments("postgresql://[::1]:5433,[fe80::2]/baton")

    assert (found["host"], found["port"]) == ("::1,fe80::2", "5433,5432")


@pytest.mark.parametrize(
    ("url", "host"),
    [("postgresql://a:5433/baton", "a"), ("postgresql:///baton?host=/run/postgresql", None)],
)
def test_one_host_is_asked_nothing_more(url, host):
    assert not has_several(postgres_url(url))
    found = arguments(url)
    assert "target_session_attrs" not in found
    assert found["host"] == (host or "/run/postgresql")
