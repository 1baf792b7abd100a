"""The numbers of permissions in Camunda 7: its log of operations and its database have them.

They are of the outside alone: the database has bits of its own (`permissions.BITS`).

Source: contract 10.8; Camunda 7 ``Permissions``, ``ProcessDefinitionPermissions`` and their like.
"""

from .permissions import Resource

EVERY = 2**31 - 1
_USUAL = (  # the names by their bits, from the second one on
    "READ UPDATE CREATE DELETE ACCESS READ_TASK UPDATE_TASK CREATE_INSTANCE READ_INSTANCE "
    "UPDATE_INSTANCE DELETE_INSTANCE READ_HISTORY DELETE_HISTORY TASK_WORK TASK_ASSIGN "
    "MIGRATE_INSTANCE SUSPEND_INSTANCE UPDATE_INSTANCE_VARIABLE UPDATE_TASK_VARIABLE SUSPEND "
    "READ_INSTANCE_VARIABLE READ_HISTORY_VARIABLE READ_TASK_VARIABLE UPDATE_HISTORY"
)
_NUMBERS = {name: 2 << bit for bit, name in enumerate(_USUAL.split())}
_OWN: dict[int, dict[str, int]] = {  # where a type of resources has numbers of its own
    Resource.PROCESS_DEFINITION: {"RETRY_JOB": 32},
    Resource.PROCESS_INSTANCE: {"RETRY_JOB": 32, "SUSPEND": 64, "UPDATE_VARIABLE": 128},
    Resource.TASK: {"UPDATE_VARIABLE": 32, "READ_VARIABLE": 64},
    Resource.HISTORIC_TASK: {"READ_VARIABLE": 64},
    Resource.OPTIMIZE: {"EDIT": 2, "SHARE": 4},
    Resource.SYSTEM: {"READ": 2, "SET": 4, "DELETE": 8},
    Resource.BATCH: {
        "CREATE_BATCH_MIGRATE_PROCESS_INSTANCES": 32,
        "CREATE_BATCH_MODIFY_PROCESS_INSTANCES": 64,
        "CREATE_BATCH_RESTART_PROCESS_INSTANCES": 128,
        "CREATE_BATCH_DELETE_RUNNING_PROCESS_INSTANCES": 256,
        "CREATE_BATCH_DELETE_FINISHED_PROCESS_INSTANCES": 512,
        "CREATE_BATCH_DELETE_DECISION_INSTANCES": 1024,
        "CREATE_BATCH_SET_JOB_RETRIES": 2048,
        "CREATE_BATCH_SET_EXTERNAL_TASK_RETRIES": 16384,
        "CREATE_BATCH_UPDATE_PROCESS_INSTANCES_SUSPEND": 32768,
        "CREATE_BATCH_SET_REMOVAL_TIME": 65536,
        "CREATE_BATCH_SET_VARIABLES": 131072,
        "CREATE_BATCH_CORRELATE_MESSAGE": 262144,
    },
}
TYPE_NAMES = {  # of resources that no message of an error names
    Resource.APPLICATION: "Application",
    Resource.DECISION_DEFINITION: "DecisionDefinition",
    Resource.DECISION_REQUIREMENTS_DEFINITION: "DecisionRequirementsDefinition",
    Resource.REPORT: "Report",
    Resource.DASHBOARD: "Dashboard",
    Resource.OPERATION_LOG_CATEGORY: "OperationLogCatgeory",  # spelled so
    Resource.OPTIMIZE: "Optimize",
    Resource.HISTORIC_TASK: "HistoricTask",
    Resource.HISTORIC_PROCESS_INSTANCE: "HistoricProcessInstance",
    Resource.SYSTEM: "System",
}


def of_name(name: str, resource: int) -> int:
    """The number of one permission on a type of resources; 0 where it has none."""
    return _OWN.get(resource, {}).get(name, _NUMBERS.get(name, 0))


def number_of(names: list[str], resource: int, *, is_revoked: bool) -> int:
    """The sum of the named permissions; what is revoked is missing from all there are."""
    # ALL is every bit there is, not the sum of the permissions that are known.
    given = EVERY if names == ["ALL"] else sum(of_name(name, resource) for name in names)
    return EVERY & ~given if is_revoked else given
