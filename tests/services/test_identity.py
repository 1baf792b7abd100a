"""Users, groups, tenants, and who belongs to them."""

import pytest

from app.errors import (
    BadUserRequestError,
    ConflictError,
    EngineError,
    NullValueError,
    PersistenceError,
)
from app.services import groups, lists, tenants, users
from app.services.groups import UnknownGroupError
from app.services.tenants import UnknownTenantError
from app.services.users import UnknownUserError

PARTIES = pytest.mark.parametrize(
    ("make", "change", "remove", "unknown", "kind"),
    [
        pytest.param(
            lambda s, key: users.create(s, user_id=key),
            lambda s, key, new_id: users.update_profile(
                s, key, new_id=new_id, first_name="new", last_name=None, email=None
            ),
            users.delete,
            UnknownUserError,
            "User",
            id="user",
        ),
        pytest.param(
            lambda s, key: groups.create(s, group_id=key),
            lambda s, key, new_id: groups.update(s, key, group_id=new_id, name="new", type_=None),
            groups.delete,
            UnknownGroupError,
            "Group",
            id="group",
        ),
        pytest.param(
            lambda s, key: tenants.create(s, tenant_id=key),
            lambda s, key, new_id: tenants.update(s, key, tenant_id=new_id, name="new"),
            tenants.delete,
            UnknownTenantError,
            "Tenant",
            id="tenant",
        ),
    ],
)


@pytest.fixture(scope="module")
def store(engine):
    return engine.store


# -- what is the same for all of them --------------------------------------------------------------


@PARTIES
class TestEveryParty:
    def test_has_an_id_of_letters_and_digits(self, store, make, change, remove, unknown, kind):
        for key in ("", "a-b", "a b", "ä", "a\n", "a/b", "camunda_admin"):
            with pytest.raises(EngineError) as caught:
                make(store, key)
            assert str(caught.value) == (
                f"{kind} has an invalid id: '{key}' is not a valid resource identifier."
            )

    def test_may_have_the_id_of_the_administrators(
        self, store, make, change, remove, unknown, kind
    ):
        make(store, "camunda-admin")
        found = lists.get(store, kind.lower(), "camunda-admin")

        remove(store, "camunda-admin")
        assert found["id"] == "camunda-admin"

    def test_is_made_once(self, store, make, change, remove, unknown, kind):
        make(store, "twice")

        with pytest.raises(BadUserRequestError, match=rf"^The {kind.lower()} already exists$"):
            make(store, "twice")

    def test_may_be_made_again_once_it_is_gone(self, store, make, change, remove, unknown, kind):
        make(store, "again")
        remove(store, "again")

        make(store, "again")

        assert lists.get(store, kind.lower(), "again")["id"] == "again"

    def test_is_changed_under_its_own_id(self, store, make, change, remove, unknown, kind):
        make(store, "changed")

        change(store, "changed", "changed")

        found = lists.get(store, kind.lower(), "changed")
        assert found.get("first_name", found.get("name")) == "new"

    def test_keeps_its_id(self, store, make, change, remove, unknown, kind):
        make(store, "kept")

        with pytest.raises(ConflictError):
            change(store, "kept", "other")
        with pytest.raises(NullValueError, match=rf"^{kind.lower()}Id is null$"):
            change(store, "kept", None)
        with pytest.raises(EngineError, match="is not a valid resource identifier"):
            change(store, "kept", "no-id")

    def test_is_named_where_it_is_not_there(self, store, make, change, remove, unknown, kind):
        with pytest.raises(unknown, match=rf"^{kind} with id nobody does not exist$"):
            change(store, "nobody", "nobody")

    def test_is_removed_without_a_word_where_it_is_not_there(
        self, store, make, change, remove, unknown, kind
    ):
        make(store, "stays")
        before = lists.find(store, kind.lower(), {})

        remove(store, "nobody")

        assert lists.find(store, kind.lower(), {}) == before


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda s: groups.create(s, group_id=None), "groupId"),
        (lambda s: tenants.create(s, tenant_id=None), "tenantId"),
    ],
)
def test_an_id_is_missed(store, make, name):
    with pytest.raises(NullValueError, match=rf"^{name} is null$"):
        make(store)


# -- members ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people(store):
    """Users u1 and u2, groups g1 and g2, tenants t1 and t2."""
    for number in (1, 2):
        users.create(store, user_id=f"u{number}", first_name="U", last_name=str(number))
        groups.create(store, group_id=f"g{number}", name=f"G{number}")
        tenants.create(store, tenant_id=f"t{number}")
    return store


