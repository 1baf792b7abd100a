"""The resources and the permissions that authorizations speak of.

Source: contract 11.7; Camunda 7 ``Resources``, ``Permissions``, ``ResourceTypeUtil``.
"""

from collections.abc import Iterable
from enum import IntEnum

from app.errors import BadUserRequestError

ANY = "*"
GLOBAL, GRANT, REVOKE = 0, 1, 2


class Resource(IntEnum):
    """The types of resources, by the numbers of the wire."""

    APPLICATION = 0
    USER = 1
    GROUP = 2
    GROUP_MEMBERSHIP = 3
    AUTHORIZATION = 4
    FILTER = 5
    PROCESS_DEFINITION = 6
    TASK = 7
    PROCESS_INSTANCE = 8
    DEPLOYMENT = 9
    DECISION_DEFINITION = 10
    TENANT = 11
    TENANT_MEMBERSHIP = 12
    BATCH = 13
    DECISION_REQUIREMENTS_DEFINITION = 14
    REPORT = 15
    DASHBOARD = 16
    OPERATION_LOG_CATEGORY = 17
    OPTIMIZE = 18
    HISTORIC_TASK = 19
    HISTORIC_PROCESS_INSTANCE = 20
    SYSTEM = 21


TYPE_NAMES = {  # in the messages of errors
    Resource.APPLICATION: "Application",
    Resource.USER: "User",
    Resource.GROUP: "Group",
    Resource.GROUP_MEMBERSHIP: "Group membership",
    Resource.AUTHORIZATION: "Authorization",
    Resource.FILTER: "Filter",
    Resource.PROCESS_DEFINITION: "ProcessDefinition",
    Resource.TASK: "Task",
    Resource.PROCESS_INSTANCE: "ProcessInstance",
    Resource.DEPLOYMENT: "Deployment",
    Resource.TENANT: "Tenant",
    Resource.TENANT_MEMBERSHIP: "TenantMembership",
    Resource.BATCH: "Batch",
    Resource.DECISION_DEFINITION: "DecisionDefinition",
    Resource.DECISION_REQUIREMENTS_DEFINITION: "DecisionRequirementsDefinition",
    Resource.OPERATION_LOG_CATEGORY: "OperationLogCatgeory",  # as the reference engine spells it
    Resource.SYSTEM: "System",
}
_EVERY = "AUTHORIZATION BATCH DASHBOARD FILTER GROUP PROCESS_INSTANCE REPORT TASK TENANT USER"
_GENERAL = {  # what the permissions that are not of one type alone are for
    "READ": f"{_EVERY} DECISION_DEFINITION DECISION_REQUIREMENTS_DEFINITION DEPLOYMENT"
    " PROCESS_DEFINITION",
    "UPDATE": f"{_EVERY} DECISION_DEFINITION PROCESS_DEFINITION",
    "CREATE": f"{_EVERY} DEPLOYMENT GROUP_MEMBERSHIP TENANT_MEMBERSHIP",
    "DELETE": f"{_EVERY} DEPLOYMENT GROUP_MEMBERSHIP TENANT_MEMBERSHIP PROCESS_DEFINITION",
    "ACCESS": "APPLICATION",
    "READ_TASK": "PROCESS_DEFINITION",
    "UPDATE_TASK": "PROCESS_DEFINITION",
    "CREATE_INSTANCE": "DECISION_DEFINITION PROCESS_DEFINITION",
    "READ_INSTANCE": "PROCESS_DEFINITION",
    "UPDATE_INSTANCE": "PROCESS_DEFINITION",
    "DELETE_INSTANCE": "PROCESS_DEFINITION",
    "READ_HISTORY": "BATCH DECISION_DEFINITION PROCESS_DEFINITION TASK",
    "DELETE_HISTORY": "BATCH DECISION_DEFINITION PROCESS_DEFINITION",
    "TASK_WORK": "PROCESS_DEFINITION TASK",
    "TASK_ASSIGN": "PROCESS_DEFINITION TASK",
    "MIGRATE_INSTANCE": "PROCESS_DEFINITION",
}
_BATCHES = (
    "MIGRATE_PROCESS_INSTANCES MODIFY_PROCESS_INSTANCES RESTART_PROCESS_INSTANCES"
    " DELETE_RUNNING_PROCESS_INSTANCES DELETE_FINISHED_PROCESS_INSTANCES"
    " DELETE_DECISION_INSTANCES SET_JOB_RETRIES SET_REMOVAL_TIME SET_EXTERNAL_TASK_RETRIES"
    " UPDATE_PROCESS_INSTANCES_SUSPEND SET_VARIABLES CORRELATE_MESSAGE"
)
_OWN = {  # the types that have permissions of their own: these are all that they have
    Resource.PROCESS_DEFINITION: "READ UPDATE DELETE SUSPEND READ_TASK UPDATE_TASK CREATE_INSTANCE"
    " READ_INSTANCE UPDATE_INSTANCE DELETE_INSTANCE SUSPEND_INSTANCE RETRY_JOB READ_HISTORY"
    " DELETE_HISTORY TASK_WORK TASK_ASSIGN MIGRATE_INSTANCE READ_INSTANCE_VARIABLE"
    " UPDATE_INSTANCE_VARIABLE READ_TASK_VARIABLE UPDATE_TASK_VARIABLE READ_HISTORY_VARIABLE"
    " UPDATE_HISTORY",
    Resource.PROCESS_INSTANCE: "READ UPDATE CREATE DELETE RETRY_JOB SUSPEND UPDATE_VARIABLE",
    Resource.TASK: "READ UPDATE CREATE DELETE TASK_WORK TASK_ASSIGN READ_VARIABLE UPDATE_VARIABLE"
    " READ_HISTORY",
    Resource.BATCH: "READ UPDATE CREATE DELETE READ_HISTORY DELETE_HISTORY "
    + " ".join(f"CREATE_BATCH_{name}" for name in _BATCHES.split()),
    Resource.OPERATION_LOG_CATEGORY: "READ UPDATE DELETE",
    Resource.HISTORIC_TASK: "READ READ_VARIABLE",
    Resource.HISTORIC_PROCESS_INSTANCE: "READ",
    Resource.OPTIMIZE: "SHARE EDIT",
    Resource.SYSTEM: "READ SET DELETE",
}
_NAMES = tuple(
    dict.fromkeys((*_GENERAL, *(name for names in _OWN.values() for name in names.split())))
)
# The database has these bits: a name that is added has to come last, behind all there are.
BITS = {name: 1 << number for number, name in enumerate(_NAMES)}
# ALL has bits to spare: what a later version adds is within it.
NONE, ALL = 0, 2**62 - 1
assert len(BITS) < 62  # a column of 64 bits, of which one is the sign


