"""Authorizations as data: which can be made, what they hold, and what is granted by itself."""

import pytest

from app.errors import BadUserRequestError, EngineError, NullValueError, PersistenceError
from app.security.permissions import Resource
from app.services import authorizations, filters, groups, lists, tenants, users
from app.services.authorizations import NoHolderError, UnknownAuthorizationError

GLOBAL, GRANT, REVOKE = 0, 1, 2
PROCESS, TASK, INSTANCE = 6, 7, 8


@pytest.fixture(scope="module")
def store(guarded):
    return guarded.store


def make(store, type_=GRANT, permissions=("READ",), **options):
    arguments = {
        "user_id": "kim",
        "group_id": None,
        "resource_type": PROCESS,
        "resource_id": "one",
        **options,
    }
    return authorizations.create(
        store, type_=type_, permissions=None if permissions is None else [*permissions], **arguments
    )


@pytest.fixture
def made(store):
    """An authorization, which is gone after the test."""
    found = make(store, resource_id="made")
    yield found
    if lists.get(store, "authorization", found["id"]) is not None:
        authorizations.delete(store, found["id"])


# -- making ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        pytest.param(
            {"resource_type": None, "permissions": None},
            NullValueError,
            "resourceType is null",
            id="resource first",
        ),
        pytest.param({"permissions": None}, NullValueError, "permissions is null", id="permission"),
        pytest.param(
            {"permissions": ["FLY"], "type_": 7},
            BadUserRequestError,
            "The permission 'FLY' is not valid for 'PROCESS_DEFINITION' resource type.",
            id="permission before type",
        ),
        pytest.param(
            {"permissions": ["TASK_WORK"], "resource_type": 1},
            BadUserRequestError,
            "ENGINE-03087 The resource type with id:'1' is not valid for 'TASK_WORK' permission.",
            id="permission of another resource",
        ),
        pytest.param(
            {"type_": 7},
            EngineError,
            "ENGINE-03025 Unrecognized authorization type '7'. Must be one of ['0', '1', '2']",
            id="type",
        ),
        pytest.param(
            {"user_id": None},
            NoHolderError,
            "Authorization must either have a 'userId' or a 'groupId'.",
            id="nobody",
        ),
        pytest.param(
            {"group_id": "crew"},
            NoHolderError,
            "Authorization must either have a 'userId' or a 'groupId'.",
            id="two",
        ),
        pytest.param(
            {"type_": GLOBAL, "user_id": None, "group_id": "crew"},
            EngineError,
            "ENGINE-03027 Cannot use 'groupId' for GLOBAL authorization",
            id="everybody is no group",
        ),
        pytest.param(
            {"type_": GLOBAL},
            EngineError,
            "ENGINE-03028 Illegal value 'kim' for userId for GLOBAL authorization. Must be '*'",
            id="everybody is no user",
        ),
    ],
)
def test_what_no_authorization_can_be(store, options, error, words):
    with pytest.raises(error) as caught:
        make(store, **options)

    assert str(caught.value) == words


def test_without_a_type_an_authorization_is_everybodys(store):
    found = make(store, None, user_id="*", resource_id="for all")

    assert found["type"] == GLOBAL
    authorizations.delete(store, found["id"])


def test_there_is_one_for_each_holder_and_resource(store, made):
    with pytest.raises(PersistenceError):
        make(store, resource_id="made", permissions=["UPDATE"])

    others = [
        make(store, REVOKE, resource_id="made"),
        make(store, user_id="bob", resource_id="made"),
        make(store, resource_id="other"),
        make(store, resource_type=TASK, resource_id="made"),
        make(store, user_id=None, group_id="kim", resource_id="made"),
    ]
    for found in others:
        authorizations.delete(store, found["id"])


