"""Which deployments, process definitions and decisions each filter finds.

Source: contract 4.1 and 4.2; semantics 12.2.
"""

import pytest

from app.errors import InvalidRequestError
from app.models.decisions import decision_definition, decision_requirements_definition
from app.models.identity import group_membership
from app.models.repository import deployment, process_definition
from app.models.runtime import incident
from app.store.lists import repository
from tests.store.rows import day

from .cases import Lines, OfEachList, case, ordered

PROCESS_DEFINITIONS = {
    "p:1": {"version": 1, "deployment_id": "d1", "name": "Pay", "version_tag": "v1"},
    "p:2": {
        "version": 2,
        "deployment_id": "d2",
        "name": "pay 5%",
        "category": "money",
        "version_tag": "v_2",
        "is_suspended": True,
    },
    "p:red": {"version": 1, "deployment_id": "d2", "tenant_id": "red"},
    "p:blue": {
        "version": 5,
        "deployment_id": "d3",
        "tenant_id": "blue",
        "candidate_starter_users": "anna,robert",
        "resource_name": "p_y.bpmn",
    },
    "q:1": {
        "key": "q_1",
        "version": 1,
        "deployment_id": "d3",
        "category": "mon_y",
        "candidate_starter_groups": "sales",
        "is_startable_in_tasklist": False,
    },
}


def fill(rows):
    """Three deployments, with versions of a key for each tenant and for none."""
    rows.add_all(
        deployment,
        {
            "d1": {"name": "first 10%", "deployment_time": day(1), "source": "modeler"},
            "d2": {"name": "second", "deployment_time": day(2), "tenant_id": "red"},
            "d3": {"name": None, "deployment_time": day(3), "tenant_id": "blue", "source": "ci"},
        },
    )
    rows.add_all(
        process_definition,
        PROCESS_DEFINITIONS,
        key="p",
        resource_name="pay.bpmn",
        is_startable_in_tasklist=True,
    )
    rows.add(group_membership, "m1", user_id="gina", group_id="sales")
    rows.add(group_membership, "m2", user_id="gustav", group_id="sale")
    rows.add(incident, "n1", process_definition_id="p:1", incident_type="failedJob")
    rows.add(
        incident,
        "n2",
        process_definition_id="q:1",
        incident_type="failedJob",
        incident_message="1% left",
    )
    _fill_decisions(rows)


