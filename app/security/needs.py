"""The permissions that each operation of the API needs.

Source: contract 11.7; Camunda 7 ``AuthorizationCommandChecker``.
"""

from .permissions import Resource

Alternative = tuple[str, Resource]
Need = tuple[tuple[Alternative, ...], ...]  # of each part, one alternative has to be held
D, P, T = Resource.PROCESS_DEFINITION, Resource.PROCESS_INSTANCE, Resource.TASK
ANYONE: Need = ()


def _one(*alternatives: Alternative) -> Need:
    return (alternatives,)


def _of_resource(resource: Resource) -> dict[str, Need]:
    names = ("READ", "UPDATE", "DELETE", "CREATE")
    return {name.lower(): _one((name, resource)) for name in names}


# In the order in which messages name the alternatives (recorded).
READ = _one(("READ", P), ("READ_INSTANCE", D))
UPDATE = _one(("UPDATE", P), ("UPDATE_INSTANCE", D))
DELETE = _one(("DELETE", P), ("DELETE_INSTANCE", D))
START: Need = ((("CREATE", P),), (("CREATE_INSTANCE", D),))
WRITE_VARIABLES = _one(
    ("UPDATE_VARIABLE", P), ("UPDATE_INSTANCE_VARIABLE", D), ("UPDATE", P), ("UPDATE_INSTANCE", D)
)
RETRY = _one(("RETRY_JOB", P), ("RETRY_JOB", D), ("UPDATE", P), ("UPDATE_INSTANCE", D))
SUSPEND = _one(("SUSPEND", P), ("SUSPEND_INSTANCE", D), ("UPDATE", P), ("UPDATE_INSTANCE", D))
READ_TASK = _one(("READ", T), ("READ_TASK", D))
WORK = _one(("TASK_WORK", T), ("TASK_WORK", D), ("UPDATE", T), ("UPDATE_TASK", D))
ASSIGN = _one(("TASK_ASSIGN", T), ("TASK_ASSIGN", D), ("UPDATE", T), ("UPDATE_TASK", D))
WRITE_TASK_VARIABLES = _one(
    ("UPDATE_VARIABLE", T), ("UPDATE_TASK_VARIABLE", D), ("UPDATE", T), ("UPDATE_TASK", D)
)
READ_DEFINITION = _one(("READ", D))
DELETE_DEFINITION = _one(("DELETE", D))
SUSPEND_DEFINITION = _one(("SUSPEND", D), ("UPDATE", D))
DEPLOYMENT, BATCH = _of_resource(Resource.DEPLOYMENT), _of_resource(Resource.BATCH)
USER, GROUP, TENANT = map(_of_resource, (Resource.USER, Resource.GROUP, Resource.TENANT))
FILTER, AUTHORIZATION = _of_resource(Resource.FILTER), _of_resource(Resource.AUTHORIZATION)
MEMBERS = _of_resource(Resource.GROUP_MEMBERSHIP)
TENANTS = _of_resource(Resource.TENANT_MEMBERSHIP)

READ_HISTORY, DELETE_HISTORY = _one(("READ_HISTORY", D)), _one(("DELETE_HISTORY", D))
UPDATE_DEFINITION = _one(("UPDATE", D))
DECISION, REQUIREMENTS = Resource.DECISION_DEFINITION, Resource.DECISION_REQUIREMENTS_DEFINITION
EVALUATE = _one(("CREATE_INSTANCE", DECISION))
READ_SYSTEM, DELETE_SYSTEM = (_one((name, Resource.SYSTEM)) for name in ("READ", "DELETE"))


UPDATE_OPERATION = _one(("UPDATE_HISTORY", D), ("UPDATE", Resource.OPERATION_LOG_CATEGORY))


def batch_of(name: str) -> Need:
    """The permissions that making a batch of a kind needs."""
    return _one((f"CREATE_BATCH_{name}", Resource.BATCH), ("CREATE", Resource.BATCH))


