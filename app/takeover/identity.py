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
from app.security import passwords, permissions
from app.security.permissions import Resource
from app.store.lists import LISTINGS

from .mapping import Mapped, Row, same, timestamps
from .problems import LeftOutError

_ALL = 2**31 - 1
_SHARED = {  # the numbers that permissions of all types have, but for those below
    "READ": 2,
    "UPDATE": 4,
    "CREATE": 8,
    "DELETE": 16,
    "ACCESS": 32,
    "READ_TASK": 64,
    "UPDATE_TASK": 128,
    "CREATE_INSTANCE": 256,
    "READ_INSTANCE": 512,
    "UPDATE_INSTANCE": 1024,
    "DELETE_INSTANCE": 2048,
    "READ_HISTORY": 4096,
    "DELETE_HISTORY": 8192,
    "TASK_WORK": 16384,
    "TASK_ASSIGN": 32768,
    "MIGRATE_INSTANCE": 65536,
}
_OWN: dict[int, dict[str, int]] = {
    Resource.PROCESS_DEFINITION: {
        "RETRY_JOB": 32,
        "SUSPEND_INSTANCE": 1 << 17,
        "UPDATE_INSTANCE_VARIABLE": 1 << 18,
        "UPDATE_TASK_VARIABLE": 1 << 19,
        "SUSPEND": 1 << 20,
        "READ_INSTANCE_VARIABLE": 1 << 21,
        "READ_HISTORY_VARIABLE": 1 << 22,
        "READ_TASK_VARIABLE": 1 << 23,
        "UPDATE_HISTORY": 1 << 24,
    },
    Resource.PROCESS_INSTANCE: {"RETRY_JOB": 32, "SUSPEND": 64, "UPDATE_VARIABLE": 128},
    Resource.TASK: {"UPDATE_VARIABLE": 32, "READ_VARIABLE": 64},
    Resource.HISTORIC_TASK: {"READ_VARIABLE": 64},
    Resource.BATCH: {
        "CREATE_BATCH_MIGRATE_PROCESS_INSTANCES": 32,
        "CREATE_BATCH_MODIFY_PROCESS_INSTANCES": 64,
        "CREATE_BATCH_RESTART_PROCESS_INSTANCES": 128,
        "CREATE_BATCH_DELETE_RUNNING_PROCESS_INSTANCES": 256,
        "CREATE_BATCH_DELETE_FINISHED_PROCESS_INSTANCES": 512,
        "CREATE_BATCH_DELETE_DECISION_INSTANCES": 1024,
        "CREATE_BATCH_SET_JOB_RETRIES": 2048,
        "CREATE_BATCH_SET_EXTERNAL_TASK_RETRIES": 1 << 14,
        "CREATE_BATCH_UPDATE_PROCESS_INSTANCES_SUSPEND": 1 << 15,
        "CREATE_BATCH_SET_REMOVAL_TIME": 1 << 16,
        "CREATE_BATCH_SET_VARIABLES": 1 << 17,
        "CREATE_BATCH_CORRELATE_MESSAGES": 1 << 18,
    },
    Resource.OPTIMIZE: {"EDIT": 2, "SHARE": 4},
    Resource.SYSTEM: {"SET": 4, "DELETE": 8},
}


def bits(mask: int, kind: int, resource: int) -> int:
    """What an authorization says, in the bits that permissions have here.

    Args:
        mask: of the source; of one that revokes, what is left.
        kind: 0 for everybody, 1 grants, 2 revokes.
    """
    is_revoked = kind == permissions.REVOKE
    if mask in (_ALL, 0):
        return permissions.ALL if (mask == 0) == is_revoked else permissions.NONE
    known = {**_SHARED, **_OWN.get(resource, {})}
    found = permissions.NONE
    for name in permissions.known_names(resource):
        bit = known.get(name, 0)
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
    found.pop("", None)
    return found


def _name(key: str) -> str:
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
