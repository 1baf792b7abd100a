"""Suspending and activating instances and definitions.

Source: contract 4.2 and 4.3; semantics 4.6.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.engine.jobs.jobs import DEFAULT_RETRIES
from app.engine.state import Execution, Job, ProcessDefinition, Record
from app.errors import BadUserRequestError, InvalidRequestError
from app.security.needs import SUSPEND, SUSPEND_DEFINITION, UPDATE
from app.store import Store, Transaction
from app.store.commands import job_definitions
from app.store.commands import suspension as commands

from . import lists, permits, user_operations
from .permits import Subject, of_definition, of_key
from .retrying import repeated

INSTANCE = "ProcessInstance"  # in the log of operations
SUSPENDS, ACTIVATES = "suspend-processdefinition", "activate-processdefinition"


@repeated
def set_instances(
    store: Store, instance_ids: Iterable[str | None], *, suspended: bool, is_group: bool = False
) -> None:
    """Suspend or activate instances with their tasks and jobs; unknown ones are passed over.

    Args:
        is_group: they are selected as a group, which the log of operations mentions.

    Raises:
        BadUserRequestError: there are no ids, or one is null.
    """
    wanted = list(dict.fromkeys(instance_ids))
    if not wanted:
        raise BadUserRequestError("No process instance ids given: Process Instance ids is empty")
    ids = [i for i in wanted if i is not None]
    if len(ids) < len(wanted):
        raise BadUserRequestError("Cannot be null.: Process Instance ids contains null value")
    with store.transaction() as tx:
        if user_operations.is_noted(tx):
            _note_instances(tx, ids, suspended, is_group=is_group)
        # Unknown ones have no place and ask for nothing: they are passed over.
        permits.demand(tx, SUSPEND, [s for i in ids for s in permits.places(tx, Execution, i)])
        commands.set_instances(tx, ids, suspended)


def _note_instances(tx: Transaction, ids: list[str], suspended: bool, *, is_group: bool) -> None:
    changes = user_operations.suspension(suspended)
    for instance_id in ids:
        # An id that nothing has is written down as well: the log says what was asked for.
        instance = tx.locks.lock_execution(instance_id)
        where = {} if instance is not None else {"process_instance_id": instance_id}
        operation = "Suspend" if suspended else "Activate"
        user_operations.note(tx, operation, INSTANCE, changes, instance, where=where)
    if is_group:
        many = user_operations.of_many(len(ids), is_async=False)
        user_operations.note(tx, of_group(suspended), INSTANCE, many)


def of_group(suspended: bool) -> str:
    """How the log calls the suspension of a group of instances: as that of their jobs."""
    return "SuspendJob" if suspended else "ActivateJob"


@repeated
def set_instances_of(
    store: Store,
    *,
    suspended: bool,
    process_definition_id: str | None = None,
    process_definition_key: str | None = None,
    tenant_id: str | None = None,
    without_tenant_id: bool = False,
) -> None:
    """Suspend or activate every instance of a definition, or of all versions of a key.

    Raises:
        InvalidRequestError: neither or both are named.
    """
    _choose(process_definition_id, process_definition_key)
    if process_definition_id is not None or tenant_id is not None:
        without_tenant_id = False
    if process_definition_id is not None:
        tenant_id = None  # which only narrows a key
    with store.transaction() as tx:
        definitions = commands.definitions(
            tx, process_definition_id, process_definition_key, tenant_id, without_tenant_id
        )
        permits.demand(tx, SUSPEND, _meant(definitions, process_definition_key))
        operation = "Suspend" if suspended else "Activate"
        changes = user_operations.suspension(suspended)
        about, where = _about(process_definition_id, process_definition_key, definitions)
        user_operations.note(tx, operation, INSTANCE, changes, about, where=where)
        for definition in definitions:
            commands.set_instances_of(tx, definition.id, suspended)


def _meant(definitions: Iterable[ProcessDefinition], key: str | None) -> list[Subject]:
    """The subjects of the permissions needed; those of a key count if there is none of it."""
    return [of_definition(definition) for definition in definitions] or [
        of_key(name) for name in (key,) if name is not None
    ]


def _choose(definition_id: str | None, key: str | None) -> None:
    if definition_id is None and key is None:
        raise InvalidRequestError(
            "Either processDefinitionId or processDefinitionKey should be set to update the "
            "suspension state."
        )
    if definition_id is not None and key is not None:
        raise InvalidRequestError(
            "Only one of processDefinitionId or processDefinitionKey should be set to update the "
            "suspension state."
        )


@repeated
def set_definitions(
    store: Store,
    *,
    suspended: bool,
    include_process_instances: bool,
    process_definition_id: str | None = None,
    process_definition_key: str | None = None,
    execution_date: datetime | None = None,
) -> None:
    """Suspend or activate a definition, or all versions of a key; unknown ones are passed over.

    Args:
        execution_date: when a job is to do it; now if there is none.

    Raises:
        InvalidRequestError: neither or both are named.
    """
    _choose(process_definition_id, process_definition_key)
    wanted = {
        "processDefinitionId": process_definition_id,
        "processDefinitionKey": process_definition_key,
        "includeProcessInstances": include_process_instances,
    }
    with store.transaction() as tx:
        _note_definitions(tx, wanted, suspended)
        _demand(tx, wanted)
        if execution_date is None:
            _set_definitions(tx, wanted, suspended)
            return
        # The names of the wire: the job is in the database, where a later version has to read it.
        job = Job(
            id=tx.new_id(),
            kind=SUSPENDS if suspended else ACTIVATES,
            create_time=tx.now,
            retries=DEFAULT_RETRIES,
            priority=0,
            configuration=json.dumps(wanted),
            due_date=execution_date,
        )
        tx.records.add(job)


def _note_definitions(tx: Transaction, wanted: Mapping[str, Any], suspended: bool) -> None:
    if not user_operations.is_noted(tx):
        return
    definition_id, key = wanted["processDefinitionId"], wanted["processDefinitionKey"]
    definitions = commands.definitions(tx, definition_id, key, None, False)
    about, where = _about(definition_id, key, definitions)
    operation = f"{'Suspend' if suspended else 'Activate'}ProcessDefinition"
    changes = user_operations.suspension(
        suspended, includeProcessInstances=wanted["includeProcessInstances"]
    )
    user_operations.note(tx, operation, "ProcessDefinition", changes, about, where=where)


def _about(
    definition_id: str | None, key: str | None, found: Sequence[ProcessDefinition]
) -> tuple[ProcessDefinition | None, dict[str, str | None]]:
    """The subject of an entry of the log: one definition, or all versions of a key."""
    if definition_id is None:
        return None, {"process_definition_key": key}
    if not found:
        return None, {"process_definition_id": definition_id}
    return found[0], {}


def _demand(tx: Transaction, wanted: Mapping[str, Any]) -> None:
    if tx.asked is None:
        return
    meant = _meant(_definitions(tx, wanted), wanted.get("processDefinitionKey"))
    permits.demand(tx, SUSPEND_DEFINITION, meant)
    if wanted.get("includeProcessInstances"):
        permits.demand(tx, SUSPEND, meant)


def _definitions(tx: Transaction, wanted: Mapping[str, Any]) -> list[ProcessDefinition]:
    key = wanted.get("processDefinitionKey")
    return commands.definitions(tx, wanted.get("processDefinitionId"), key, None, False)


def _set_definitions(tx: Transaction, wanted: Mapping[str, Any], suspended: bool) -> None:
    for definition in _definitions(tx, wanted):
        tx.records.load(definition)  # before it changes: the difference is what is written
        definition.is_suspended = suspended
        # Or a timer would start what nobody can start by hand.
        commands.set_start_timers(tx, definition.id, suspended)
        if wanted.get("includeProcessInstances"):
            commands.set_instances_of(tx, definition.id, suspended)


def set_jobs(
    store: Store,
    *,
    suspended: bool,
    process_definition_tenant_id: str | None,
    process_definition_without_tenant_id: bool,
    **selectors: str | None,
) -> None:
    """Suspend or activate jobs; that there are none is no error.

    Args:
        selectors: ``job_id``, ``job_definition_id``, ``process_instance_id``,
            ``process_definition_id`` or ``process_definition_key``.
        process_definition_tenant_id: narrows a key.

    Raises:
        InvalidRequestError: none of them is given, or more than one.

    Source: Camunda 7 ``JobSuspensionStateDto``.
    """
    filters: dict[str, Any] = {n: v for n, v in selectors.items() if v is not None}
    if len(filters) != 1:
        raise InvalidRequestError(
            f"{'Only one of' if filters else 'Either'} jobId, jobDefinitionId, processInstanceId, "
            "processDefinitionId or processDefinitionKey should be set to update the suspension "
            "state."
        )
    if "process_definition_key" in filters:
        if process_definition_tenant_id is not None:
            filters["tenant_id_in"] = [process_definition_tenant_id]
        elif process_definition_without_tenant_id:
            filters["without_tenant_id"] = True
    # listed without locks: a job that is done before it is locked needs no suspension
    job_ids = lists.ids(store.acting_for(None), "job", filters)
    (selector,) = ((n, v) for n, v in selectors.items() if v is not None)
    _set_jobs(store, job_ids, suspended, selector)


@repeated
def _set_jobs(store: Store, job_ids: list[str], suspended: bool, selector: tuple[str, str]) -> None:
    with store.transaction() as tx:
        _demand_jobs(tx, **dict([selector]))
        if user_operations.is_noted(tx):
            about = _selected(tx, *selector)
            where = {} if about is not None else dict([selector])
            changes = user_operations.suspension(suspended)
            user_operations.note(tx, of_group(suspended), "Job", changes, about, where=where)
        commands.set_jobs(tx, job_ids, suspended)


def _selected(tx: Transaction, name: str, value: str) -> Record | None:
    """The locked record by which jobs are selected, where it is one that exists."""
    if name == "job_id":
        return tx.locks.lock_row(Job, value)
    if name == "job_definition_id":
        return next(iter(job_definitions.Wanted(id=value).locked(tx)), None)
    if name == "process_instance_id":
        return tx.locks.lock_execution(value)
    if name == "process_definition_id":
        return next(iter(commands.definitions(tx, value, None, None, False)), None)
    return None


def _demand_jobs(
    tx: Transaction,
    *,
    job_id: str | None = None,
    job_definition_id: str | None = None,
    process_instance_id: str | None = None,
    process_definition_id: str | None = None,
    process_definition_key: str | None = None,
) -> None:
    """Refuse what the user may not do with the jobs of something; of an unknown key, too."""
    if tx.asked is None:
        return
    if job_id is not None or process_instance_id is not None:
        one = (Job, job_id) if job_id is not None else (Execution, process_instance_id)
        permits.demand(tx, UPDATE, permits.places(tx, one[0], one[1] or ""))
        return
    if job_definition_id is not None:
        found = job_definitions.Wanted(id=job_definition_id).seen(tx)
        meant = [of_key(one.process_definition_key, one) for one in found]
    else:
        key = process_definition_key
        known = commands.definitions(tx, process_definition_id, key, None, False)
        meant = _meant(known, key)
    permits.demand(tx, UPDATE, meant)


def perform(tx: Transaction, job: Job) -> None:
    """Suspend or activate the definition of a job; a bare id comes from a deployment."""
    tx.records.remove(job)
    text = job.configuration or ""
    wanted = json.loads(text) if text.startswith("{") else {"processDefinitionId": text}
    _set_definitions(tx, wanted, job.kind == SUSPENDS)
