"""Batches that repair process instances: each is modified, restarted or migrated by a job.

Source: contract 10.1, 10.3, 10.4 and 10.6; Camunda 7 ``ModificationBatchJobHandler``,
``RestartProcessInstancesJobHandler``, ``MigrationBatchJobHandler``.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from app.security.needs import batch_of
from app.store import Store, Transaction

from . import migration, modification, restart, user_operations
from .batches import Kind, Part, create, variables_of
from .migration import WantedPlan
from .modification import INSTANCE, Step
from .restart import Options
from .retrying import repeated

_STEP = (  # what of an instruction a batch keeps: as in the reference engine, no variables
    "type",
    "activity_id",
    "activity_instance_id",
    "transition_id",
    "transition_instance_id",
    "ancestor_activity_instance_id",
    "cancel_current_active_activity_instances",
)


def _kept(instructions: Sequence[Step]) -> list[dict[str, Any]]:
    return [{name: step[name] for name in _STEP if name in step} for step in instructions]


# -- modification ---------------------------------------------------------------------------


def modify(
    store: Store,
    instance_id: str,
    *,
    instructions: Sequence[Step],
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
    annotation: str | None = None,
) -> dict[str, Any]:
    """Modify one instance by a batch.

    Raises:
        UnmodifiableInstanceError: there is no such instance.
    """
    arguments = {
        "process_definition_id": _definition_of(store, instance_id),
        "instructions": _kept(instructions),
        "skip_custom_listeners": skip_custom_listeners,
        "skip_io_mappings": skip_io_mappings,
    }

    def note(tx: Transaction) -> None:
        instance = tx.locks.lock_execution(instance_id)
        operation = modification.OPERATION
        user_operations.note(tx, operation, INSTANCE, about=instance, annotation=annotation)

    return create(store, MODIFICATION, [instance_id], arguments, note=note)


@repeated
def _definition_of(store: Store, instance_id: str) -> str:
    with store.snapshot() as snapshot:
        found = snapshot.execution_seen(instance_id)
        if found is None or found.parent_id is not None:
            raise modification.UnmodifiableInstanceError(instance_id)
        return found.process_definition_id


def modify_many(
    store: Store,
    *,
    process_definition_id: str,
    instance_ids: Sequence[str | None],
    instructions: Sequence[Step],
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
    annotation: str | None = None,
) -> dict[str, Any]:
    """Modify instances of a definition by a batch; those of others fail in their job.

    Raises:
        BadUserRequestError: there are no instances or no instructions, or no such definition.
    """
    ids = modification.require_parts(instance_ids, instructions)
    _require_definition(store, process_definition_id)
    arguments = {
        "process_definition_id": process_definition_id,
        "instructions": _kept(instructions),
        "skip_custom_listeners": skip_custom_listeners,
        "skip_io_mappings": skip_io_mappings,
    }
    operation = modification.OPERATION
    note = _note_of(operation, process_definition_id, len(ids), annotation)
    return create(store, MODIFICATION, ids, arguments, note=note)


def _note_of(
    operation: str, definition_id: str, count: int, annotation: str | None = None
) -> Callable[[Transaction], None]:
    """Writes down who wants something for many instances of a definition."""

    def note(tx: Transaction) -> None:
        definition = modification.require_definition(tx, definition_id)
        changes = user_operations.of_many(count, is_async=True)
        user_operations.note(tx, operation, INSTANCE, changes, definition, annotation=annotation)

    return note


@repeated
def _require_definition(store: Store, process_definition_id: str) -> None:
    with store.snapshot() as snapshot:
        modification.require_definition(snapshot, process_definition_id)


def _modify(tx: Transaction, part: Part) -> None:
    wanted = part.arguments
    run = modification.run_of(tx, wanted["skip_custom_listeners"], wanted["skip_io_mappings"])
    definition_id, instructions = wanted["process_definition_id"], wanted["instructions"]
    modification.perform(tx, run, part.id, definition_id, instructions)


MODIFICATION = Kind("instance-modification", _modify, "MODIFY_PROCESS_INSTANCES")


# -- restart --------------------------------------------------------------------------------


def restart_many(
    store: Store, instance_ids: Sequence[str | None], options: Options
) -> dict[str, Any]:
    """Restart ended instances by a batch; those that cannot be fail in their job.

    Raises:
        BadUserRequestError: there are no instances or no instructions, or no such definition.
    """
    ids = restart.require_parts(instance_ids, options, is_async=True)
    _require_definition(store, options.process_definition_id)
    kept = replace(options, instructions=_kept(options.instructions))
    note = _note_of(restart.OPERATION, options.process_definition_id, len(ids))
    return create(store, RESTART, ids, asdict(kept), note=note)


def _restart(tx: Transaction, part: Part) -> None:
    restart.perform(tx, [part.id], Options(**part.arguments))


RESTART = Kind("instance-restart", _restart, "RESTART_PROCESS_INSTANCES")


# -- migration ------------------------------------------------------------------------------


def migrate(
    store: Store,
    wanted: WantedPlan,
    instance_ids: Sequence[str | None],
    *,
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
) -> dict[str, Any]:
    """Migrate instances by a batch; those that do not fit the plan fail in their job.

    Raises:
        UnknownPlanDefinitionError: a definition is not named, or not deployed.
        PlanError: the plan cannot be followed.
        BadUserRequestError: there are no instances, or one is null.
    """
    # Before the instances are counted: who may not migrate learns nothing of them.
    migration.check(store, wanted, batch_of(MIGRATION.permission))
    ids = migration.require_instances(instance_ids)
    arguments = {
        "source": wanted.source_process_definition_id,
        "target": wanted.target_process_definition_id,
        "instructions": [list(instruction) for instruction in wanted.instructions],
        "skip_custom_listeners": skip_custom_listeners,
        "skip_io_mappings": skip_io_mappings,
    }
    note = partial(migration.note, wanted=wanted, count=len(ids), is_async=True)
    return create(store, MIGRATION, ids, arguments, variables=wanted.variables, note=note)


def _migrate(tx: Transaction, part: Part) -> None:
    found = part.arguments
    # JSON has made lists of them.
    instructions = [tuple(instruction) for instruction in found["instructions"]]
    wanted = WantedPlan(found["source"], found["target"], instructions, variables_of(tx, part))
    run = modification.run_of(tx, found["skip_custom_listeners"], found["skip_io_mappings"])
    migration.perform(tx, run, wanted, [part.id])


MIGRATION = Kind("instance-migration", _migrate, "MIGRATE_PROCESS_INSTANCES")
KINDS: Sequence[Kind] = (MODIFICATION, RESTART, MIGRATION)
