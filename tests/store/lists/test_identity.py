"""Which users, groups, tenants, authorizations and saved filters each filter finds.

Source: contract 11.5 to 11.7.
"""

import pytest

from app.errors import EngineError
from app.models.identity import (
    authorization,
    group,
    group_membership,
    saved_filter,
    tenant,
    tenant_membership,
    user,
)
from app.models.repository import process_definition
from app.store.lists import authorizations, identity

from .cases import Lines, OfEachList, case, ordered

PROCESS = 6  # a type of resources
READ, UPDATE = 2, 4


def fill(rows):
    """Four users in two groups and two tenants, with what is said of them."""
    rows.add_all(
        user,
        {
            "anna": {"first_name": "Anna", "last_name": "A_er", "email": "a@x.org"},
            "bert": {"first_name": "Bert", "last_name": "Aber", "email": "b%@x.org"},
            "robert": {"first_name": "Robert", "last_name": "Aber"},
            "gina": {"first_name": "anna"},
        },
    )
    rows.add(group, "sales", name="Sales", type="WORKFLOW")
    rows.add(group, "sales_north", name="Sa_es", type="WORKFLOW")
    rows.add(group, "admin", name="Admins", type="SYSTEM")
    for number, (one, of) in enumerate(
        [("anna", "sales"), ("bert", "sales"), ("anna", "admin"), ("gina", "sales_north")]
    ):
        rows.add(group_membership, f"m{number}", user_id=one, group_id=of)
    rows.add(tenant, "red", name="Red 1%")
    rows.add(tenant, "blue", name="Blue")
    rows.add(tenant_membership, "n1", tenant_id="red", user_id="bert")
    rows.add(tenant_membership, "n2", tenant_id="blue", group_id="sales")
    rows.add(
        process_definition,
        "p:1",
        candidate_starter_users="robert,gina",
        candidate_starter_groups="sales",
    )
    rows.add_all(
        saved_filter,
        {
            "f1": {"name": "Mine 1%", "owner": "anna"},
            "f2": {"name": "Mine_1", "owner": "bert", "resource_type": "Other"},
            "f3": {"name": "All", "resource_type": "Task"},
        },
        resource_type="Task",
    )
    _fill_authorizations(rows)


def _fill_authorizations(rows):
    said = {"resource_type": PROCESS, "resource_id": "*", "permissions": READ}
    rows.add_all(
        authorization,
        {
            "z1": {"type": authorizations.GLOBAL, "user_id": "*", **said},
            "z2": {"type": authorizations.REVOKE, "group_id": "sales", **said},
            "z3": {
                "type": authorizations.GRANT,
                "user_id": "anna",
                **said,
                "resource_id": "order",
                "permissions": READ | UPDATE,
            },
            "z4": {
                "type": authorizations.GRANT,
                "group_id": "admin",
                **said,
                "resource_type": 8,
            },
        },
    )


