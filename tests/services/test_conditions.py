"""Conditions that are evaluated from outside, and the instances that they start."""

import pytest

from app.errors import InvalidRequestError, NotFoundError
from app.services import conditions, lists, suspension
from app.services.conditions import NoConditionalStartError

from .conftest import values
from .events import HOT, stands_at


def evaluate(engine, **options):
    arguments = {
        "variables": values(degrees=31),
        "business_key": None,
        "tenant_id": None,
        "without_tenant_id": False,
        "process_definition_id": None,
        **options,
    }
    return conditions.evaluate(engine.store, **arguments)


@pytest.mark.parametrize(
    ("given", "is_started"),
    [({"degrees": 31}, True), ({"degrees": 30}, False), ({"other": 31}, False), ({}, False)],
)
def test_a_condition_that_holds_starts_an_instance(hearing, given, is_started):
    found = evaluate(hearing, variables=values(**given), business_key="k")

    assert [view["definition_key"] for view in found] == (["warm"] if is_started else [])
    for view in found:
        assert view["business_key"] == "k"
        assert stands_at(hearing, view["id"]) == "cool"


def test_one_definition_may_be_meant(hearing):
    definition = lists.definition(hearing.store, "warm", None)["id"]
    other = lists.definition(hearing.store, "waiting", None)["id"]

    assert len(evaluate(hearing, process_definition_id=definition)) == 1
    with pytest.raises(
        NoConditionalStartError, match=rf"^ENGINE-13042 .*'{other}' does not declare"
    ):
        evaluate(hearing, process_definition_id=other)
    with pytest.raises(NotFoundError) as caught:
        evaluate(hearing, process_definition_id="x")
    assert str(caught.value) == (
        "no deployed process definition found with id 'x': processDefinition is null"
    )


def test_a_suspended_definition_is_passed_over(make_engine):
    engine = make_engine()
    engine.deploy(HOT)
    definition = lists.definition(engine.store, "warm", None)["id"]
    suspension.set_definitions(
        engine.store,
        suspended=True,
        include_process_instances=False,
        process_definition_id=definition,
    )

    assert evaluate(engine, process_definition_id=definition) == []


def test_conditions_are_of_one_tenant_or_of_none(hearing):
    with pytest.raises(InvalidRequestError) as caught:
        evaluate(hearing, tenant_id="north", without_tenant_id=True)

    assert str(caught.value) == (
        "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'."
    )
