"""Which version of a decision is the latest is taken for granted until the commit, not beyond."""

import pytest

from app.errors import EngineError
from app.services import deployments, lists, process_definitions
from app.store import Store
from tests.decisions import deciding
from tests.dmn.conftest import of_literal
from tests.models import flows, process, task

RESULT = 'camunda:resultVariable="result" camunda:mapDecisionResult="singleEntry"'
PROCESS = deciding(decision_key="k", attributes=RESULT)


def deploy(store, number, tenant_id=None):
    files = [("k.dmn", of_literal(f'"{number}"').encode()), ("p.bpmn", PROCESS.encode())]
    view = deployments.create(store, name="d", source=None, tenant_id=tenant_id, resources=files)
    return view["id"]


def decide(store, tenant_id=None):
    """The result of the decision in a process."""
    instance = process_definitions.start(store, key="orders", tenant_id=tenant_id, variables={})[
        "id"
    ]
    (found,) = lists.find(
        store,
        "variable_instance",
        {"process_instance_id_in": [instance], "variable_name": "result"},
    )
    return found["text_value"]


@pytest.fixture
def stores(database_url):
    """Two processes on one database."""
    pair = Store(database_url), Store(database_url)
    yield pair
    for store in pair:
        store.close()


@pytest.mark.parametrize("tenant_id", [None, "t"])
def test_a_deployment_of_another_process_counts_at_once(stores, tenant_id):
    here, there = stores
    deploy(here, 1, tenant_id)
    assert [decide(store, tenant_id) for store in (here, there, here, there)] == ["1"] * 4

    second = deploy(there, 2, tenant_id)
    assert decide(here, tenant_id) == decide(there, tenant_id) == "2"

    deployments.delete(there, second, cascade=True)
    assert decide(here, tenant_id) == decide(there, tenant_id) == "1"


def test_what_was_assumed_wrongly_leaves_nothing(stores):
    here, there = stores
    deploy(here, 1)
    decide(here)
    deploy(there, 2)

    decide(here)

    found = lists.find(here, "historic_decision_instance", {}, [("evaluationTime", "asc")])
    assert [record["decision_definition_id"][:4] for record in found] == ["k:1:", "k:2:"]
    assert lists.count(here, "process_instance", {}) == 2


def test_a_version_that_fails_is_not_the_latest_for_longer_than_it_is(stores):
    here, there = stores
    deploy(here, 1)
    decide(here)
    broken = [("k.dmn", of_literal("1 +").encode())]
    deployments.create(there, name="b", source=None, tenant_id=None, resources=broken)
    with pytest.raises(EngineError, match="failed to parse expression"):
        decide(here)

    deploy(there, 3)

    assert decide(here) == "3"


def test_a_failure_of_the_latest_version_is_told_as_it_is(stores):
    here, _ = stores
    deploy(here, 1)
    missing = deciding(
        decision_key="k", after='<serviceTask id="after" camunda:expression="${no}"/>'
    )
    resources = [("p.bpmn", missing.encode())]
    deployments.create(here, name="m", source=None, tenant_id=None, resources=resources)

    for _ in range(2):
        with pytest.raises(EngineError, match="Cannot resolve identifier 'no'"):
            decide(here)


def test_many_decisions_in_one_transaction_are_found(store):
    files = [(f"{n}.dmn", of_literal(str(n)).replace('"k"', f'"k{n}"').encode()) for n in range(12)]
    names = [f"r{n}" for n in range(12)]
    model = process(
        '<startEvent id="s"/>'
        + "".join(
            f'<businessRuleTask id="{name}" camunda:decisionRef="k{name[1:]}" '
            f'camunda:resultVariable="{name}" camunda:mapDecisionResult="singleEntry"/>'
            for name in names
        )
        + task("work")
        + flows("s", *names, "work"),
        "many",
    )
    resources = [*files, ("many.bpmn", model.encode())]
    deployments.create(store, name="d", source=None, tenant_id=None, resources=resources)

    for _ in range(2):
        instance = process_definitions.start(store, key="many", variables={})["id"]
        found = lists.find(store, "variable_instance", {"process_instance_id_in": [instance]})
        assert {v["name"]: v["long_value"] for v in found} == {
            name: int(name[1:]) for name in names
        }
