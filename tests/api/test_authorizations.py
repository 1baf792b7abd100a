"""Authorizations as data: what holds beside the recorded cases."""

import pytest

from app.security import permissions
from app.services import authorizations

GRANT = {"type": 1, "userId": "kim", "resourceType": 6, "resourceId": "p", "permissions": ["READ"]}


@pytest.fixture
def store(client):
    return client.application.extensions["baton"].store


def add(calls, **more):
    body = {**GRANT, **more}
    status, made = calls.post("/authorization/create", body)
    assert status == 200, made
    return made


def holds(store, permission="READ", resource_id="p", user="kim"):
    return authorizations.holds(
        store,
        user_id=user,
        permission=permission,
        resource_name="PROCESS_DEFINITION",
        resource_type=6,
        resource_id=resource_id,
    )


@pytest.mark.parametrize("resource", permissions.Resource)
def test_every_permission_of_a_resource_is_kept_under_its_name(calls, resource):
    names = permissions.names_of(sum(permissions.BITS.values()), resource)

    made = add(calls, resourceType=int(resource), permissions=names)

    assert names
    assert made["permissions"] == names
    assert calls.get(f"/authorization/{made['id']}")["permissions"] == names


def test_the_same_authorization_is_made_once(calls):
    add(calls)

    status, answer = calls.post("/authorization/create", GRANT)

    assert (status, answer["type"]) == (500, "ProcessEnginePersistenceException")
    add(calls, type=2)
    add(calls, userId=None, groupId="kim")


def test_an_update_that_makes_two_alike_is_refused(calls):
    add(calls)
    other = add(calls, resourceId="q")

    status, _ = calls.put(f"/authorization/{other['id']}", GRANT)

    assert status == 500
    assert calls.get(f"/authorization/{other['id']}")["resourceId"] == "q"


@pytest.mark.parametrize("missing", ["resourceType", "permissions"])
def test_what_an_authorization_needs_is_asked_for(calls, missing):
    body = {name: value for name, value in GRANT.items() if name != missing}

    status, answer = calls.post("/authorization/create", body)

    assert (status, answer["type"]) == (500, "NullValueException")


def test_an_authorization_without_a_type_is_for_everybody(calls):
    of_everybody = {"userId": "*", "type": None}

    made = add(calls, **of_everybody)
    status, answer = calls.post("/authorization/create", {**GRANT, "type": None})

    assert made["type"] == 0
    assert status == 500
    assert answer["message"].startswith("ENGINE-03028")


def test_an_update_without_permissions_keeps_them(calls):
    made = add(calls, permissions=["READ", "DELETE"])
    body = {**GRANT, "permissions": None, "resourceId": "q"}

    status, _ = calls.put(f"/authorization/{made['id']}", body)

    assert status == 204
    kept = calls.get(f"/authorization/{made['id']}")
    assert (kept["resourceId"], kept["permissions"]) == ("q", made["permissions"])


def test_a_permission_that_is_null_is_none_of_any_resource(calls):
    status, answer = calls.post("/authorization/create", {**GRANT, "permissions": [None]})

    assert status == 400
    assert answer["message"].startswith("The permission 'null' is not valid for")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], False),
        ([{}], True),
        ([{"resourceId": "*"}], True),
        ([{"resourceId": "q"}], False),
        ([{"permissions": ["ALL"]}], True),
        ([{"permissions": ["UPDATE"]}], False),
        ([{"type": 0, "userId": "*"}], True),
        ([{"type": 0, "userId": "*"}, {"type": 2}], False),
        ([{"userId": None, "groupId": "crew"}], True),
        ([{"userId": None, "groupId": "crew"}, {"type": 2}], False),
        ([{"type": 2, "userId": None, "groupId": "crew"}, {}], True),
        ([{"type": 2, "userId": None, "groupId": "crew"}, {"type": 0, "userId": "*"}], False),
        ([{"type": 2}, {}], True),
        ([{"type": 2, "permissions": ["UPDATE"]}, {"type": 0, "userId": "*"}], False),
    ],
)
def test_the_nearest_rule_decides(calls, store, rules, expected):
    calls.post("/user/create", {"profile": {"id": "kim"}})
    calls.post("/group/create", {"id": "crew"})
    calls.put("/group/crew/members/kim", {})
    for rule in rules:
        add(calls, **rule)

    assert holds(store) is expected
    assert holds(store, user="bob") is any(rule.get("type") == 0 for rule in rules)


def test_what_is_said_of_something_goes_with_it(calls):
    calls.post("/user/create", {"profile": {"id": "bob"}})
    add(calls, resourceType=1, resourceId="bob")
    add(calls, resourceType=2, resourceId="bob")

    calls.send("DELETE", "/user/bob")

    assert [a["resourceType"] for a in calls.get("/authorization?userIdIn=kim")] == [2]


def test_nobody_is_asked_whether_nobody_may(calls):
    path = "/authorization/check?permissionName=READ&resourceName=X&resourceType=6"

    status, answer = calls.send("GET", path)

    assert (status, answer["type"]) == (401, "InvalidRequestException")


@pytest.mark.parametrize("number", [99, -1, 2**31 - 1])
@pytest.mark.parametrize("permissions", [["ALL"], [], ["NONE"]])
def test_resources_that_are_not_ours_may_have_all_permissions_or_none(calls, number, permissions):
    made = add(calls, resourceType=number, permissions=permissions)
    changed = {**GRANT, "userId": "bob", "resourceType": number, "permissions": permissions}

    status, _ = calls.put(f"/authorization/{made['id']}", changed)

    assert status == 204
    (found,) = calls.get(f"/authorization?resourceType={number}")
    assert (found["userId"], found["permissions"]) == ("bob", made["permissions"])
    assert calls.send("DELETE", f"/authorization/{made['id']}")[0] == 204