def test_without_a_resource_there_may_be_several(store):
    first, second = make(store, resource_id=None), make(store, resource_id=None)

    assert first["id"] != second["id"]
    for found in (first, second):
        authorizations.delete(store, found["id"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param(["ALL"], ["ALL"], id="all"),
        pytest.param(["NONE"], [], id="none"),
        pytest.param([], [], id="nothing"),
        pytest.param(["UPDATE", "READ", "UPDATE"], ["READ", "UPDATE"], id="each once, in order"),
        pytest.param(["READ", "ALL"], ["ALL"], id="all and more"),
        pytest.param(["NONE", "READ"], ["READ"], id="none and one"),
    ],
)
def test_permissions_are_kept_by_their_names(store, given, kept):
    found = make(store, permissions=given, resource_id="named")

    authorizations.delete(store, found["id"])
    assert found["permissions"] == kept


# -- changing --------------------------------------------------------------------------------------


def change(store, key, **options):
    arguments = {
        "permissions": ["UPDATE"],
        "user_id": "kim",
        "group_id": None,
        "resource_type": PROCESS,
        "resource_id": "changed",
        **options,
    }
    authorizations.update(store, key, **arguments)


def shown(store, key):
    view = lists.get(store, "authorization", key)
    authorizations.show(store, [view])
    return view


def test_a_change_replaces_all_but_the_type(store, made):
    change(store, made["id"], user_id=None, group_id="crew", resource_type=TASK)

    found = shown(store, made["id"])
    names = ("type", "permissions", "user_id", "group_id", "resource_type", "resource_id")
    assert tuple(found[n] for n in names) == (GRANT, ["UPDATE"], None, "crew", TASK, "changed")


def test_a_change_may_leave_the_permissions(store, made):
    change(store, made["id"], permissions=None)

    assert shown(store, made["id"])["permissions"] == ["READ"]


def test_a_change_to_another_that_is_there_is_refused(store, made):
    other = make(store, resource_id="other")

    with pytest.raises(PersistenceError):
        change(store, made["id"], resource_id="other")

    authorizations.delete(store, other["id"])
    assert shown(store, made["id"])["resource_id"] == "made"


@pytest.mark.parametrize("command", [change, authorizations.delete])
def test_an_unknown_one_is_named(store, command):
    with pytest.raises(UnknownAuthorizationError) as caught:
        command(store, "unknown")

    assert str(caught.value) == "Authorization with id unknown does not exist."


# -- what a user holds -----------------------------------------------------------------------------


@pytest.fixture
def world(make_engine):
    """A store of its own with kim in crew; it asks for authorizations."""
    engine = make_engine(has_authorization=True)
    users.create(engine.store, user_id="kim")
    groups.create(engine.store, group_id="crew")
    groups.add_member(engine.store, "crew", "kim")
    return engine.store


def holds(store, user_id="kim", permission="READ", **options):
    arguments = {"resource_type": PROCESS, "resource_id": "one", **options}
    return authorizations.holds(
        store,
        user_id=user_id,
        permission=permission,
        resource_name="ProcessDefinition",
        **arguments,
    )


@pytest.fixture(scope="module")
def judged(make_engine):
    """Kim in crew, with what is said of kim, crew and everybody under names that tell it."""
    engine = make_engine(has_authorization=True)
    users.create(engine.store, user_id="kim")
    groups.create(engine.store, group_id="crew")
    groups.add_member(engine.store, "crew", "kim")
    said = {
        "u+": (GRANT, {"user_id": "kim"}),
        "u-": (REVOKE, {"user_id": "kim"}),
        "g+": (GRANT, {"user_id": None, "group_id": "crew"}),
        "g-": (REVOKE, {"user_id": None, "group_id": "crew"}),
        "e+": (GLOBAL, {"user_id": "*"}),
    }
    for name in ("u+", "g+", "e+", "u- g+", "u- e+", "g- e+", "u+ g-", "u+ u-", "g+ g-"):
        for word in name.split():
            type_, holder = said[word]
            make(engine.store, type_, resource_id=name, **holder)
    return engine.store


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("nothing", False, id="nothing is said"),
        ("u+", True),
        ("g+", True),
        ("e+", True),
        pytest.param("u- g+", False, id="the user counts before its group"),
        pytest.param("u- e+", False, id="the user counts before everybody"),
        pytest.param("g- e+", False, id="the group counts before everybody"),
        pytest.param("u+ g-", True, id="the user's grant beats the group's revocation"),
        pytest.param("u+ u-", True, id="of the same holder the grant counts"),
        pytest.param("g+ g-", True, id="of the same group the grant counts"),
    ],
)
def test_who_is_nearer_to_the_user_decides(judged, said, expected):
    assert holds(judged, resource_id=said) is expected


