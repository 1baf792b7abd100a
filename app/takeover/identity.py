"""Users, groups, tenants, what they may do, and their filters.

Source: contract 16.7; Camunda 7 ``Permissions``, ``JsonTaskQueryConverter``.
"""

from typing import Any

import orjson

from app.errors import EngineError
from app.models import identity as i
from app.schemas.base import ShapeError
from app.schemas.queries import QuerySchema
from app.schemas.stored_queries import kept
from app.security import passwords, permission_numbers, permissions
from app.store.lists import LISTINGS

from .mapping import Mapped, Row, same
from .problems import LeftOutError
from .times import timestamps


def bits(mask: int, kind: int, resource: int) -> int:
    """The permissions of an authorization, in the bits that they have here.

    Args:
        mask: of the source; of one that revokes, what is left.
        kind: 0 for everybody, 1 grants, 2 revokes.
    """
    is_revoked = kind == permissions.REVOKE
    # All and nothing are no sums of bits: they also hold for permissions that come later.
    if mask in (permission_numbers.EVERY, 0):
        return permissions.ALL if (mask == 0) == is_revoked else permissions.NONE
    found = permissions.NONE
    for name in permissions.known_names(resource):
        bit = permission_numbers.of_name(name, resource)
        # A revocation has the bits that are left, so those that are missing are what it revokes.
        if bit and bool(mask & bit) != is_revoked:
            found |= permissions.BITS[name]
    return found


def _refine_user(row: Row) -> Row:
    encrypted, salt = row.pop("pwd_"), row.pop("salt_")
    row["password_hash"] = None if encrypted is None else passwords.brought_along(encrypted, salt)
    return row


def _refine_authorization(row: Row) -> Row:
    if row["removal_time_"] is not None or row["root_"] is not None:
        raise LeftOutError("it is about a part of the history, which has no such grants here")
    row["permissions"] = bits(row["permissions"], row["type"], row["resource_type"])
    return row


USERS = Mapped(
    i.user,
    "act_id_user",
    {
        **same("id", "email", first_name="first", last_name="last"),
        "attempts": "coalesce(s.attempts_, 0)",
        **timestamps(lock_expiration_time="lock_exp_time"),
        "pwd_": "s.pwd_",
        "salt_": "s.salt_",
    },
    refine=_refine_user,
)
GROUPS = Mapped(i.group, "act_id_group", same("id", "name", "type"))
TENANTS = Mapped(i.tenant, "act_id_tenant", same("id", "name"))
MEMBERSHIPS = Mapped(
    i.group_membership,
    "act_id_membership",
    {**same("user_id", "group_id"), "id": "s.user_id_ || ':' || s.group_id_"},
)
TENANT_MEMBERSHIPS = Mapped(
    i.tenant_membership,
    "act_id_tenant_member",
    {
        **same("tenant_id", "user_id", "group_id"),
        "id": "s.tenant_id_ || CASE WHEN s.user_id_ IS NOT NULL THEN ':user:' || s.user_id_"
        " ELSE ':group:' || s.group_id_ END",
    },
)
AUTHORIZATIONS = Mapped(
    i.authorization,
    "act_ru_authorization",
    {
        **same("id", "type", "user_id", "group_id", "resource_type", "resource_id"),
        "permissions": "coalesce(s.perms_, 0)",
        "removal_time_": "s.removal_time_",
        "root_": "s.root_proc_inst_id_",
    },
    refine=_refine_authorization,
)
PEOPLE = (USERS, GROUPS, TENANTS, MEMBERSHIPS, TENANT_MEMBERSHIPS, AUTHORIZATIONS)

# -- filters ------------------------------------------------------------------------------------

