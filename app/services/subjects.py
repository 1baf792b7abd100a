"""The subject of an operation, by its path: the resources that permissions may be held on.

Source: contract 11.7; Camunda 7 ``AuthorizationCommandChecker``.
"""

from collections.abc import Mapping
from typing import Any

from app.security.permissions import ANY, Resource
from app.store import Store
from app.store.lists import LISTINGS

from .permits import D, P, Subject

_BY_LIST = {  # the first segment of a path, and the list that has what the second one names
    "external-task": "external_task",
    "task": "task",
    "job": "job",
    "job-definition": "job_definition",
    "incident": "incident",
    "variable-instance": "variable_instance",
    "execution": "execution",
    "process-instance": "process_instance",
    "process-definition": "process_definition",
    "decision-definition": "decision_definition",
    "decision-requirements-definition": "decision_requirements_definition",
    "history/external-task-log": "historic_external_task_log",
    "history/detail": "historic_detail",
    "history/variable-instance": "historic_variable_instance",
    "history/process-instance": "historic_process_instance",
    "history/batch": "historic_batch",
    "history/job-log": "historic_job_log",
    "history/process-definition": "process_definition",
    "history/decision-requirements-definition": "decision_requirements_definition",
}
_BY_ID = {  # those whose ids are what permissions are held on
    "deployment": Resource.DEPLOYMENT,
    "batch": Resource.BATCH,
    "user": Resource.USER,
    "group": Resource.GROUP,
    "tenant": Resource.TENANT,
    "authorization": Resource.AUTHORIZATION,
    "filter": Resource.FILTER,
}
_BY_KEY = {  # those of whose keys permissions are held
    "process-definition": D,
    "decision-definition": Resource.DECISION_DEFINITION,
    "decision-requirements-definition": Resource.DECISION_REQUIREMENTS_DEFINITION,
}
_MISSED = ("DELETE /deployment/{}", "DELETE /batch/{}", "PUT /batch/{}/suspended")
_MEMBERS = {"group": Resource.GROUP_MEMBERSHIP, "tenant": Resource.TENANT_MEMBERSHIP}
_VERBS = {"GET": "read", "DELETE": "delete"}
_OF_ALL: Mapping[str, Mapping[Resource, str | None]] = {  # what names all of a kind
    "POST /filter/create": {Resource.FILTER: ANY},
    "GET /task/report/candidate-group-count": {Resource.TASK: ANY},
}


def find(store: Store, operation: str, keys: tuple[str, ...]) -> Subject | None:
    """The subject of an operation; None where it is not there.

    Args:
        operation, keys: as `access.require` takes them.
    """
    method, _, path = operation.partition(" /")
    if not keys:
        return Subject(_OF_ALL.get(operation, {}))
    place, _, rest = path.partition("/{}")
    if operation in _MISSED:
        with store.reading() as connection:  # one that is not there is missing for everybody
            if LISTINGS[place].one(connection, keys[0]) is None:
                return None
    if place in _BY_ID:
        ids: dict[Resource, str | None] = {_BY_ID[place]: keys[0]}
        # A membership is about three things: it has to be allowed at each of them.
        if "members" in rest:
            member = Resource.GROUP if "group-members" in rest else Resource.USER
            ids |= {_MEMBERS[place]: keys[0], member: keys[1]}
        return Subject(ids)
    if place.endswith("/key"):
        return Subject({_BY_KEY[place.removesuffix("/key")]: keys[0]})
    with store.reading() as connection:
        # Without the rules of the list: whether it is seen is what is about to be asked.
        view = LISTINGS[_BY_LIST[place]].one(connection, keys[0])
        verb = _VERBS.get(method, "update")
        return None if view is None else _of(connection, place, view, verb)


def _of(connection: Any, place: str, view: Mapping[str, Any], verb: str) -> Subject:
    """The subject of a row of a list."""
    kind = place.removeprefix("history/")
    if kind == "batch":
        return Subject({Resource.BATCH: view["id"]})
    if kind in _BY_KEY:
        called = f"the {kind.replace('-', ' ')} '{view['id']}'"
        return Subject({_BY_KEY[kind]: view["key"]}, view["tenant_id"], called, verb)
    instance_id = view["id"] if kind == "process-instance" else view.get("process_instance_id")
    ids: dict[Resource, str | None] = {P: instance_id, D: _key_of(connection, view, instance_id)}
    called = f"the process instance '{instance_id}'"
    if kind == "task":
        ids[Resource.TASK], called = view["id"], f"the task '{view['id']}'"
    return Subject(ids, view["tenant_id"], called, verb)


def _key_of(connection: Any, view: Mapping[str, Any], instance_id: str | None) -> str | None:
    """The key of the definition that something belongs to."""
    known: str | None = view.get("definition_key", view.get("process_definition_key"))
    if known is not None:
        return known
    definition_id = view.get("process_definition_id")
    # A row that knows its instance alone, as a variable may: the instance knows the definition.
    if definition_id is None and instance_id is not None:
        found = LISTINGS["process_instance"].one(connection, instance_id)
        return None if found is None else found["definition_key"]
    if definition_id is None:
        return None
    found = LISTINGS["process_definition"].one(connection, definition_id)
    return None if found is None else found["key"]