DEPLOYMENTS = [
    case("d1 d2 d3"),
    case("d2", id="d2"),
    case("d2", name="second"),
    case("d1", name_like="%\\%"),
    case("d1 d2", name_like="%s%"),
    case("d3", source="ci"),
    case("d2", without_source=True),
    # Neither end belongs to it.
    case("d1", before=day(2)),
    case("d3", after=day(2)),
    case("d2", after=day(1), before=day(3)),
    case("d2", tenant_id_in=["red"]),
    case("d1", without_tenant_id=True),
    case("d1 d2", tenant_id_in=["red"], include_deployments_without_tenant_id=True),
    case("d1 d2 d3", include_deployments_without_tenant_id=True),
]
DEPLOYMENT_ORDERS = [
    ordered("d3 d2 d1", "id desc"),
    ordered("d3 d1 d2", "name asc"),
    ordered("d3 d2 d1", "deploymentTime desc"),
    ordered("d1 d3 d2", "tenantId asc"),
]
DEFINITIONS = [
    case("p:1 p:2 p:blue p:red q:1"),
    case("p:2", process_definition_id="p:2"),
    case("p:1 q:1", process_definition_id_in=["q:1", "p:1"]),
    case("p:1 p:2 p:blue p:red", key="p"),
    case("q:1", keys_in=["q_1", "r"]),
    case("q:1", key_like="q\\_%"),
    case("p:1", name="Pay"),
    case("p:1 p:2", name_like="PAY%"),
    case("p:2", name_like="%\\%"),
    case("p:1 p:red q:1", version=1),
    case("p:2", ver=2),
    # The newest of a key for each tenant, and for none.
    case("p:2 p:blue p:red q:1", latest_version=True),
    case("p:2 p:blue p:red q:1", latest=True),
    case("p:2", latest_version=True, key="p", without_tenant_id=True),
    case("p:2 p:red", deployment_id="d2"),
    case("p:blue q:1", deployed_after=day(2)),
    case("p:2 p:red", deployed_at=day(2)),
    case("p:blue", resource_name="p_y.bpmn"),
    case("p:1 p:2 p:blue p:red q:1", resource_name_like="p_y%"),
    case("p:blue", resource_name_like="p\\_y%"),
    case("p:2", category="money"),
    case("p:2 q:1", category_like="mon_y"),
    case("q:1", category_like="mon\\_y"),
    case("p:1", version_tag="v1"),
    case("p:1 p:2", version_tag_like="v%"),
    case("p:2", version_tag_like="v\\_%"),
    case("p:blue p:red q:1", without_version_tag=True),
    case("p:1 p:blue p:red q:1", active=True),
    case("p:2", suspended=True),
    case("p:2", active=True, suspended=True),
    # One of several names, and not a part of one.
    case("p:blue", startable_by="robert"),
    case("", startable_by="bert"),
    case("q:1", startable_by="gina"),
    case("", startable_by="gustav"),
    case("", startable_by="anna,robert"),
    case("", startable_by=""),
    case("", startable_by="%"),
    # Where nobody is asked for permissions, all may start all.
    case("p:1 p:2 p:blue p:red q:1", startable_permission_check=True),
    case("p:1 p:2 p:blue p:red", startable_in_tasklist=True),
    case("q:1", not_startable_in_tasklist=True),
    case("p:red", tenant_id_in=["red"]),
    case("p:1 p:2 q:1", without_tenant_id=True),
    case(
        "p:1 p:2 p:red q:1",
        tenant_id_in=["red"],
        include_process_definitions_without_tenant_id=True,
    ),
    case("p:1", incident_id="n1"),
    case("p:1 q:1", incident_type="failedJob"),
    case("q:1", incident_message="1% left"),
    case("q:1", incident_message_like="1\\%%"),
    case("", incident_id="n1", incident_message="1% left"),
    case("p:2", key="p", latest=True, suspended=True),
]
DEFINITION_ORDERS = [
    ordered("p:2 q:1 p:1 p:blue p:red", "category desc"),
    ordered("q:1 p:1 p:2 p:blue p:red", "key desc"),
    ordered("q:1 p:red p:blue p:2 p:1", "id desc"),
    ordered("p:blue p:red q:1 p:1 p:2", "name asc"),
    ordered("p:blue p:2 p:1 p:red q:1", "version desc"),
    ordered("p:1 p:2 p:red p:blue q:1", "deploymentId asc"),
    ordered("p:blue q:1 p:2 p:red p:1", "deployTime desc"),
    ordered("p:1 p:2 q:1 p:blue p:red", "tenantId asc"),
    ordered("p:2 p:1 p:blue p:red q:1", "versionTag desc"),
    ordered("q:1 p:1 p:red p:2 p:blue", "key desc", "version asc"),
]


def _fill_decisions(rows):
    files = {"key": "pricing", "deployment_id": "d1", "resource_name": "price.dmn"}
    rows.add(decision_requirements_definition, "r:1", **{**files, "version": 1, "name": "Prices"})
    rows.add(
        decision_requirements_definition,
        "r:2",
        **{**files, "version": 2, "deployment_id": "d2", "category": "m_y", "tenant_id": "red"},
    )
    rows.add(decision_requirements_definition, "r:3", **{**files, "version": 3, "category": "mxy"})
    rows.add_all(
        decision_definition,
        {
            "x:1": {
                "version": 1,
                "deployment_id": "d1",
                "name": "Discount",
                "decision_requirements_definition_id": "r:1",
                "decision_requirements_definition_key": "pricing",
                "version_tag": "v1",
            },
            "x:2": {"version": 2, "deployment_id": "d2", "category": "c_t", "version_tag": "v_2"},
            "x:red": {
                "version": 1,
                "deployment_id": "d3",
                "tenant_id": "red",
                "name": "dis%",
                "category": "cat",
            },
            "y:1": {"key": "tier_1", "version": 1, "deployment_id": "d3"},
        },
        key="discount",
        resource_name="price.dmn",
    )


