"""Authorizations of a user, on both databases: its own, its groups', those of token groups."""

from datetime import timedelta

import pytest

from app.engine.state.identity import Authorization, GroupMembership, TenantMembership
from app.errors import AuthorizationError, EngineError
from app.security.callers import Caller
from app.security.judging import Said, holds
from app.security.needs import READ, UPDATE
from app.security.permissions import ANY, GLOBAL, GRANT, REVOKE, Resource, bits_of
from app.services import deployments, external_tasks, lists, permits, process_definitions
from app.services.permits import Subject
from app.store import Store
from app.store.commands import groups, permissions
from tests.models import TWO_TASKS

D, P = Resource.PROCESS_DEFINITION, Resource.PROCESS_INSTANCE
WORK = "READ_INSTANCE UPDATE_INSTANCE"


@pytest.fixture
def store(database_url):
    store = Store(database_url, has_authorization=True)
    resources = [("two.bpmn", TWO_TASKS.encode())]
    deployments.create(store, name="two", source=None, tenant_id=None, resources=resources)
    process_definitions.start(store, key="two", variables={})
    yield store
    store.close()


def grant(store, names, resource=D, key="two", type_=GRANT, **holder):
    held_by = holder.get("user_id"), holder.get("group_id")
    bits = bits_of(names.split(), resource)
    with store.transaction() as tx:
        made = Authorization(tx.new_id(), type_, bits, *held_by, int(resource), key)
        tx.records.add(made)


def fetched(store, caller):
    topics = [{"topic_name": "check", "lock_duration": timedelta(seconds=1)}]
    wanted = {"worker_id": "w", "max_tasks": 1, "use_priority": False, "sorting": []}
    acting = store.acting_for(caller)
    return len(external_tasks.fetch_and_lock(acting, **wanted, topics=topics))


def seen(store, caller):
    return lists.count(store.acting_for(caller), "external_task", {})


def test_the_groups_of_a_token_count_beside_those_that_are_known(store):
    grant(store, WORK, group_id="crew")
    outsider, member, bearer = Caller("kim"), Caller("bob"), Caller("eve", ("x", "crew"))
    with store.transaction() as tx:
        tx.records.add(GroupMembership("bob:crew", "bob", "crew"))

    assert [seen(store, one) for one in (outsider, member, bearer)] == [0, 1, 1]
    with store.snapshot() as snapshot:
        said = [permissions.said(snapshot.sql, one, ["two"]) for one in (outsider, member, bearer)]
        found = [groups.of_caller(snapshot.sql, one) for one in (outsider, member, bearer)]
    assert [len(one) for one in said] == [0, 1, 1]
    assert found == [[], ["crew"], ["x", "crew"]]
    assert fetched(store, outsider) == 0
    assert fetched(store, bearer) == 1


def test_a_token_can_name_administrators(store):
    with store.snapshot() as snapshot:
        assert permissions.is_administrator(snapshot.sql, Caller("kim", ("camunda-admin",)))
        assert not permissions.is_administrator(snapshot.sql, Caller("kim", ("crew",)))
        assert (
            permissions.hidden_tenants(snapshot.sql, Caller("kim", ("camunda-admin",)), {"t"})
            == set()
        )


def test_tenants_are_those_of_a_user_and_of_its_groups(store):
    with store.transaction() as tx:
        tx.records.add(TenantMembership("1", "north", "kim", None))
        tx.records.add(TenantMembership("2", "south", None, "crew"))
    wanted = {"north", "south", "east"}

    with store.snapshot() as snapshot:
        hidden = [
            permissions.hidden_tenants(snapshot.sql, caller, wanted)
            for caller in (Caller("kim"), Caller("kim", ("crew",)), Caller("bob"))
        ]

    assert hidden == [{"south", "east"}, {"east"}, wanted]


def test_something_of_another_tenant_is_refused_before_permissions_are_asked_for(store):
    subject = Subject({P: "i", D: "two"}, "north", "the process instance 'i'")
    with (
        store.acting_for("kim").transaction() as tx,
        pytest.raises(EngineError, match="ENGINE-13034 Cannot update the process instance 'i'"),
    ):
        permits.demand(tx, UPDATE, [subject])


def test_each_of_many_subjects_is_asked_for_by_one_statement(store):
    grant(store, "UPDATE", P, "a", user_id="kim")
    grant(store, "UPDATE", P, "b", user_id="kim")
    subjects = [Subject({P: key, D: "two"}) for key in ("a", "b")]

    with store.acting_for("kim").transaction() as tx:
        permits.demand(tx, UPDATE, subjects)
        with pytest.raises(AuthorizationError, match="resource 'c' of type 'ProcessInstance'"):
            permits.demand(tx, UPDATE, [*subjects, Subject({P: "c", D: "two"})])
        with pytest.raises(AuthorizationError):
            permits.demand(tx, READ, subjects)


def said(*entries):
    bits = bits_of(["READ"], D)
    return [
        Said(type_, bits if type_ != REVOKE else 0, is_of_group, int(D), key)
        for type_, is_of_group, key in entries
    ]


@pytest.mark.parametrize(
    ("entries", "is_held"),
    [
        ([], False),
        ([(GRANT, False, "two")], True),
        ([(GRANT, False, ANY)], True),
        ([(GRANT, False, "other")], False),
        ([(GRANT, True, "two")], True),
        ([(GLOBAL, False, "two")], True),
        ([(REVOKE, False, "two"), (GRANT, True, "two"), (GLOBAL, False, ANY)], False),
        ([(GRANT, False, "two"), (REVOKE, True, "two")], True),
        ([(REVOKE, True, ANY), (GLOBAL, False, "two")], False),
        ([(GRANT, False, ANY), (REVOKE, False, "two")], True),
    ],
)
def test_what_is_said_nearer_counts_before_what_is_said_of_more(entries, is_held):
    assert holds(said(*entries), ("READ", D, "two")) is is_held
