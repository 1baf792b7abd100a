"""Why a user may not do something, known before it is tried: a page offers only what can be done.

The answer here decides nothing: an operation asks again, once what it is about is locked. An
operation whose body alone says what it is about is foreseen where the body is known.

Source: contract 11.7.
"""

from collections.abc import Mapping
from typing import Any

from app.errors import EngineError
from app.security.needs import (
    DEPLOYMENT,
    READ_DEFINITION,
    SUSPEND_DEFINITION,
    UPDATE,
    Need,
    batch_of,
)
from app.store import Snapshot, Store

from . import access, lists, permits, subjects
from .permits import D, P, Subject

_MIGRATE: Need = ((("MIGRATE_INSTANCE", D),),)
_ALONE: Mapping[str, Need] = {  # what these need is held on all of a kind
    "POST /deployment/create": DEPLOYMENT["create"],
    "POST /deployment/{}/redeploy": DEPLOYMENT["create"],
    "POST /external-task/retries-async": batch_of("SET_EXTERNAL_TASK_RETRIES"),
    "POST /job/retries": batch_of("SET_JOB_RETRIES"),
    "POST /migration/executeAsync": batch_of("MIGRATE_PROCESS_INSTANCES"),
}
_BY_PATH: Mapping[str, Need] = {  # the services ask, of what the path names
    "PUT /process-definition/{}/suspended": SUSPEND_DEFINITION,
    "PUT /job/{}/suspended": UPDATE,
}
_TASKS = ("PUT /external-task/retries",)  # the body names external tasks
_PLANS = ("POST /migration/execute", "POST /migration/executeAsync")


def refusal(
    store: Store, operation: str, keys: tuple[str, ...], body: Mapping[str, Any] | None = None
) -> str:
    """Why the user may not do something; empty where it may, or where only a try can tell.

    Args:
        operation, keys: as `access.require` takes them.
        body: as far as it is known.
    """
    try:
        require(store, operation, keys, body)
    except EngineError as error:
        return str(error)
    return ""


def require(
    store: Store, operation: str, keys: tuple[str, ...], body: Mapping[str, Any] | None = None
) -> None:
    """Refuse what the user may not do, as far as that is known before it is tried.

    Raises:
        EngineError: the user may not, or it is not there.
    """
    if store.asked is not None:
        # The path's resource first: it is refused first when the operation is tried.
        access.require(store, operation, keys)
        _require_of_service(store, operation, keys, body or {})


def _require_of_service(
    store: Store, operation: str, keys: tuple[str, ...], body: Mapping[str, Any]
) -> None:
    """Ask for what the service of an operation asks for.

    Raises:
        EngineError: the user may not.
    """
    many = _tasks(store, body) if operation in _TASKS else []
    by_path = _BY_PATH.get(operation)
    subject = None if by_path is None else subjects.find(store, operation, keys)
    alone, is_plan = _ALONE.get(operation), operation in _PLANS
    # Most operations end here, without a transaction.
    if not (many or subject or alone or is_plan):
        return
    with store.snapshot() as snapshot:
        if many:
            permits.demand(snapshot, UPDATE, many)
        if alone is not None:
            permits.demand(snapshot, alone, [Subject()])
        if by_path is not None and subject is not None:
            permits.demand(snapshot, by_path, [subject])
        if is_plan:
            _require_plan(snapshot, body.get("migrationPlan") or {})


def _tasks(store: Store, body: Mapping[str, Any]) -> list[Subject]:
    """Where the external tasks belong that a body names, as far as the user sees them."""
    ids = body.get("externalTaskIds") or []
    # Those that the user does not see are missing here, and only the try will say so.
    rows = lists.find(store, "external_task", {"external_task_id_in": ids}) if ids else []
    return [
        Subject({P: row["process_instance_id"], D: row["process_definition_key"]}, row["tenant_id"])
        for row in rows
    ]


def _require_plan(snapshot: Snapshot, plan: Mapping[str, Any]) -> None:
    """Ask whether the user may migrate from one definition to another.

    Raises:
        AuthorizationError: it may not.
    """
    ids = (plan.get("sourceProcessDefinitionId"), plan.get("targetProcessDefinitionId"))
    # A plan that is half filled in is asked about as far as it goes.
    found = [snapshot.definition(key) for key in ids if key]
    both = [permits.of_definition(definition) for definition in found if definition is not None]
    permits.demand(snapshot, READ_DEFINITION, both)
    permits.demand(snapshot, _MIGRATE, both)
