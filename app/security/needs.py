"""What permissions each operation of the API needs.

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
SUSPEND_D = _one(("SUSPEND", D), ("UPDATE", D))
DEPLOYMENT, BATCH = _of_resource(Resource.DEPLOYMENT), _of_resource(Resource.BATCH)
USER, GROUP, TENANT = map(_of_resource, (Resource.USER, Resource.GROUP, Resource.TENANT))
FILTER, AUTHORIZATION = _of_resource(Resource.FILTER), _of_resource(Resource.AUTHORIZATION)
MEMBERS = _of_resource(Resource.GROUP_MEMBERSHIP)
TENANTS = _of_resource(Resource.TENANT_MEMBERSHIP)

READ_HISTORY = _one(("READ_HISTORY", D))


def _batch(name: str) -> Need:
    return _one((f"CREATE_BATCH_{name}", Resource.BATCH), ("CREATE", Resource.BATCH))


_VARIABLES = (  # where there are variables, what reading and what writing them needs
    ("process-instance/{}/variables", READ, WRITE_VARIABLES),
    ("execution/{}/localVariables", READ, WRITE_VARIABLES),
    ("task/{}/variables", READ_TASK, WRITE_TASK_VARIABLES),
    ("task/{}/localVariables", READ_TASK, WRITE_TASK_VARIABLES),
)
_OPERATIONS: tuple[tuple[str, Need], ...] = (
    ("GET /version GET /openapi.json GET /docs GET /docs/{}", ANYONE),
    ("GET /identity/groups GET /identity/password-policy POST /identity/password-policy", ANYONE),
    ("POST /identity/verify GET /authorization/check", ANYONE),
    ("POST /external-task/fetchAndLock", ANYONE),  # it claims what the user may work on
    ("POST /external-task/complete", ANYONE),  # it asks for each task
    ("GET /user/{}/profile", ANYONE),  # what a list answers
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
    ("POST /job/{}/execute PUT /job/{}/suspended PUT /job/{}/duedate PUT /job/{}/priority", UPDATE),
    ("DELETE /job/{} PUT /incident/{}/annotation DELETE /incident/{}/annotation", UPDATE),
    ("DELETE /incident/{} POST /execution/{}/create-incident POST /execution/{}/signal", UPDATE),
    ("POST /execution/{}/messageSubscriptions/{}/trigger", UPDATE),
    ("POST /process-instance/{}/modification", UPDATE),
    ("PUT /job/{}/retries", RETRY),
    ("PUT /process-instance/{}/suspended", SUSPEND),
    ("DELETE /process-instance/{}", DELETE),
    *(
        (f"GET /task/{{}}/{name}", READ_TASK)
        for name in ("form", "form-variables", "rendered-form", "deployed-form", "identity-links")
    ),
    *(
        (f"POST /task/{{}}/{name}", WORK)
        for name in "claim unclaim complete submit-form resolve bpmnError bpmnEscalation".split()
    ),
    ("POST /task/{}/assignee POST /task/{}/delegate PUT /task/{}", ASSIGN),
    ("POST /task/{}/identity-links POST /task/{}/identity-links/delete", ASSIGN),
    ("POST /task/create", _one(("CREATE", T))),
    ("DELETE /task/{}", _one(("DELETE", T))),
    *(
        (f"{method} /process-definition/{place}/{name}", need)
        for place in ("{}", "key/{}", "key/{}/tenant-id/{}")
        for method, name, need in (
            ("POST", "start", START),
            ("POST", "submit-form", START),
            ("GET", "xml", READ_DEFINITION),
            ("GET", "diagram", READ_DEFINITION),
            ("GET", "startForm", READ_DEFINITION),
            ("GET", "form-variables", READ_DEFINITION),
            ("GET", "rendered-form", READ_DEFINITION),
            ("GET", "deployed-start-form", READ_DEFINITION),
            ("PUT", "history-time-to-live", _one(("UPDATE", D))),
        )
    ),
    ("PUT /process-definition/{}/suspended PUT /process-definition/key/{}/suspended", SUSPEND_D),
    (
        "GET /process-definition/key/{} GET /process-definition/key/{}/tenant-id/{}",
        ANYONE,
    ),  # what a list answers
    ("DELETE /process-definition/{} DELETE /process-definition/key/{}", _one(("DELETE", D))),
    ("POST /deployment/create", DEPLOYMENT["create"]),
    ("DELETE /deployment/{}", DEPLOYMENT["delete"]),
    ("GET /deployment/{}/resources GET /deployment/{}/resources/{}", DEPLOYMENT["read"]),
    ("GET /deployment/{}/resources/{}/data", DEPLOYMENT["read"]),
    ("PUT /batch/{}/suspended", BATCH["update"]),
    ("POST /process-instance/delete", _batch("DELETE_RUNNING_PROCESS_INSTANCES")),
    ("POST /process-instance/suspended-async", _batch("UPDATE_PROCESS_INSTANCES_SUSPEND")),
    ("POST /process-instance/variables-async", _batch("SET_VARIABLES")),
    ("POST /process-instance/message-async", _batch("CORRELATE_MESSAGES")),
    ("POST /process-instance/job-retries POST /job/retries", _batch("SET_JOB_RETRIES")),
    ("POST /external-task/retries-async", _batch("SET_EXTERNAL_TASK_RETRIES")),
    ("POST /history/process-instance/delete", _batch("DELETE_FINISHED_PROCESS_INSTANCES")),
    (
        "POST /history/process-instance/set-removal-time POST /history/batch/set-removal-time"
        " POST /history/decision-instance/set-removal-time",
        _batch("SET_REMOVAL_TIME"),
    ),
    ("POST /history/decision-instance/delete", _batch("DELETE_DECISION_INSTANCES")),
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
    ("DELETE /user/{}", USER["delete"]),
    ("POST /group/create", GROUP["create"]),
    ("PUT /group/{}", GROUP["update"]),
    ("DELETE /group/{}", GROUP["delete"]),
    ("PUT /group/{}/members/{}", MEMBERS["create"]),
    ("DELETE /group/{}/members/{}", MEMBERS["delete"]),
    ("POST /tenant/create", TENANT["create"]),
    ("PUT /tenant/{}", TENANT["update"]),
    ("DELETE /tenant/{}", TENANT["delete"]),
    ("PUT /tenant/{}/user-members/{} PUT /tenant/{}/group-members/{}", TENANTS["create"]),
    ("DELETE /tenant/{}/user-members/{} DELETE /tenant/{}/group-members/{}", TENANTS["delete"]),
    ("POST /authorization/create", AUTHORIZATION["create"]),
    ("PUT /authorization/{}", AUTHORIZATION["update"]),
    ("DELETE /authorization/{}", AUTHORIZATION["delete"]),
    ("GET /filter/{}", FILTER["read"]),
    ("POST /filter/create", FILTER["create"]),
    ("PUT /filter/{}", FILTER["update"]),
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
