"""Deployments at once count the versions of decisions one by one, and wait in one order."""

from concurrent.futures import ThreadPoolExecutor

from app.dmn import reader
from app.engine.state.values import TypedValue
from app.services import decisions, deployments, lists, process_definitions
from app.store import Store
from app.store.commands import decisions as commands
from tests.decisions import TIERS, deciding
from tests.dmn.conftest import of_literal

OTHER = of_literal("1")


def deploy(url, files, rounds):
    store = Store(url, pool_size=2)
    try:
        for _ in range(rounds):
            deployments.create(store, name="d", source=None, tenant_id=None, resources=files)
    finally:
        store.close()


def test_deployments_at_once_make_different_versions(database_url):
    files = [("pricing.dmn", TIERS.encode()), ("other.dmn", OTHER.encode())]
    orders = [files, files[::-1], files, files[::-1]]

    with ThreadPoolExecutor(len(orders)) as pool:
        for done in [pool.submit(deploy, database_url, order, 5) for order in orders]:
            done.result(timeout=120)

    store = Store(database_url)
    expected = list(range(1, 21))
    for name in ("decision_definition", "decision_requirements_definition"):
        for key in ("tier", "price", "k") if name == "decision_definition" else ("pricing",):
            found = lists.find(store, name, {"key": key}, [("version", "asc")])
            assert [definition["version"] for definition in found] == expected
    store.close()


def test_a_decision_is_compiled_once_in_a_process(store, monkeypatch):
    files = [("pricing.dmn", TIERS.encode()), ("orders.bpmn", deciding().encode())]
    deployments.create(store, name="d", source=None, tenant_id=None, resources=files)
    read, names = reader.read, []

    def counted(name, *arguments, **options):
        names.append(name)
        return read(name, *arguments, **options)

    monkeypatch.setattr(reader, "read", counted)
    amount = {"amount": TypedValue("Integer", 5)}
    for _ in range(3):
        decisions.evaluate(store, key="price", variables=amount)
        decisions.evaluate(store, key="tier", variables=amount)
        process_definitions.start(store, key="orders", variables=amount)

    assert names == ["pricing.dmn"]


def test_files_used_longest_ago_are_forgotten_first(store, monkeypatch):
    texts = {key: of_literal("1").replace('"k"', f'"{key}"') for key in "abc"}
    for key, text in texts.items():
        files = [(f"{key}.dmn", text.encode())]
        deployments.create(store, name=key, source=None, tenant_id=None, resources=files)
    monkeypatch.setattr(commands, "CAPACITY", 2 * len(texts["a"]) + 10)

    for key in "abac":
        decisions.evaluate(store, key=key, variables={})

    definitions = {d["key"]: d for d in lists.find(store, "decision_definition", {})}
    kept = {
        key
        for key, found in definitions.items()
        if store.decisions.of_deployment(found["deployment_id"], key) is not None
    }
    assert kept == {"a", "c"}
