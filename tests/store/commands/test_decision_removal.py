"""Historic decisions are removed at their own removal time, or with the root instance."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.engine.state.values import TypedValue
from app.models.decisions import historic_decision_instance as table
from app.models.history import historic_process_instance
from app.services import (
    decisions,
    deployments,
    history,
    lists,
    process_definitions,
    process_instances,
)
from tests.decisions import TIERS, deciding

AMOUNT = {"amount": TypedValue("Integer", 150)}


def deploy(store, *resources):
    files = [("pricing.dmn", TIERS.encode()), ("orders.bpmn", deciding().encode()), *resources]
    return deployments.create(store, name="d", source=None, tenant_id=None, resources=files)["id"]


def decided(store, **filters):
    return lists.find(store, "historic_decision_instance", filters)


def started(store):
    return process_definitions.start(store, key="orders", variables=AMOUNT)["id"]


def expire(store, what):
    """Let the time come of an instance, or of all evaluations outside of instances."""
    with store.reading() as connection:
        if what is None:
            rows = connection.execute(select(table.c.id, table.c.evaluation_time)).all()
            for key, timestamp in rows:
                past = {"removal_time": timestamp - timedelta(days=1)}
                connection.execute(update(table).where(table.c.id == key).values(past))
        else:
            row = historic_process_instance
            timestamp = connection.execute(
                select(row.c.start_time).where(row.c.id == what)
            ).scalar_one()
            past = {"removal_time": timestamp - timedelta(days=1)}
            connection.execute(update(row).where(row.c.id == what).values(past))
        connection.commit()


def test_an_evaluation_goes_in_its_own_time(store):
    deploy(store)
    decisions.evaluate(store, key="price", variables=AMOUNT)
    assert len(decided(store)) == 2
    history.remove_expired(store)
    assert len(decided(store)) == 2

    expire(store, None)
    history.remove_expired(store)

    assert decided(store) == []


def test_what_a_process_has_decided_goes_with_its_root(store):
    deploy(store)
    instance = started(store)
    process_instances.delete(store, instance)
    expire(store, instance)

    history.remove_expired(store)

    assert decided(store) == []


def test_what_is_deleted_by_hand_leaves_its_decisions_until_their_time(store):
    deploy(store)
    instance = started(store)
    process_instances.delete(store, instance)
    ended = lists.get(store, "historic_process_instance", instance)

    assert history.delete_process_instance(store, instance)

    (found,) = decided(store, process_instance_id=instance)
    assert found["has_own_removal_time"]
    assert found["removal_time"] == ended["removal_time"]
    expire(store, None)
    history.remove_expired(store)
    assert decided(store) == []


@pytest.mark.parametrize("cascade", [True, False])
def test_a_deployment_takes_what_its_decisions_have_decided_when_it_cascades(store, cascade):
    first = deploy(store)
    decisions.evaluate(store, key="price", variables=AMOUNT)
    deploy(store)
    decisions.evaluate(store, key="tier", variables=AMOUNT)

    deployments.delete(store, first, cascade=cascade)

    assert len(decided(store)) == (1 if cascade else 3)
    versions = [d["version"] for d in lists.find(store, "decision_definition", {})]
    assert versions == [2, 2]


def test_the_version_before_is_the_latest_again_when_the_last_one_goes(store):
    deploy(store)
    second = deploy(store)

    deployments.delete(store, second)
    decisions.evaluate(store, key="tier", variables=AMOUNT)
    deploy(store)

    assert [d["decision_definition_id"][:7] for d in decided(store)] == ["tier:1:"]
    assert sorted(d["version"] for d in lists.find(store, "decision_definition", {})) == [
        1,
        1,
        2,
        2,
    ]