def bit_of(name: str | None, resource: int) -> int:
    """The bit of a permission.

    Raises:
        BadUserRequestError: the resource has no such permission, or there is none of the name.
    """
    if name in ("ALL", "NONE"):
        return ALL if name == "ALL" else NONE
    own = _OWN.get(resource)  # type: ignore[call-overload]
    if name is None or name not in (_GENERAL if own is None else own.split()):
        raise BadUserRequestError(
            f"The permission '{'null' if name is None else name}' is not valid for "
            f"'{_title(resource)}' resource type."
        )
    return BITS[name]


def is_for(name: str, resource: int) -> bool:
    """Whether a permission, which `bit_of` knows, is one of a type of resources."""
    if name in ("ALL", "NONE") or resource in _OWN:
        return True
    return _title(resource) in _GENERAL[name].split()


def bits_of(names: Iterable[str], resource: int) -> int:
    """The bits of permissions of one type of resources.

    Raises:
        BadUserRequestError: one is none of the type.
    """
    found = NONE
    for name in names:
        found |= bit_of(name, resource)
        if not is_for(name, resource):
            raise BadUserRequestError(
                f"ENGINE-03087 The resource type with id:'{resource}' is not valid for '{name}' "
                "permission."
            )
    return found


def names_of(bits: int, resource: int) -> list[str]:
    """The names of permissions, in the order that their type has them in."""
    if bits == ALL:
        return ["ALL"]
    return [name for name in known_names(resource) if bits & BITS[name]]


def known_names(resource: int) -> list[str]:
    """The permissions that a type of resources has, in its order."""
    own = _OWN.get(resource)  # type: ignore[call-overload]
    return [n for n in _GENERAL if is_for(n, resource)] if own is None else own.split()


def _title(resource: int) -> str:
    return Resource(resource).name if resource in Resource._value2member_map_ else "null"
