"""Reads begin no writing transaction: on SQLite they would wait for every writer."""

import threading

import pytest

from app.services import variables

from .populated import known, populate


def paths_of(rule, ids):
    """The paths that a rule serves, each parameter with values of its resource."""
    found, resource = [""], ""
    for part in rule.removeprefix("/engine-rest/").split("/"):
        values = ids.get(resource, ["none"])[:4] if part.startswith("<") else [part]
        found = [f"{path}/{value}" for path in found for value in values]
        resource = part
    return found


@pytest.fixture
def rules(app):
    """The rules of the API by method; those of a named engine are the same once more."""
    found = {"GET": set(), "POST": set()}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/engine-rest/") and "/engine/<" not in rule.rule:
            for method in rule.methods & set(found):
                found[method].add(rule.rule)
    return found


@pytest.fixture
def begun(server, store, monkeypatch):
    """Writing transactions that were begun after the server was populated."""
    populate(server)
    server.ids = known(server)
    found, begin = [], store.transaction

    def transaction():
        found.append("a transaction")
        return begin()

    monkeypatch.setattr(store, "transaction", transaction)
    return found


def test_no_get_begins_a_transaction_that_writes(server, rules, begun):
    answered = set()
    for rule in rules["GET"]:
        for path in paths_of(rule, server.ids):
            if server.raw("GET", path)[0] == 200:
                answered.add(rule)
            assert begun == [], path

    assert len(answered) > len(rules["GET"]) * 0.7, rules["GET"] - answered


def test_no_list_that_is_asked_for_with_a_body_begins_a_transaction_that_writes(
    server, rules, begun
):
    lists = {rule for rule in rules["POST"] if f"{rule}/count" in rules["POST"]}
    assert len(lists) > 10

    for rule in (*lists, *(f"{rule}/count" for rule in lists)):
        (path,) = paths_of(rule, {})
        assert server.call("POST", path, {})[0] == 200
        assert begun == [], path


@pytest.mark.parametrize("kind", ["execution", "task"])
def test_variables_are_read_while_another_command_writes(server, store, kind):
    populate(server)
    (owner,) = (t["id"] for t in server.call("GET", f"/{kind}?maxResults=1")[1])
    read = threading.Event()

    def look():
        variables.get_all(store, owner, kind=kind)
        read.set()

    with store.transaction() as tx:
        assert tx.now
        reader = threading.Thread(target=look)
        reader.start()
        assert read.wait(60), "the read waits for the writer"
    reader.join()
