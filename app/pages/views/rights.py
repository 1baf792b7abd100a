"""Authorizations: who may do what with which things."""

from typing import Any

from flask import Blueprint, Response, request

from app.pages.acts import Act, Field
from app.pages.paging import listed
from app.pages.rendering import page, segment
from app.security.permissions import Resource
from app.services import authorizations, lists
from app.store import Store

from .administration import administrating, tabs

rights = Blueprint("rights", __name__, url_prefix="/authorization")
View = dict[str, Any]
TYPES = {0: ("everybody", "info"), 1: ("grant", "good"), 2: ("revoke", "bad")}
MOST = 100


@rights.get("")
def index() -> Response:
    """Authorizations, of all or of one resource type."""
    store = administrating()
    wanted = request.args.get("type", "")
    # By the known ones, so that nothing else reaches `int`.
    filters: View = {"resource_type": int(wanted)} if wanted in _resource_types() else {}
    found = listed(
        store, "authorization", filters, [("resourceType", "asc")], name="authorizations"
    )
    _shown(store, list(found.rows))
    return page(
        "authorizations.html",
        title="Authorizations",
        section="identities",
        kind="authorization",
        tabs=tabs(),
        found=found,
        resource_types=_resource_types(),
        wanted=wanted,
        create=_create(),
    )


def _resource_types() -> dict[str, str]:
    """The types of resources by their numbers as the URL has them."""
    return {str(int(r)): r.name.replace("_", " ").lower() for r in Resource}


def of_subject(store: Store, name: str, key: str) -> list[View]:
    """The authorizations of a user or a group."""
    # Bounded, for an old installation may have thousands of them for one group.
    rows = lists.find(store, "authorization", {name: [key]}, [("resourceType", "asc")], 0, MOST)
    return _shown(store, rows)


def _shown(store: Store, rows: list[View]) -> list[View]:
    """Authorizations with their words and acts."""
    authorizations.show(store, rows)
    for row in rows:
        row["word"] = TYPES.get(row["type"], (str(row["type"]), ""))
        row["resource"] = _resource_types().get(str(row["resource_type"]), row["resource_type"])
        row["act"] = _delete(row)
    return rows


def _create() -> Act:
    return Act(
        "Create an authorization",
        "Create an authorization",
        "It counts at once. One for everybody has the user id *; a grant or a revocation has a "
        "user id or a group id. A revocation counts before a grant only where it is said of a user "
        "and the grant of its group.",
        "POST",
        "/authorization/create",
        {},
        [
            Field(
                "Kind",
                ["type"],
                "choice",
                "1",
                [("0", "For everybody"), ("1", "Grant"), ("2", "Revoke")],
            ),
            Field("User id", ["userId"], hint="Or a group id"),
            Field("Group id", ["groupId"]),
            Field("Resource", ["resourceType"], "choice", "6", list(_resource_types().items())),
            Field("Resource id", ["resourceId"], value="*", is_required=True),
            Field(
                "Permissions",
                ["permissions"],
                # Typed in as JSON: which there are depends on the resource that is chosen beside
                # them.
                "json",
                '["READ"]',
                is_required=True,
                hint='As ["READ", "UPDATE"], or ["ALL"]',
            ),
        ],
        done="The authorization counts.",
    )


def _delete(row: View) -> Act:
    return Act(
        "Delete",
        "Delete this authorization?",
        "What it says no longer counts.",
        "DELETE",
        f"/authorization/{segment(row['id'])}",
        None,
        is_final=True,
        done="The authorization is deleted.",
    )
