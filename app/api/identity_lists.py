"""The lists of users, groups, tenants and authorizations.

Source: contract 11.5 and 11.7.
"""

from flask import Blueprint

from app.schemas import identity
from app.services import authorizations

from .list_views import Lists

USERS = Lists("user", identity.user_profile, posts=False)
GROUPS = Lists(
    "group",
    identity.group,
    missing="Group with id {id} does not exist",
    example={"member": "kim"},
)
TENANTS = Lists(
    "tenant", identity.tenant, missing="Tenant with id {id} does not exist", posts=False
)
AUTHORIZATIONS = Lists(
    "authorization",
    identity.authorization,
    missing="Authorization with id {id} does not exist.",
    posts=False,
    completes=authorizations.show,
)


def identity_list_blueprints() -> list[Blueprint]:
    """Every list of people and of what they may do."""
    return [
        USERS.blueprint("/user"),
        GROUPS.blueprint("/group"),
        TENANTS.blueprint("/tenant"),
        AUTHORIZATIONS.blueprint("/authorization"),
    ]