_VARIABLES = (  # where there are variables, what reading and what writing them needs
    ("process-instance/{}/variables", READ, WRITE_VARIABLES),
    ("execution/{}/localVariables", READ, WRITE_VARIABLES),
    ("task/{}/variables", READ_TASK, WRITE_TASK_VARIABLES),
    ("task/{}/localVariables", READ_TASK, WRITE_TASK_VARIABLES),
)
_WHERE = ("{}", "key/{}", "key/{}/tenant-id/{}")  # how a definition is named in a path
_READS = {
    "decision-definition": _one(("READ", DECISION)),
    "decision-requirements-definition": _one(("READ", REQUIREMENTS)),
}
_OPERATIONS: tuple[tuple[str, Need], ...] = (
    ("GET /version GET /openapi.json GET /docs GET /docs/{}", ANYONE),
    ("GET /identity/groups GET /identity/password-policy POST /identity/password-policy", ANYONE),
    ("GET /authorization/check", ANYONE),
    ("POST /external-task/fetchAndLock", ANYONE),  # it claims what the user may work on
    ("POST /external-task/complete", ANYONE),  # it asks for each task
    ("GET /user/{}/profile", ANYONE),  # what a list answers
    ("GET /metrics GET /metrics/{}/sum", ANYONE),
    ("GET /telemetry/configuration POST /telemetry/configuration", ANYONE),
    ("GET /deployment/registered GET /telemetry/data", READ_SYSTEM),
    ("DELETE /metrics/task-worker", DELETE_SYSTEM),
    ("GET /external-task/{}/errorDetails GET /job/{}/stacktrace", READ),
    ("GET /process-instance/{} GET /process-instance/{}/activity-instances", READ),
    ("GET /execution/{}/messageSubscriptions/{}", READ),
    *(
        (f"GET /{place} GET /{place}/{{}} GET /{place}/{{}}/data", read)
        for place, read, _ in _VARIABLES
    ),
    *(
        (f"POST /{place} PUT /{place}/{{}} DELETE /{place}/{{}} POST /{place}/{{}}/data", write)
        for place, _, write in _VARIABLES
    ),
    *(
        (f"{method} /external-task/{{}}/{name}", UPDATE)
        for method, names in (
            ("POST", "complete failure bpmnError lock extendLock unlock"),
            ("PUT", "retries priority"),
        )
        for name in names.split()
    ),
    ("POST /job/{}/execute PUT /job/{}/duedate PUT /job/{}/priority", UPDATE),
    ("DELETE /job/{} PUT /incident/{}/annotation DELETE /incident/{}/annotation", UPDATE),
    ("DELETE /incident/{} POST /execution/{}/create-incident POST /execution/{}/signal", UPDATE),
    ("POST /execution/{}/messageSubscriptions/{}/trigger", UPDATE),
    ("POST /process-instance/{}/modification POST /job/{}/duedate/recalculate", UPDATE),
    ("PUT /process-instance/{}/comment DELETE /process-instance/{}/comment", UPDATE),
    ("DELETE /process-instance/{}/comment/{}", UPDATE),
    ("GET /process-instance/{}/comment", READ_HISTORY),
    ("GET /task/report/candidate-group-count", _one(("READ", T))),
    ("GET /history/job-log/{}/stacktrace", READ_HISTORY),
    ("DELETE /history/variable-instance/{}", DELETE_HISTORY),
    ("DELETE /history/process-instance/{}/variable-instances", DELETE_HISTORY),
    ("GET /history/decision-requirements-definition/{}/statistics", _one(("READ", REQUIREMENTS))),
    ("GET /history/process-definition/{}/statistics", ANYONE),  # of what the user sees
    ("GET /history/cleanup/configuration", ANYONE),
    ("GET /history/cleanup/job GET /history/cleanup/jobs", ANYONE),
    (
        "GET /history/batch/cleanable-batch-report GET /history/batch/cleanable-batch-report/count",
        _one(("READ_HISTORY", Resource.BATCH)),
    ),
    ("DELETE /history/batch/{}", _one(("DELETE_HISTORY", Resource.BATCH))),
    *(
        (f"GET /process-definition/{where}/static-called-process-definitions", READ_DEFINITION)
        for where in _WHERE
    ),
    ("PUT /job/{}/retries", RETRY),
    ("PUT /process-instance/{}/suspended", SUSPEND),
    ("DELETE /process-instance/{}", DELETE),
    *(
        (f"GET /task/{{}}/{name}", READ_TASK)
        for name in ("form", "form-variables", "rendered-form", "deployed-form", "identity-links")
    ),
    *(
        (f"POST /task/{{}}/{name}", WORK)
        for name in "claim complete submit-form resolve bpmnError bpmnEscalation".split()
    ),
    ("POST /task/{}/assignee POST /task/{}/delegate PUT /task/{}", ASSIGN),
    ("POST /task/{}/unclaim", ASSIGN),
    ("POST /task/{}/identity-links POST /task/{}/identity-links/delete", ASSIGN),
    ("POST /task/create", _one(("CREATE", T))),
    ("DELETE /task/{}", _one(("DELETE", T))),
    *(
        (f"{method} /process-definition/{place}/{name}", need)
        for place in _WHERE
        for method, name, need in (
            ("POST", "start", START),
            ("POST", "submit-form", START),
            ("GET", "xml", READ_DEFINITION),
            ("GET", "diagram", READ_DEFINITION),
            ("GET", "startForm", READ_DEFINITION),
            ("GET", "form-variables", READ_DEFINITION),
            ("GET", "rendered-form", READ_DEFINITION),
            ("GET", "deployed-start-form", READ_DEFINITION),
            ("PUT", "history-time-to-live", UPDATE_DEFINITION),
            ("GET", "statistics", READ_DEFINITION),
        )
    ),
    *(
        (f"{method} /{kind}/{place}/{name}", need)
        for kind in _READS
        for place in _WHERE
        for method, name, need in (
            ("GET", "xml", _READS[kind]),
            ("GET", "diagram", _READS[kind]),
            ("POST", "evaluate", EVALUATE),
            ("PUT", "history-time-to-live", _one(("UPDATE", DECISION))),
        )
        if method == "GET" or kind == "decision-definition"
    ),
    *(  # what a list answers
        (f"GET /{kind}/key/{{}} GET /{kind}/key/{{}}/tenant-id/{{}}", ANYONE)
        for kind in (
            "process-definition",
            "decision-definition",
            "decision-requirements-definition",
        )
    ),
    ("GET /decision-requirements-definition/{}", _READS["decision-requirements-definition"]),
    ("DELETE /process-definition/{} DELETE /process-definition/key/{}", DELETE_DEFINITION),
    ("DELETE /process-definition/key/{}/tenant-id/{}", DELETE_DEFINITION),
    ("DELETE /deployment/{}", DEPLOYMENT["delete"]),
    ("POST /deployment/{}/redeploy", DEPLOYMENT["read"]),  # the service asks for the rest
    ("GET /deployment/{}/resources GET /deployment/{}/resources/{}", DEPLOYMENT["read"]),
    ("GET /deployment/{}/resources/{}/data", DEPLOYMENT["read"]),
    ("PUT /batch/{}/suspended", BATCH["update"]),
    ("GET /history/external-task-log/{}/error-details", READ_HISTORY),
    ("GET /history/detail/{}/data GET /history/variable-instance/{}/data", READ_HISTORY),
    ("GET /variable-instance/{}/data", READ),
    ("DELETE /history/process-instance/{}", _one(("DELETE_HISTORY", D))),
    ("GET /task/{}/comment GET /task/{}/comment/{} GET /task/{}/attachment", READ_HISTORY),
    ("GET /task/{}/attachment/{} GET /task/{}/attachment/{}/data", READ_HISTORY),
    ("POST /task/{}/comment/create POST /task/{}/attachment/create PUT /task/{}/comment", WORK),
    ("DELETE /task/{}/comment DELETE /task/{}/comment/{}", WORK),
    ("DELETE /task/{}/attachment/{}", WORK),
    ("DELETE /batch/{}", BATCH["delete"]),
    ("POST /user/create", USER["create"]),
    ("PUT /user/{}/profile PUT /user/{}/credentials", USER["update"]),
    ("DELETE /user/{}", USER["delete"] + USER["read"]),
    ("POST /group/create", GROUP["create"]),
    ("PUT /group/{}", GROUP["update"]),
    ("DELETE /group/{}", GROUP["delete"] + GROUP["read"]),
    ("PUT /group/{}/members/{}", MEMBERS["create"] + USER["read"] + GROUP["read"]),
    ("DELETE /group/{}/members/{}", MEMBERS["delete"]),
    ("POST /tenant/create", TENANT["create"]),
    ("PUT /tenant/{}", TENANT["update"]),
    ("DELETE /tenant/{}", TENANT["delete"] + TENANT["read"]),
    ("PUT /tenant/{}/user-members/{}", TENANTS["create"] + TENANT["read"] + USER["read"]),
    ("PUT /tenant/{}/group-members/{}", TENANTS["create"] + TENANT["read"] + GROUP["read"]),
    ("DELETE /tenant/{}/user-members/{} DELETE /tenant/{}/group-members/{}", TENANTS["delete"]),
    ("POST /authorization/create", AUTHORIZATION["create"]),
    ("PUT /authorization/{}", AUTHORIZATION["update"]),
    ("DELETE /authorization/{}", AUTHORIZATION["delete"]),
    ("GET /filter/{}", FILTER["read"]),
    ("POST /filter/create", FILTER["create"]),
    ("PUT /filter/{}", FILTER["read"] + FILTER["update"]),
    ("DELETE /filter/{}", FILTER["delete"]),
    *(
        (f"{method} /filter/{{}}/{name}", FILTER["read"])
        for method in ("GET", "POST")
        for name in ("list", "singleResult", "count")
    ),
)


