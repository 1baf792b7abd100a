"""Users, groups, tenants and their rights: for administrators."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.callers import caller_id
from app.pages.acts import Act, Field
from app.pages.paging import listed
from app.pages.reading import one
from app.pages.rendering import BASE, page, segment
from app.services import lists
from app.store import Store

from .administration import administrating, tabs
from .rights import of_subject

identities = Blueprint("identities", __name__)
View = dict[str, Any]
MOST_MEMBERS = 200
_PROFILE = (("First name", "firstName"), ("Last name", "lastName"), ("E-mail", "email"))


@identities.get("/user")
def users() -> Response:
    """All users."""
    create = Act(
        "Create a user",
        "Create a user",
        "The user can log in at once, and may do what its groups and authorizations say.",
        "POST",
        "/user/create",
        {},
        [
            Field("Id", ["profile", "id"], is_required=True),
            *(Field(label, ["profile", name]) for label, name in _PROFILE),
            Field("Password", ["credentials", "password"], "password", is_required=True),
        ],
        done="The user is there.",
    )
    return _index("user", "Users", [("userId", "asc")], create)


@identities.get("/group")
def groups() -> Response:
    """All groups."""
    fields = [
        Field("Id", ["id"], is_required=True),
        Field("Name", ["name"]),
        # As the reference's own pages propose it.
        Field("Type", ["type"], value="WORKFLOW"),
    ]
    create = Act(
        "Create a group",
        "Create a group",
        "Users can become its members, and be candidates for tasks by it.",
        "POST",
        "/group/create",
        {},
        fields,
        done="The group is there.",
    )
    return _index("group", "Groups", [("id", "asc")], create)


@identities.get("/tenant")
def tenants() -> Response:
    """All tenants."""
    create = Act(
        "Create a tenant",
        "Create a tenant",
        "Users and groups can become its members.",
        "POST",
        "/tenant/create",
        {},
        [Field("Id", ["id"], is_required=True), Field("Name", ["name"])],
        done="The tenant is there.",
    )
    return _index("tenant", "Tenants", [("id", "asc")], create)


def _index(kind: str, title: str, sorting: list[tuple[str, str]], create: Act) -> Response:
    store = administrating()
    wanted = request.args.get("id", "").strip()
    # By the whole id, as administrators are given it: nobody browses thousands of users.
    filters: View = {"id": wanted} if wanted else {}
    found = listed(store, kind, filters, sorting, name=title.lower())
    return page(
        "identities.html",
        title=title,
        section="identities",
        kind=kind,
        tabs=tabs(),
        found=found,
        wanted=wanted,
        create=create,
    )


@identities.get("/user/<user_id>")
def user(user_id: str) -> Response:
    """A user with its groups, tenants and rights."""
    store = administrating()
    found = one(store, "user", user_id, "user")
    path = f"/user/{segment(user_id)}"
    return page(
        "identity.html",
        title=user_id,
        section="identities",
        kind="user",
        found=found,
        fields=[(label, name, found[_column(name)] or "") for label, name in _PROFILE],
        update=("PUT", f"{path}/profile", {"id": user_id}),
        members=[
            _members(store, "group", {"member": user_id}, "Groups", _join_of(user_id, "group")),
            _members(
                store, "tenant", {"user_member": user_id}, "Tenants", _join_of(user_id, "tenant")
            ),
        ],
        rights=of_subject(store, "user_id_in", user_id),
        acts=[*_password_acts(path), _removal("user", user_id)],
    )


def _column(name: str) -> str:
    return {"firstName": "first_name", "lastName": "last_name"}.get(name, name)


@identities.get("/group/<group_id>")
def group(group_id: str) -> Response:
    """A group with its members and rights."""
    store = administrating()
    found = one(store, "group", group_id, "group")
    path = f"/group/{segment(group_id)}"
    join = (f"{path}/members/{{id}}", "User id", f"{path}/members/")
    return page(
        "identity.html",
        title=group_id,
        section="identities",
        kind="group",
        found=found,
        fields=[("Name", "name", found["name"] or ""), ("Type", "type", found["type"] or "")],
        update=("PUT", path, {"id": group_id}),
        members=[_members(store, "user", {"member_of_group": group_id}, "Members", join)],
        rights=of_subject(store, "group_id_in", group_id),
        acts=[_removal("group", group_id)],
    )


@identities.get("/tenant/<tenant_id>")
def tenant(tenant_id: str) -> Response:
    """A tenant with its users and groups."""
    store = administrating()
    found = one(store, "tenant", tenant_id, "tenant")
    path = f"/tenant/{segment(tenant_id)}"
    places = (("user", "Users", "User id"), ("group", "Groups", "Group id"))
    return page(
        "identity.html",
        title=tenant_id,
        section="identities",
        kind="tenant",
        found=found,
        fields=[("Name", "name", found["name"] or "")],
        update=("PUT", path, {"id": tenant_id}),
        members=[
            _members(
                store,
                kind,
                {"member_of_tenant": tenant_id},
                title,
                (f"{path}/{kind}-members/{{id}}", label, f"{path}/{kind}-members/"),
            )
            for kind, title, label in places
        ],
        # An authorization is of a user or of a group, never of a tenant.
        rights=None,
        acts=[_removal("tenant", tenant_id)],
    )


def _join_of(user_id: str, kind: str) -> tuple[str, str, str]:
    """Where a user is made a member, what that needs, and no place from which it is taken."""
    # A tenant has members of two kinds, so its path says which.
    place = "members" if kind == "group" else "user-members"
    return f"/{kind}/{{id}}/{place}/{segment(user_id)}", f"{kind.title()} id", ""


def _members(
    store: Store, kind: str, filters: View, title: str, join: tuple[str, str, str]
) -> View:
    """The members of one kind, with the acts that add one and take each away."""
    # Seen from a user its own id is the last part of the path, seen from a group the first.
    path, label, prefix = join
    # Bounded, not paged: a group may have every user there is as its member.
    rows = lists.find(store, kind, filters, [], 0, MOST_MEMBERS)
    add = Act(
        "Add",
        f"Add to {title.lower()}",
        "The membership counts at once.",
        "PUT",
        path,
        None,
        [Field(label, [], name="id", is_required=True)],
        done="The membership is there.",
    )
    for row in rows:
        there = prefix + segment(row["id"]) if prefix else path.replace("{id}", segment(row["id"]))
        row["act"] = Act(
            "Remove",
            # Ids come from outside and may be long; the call below has the whole one.
            f"Remove {row['id'][:80]} from {title.lower()}?",
            "What was allowed by the membership no longer is.",
            "DELETE",
            there,
            None,
            done="The membership is gone.",
        )
    return {"title": title, "kind": kind, "rows": rows, "add": add, "most": MOST_MEMBERS}


def _password_acts(path: str) -> list[Act]:
    own = [Field("Your own password", ["authenticatedUserPassword"], "password", is_required=True)]
    return [
        Act(
            "Set password",
            "Set a new password",
            "The user logs in with it from now on, and its sessions end.",
            "PUT",
            f"{path}/credentials",
            {},
            [
                Field("New password", ["password"], "password", is_required=True),
                # Without log-ins there is nobody whose password could be asked for.
                *(own if caller_id() else []),
            ],
            done="The password is set.",
        ),
        Act(
            "Unlock",
            "Let the user log in again at once?",
            "Wrong passwords that were tried are forgotten.",
            "POST",
            f"{path}/unlock",
            None,
            done="The user can log in again.",
        ),
    ]


def _removal(kind: str, key: str) -> Act:
    return Act(
        "Delete",
        f"Delete this {kind}?",
        "Its memberships go with it; what it has done stays in the history.",
        "DELETE",
        f"/{kind}/{segment(key)}",
        None,
        is_final=True,
        then=f"{BASE}/{kind}",
        done=f"The {kind} is deleted.",
    )
