"""Bodies and answers of users, groups, tenants and authorizations.

Source: contract 11.5 and 11.7; Camunda 7 ``UserProfileDto``, ``GroupDto``, ``TenantDto``,
``AuthorizationDto``.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from .answers import (
    BOOLEAN,
    OBJECT,
    TEXT,
    Answer,
    Many,
    absent,
    boolean,
    computed,
    integer,
    part,
    text,
)
from .base import (
    BoxedInteger,
    CamundaSchema,
    JacksonString,
    NestedObject,
    StringList,
)
from .engine import link

user_profile = Answer(
    "UserProfile", text("id", is_nullable=False), text("first_name", "last_name", "email")
)
group = Answer("Group", text("id", is_nullable=False), text("name", "type"))
tenant = Answer("Tenant", text("id", is_nullable=False), text("name"))
authorization = Answer(
    "Authorization",
    text("id", is_nullable=False),
    integer("type", is_nullable=False),
    part("permissions", Many(TEXT)),
    text("user_id", "group_id"),
    integer("resource_type", is_nullable=False),
    text("resource_id"),
    absent("removalTime", "rootProcessInstanceId"),
)
authorization_check = Answer(
    "AuthorizationCheck",
    text("permission_name", "resource_name", is_nullable=False),
    text("resource_id"),
    boolean("is_authorized", is_nullable=False),
)
_named_group = Answer("GroupName", text("id", is_nullable=False), text("name"))
_member = Answer(
    "GroupUser",
    text("first_name", "last_name"),
    computed(
        "displayName",
        TEXT,
        lambda view: display_name(view["first_name"], view["last_name"], view["id"]),
    ),
    text("id", is_nullable=False),
)
groups_of_user = Answer(
    "GroupsOfUser", part("groups", Many(_named_group)), part("group_users", Many(_member))
)
verified = Answer(
    "VerifiedUser",
    text("authenticated_user", is_nullable=False),
    absent("groups", "tenants"),
    boolean("is_authenticated", is_nullable=False),
)
_RULE = (text("placeholder", is_nullable=False), part("parameter", OBJECT, is_nullable=True))
policy = Answer("PasswordPolicy", part("rules", Many(Answer("PasswordRule", *_RULE))))
judged = Answer(
    "JudgedPassword",
    part(
        "rules",
        Many(Answer("JudgedRule", *_RULE, computed("valid", BOOLEAN, lambda v: v["is_valid"]))),
    ),
    computed("valid", BOOLEAN, lambda view: view["is_valid"]),
)
options = Answer("Options", part("links", Many(link)))


def display_name(first_name: str | None, last_name: str | None, user_id: str) -> str:
    """How a user is shown: by name, or by the id where there is none."""
    return " ".join(filter(None, (first_name, last_name))) or user_id


class ProfileSchema(CamundaSchema):
    """Body of ``PUT /user/{id}/profile``."""

    example: ClassVar[Mapping[str, Any]] = {
        "id": "kim",
        "firstName": "Kim",
        "lastName": "Lee",
        "email": "kim@example.org",
    }

    new_id = JacksonString(data_key="id")
    first_name = JacksonString()
    last_name = JacksonString()
    email = JacksonString()


class PasswordSchema(CamundaSchema):
    """Body of ``PUT /user/{id}/credentials``."""

    example: ClassVar[Mapping[str, Any]] = {
        "password": "Correct-horse-7",
        "authenticatedUserPassword": "admin",
    }

    password = JacksonString()
    authenticated_user_password = JacksonString()


class NewUserSchema(CamundaSchema):
    """Body of ``POST /user/create``."""

    example: ClassVar[Mapping[str, Any]] = {
        "profile": {"id": "lou", "firstName": "Lou"},
        "credentials": {"password": "Battery-staple-8"},
    }

    profile = NestedObject(ProfileSchema)
    credentials = NestedObject(PasswordSchema)


class GroupSchema(CamundaSchema):
    """Body of ``POST /group/create`` and ``PUT /group/{id}``."""

    example: ClassVar[Mapping[str, Any]] = {"id": "crew", "name": "Crew", "type": "WORKFLOW"}

    group_id = JacksonString(data_key="id")
    name = JacksonString()
    type_ = JacksonString(data_key="type")


class TenantSchema(CamundaSchema):
    """Body of ``POST /tenant/create`` and ``PUT /tenant/{id}``."""

    example: ClassVar[Mapping[str, Any]] = {"id": "north", "name": "North"}

    tenant_id = JacksonString(data_key="id")
    name = JacksonString()


class CredentialsSchema(CamundaSchema):
    """Body of ``POST /identity/verify``."""

    example: ClassVar[Mapping[str, Any]] = {"username": "kim", "password": "Correct-horse-7"}

    username = JacksonString()
    password = JacksonString()


class JudgedPasswordSchema(CamundaSchema):
    """Body of ``POST /identity/password-policy``."""

    example: ClassVar[Mapping[str, Any]] = {"password": "Correct-horse-7", "profile": {"id": "kim"}}

    password = JacksonString()
    profile = NestedObject(ProfileSchema)


class AuthorizationSchema(CamundaSchema):
    """Body of ``PUT /authorization/{id}``."""

    example: ClassVar[Mapping[str, Any]] = {
        "permissions": ["READ"],
        "userId": "kim",
        "resourceType": 7,
        "resourceId": "*",
    }

    type_ = BoxedInteger(data_key="type")
    permissions = StringList()
    user_id = JacksonString()
    group_id = JacksonString()
    resource_type = BoxedInteger()
    resource_id = JacksonString()


class NewAuthorizationSchema(AuthorizationSchema):
    """Body of ``POST /authorization/create``."""

    example: ClassVar[Mapping[str, Any]] = {"type": 1, **AuthorizationSchema.example}