def test_of_another_user_its_groups_do_not_count(judged):
    assert holds(judged, resource_id="g+", is_other=True) is False
    assert holds(judged, resource_id="u+", is_other=True) is True


def test_what_is_said_of_all_resources_counts_for_each(world):
    make(world, resource_id="*")

    assert holds(world, resource_id="whatever") is True
    assert holds(world, permission="UPDATE", resource_id="whatever") is False
    assert holds(world, resource_type=TASK, resource_id="whatever") is False


def test_a_resource_has_its_own_permissions(world):
    with pytest.raises(BadUserRequestError, match=r"^The permission 'FLY' is not valid for "):
        holds(world, permission="FLY")
    with pytest.raises(BadUserRequestError) as caught:
        holds(world, permission="READ_TASK", resource_type=1)
    assert str(caught.value) == (
        "ENGINE-03086 The resource type 'ProcessDefinition' is not valid for 'READ_TASK' "
        "permission."
    )


def test_who_reads_authorizations_may_ask_of_others(world):
    kim = world.acting_for("kim")
    assert authorizations.may_ask_of_others(world) is True
    assert authorizations.may_ask_of_others(kim) is False

    make(world, resource_type=int(Resource.AUTHORIZATION), resource_id="*")

    assert authorizations.may_ask_of_others(kim) is True


# -- what is granted by itself ---------------------------------------------------------------------


def granted(store, resource):
    """The authorizations of a kind of resource: holder, permissions and resource."""
    found = lists.find(store, "authorization", {"resource_type": int(resource)})
    authorizations.show(store, found)
    return {(v["user_id"] or v["group_id"], *v["permissions"], v["resource_id"]) for v in found}


def test_users_and_groups_are_granted_what_is_theirs(world):
    assert granted(world, Resource.USER) == {("kim", "ALL", "kim")}
    assert granted(world, Resource.GROUP) == {("crew", "READ", "crew")}


def test_members_of_a_tenant_may_read_it_as_long_as_they_are(world):
    tenants.create(world, tenant_id="north")
    tenants.add_user(world, "north", "kim")
    tenants.add_group(world, "north", "crew")
    assert granted(world, Resource.TENANT) == {
        ("kim", "READ", "north"),
        ("crew", "READ", "north"),
    }

    tenants.delete_user(world, "north", "kim")

    assert granted(world, Resource.TENANT) == {("crew", "READ", "north")}


def test_the_owner_of_a_filter_may_do_all_with_it_until_it_is_gone(world):
    made = filters.create(
        world, resource_type="Task", name="mine", owner="kim", query={}, properties=None
    )
    assert granted(world, Resource.FILTER) == {("kim", "ALL", made["id"])}

    filters.delete(world, made["id"])

    assert granted(world, Resource.FILTER) == set()


def test_nothing_is_granted_where_nobody_is_asked(engine):
    users.create(engine.store, user_id="ungranted")
    groups.create(engine.store, group_id="ungranted")

    assert lists.find(engine.store, "authorization", {}) == []


@pytest.mark.parametrize(
    ("remove", "resource"),
    [(users.delete, Resource.USER), (groups.delete, Resource.GROUP)],
)
def test_what_is_said_about_a_party_goes_with_it_and_what_it_holds_stays(world, remove, resource):
    key = "kim" if resource is Resource.USER else "crew"
    holder = {"user_id": key} if resource is Resource.USER else {"user_id": None, "group_id": key}
    make(world, resource_id="kept", **holder)

    remove(world, key)

    assert granted(world, resource) == set()
    assert (key, "READ", "kept") in granted(world, Resource.PROCESS_DEFINITION)