DECISIONS = [
    case("x:1 x:2 x:red y:1"),
    case("x:2", decision_definition_id="x:2"),
    case("x:1 y:1", decision_definition_id_in=["y:1", "x:1"]),
    case("x:red y:1", deployed_after=day(2)),
    case("x:2", deployed_at=day(2)),
    case("x:1", decision_requirements_definition_id="r:1"),
    case("x:1", decision_requirements_definition_key="pricing"),
    case("x:2 x:red y:1", without_decision_requirements_definition=True),
    case("x:1", version_tag="v1"),
    case("x:2", version_tag_like="v\\__"),
    case("x:1 x:2 x:red", key="discount"),
    case("y:1", key_like="tier\\_%"),
    case("x:1", name="Discount"),
    # Upper and lower case apart, unlike those of processes.
    case("x:red", name_like="dis%"),
    case("x:red", name_like="%\\%"),
    case("x:2", version=2),
    case("x:2 x:red y:1", latest_version=True),
    case("x:red y:1", deployment_id="d3"),
    case("x:1 x:2 x:red y:1", resource_name="price.dmn"),
    case("", resource_name_like="Price%"),
    case("x:2", category="c_t"),
    case("x:2 x:red", category_like="c_t"),
    case("x:red", tenant_id_in=["red"]),
    case("x:1 x:2 y:1", without_tenant_id=True),
    case(
        "x:1 x:2 x:red y:1",
        tenant_id_in=["red"],
        include_decision_definitions_without_tenant_id=True,
    ),
    case("x:2", latest_version=True, key="discount", without_tenant_id=True),
]
DECISION_ORDERS = [
    ordered("x:red x:2 x:1 y:1", "category desc"),
    ordered("y:1 x:1 x:2 x:red", "key desc"),
    ordered("y:1 x:red x:2 x:1", "id desc"),
    ordered("x:2 y:1 x:1 x:red", "name asc"),
    ordered("x:2 x:1 x:red y:1", "version desc"),
    ordered("x:red y:1 x:2 x:1", "deploymentId desc"),
    ordered("x:red x:1 x:2 y:1", "tenantId desc"),
    ordered("x:1 x:2 x:red y:1", "deployTime asc"),
    ordered("x:2 x:1 x:red y:1", "versionTag desc"),
    ordered("x:1 x:2 x:red y:1", "decisionRequirementsDefinitionKey desc"),
]
FILES = [
    case("r:1 r:2 r:3"),
    case("r:2", decision_requirements_definition_id="r:2"),
    case("r:1 r:3", decision_requirements_definition_id_in=["r:3", "r:1"]),
    case("r:1 r:2 r:3", key="pricing"),
    case("r:1 r:2 r:3", key_like="p_i%"),
    case("r:1", name="Prices"),
    case("r:1", name_like="Pri%"),
    case("r:3", version=3),
    # Versions are counted for each tenant apart.
    case("r:2 r:3", latest_version=True),
    case("r:2", deployment_id="d2"),
    case("", resource_name="price"),
    case("r:1 r:2 r:3", resource_name_like="price%"),
    case("r:2", category="m_y"),
    case("r:2", category_like="m\\_y"),
    case("r:2", tenant_id_in=["red"]),
    case("r:1 r:3", without_tenant_id=True),
    case(
        "r:1 r:2 r:3",
        tenant_id_in=["red"],
        include_decision_requirements_definitions_without_tenant_id=True,
    ),
]
FILE_ORDERS = [
    ordered("r:1 r:2 r:3", "category asc"),
    ordered("r:1 r:2 r:3", "key desc"),
    ordered("r:3 r:2 r:1", "id desc"),
    ordered("r:1 r:2 r:3", "name desc"),
    ordered("r:3 r:2 r:1", "version desc"),
    ordered("r:2 r:1 r:3", "deploymentId desc"),
    ordered("r:1 r:3 r:2", "tenantId asc"),
]
LISTS = {
    "deployment": Lines(DEPLOYMENTS, DEPLOYMENT_ORDERS),
    "process_definition": Lines(DEFINITIONS, DEFINITION_ORDERS),
    "decision_definition": Lines(DECISIONS, DECISION_ORDERS),
    "decision_requirements_definition": Lines(FILES, FILE_ORDERS),
}


class TestLists(OfEachList):
    """Each list of the table."""


def test_a_deployment_without_a_source_has_no_other():
    with pytest.raises(InvalidRequestError, match="withoutSource"):
        repository.DEPLOYMENTS.check({"without_source": True, "source": "ci"}, is_or=False)


def test_versions_of_keys_come_newest_first(world):
    with world.reading() as connection:
        found = [view["id"] for view in repository.versions_of(connection, ["p", "none"])]

    assert found == ["p:blue", "p:2", "p:1", "p:red"]