def _table() -> dict[str, Need]:
    """The needs by operation: the method and the path, with braces for what varies."""
    found: dict[str, Need] = {}
    for text, need in _OPERATIONS:
        words = text.split()
        found |= {f"{m} {p}": need for m, p in zip(words[::2], words[1::2], strict=True)}
    return found


NEEDS = _table()
_BATCHES = (
    "POST /process-instance/delete",
    "POST /process-instance/delete-historic-query-based",
    "POST /process-instance/suspended-async",
    "POST /process-instance/variables-async",
    "POST /process-instance/message-async",
    "POST /process-instance/job-retries",
    "POST /process-instance/job-retries-historic-query-based",
    "POST /process-instance/{}/modification-async",
    "POST /job/retries",
    "POST /external-task/retries-async",
    "POST /history/process-instance/delete",
    "POST /history/process-instance/set-removal-time",
    "POST /history/batch/set-removal-time",
    "POST /history/decision-instance/set-removal-time",
    "POST /history/decision-instance/delete",
)
# Said, so that a test can tell what is meant for administrators from what has been forgotten.
ADMINISTRATORS_ONLY = frozenset(
    {
        "POST /user/{}/unlock",
        "POST /history/cleanup",
    }
)
BY_SERVICE = frozenset(  # the body names what they are about: the services ask, once it is locked
    {
        "POST /deployment/create",
        "POST /identity/verify",
        "PUT /external-task/retries",
        "GET /external-task/topic-names",
        "POST /message",
        "POST /signal",
        "POST /condition",
        "DELETE /process-definition/key/{}/delete",
        "DELETE /process-definition/key/{}/tenant-id/{}/delete",
        "PUT /process-definition/suspended",
        "PUT /process-definition/{}/suspended",
        "PUT /process-definition/key/{}/suspended",
        "PUT /process-definition/key/{}/tenant-id/{}/suspended",
        "PUT /process-instance/suspended",
        "PUT /job/suspended",
        "PUT /job/{}/suspended",
        "PUT /job-definition/suspended",
        "PUT /job-definition/{}/suspended",
        "PUT /job-definition/{}/retries",
        "PUT /job-definition/{}/jobPriority",
        "POST /migration/generate",
        "POST /migration/validate",
        "POST /migration/execute",
        "POST /migration/executeAsync",
        "POST /modification/execute",
        "POST /modification/executeAsync",
        "POST /process-definition/{}/restart",
        "POST /process-definition/{}/restart-async",
        *_BATCHES,
        "GET /process-definition/statistics",
        "GET /history/process-instance/report",
        "GET /history/task/report",
        "PUT /history/user-operation/{}/set-annotation",
        "PUT /history/user-operation/{}/clear-annotation",
    }
)