_OPERATORS = {
    "EQUALS": "eq",
    "NOT_EQUALS": "neq",
    "GREATER_THAN": "gt",
    "GREATER_THAN_OR_EQUAL": "gteq",
    "LESS_THAN": "lt",
    "LESS_THAN_OR_EQUAL": "lteq",
    "LIKE": "like",
    "NOT_LIKE": "notLike",
}
_SORTS = {
    "ID_": "id",
    "NAME_": "name",
    "NAME_CASE_INSENSITIVE": "nameCaseInsensitive",
    "DESCRIPTION_": "description",
    "PRIORITY_": "priority",
    "ASSIGNEE_": "assignee",
    "CREATE_TIME_": "created",
    "LAST_UPDATED_": "lastUpdated",
    "PROC_INST_ID_": "instanceId",
    "EXECUTION_ID_": "executionId",
    "DUE_DATE_": "dueDate",
    "FOLLOW_UP_DATE_": "followUpDate",
    "TENANT_ID_": "tenantId",
    "CASE_INST_ID_": "caseInstanceId",
    "CASE_EXECUTION_ID_": "caseExecutionId",
}
_RENAMED = {  # what a stored query calls otherwise than the wire
    "taskDefinitionKeys": "taskDefinitionKeyIn",
    "processDefinitionKeys": "processDefinitionKeyIn",
    "processInstanceBusinessKeys": "processInstanceBusinessKeyIn",
    "activityInstanceIds": "activityInstanceIdIn",
    "candidateGroupIn": "candidateGroups",
    "tenantIds": "tenantIdIn",
    "key": "taskDefinitionKey",
    "keyLike": "taskDefinitionKeyLike",
    "createTime": "createdOn",
    "createTimeBefore": "createdBefore",
    "createTimeAfter": "createdAfter",
    "isFollowUpNullAccepted": "",
}
_VARIABLES = ("taskVariables", "processVariables", "caseInstanceVariables")
_EXPRESSION = "Expression"


def query(schema: QuerySchema, stored: str) -> str:
    """A query as filters keep it here, from the way it is kept in the source.

    Raises:
        LeftOutError: it asks for something that lists here do not know.
    """
    try:
        body = _query(orjson.loads(stored))
        return orjson.dumps(kept(schema, body)).decode()
    except (ValueError, LookupError, TypeError, AttributeError, ShapeError, EngineError) as error:
        raise LeftOutError(f"its query cannot be read: {error}") from error


def _query(given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key in _VARIABLES:
            found[key] = [{**v, "operator": _OPERATORS[v["operator"]]} for v in value]
        elif key == "orQueries":
            found[key] = [_query(entry) for entry in value]
        elif key == "orderingProperties":
            found["sorting"] = [_sorting(level) for level in value]
        else:
            found[_name(key)] = value
    # A mark of the converter alone has the empty name.
    found.pop("", None)
    return found


def _name(key: str) -> str:
    # Expressions carry the prefix of the Java method, which the wire leaves out.
    if key.startswith("task") and key.endswith(_EXPRESSION):
        bare = key.removeprefix("task")
        return bare[:1].lower() + bare[1:]
    return _RENAMED.get(key, key)


def _sorting(level: dict[str, Any]) -> dict[str, Any]:
    direction = level.get("direction") or "asc"
    relation = level.get("relationConditions")
    if relation is None:
        return {"sortBy": _SORTS[level["queryProperty"]], "sortOrder": direction}
    name = next(c["scalarValue"] for c in relation if c["property"] == "NAME_")
    kind = next(c["scalarValue"] for c in relation if c["property"] == "TYPE_")
    owner = {"processVariableInstances": "processVariable", "taskVariableInstances": "taskVariable"}
    by = owner.get(str(level.get("relation")), "processVariable")
    parameters = {"variable": name, "type": kind[:1].upper() + kind[1:]}
    return {"sortBy": by, "sortOrder": direction, "parameters": parameters}


def filters() -> Mapped:
    """The filters, whose queries are translated."""
    tasks = LISTINGS["task"]
    schema = QuerySchema(
        tasks.kinds,
        tasks.sorts,
        variable_sorts=tasks.variable_sorts,
        check=tasks.check,
        has_or_queries=tasks.has_or_queries,
        is_strict=tasks.is_strict,
    )

    def refine(row: Row) -> Row:
        row["query"] = query(schema, row["query"])
        return row

    return Mapped(
        i.saved_filter,
        "act_ru_filter",
        same("id", "resource_type", "name", "owner", "query", "properties"),
        where="s.resource_type_ = 'Task'",
        refine=refine,
    )