USERS = [
    case("anna bert gina robert"),
    case("bert", id="bert"),
    case("anna gina", id_in=["gina", "anna", "none"]),
    case("anna", first_name="Anna"),
    case("anna gina", first_name_like="%nna"),
    case("bert robert", last_name="Aber"),
    case("anna bert robert", last_name_like="A_er"),
    case("anna", last_name_like="A\\_er"),
    case("anna", email="a@x.org"),
    case("bert", email_like="b\\%@%"),
    case("anna bert", member_of_group="sales"),
    case("", member_of_group="sale%"),
    case("bert", member_of_tenant="red"),
    # A membership of a group makes none of its users a member.
    case("", member_of_tenant="blue"),
    # By name or by group; and who is named is not found in a longer name.
    case("anna bert gina robert", potential_starter="p:1"),
    case("", potential_starter="none"),
    case("bert", member_of_group="sales", last_name="Aber"),
]
GROUPS = [
    case("admin sales sales_north"),
    case("sales", id="sales"),
    case("admin sales", id_in=["admin", "sales"]),
    case("sales", name="Sales"),
    case("sales sales_north", name_like="Sa_es"),
    case("sales_north", name_like="Sa\\_es"),
    case("admin", type="SYSTEM"),
    case("admin sales", member="anna"),
    case("sales", member_of_tenant="blue"),
    case("", member_of_tenant="red"),
    case("sales", member="anna", type="WORKFLOW"),
]
TENANTS = [
    case("blue red"),
    case("red", id="red"),
    case("blue", name="Blue"),
    case("red", name_like="%\\%"),
    case("red", user_member="bert"),
    case("blue red", user_member="bert", including_groups_of_user=True),
    case("", user_member="anna"),
    case("blue", user_member="anna", including_groups_of_user=True),
    case("blue", group_member="sales"),
    # Without a member it asks for nothing.
    case("blue red", including_groups_of_user=True),
    case("", group_member="sales", user_member="bert"),
]
AUTHORIZATIONS = [
    case("z1 z2 z3 z4"),
    case("z2", id="z2"),
    case("z3 z4", type=authorizations.GRANT),
    case("z1", type=authorizations.GLOBAL),
    case("z1 z3", user_id_in=["anna", "*"]),
    case("z2 z4", group_id_in=["admin", "sales"]),
    case("z4", resource_type=8),
    case("z3", resource_id="order"),
    case("z2", group_id_in=["sales", "admin"], resource_type=PROCESS),
]
FILTERS = [
    case("f1 f2 f3"),
    case("f2", filter_id="f2"),
    case("f1 f3", resource_type="Task"),
    case("f3", name="All"),
    case("f1 f2", name_like="Mine_1%"),
    case("f2", name_like="Mine\\_%"),
    case("f1", owner="anna"),
    case("f1 f2 f3", item_count=True),
    case("", owner="anna", resource_type="Other"),
]
LISTS = {
    "user": Lines(
        USERS,
        [
            ordered("robert gina bert anna", "userId desc"),
            ordered("anna bert robert gina", "firstName asc"),
            ordered("gina anna bert robert", "lastName asc"),
            ordered("bert anna gina robert", "email desc"),
        ],
    ),
    "group": Lines(
        GROUPS,
        [
            ordered("sales_north sales admin", "id desc"),
            ordered("sales sales_north admin", "name desc"),
            ordered("admin sales sales_north", "type asc"),
        ],
    ),
    "tenant": Lines(TENANTS, [ordered("red blue", "id desc"), ordered("blue red", "name asc")]),
    "authorization": Lines(
        AUTHORIZATIONS,
        [ordered("z4 z1 z2 z3", "resourceType desc"), ordered("z3 z1 z2 z4", "resourceId desc")],
    ),
    "filter": Lines(
        FILTERS,
        [
            ordered("f3 f2 f1", "filterId desc"),
            ordered("f2 f1 f3", "resourceType asc"),
            ordered("f3 f1 f2", "name asc"),
            ordered("f3 f1 f2", "owner asc"),
        ],
    ),
}


class TestLists(OfEachList):
    """Each list of the table."""


def test_users_and_groups_are_asked_for_apart():
    check = authorizations.AUTHORIZATIONS.check

    with pytest.raises(EngineError, match="user and group"):
        check({"user_id_in": ["a"], "group_id_in": ["b"]}, is_or=False)
    assert check({"user_id_in": ["a"]}, is_or=False) is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [("anna", ["bert"]), ("bert", ["anna"]), ("gina", []), ("robert", []), ("none", [])],
)
def test_a_user_sees_the_others_of_its_groups(world, one, expected):
    with world.reading() as connection:
        found = [view["id"] for view in identity.others_in_groups_of(connection, one)]

    assert found == expected


@pytest.mark.parametrize(
    ("who", "groups", "bits", "resource", "expected"),
    [
        pytest.param("gina", [], READ, None, True, id="everybody"),
        pytest.param("gina", [], UPDATE, None, False, id="not that"),
        pytest.param("gina", [], READ | UPDATE, None, False, id="all bits at once"),
        pytest.param("bert", ["sales"], READ, None, False, id="taken from the group"),
        pytest.param("bert", ["sales"], READ, "order", False, id="taken from the group, for one"),
        pytest.param("anna", ["sales"], READ, "order", True, id="granted to the user"),
        pytest.param("anna", ["sales"], READ | UPDATE, "order", True, id="both bits"),
        # An authorization for one resource does not apply to others.
        pytest.param("anna", ["sales"], READ, "other", False, id="of another"),
        pytest.param("anna", ["sales"], READ, None, False, id="of all"),
        pytest.param("anna", [], READ, "other", True, id="without the group"),
    ],
)
def test_the_nearest_that_is_said_decides(world, who, groups, bits, resource, expected):
    with world.reading() as connection:
        found = authorizations.holds(connection, who, groups, bits, PROCESS, resource)

    assert found is expected


def test_a_permission_is_one_of_its_type_of_resources(world):
    with world.reading() as connection:
        assert authorizations.holds(connection, "bert", ["admin"], READ, 8, None)
        assert not authorizations.holds(connection, "bert", ["sales"], READ, 8, None)
