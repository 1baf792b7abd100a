"""What a user has to be allowed for an operation: asked in one place, before the operation begins.

Lists answer what the user sees and ask nothing here. An operation of which nothing is said is one
for administrators.

Source: contract 11.7; Camunda 7 ``AuthorizationCommandChecker``, ``TenantCommandChecker``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from app.errors import AuthorizationError, EngineError, InvalidRequestError, NotFoundError
from app.security.needs import (
    ANYONE,
    AUTHORIZATION,
    DEPLOYMENT,
    NEEDS,
    READ,
    READ_DEFINITION,
    READ_HISTORY,
    USER,
    D,
    Need,
    P,
    T,
)
from app.security.permissions import ANY, TYPE_NAMES, Resource
from app.store import Store
from app.store.lists import LISTINGS, access

from .process_definitions import UnknownKeyError

ADMINISTRATOR_ONLY = "ENGINE-03029 Required admin authenticated group or user."


@dataclass(frozen=True)
class Subject:
    """What an operation is about.

    Attributes:
        ids: by the resources that permissions may be held on.
        tenant_id: of it; None for none.
    """

    ids: Mapping[Resource, str | None] = field(default_factory=dict)
    tenant_id: str | None = None
    is_known: bool = True


_BY_LIST = {  # the first segment of a path, and the list that has what the second one names
    "external-task": "external_task",
    "task": "task",
    "job": "job",
    "incident": "incident",
    "variable-instance": "variable_instance",
    "execution": "execution",
    "process-instance": "process_instance",
    "process-definition": "process_definition",
}
_VERBS = {"GET": "read", "DELETE": "delete"}
_HISTORY = {
    "external-task-log": "historic_external_task_log",
    "detail": "historic_detail",
    "variable-instance": "historic_variable_instance",
    "process-instance": "historic_process_instance",
}
_BY_ID = {
    "deployment": Resource.DEPLOYMENT,
    "batch": Resource.BATCH,
    "user": Resource.USER,
    "group": Resource.GROUP,
    "tenant": Resource.TENANT,
    "authorization": Resource.AUTHORIZATION,
    "filter": Resource.FILTER,
}


def is_allowed(store: Store, operation: str, keys: tuple[str, ...]) -> bool:
    """Whether `require` lets the user do something."""
    try:
        require(store, operation, keys)
    except EngineError:
        return False
    return True


def require(store: Store, operation: str, keys: tuple[str, ...]) -> None:
    """Refuse an operation that the user, for whom the store acts, may not do.

    Args:
        operation: as `NEEDS` has it.
        keys: what stands in the path for the braces.

    Raises:
        AuthorizationError: a permission is missing.
        EngineError: it is about something of another tenant, or for administrators alone.
    """
    user_id = store.asked_user_id
    if user_id is None:
        return
    need = NEEDS.get(operation)
    if need == ANYONE:
        return
    with store.reading() as connection:
        if need is None:
            if not access.is_administrator(connection, user_id):
                raise AuthorizationError(ADMINISTRATOR_ONLY)
            return
        if "/tenant-id/" in operation and not access.is_of_tenants(connection, user_id, keys[1]):
            raise UnknownKeyError(keys[0], keys[1])
        subject = _subject(connection, operation, keys)
        if not subject.is_known:
            return  # the operation says itself that it is not there
        _require_seen(connection, operation, keys, subject, user_id)
        for part in need:
            wanted = [(name, resource, subject.ids.get(resource)) for name, resource in part]
            if not access.holds_any(connection, user_id, wanted):
                named = [(name, TYPE_NAMES[kind], key) for name, kind, key in wanted]
                raise AuthorizationError.missing(user_id, named)
        if not access.is_of_tenants(connection, user_id, subject.tenant_id):
            verb = _VERBS.get(operation.partition(" ")[0], "update")
            raise EngineError(
                f"ENGINE-13034 Cannot {verb} the process instance '{subject.ids.get(P)}' because "
                "it belongs to no authenticated tenant."
            )


class UnseenError(NotFoundError):
    """What the user does not see is answered as if it were not there."""

    code = None


_HIDDEN: tuple[tuple[str, Need, str], ...] = (  # the pattern of operations, what seeing needs
    ("GET /process-instance/{}", READ, "Process instance with id {} does not exist"),
    ("DELETE /deployment/{}", DEPLOYMENT["read"], "Deployment with id '{}' do not exist"),
    ("* /authorization/{}", AUTHORIZATION["read"], "Authorization with id {} does not exist."),
    ("PUT /user/{}/*", USER["read"], "User with id {} does not exist"),
    ("* /task/{}/comment*", READ_HISTORY, "No task found for task id {}"),
    ("* /task/{}/attachment*", READ_HISTORY, "No task found for task id {}"),
    ("* /process-definition/key/{}/*", READ_DEFINITION, ""),
)


_HIDDEN_TENANTS = ("GET /process-instance/{}",)


def _require_seen(
    connection: Any, operation: str, keys: tuple[str, ...], subject: Subject, user_id: str
) -> None:
    """Answer what is hidden from a user as if it were not there.

    Raises:
        NotFoundError, InvalidRequestError: as the operation does of what is not there.
    """
    for pattern, need, text in _HIDDEN:
        if not fnmatchcase(operation, pattern):
            continue
        wanted = [(name, resource, subject.ids.get(resource)) for name, resource in need[0]]
        if access.holds_any(connection, user_id, wanted) and (
            operation not in _HIDDEN_TENANTS
            or access.is_of_tenants(connection, user_id, subject.tenant_id)
        ):
            return
        if not text:
            raise UnknownKeyError(keys[0], keys[1] if "/tenant-id/" in operation else None)
        message = text.format(keys[0])
        raise (InvalidRequestError if operation.startswith("POST") else UnseenError)(message)


def _subject(connection: Any, operation: str, keys: tuple[str, ...]) -> Subject:
    if operation == "POST /filter/create":
        return Subject({Resource.FILTER: ANY})  # as the reference engine's message has it
    if not keys:
        return Subject()
    first, _, rest = operation.partition(" /")[2].partition("/")
    if first in _BY_ID:
        resource = _BY_ID[first]
        if "members" in rest:
            memberships = {"group": Resource.GROUP_MEMBERSHIP, "tenant": Resource.TENANT_MEMBERSHIP}
            resource = memberships[first]
        return Subject({resource: keys[0]})
    if rest.startswith("key/"):
        return Subject({D: keys[0]})
    kind = _HISTORY[rest.partition("/")[0]] if first == "history" else _BY_LIST[first]
    view = LISTINGS[kind].one(connection, keys[0])
    if view is None:
        return Subject(is_known=False)
    if first == "process-definition":
        return Subject({D: view["key"]}, view["tenant_id"])
    is_instance = kind in ("process_instance", "historic_process_instance")
    instance_id = view["id"] if is_instance else view["process_instance_id"]
    ids: dict[Resource, str | None] = {P: instance_id, D: _key_of(connection, view, instance_id)}
    if first == "task":
        ids[T] = view["id"]
    return Subject(ids, view["tenant_id"])


def _key_of(connection: Any, view: Mapping[str, Any], instance_id: str | None) -> str | None:
    """The key of the definition that something belongs to."""
    known: str | None = view.get("definition_key", view.get("process_definition_key"))
    if known is not None:
        return known
    definition_id = view.get("process_definition_id")
    if definition_id is not None:
        found = LISTINGS["process_definition"].one(connection, definition_id)
        return None if found is None else found["key"]
    if instance_id is None:
        return None
    found = LISTINGS["process_instance"].one(connection, instance_id)
    return None if found is None else found["definition_key"]
