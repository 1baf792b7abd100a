"""Users, groups, tenants: what holds beside the recorded cases."""

import threading
from datetime import timedelta

import pytest

from app.models.identity import group_membership, tenant_membership
from app.security import passwords
from app.services import users

KIM = {"profile": {"id": "kim", "firstName": "Kim"}, "credentials": {"password": "pw"}}


@pytest.fixture
def kim(calls):
    assert calls.post("/user/create", KIM)[0] == 204
    return "kim"


@pytest.fixture
def store(client):
    return client.application.extensions["baton"].store


def verified(calls, password, user="kim"):
    body = {"username": user, "password": password}
    return calls.post("/identity/verify", body)[1]["authenticated"]


def rows(store, table):
    with store.reading() as connection:
        return connection.execute(table.select()).all()


def test_a_password_is_kept_as_a_salted_hash(kim, calls, store):
    other = {"profile": {"id": "bob"}, "credentials": {"password": "a secret"}}
    assert calls.post("/user/create", other)[0] == 204

    with store.reading() as connection:
        kept = connection.exec_driver_sql("SELECT password_hash FROM identity_user").scalars().all()

    assert len(set(kept)) == 2
    assert all(text.startswith("scrypt$") and "secret" not in text for text in kept)


def test_a_wrong_password_locks_until_somebody_unlocks(kim, calls):
    assert not verified(calls, "wrong")

    assert not verified(calls, "pw")

    assert calls.post("/user/kim/unlock", {})[0] == 204
    assert verified(calls, "pw")


def test_the_lock_of_a_user_is_over_after_some_seconds(kim, calls, store, monkeypatch):
    monkeypatch.setattr(users, "LOCK", timedelta(milliseconds=1))
    assert not verified(calls, "wrong")

    threading.Event().wait(0.05)

    assert verified(calls, "pw")


def test_ten_wrong_passwords_lock_for_good(kim, calls, monkeypatch):
    monkeypatch.setattr(users, "LOCK", timedelta(0))
    for _ in range(users.MOST_ATTEMPTS):
        assert not verified(calls, "wrong")

    assert not verified(calls, "pw")


def test_a_user_without_a_password_cannot_log_in(calls):
    calls.post("/user/create", {"profile": {"id": "bare"}})

    assert not verified(calls, "", user="bare")


def test_the_check_of_an_unknown_user_costs_what_that_of_a_known_one_costs(calls, monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "matches", lambda *given: asked.append(given) or False)

    assert not verified(calls, "pw", user="nobody")

    assert asked == [("pw", None)]


def test_what_is_deleted_leaves_no_membership(kim, calls, store):
    calls.post("/group/create", {"id": "crew"})
    calls.post("/tenant/create", {"id": "north"})
    for path in ("/group/crew/members/kim", "/tenant/north/user-members/kim"):
        assert calls.put(path, {})[0] == 204
    assert calls.put("/tenant/north/group-members/crew", {})[0] == 204

    calls.send("DELETE", "/user/kim")
    calls.send("DELETE", "/group/crew")

    assert rows(store, group_membership) == []
    assert rows(store, tenant_membership) == []


def test_a_member_that_joins_twice_at_once_is_in_the_group_once(kim, calls, store, client):
    calls.post("/group/create", {"id": "crew"})
    found = []

    def join():
        with client.application.test_client() as own:
            found.append(own.put("/engine-rest/group/crew/members/kim").status_code)

    threads = [threading.Thread(target=join) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [204, 500, 500, 500]
    assert len(rows(store, group_membership)) == 1


def test_two_users_of_one_id_that_are_made_at_once_are_one(calls, store, client):
    found = []

    def make():
        with client.application.test_client() as own:
            found.append(own.post("/engine-rest/user/create", json=KIM).status_code)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [204, 400, 400]


@pytest.mark.parametrize("path", ["/group/crew", "/tenant/crew"])
def test_an_update_cannot_change_an_id(calls, path):
    kind = path.split("/")[1]
    calls.post(f"/{kind}/create", {"id": "crew", "name": "a"})

    assert calls.put(path, {"name": "b"})[0] == 500
    assert calls.put(path, {"id": "other", "name": "b"})[0] == 500

    assert calls.get(path)["name"] == "a"


def test_potential_starters_are_candidates_and_members_of_candidate_groups(calls):
    model = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
      <process id="asked" isExecutable="true" camunda:historyTimeToLive="1"
        camunda:candidateStarterUsers="ann" camunda:candidateStarterGroups="crew">
        <startEvent id="s"/></process></definitions>"""
    calls.deploy(model)
    for user in ("ann", "bob", "cyd"):
        calls.post("/user/create", {"profile": {"id": user}})
    calls.post("/group/create", {"id": "crew"})
    calls.put("/group/crew/members/bob", {})
    (definition,) = calls.get("/process-definition?key=asked")

    starters = calls.get(f"/user?potentialStarter={definition['id']}")

    assert [user["id"] for user in starters] == ["ann", "bob"]
    for user, count in (("ann", 1), ("bob", 1), ("cyd", 0), ("b%", 0)):
        found = calls.get(f"/process-definition/count?startableBy={user}")
        assert found["count"] == count, user


# -- policy ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Long-enough1", []),
        ("kim-Is-here-1", ["PASSWORD_POLICY_USER_DATA"]),
        ("Sh0rt!", ["PASSWORD_POLICY_LENGTH"]),
        ("LONG-ENOUGH1", ["PASSWORD_POLICY_LOWERCASE"]),
        ("long-enough1", ["PASSWORD_POLICY_UPPERCASE"]),
        ("Long-enough", ["PASSWORD_POLICY_DIGIT"]),
        ("LongEnough12", ["PASSWORD_POLICY_SPECIAL"]),
    ],
)
def test_a_password_is_judged_by_each_rule(password, broken):
    found = [r.placeholder for r, ok in passwords.judged(password, ("Kim",)) if not ok]

    assert found == broken


@pytest.mark.parametrize(
    ("kind", "path"), [("User", "/user/a/profile"), ("Group", "/group/a"), ("Tenant", "/tenant/a")]
)
def test_an_id_that_nobody_could_have_is_no_other_one(calls, kind, path):
    body = {"profile": {"id": "a"}} if kind == "User" else {"id": "a"}
    assert calls.post(f"/{kind.lower()}/create", body)[0] == 204

    status, answer = calls.put(path, {"id": "b-c"})

    assert (status, answer["type"]) == (500, "ProcessEngineException")
    assert answer["message"].startswith(f"{kind} has an invalid id: 'b-c'")