JOINS = pytest.mark.parametrize(
    ("join", "leave", "list_", "filter_", "member", "missing"),
    [
        pytest.param(
            groups.add_member,
            groups.delete_member,
            ("group", "g1"),
            "member",
            ("u1", "user"),
            "group",
            id="user of a group",
        ),
        pytest.param(
            tenants.add_user,
            tenants.delete_user,
            ("tenant", "t1"),
            "user_member",
            ("u1", "user"),
            "tenant",
            id="user of a tenant",
        ),
        pytest.param(
            tenants.add_group,
            tenants.delete_group,
            ("tenant", "t1"),
            "group_member",
            ("g1", "group"),
            "tenant",
            id="group of a tenant",
        ),
    ],
)


@JOINS
class TestEveryMembership:
    def test_begins_and_ends(self, people, join, leave, list_, filter_, member, missing):
        name, owner = list_

        join(people, owner, member[0])
        assert [v["id"] for v in lists.find(people, name, {filter_: member[0]})] == [owner]
        leave(people, owner, member[0])
        assert lists.find(people, name, {filter_: member[0]}) == []

    def test_is_there_once(self, people, join, leave, list_, filter_, member, missing):
        join(people, list_[1], member[0])

        with pytest.raises(PersistenceError):
            join(people, list_[1], member[0])
        leave(people, list_[1], member[0])

    def test_that_is_not_there_ends_without_a_word(
        self, people, join, leave, list_, filter_, member, missing
    ):
        (name, owner), other = list_, f"{member[0][0]}2"
        join(people, owner, other)

        leave(people, owner, member[0])
        leave(people, "unknown", "unknown")
        remaining = lists.find(people, name, {filter_: other})

        leave(people, owner, other)
        assert [view["id"] for view in remaining] == [owner]

    def test_names_the_party_that_is_not_there(
        self, people, join, leave, list_, filter_, member, missing
    ):
        kind = member[1]

        with pytest.raises(NullValueError) as caught:
            join(people, list_[1], "nobody")
        assert str(caught.value) == f"No {kind} found with id 'nobody'.: {kind} is null"
        with pytest.raises(NullValueError) as caught:
            join(people, "nowhere", member[0])
        assert str(caught.value) == f"No {missing} found with id 'nowhere'.: {missing} is null"


def test_a_user_and_a_group_of_one_id_are_two_members(people):
    users.create(people, user_id="same")
    groups.create(people, group_id="same")

    tenants.add_user(people, "t2", "same")
    tenants.add_group(people, "t2", "same")
    tenants.delete_user(people, "t2", "same")

    assert lists.find(people, "tenant", {"user_member": "same"}) == []
    assert [v["id"] for v in lists.find(people, "tenant", {"group_member": "same"})] == ["t2"]


@pytest.mark.parametrize(
    ("end", "list_", "filters"),
    [
        pytest.param(lambda s: users.delete(s, "leaving"), "group", {"member": "leaving"}, id="u"),
        pytest.param(
            lambda s: groups.delete(s, "leaving"), "user", {"member_of_group": "leaving"}, id="g"
        ),
        pytest.param(
            lambda s: tenants.delete(s, "leaving"), "user", {"member_of_tenant": "leaving"}, id="t"
        ),
    ],
)
def test_memberships_end_with_each_party(people, end, list_, filters):
    users.create(people, user_id="leaving")
    groups.create(people, group_id="leaving")
    tenants.create(people, tenant_id="leaving")
    groups.add_member(people, "leaving", "leaving")
    tenants.add_user(people, "leaving", "leaving")
    tenants.add_group(people, "leaving", "leaving")

    end(people)
    remaining = lists.find(people, list_, filters)

    for remove in (users.delete, groups.delete, tenants.delete):
        remove(people, "leaving")
    assert remaining == []


def test_the_others_of_the_groups_of_a_user(people):
    for user_id in ("u1", "u2"):
        groups.add_member(people, "g2", user_id)

    found = groups.groups_of(people, "u1")

    assert [group["id"] for group in found["groups"]] == ["g2"]
    assert [user["id"] for user in found["group_users"]] == ["u2"]
    assert groups.groups_of(people, "nobody") == {"groups": [], "group_users": []}
