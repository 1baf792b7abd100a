"""Starting instances of definitions, and suspending definitions.

Source: contract 4.2; semantics 2.4.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engine.execution import starting
from app.engine.execution.options import RunOptions
from app.engine.execution.run import Run
from app.engine.modification import beginning
from app.engine.state import Execution, ProcessDefinition
from app.engine.state.values import TypedValue
from app.errors import (
    BadUserRequestError,
    EngineError,
    JavaRuntimeError,
    NotAllowedError,
    NotFoundError,
    NullValueError,
    StartRefusedError,
    SuspendedEntityInteractionError,
)
from app.security.needs import DELETE_DEFINITION
from app.security.permissions import Resource
from app.store import Store, Transaction
from app.store.commands import removal

from . import deletion, lists, permits, user_operations
from .modification import start_of
from .retrying import repeated
from .views import instance_view


def _find(
    tx: Transaction, definition_id: str | None, key: str | None, tenant_id: str | None
) -> ProcessDefinition:
    """The definition by its id, or the newest version of a key."""
    if definition_id is not None:
        found = tx.definition(definition_id)
        if found is None:
            # An unknown id fails as the start does, an unknown key as a resource that is missing.
            raise StartRefusedError(
                definition_id,
                NullValueError(
                    f"no deployed process definition found with id '{definition_id}': "
                    "processDefinition is null"
                ),
            )
        return found
    found = tx.latest_definition(key or "", tenant_id)
    if found is None:
        raise UnknownKeyError(key or "", tenant_id)
    return found


class UnknownKeyError(NotFoundError):
    """No definition has the key, for this tenant or for none."""

    code = None

    def __init__(self, key: str, tenant_id: str | None) -> None:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        super().__init__(f"No matching process definition with key: {key} and {tenant}")


@repeated
def start(
    store: Store,
    *,
    definition_id: str | None = None,
    key: str | None = None,
    tenant_id: str | None = None,
    variables: Mapping[str, TypedValue],
    business_key: str | None = None,
    case_instance_id: str | None = None,
    start_instructions: Sequence[Mapping[str, Any]] = (),
    skip_custom_listeners: bool = False,
    skip_io_mappings: bool = False,
    with_variables_in_return: bool = False,
    by_form: bool = False,
) -> dict[str, Any]:
    """Start a process instance and run it to its first wait states.

    Args:
        definition_id: which definition; or else `key`, of which the newest version is taken.
        start_instructions: in place of the start event; each with ``type``, an id, ``variables``.
        by_form: the variables are what the start event's form was filled in with.

    Returns:
        the instance's view; with ``variables`` when they are asked for.

    Raises:
        UnknownKeyError: no such key.
        StartRefusedError: the instance cannot start; its cause is the engine's error.
    """
    skips = skip_custom_listeners, skip_io_mappings
    _check_skips(definition_id, start_instructions, skips)
    with store.transaction() as tx:
        definition = _find(tx, definition_id, key, tenant_id)
        try:
            return _start(
                tx,
                definition,
                variables,
                business_key,
                case_instance_id,
                start_instructions,
                skips,
                with_variables_in_return,
                by_form,
            )
        # The reference does not wrap errors of Java's own; the other has its words already.
        except (JavaRuntimeError, StartRefusedError):
            raise
        except EngineError as error:
            raise StartRefusedError(definition.id, error) from error


def _check_skips(
    definition_id: str | None, instructions: Sequence[object], skips: tuple[bool, bool]
) -> None:
    """Refuse to leave out the listeners or mappings of a start event; only a start elsewhere may.

    Raises:
        StartRefusedError: it is asked for, and the definition is named.
    """
    # Before the lookup by an id, and behind that by a key.
    if definition_id is not None and any(skips) and not instructions:
        raise StartRefusedError(
            definition_id,
            EngineError(
                "ENGINE-13024 Cannot skip custom listeners or input/output mappings when start a "
                "process instance at default start activity."
            ),
        )


def _start(
    tx: Transaction,
    definition: ProcessDefinition,
    variables: Mapping[str, TypedValue],
    business_key: str | None,
    case_instance_id: str | None,
    instructions: Sequence[Mapping[str, Any]],
    skips: tuple[bool, bool],
    with_variables: bool,
    by_form: bool,
) -> dict[str, Any]:
    _check_skips(definition.id, instructions, skips)
    if definition.is_suspended:
        raise SuspendedEntityInteractionError(
            f"ENGINE-03043 Process Definition with id '{definition.id}' is suspended."
        )
    options = RunOptions(skips_listeners=skips[0], skips_mappings=skips[1])
    graph, run = tx.graph(definition.id), Run(tx, options)
    if instructions:
        instance = beginning.start_at(
            run,
            graph,
            variables,
            list(map(start_of, instructions)),
            business_key=business_key,
            case_instance_id=case_instance_id,
        )
    else:
        instance = starting.start(
            run,
            graph,
            variables,
            business_key=business_key,
            case_instance_id=case_instance_id,
            by_form=by_form,
        )
    # Also of an instance that has ended by now: the record is still at hand.
    user_operations.note(tx, "Create", "ProcessInstance", about=instance)
    view = instance_view(instance, is_ended=tx.records.is_removed(Execution, instance.id))
    if with_variables:
        view["variables"] = run.variables.at_end_of(instance, variables)
    return view


def id_of(store: Store, key: str, tenant_id: str | None = None) -> str:
    """The id of the definition that a key stands for.

    Raises:
        UnknownKeyError: no such key.
    """
    found = lists.definition(store, key, tenant_id)
    if found is None:
        raise UnknownKeyError(key, tenant_id)
    return str(found["id"])


def delete(
    store: Store,
    definition_ids: Sequence[str],
    *,
    cascade: bool,
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
) -> None:
    """Delete versions of a definition.

    Args:
        cascade: with their instances and their history, in batches that commit.

    Raises:
        NotFoundError: no such definition.
        RunningInstancesError: there are instances, and they are not to be deleted.
    """
    with store.reading() as connection:
        # All are looked up before the first is removed: one that is unknown refuses them all.
        known = {d.id: d for d in removal.definitions(connection, definition_ids)}
    for wanted in definition_ids:
        if wanted not in known:
            raise NotFoundError(
                f"No process definition found with id '{wanted}': processDefinition is null"
            )
    skips = {"skip_custom_listeners": skip_custom_listeners, "skip_io_mappings": skip_io_mappings}
    if cascade:
        # Outside of the transaction that removes the rows, which would otherwise lock all instances
        # at once.
        for definition_id in known:
            deletion.delete_instances_of(store, definition_id, **skips)
    _remove(store, list(known.values()), cascade=cascade, **skips)
    deletion.forget(store, list(known.values()), cascade=cascade)


@repeated
def _remove(
    store: Store, definitions: Sequence[ProcessDefinition], *, cascade: bool, **skips: bool
) -> None:
    with store.transaction() as tx:
        # Before the rows go, of which the entries take the key and the deployment.
        changes: user_operations.Changes = {"cascade": (False, cascade)}
        for definition in definitions:
            user_operations.note(tx, "Delete", "ProcessDefinition", changes, definition)
        deletion.remove_definitions(tx, definitions, cascade=cascade, **skips)


@repeated
def set_history_time_to_live(store: Store, definition_id: str, days: int | None) -> None:
    """Set how long the history of instances is kept that end from now on.

    Args:
        days: None keeps it for ever.

    Raises:
        NotAllowedError: it is to be kept for ever, and every definition must have a time to live.
        BadUserRequestError: the number is negative.
        NullValueError: no such definition.

    Source: Camunda 7 ``UpdateProcessDefinitionHistoryTimeToLiveCmd``.
    """
    # Before the definition is looked up, where decisions have it behind their keys.
    if days is None and store.require_history_time_to_live:
        raise NotAllowedError("Null historyTimeToLive values are not allowed")
    if days is not None and days < 0:
        raise BadUserRequestError("historyTimeToLive is not greater than or equal to 0")
    with store.transaction() as tx:
        definition = tx.locks.row(ProcessDefinition, definition_id)
        if definition is None:
            raise NullValueError(
                f"no deployed process definition found with id '{definition_id}': "
                "processDefinition is null"
            )
        changes: user_operations.Changes = {
            "historyTimeToLive": (definition.history_time_to_live, days)
        }
        operation = "UpdateHistoryTimeToLive"
        user_operations.note(tx, operation, "ProcessDefinition", changes, definition)
        definition.history_time_to_live = days


def ids_of_key(store: Store, key: str, tenant_id: str | None) -> list[str]:
    """The ids of all versions of a key, for who may delete them.

    Args:
        tenant_id: of the versions; all tenants' if it is None.

    Raises:
        NotFoundError: there are none, whoever may see them.
        AuthorizationError: the user may not.
        EngineError: one is of another tenant.
    """
    filters: dict[str, Any] = {"key": key}
    if tenant_id is not None:
        filters["tenant_id_in"] = [tenant_id]
    # Without the rules of the list: as the engine, which looks them up for itself.
    found = {
        view["id"]: view["tenant_id"]
        for view in lists.find(store.acting_for(None), "process_definition", filters)
    }
    if not found:
        raise NotFoundError(
            f"No process definition found with key '{key}': processDefinitions is empty"
        )
    if store.asked is not None:
        of = {Resource.PROCESS_DEFINITION: key}
        with store.snapshot() as snapshot:
            permits.demand(
                snapshot,
                DELETE_DEFINITION,
                [
                    permits.Subject(of, tenant, f"the process definition '{version}'", "delete")
                    for version, tenant in found.items()
                ],
            )
    # In the order in which they are locked.
    return sorted(found)
