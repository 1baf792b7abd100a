"""Modification of running instances: of one, or of several in one transaction.

Source: contract 10.1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engine.execution.options import RunOptions
from app.engine.execution.run import Run
from app.engine.modification import modification as engine
from app.engine.modification.instructions import TRANSITION, Cancel, Instruction, Start
from app.engine.state import Execution, ProcessDefinition
from app.errors import BadUserRequestError, EngineError, NotFoundError
from app.security.needs import DELETE, UPDATE
from app.store import Snapshot, Store, Transaction
from app.store.commands import instances

from . import permits, user_operations
from .permits import of_instance
from .retrying import repeated

Step = Mapping[str, Any]
EXTERNALLY, INTERNALLY = "EXTERNALLY_TERMINATED", "INTERNALLY_TERMINATED"


OPERATION, INSTANCE = "ModifyProcessInstance", "ProcessInstance"  # in the log of operations


class UnmodifiableInstanceError(EngineError):
    """There is no such instance."""

    def __init__(self, instance_id: str | None) -> None:
        super().__init__(
            f"ENGINE-13036 Process instance '{instance_id}' cannot be modified. The process "
            "instance does not exist"
        )


class OtherDefinitionError(EngineError):
    """An instance is of another definition than the one that is modified."""

    def __init__(self, instance: Execution, definition_id: str) -> None:
        super().__init__(
            f"ENGINE-13037 Process instance '{instance.id}' cannot be modified. Its process "
            f"definition '{instance.process_definition_id}' does not match given process "
            f"definition '{definition_id}'"
        )


def instructions_of(steps: Sequence[Step]) -> list[Instruction]:
    """The instructions that a body describes."""
    return [_cancel(step) if step["type"] == "cancel" else start_of(step) for step in steps]


def _cancel(step: Step) -> Cancel:
    return Cancel(
        activity_id=step.get("activity_id"),
        activity_instance_id=step.get("activity_instance_id"),
        transition_instance_id=step.get("transition_instance_id"),
        is_only_current=bool(step.get("cancel_current_active_activity_instances")),
    )


def start_of(step: Step) -> Start:
    """The start that an instruction of a body describes."""
    kind = step["type"]
    variables, local_variables = step.get("variables") or ({}, {})
    return Start(
        kind,
        step["transition_id" if kind == TRANSITION else "activity_id"],
        step.get("ancestor_activity_instance_id"),
        variables,
        local_variables,
    )


@repeated
def modify(
    store: Store,
    instance_id: str,
    *,
    instructions: Sequence[Step],
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
    annotation: str | None = None,
) -> None:
    """Perform instructions on an instance, all or none.

    Raises:
        UnmodifiableInstanceError: there is no such instance.
        NotValidError: an instruction names something that does not exist.
        SuspendedEntityInteractionError: the instance is suspended.
        EngineError: an instruction cannot be performed, or what it starts fails.

    Source: Camunda 7 ``ModifyProcessInstanceCmd``.
    """
    # Without any the reference does not even look for the instance.
    if not instructions:
        return
    with store.transaction() as tx:
        instance = _locked(tx, instance_id)
        run = run_of(tx, skip_custom_listeners, skip_io_mappings)
        # Before the instance may end, and its record is gone.
        user_operations.note(tx, OPERATION, INSTANCE, about=instance, annotation=annotation)
        engine.modify(run, instance, instructions_of(instructions), end_state=EXTERNALLY)
        _demand_end(tx, instance)


@repeated
def modify_many(
    store: Store,
    *,
    process_definition_id: str,
    instance_ids: Sequence[str | None],
    instructions: Sequence[Step],
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
    annotation: str | None = None,
) -> None:
    """Perform the same instructions on several instances of a definition, all or none.

    Raises:
        BadUserRequestError: there are no instances or no instructions, or no such definition.
        UnmodifiableInstanceError: there is no such instance.
        OtherDefinitionError: an instance is of another definition.
        EngineError: an instruction cannot be performed, or what it starts fails.

    Source: Camunda 7 ``ProcessInstanceModificationCmd``.
    """
    ids = require_parts(instance_ids, instructions)
    with store.transaction() as tx:
        definition = require_definition(tx, process_definition_id)
        changes = user_operations.of_many(len(ids), is_async=False)
        user_operations.note(tx, OPERATION, INSTANCE, changes, definition, annotation=annotation)
        # In one order and at once, see `migration.perform`.
        tx.locks.lock_all(lambda: instances.found(tx, ids))
        run = run_of(tx, skip_custom_listeners, skip_io_mappings)
        for instance_id in ids:
            perform(tx, run, instance_id, process_definition_id, instructions)


def perform(
    tx: Transaction,
    run: Run,
    instance_id: str,
    process_definition_id: str,
    instructions: Sequence[Step],
) -> None:
    """Perform instructions on one of several instances."""
    instance = _locked(tx, instance_id)
    # Each when its turn comes: the transaction undoes those before.
    permits.demand(tx, UPDATE, [of_instance(instance)])
    if instance.process_definition_id != process_definition_id:
        raise OtherDefinitionError(instance, process_definition_id)
    engine.modify(run, instance, instructions_of(instructions), end_state=INTERNALLY)
    _demand_end(tx, instance)


def _demand_end(tx: Transaction, instance: Execution) -> None:
    """Refuse instructions that have left nothing of an instance, unless the user may delete it."""
    # Known only now, and an exception takes it all back.
    if tx.asked is not None and tx.records.is_removed(Execution, instance.id):
        permits.demand(tx, DELETE, [of_instance(instance, verb="delete")])


def require_parts(instance_ids: Sequence[str | None], instructions: Sequence[Step]) -> list[str]:
    """The ids of the instances to modify, each once.

    Raises:
        BadUserRequestError: there are none, one is null, or there are no instructions.
    """
    # Instructions are missed before the instances, as with a restart (contract 10.8).
    if not instructions:
        raise BadUserRequestError("Modification instructions cannot be empty is empty")
    if not instance_ids:
        raise BadUserRequestError(
            "Process instance ids cannot be empty: Process instance ids is empty"
        )
    ids = [i for i in dict.fromkeys(instance_ids) if i is not None]
    if None in instance_ids:
        raise BadUserRequestError(
            "Process instance ids cannot be null: Process instance ids contains null value"
        )
    return ids


def require_definition(tx: Transaction | Snapshot, process_definition_id: str) -> ProcessDefinition:
    """The definition by its id; it stays until the end of a transaction.

    Raises:
        NotFoundError: it is not deployed.
    """
    found = tx.definition(process_definition_id)
    if found is None:
        raise NotFoundError(
            f"no deployed process definition found with id '{process_definition_id}': "
            "processDefinition is null"
        )
    return found


def run_of(tx: Transaction, skip_custom_listeners: bool, skip_io_mappings: bool) -> Run:
    """A run that may leave listeners and mappings out."""
    return Run(
        tx, RunOptions(skips_listeners=skip_custom_listeners, skips_mappings=skip_io_mappings)
    )


def _locked(tx: Transaction, instance_id: str) -> Execution:
    """A process instance whose call hierarchy is locked.

    Raises:
        UnmodifiableInstanceError: there is no such instance.
    """
    instance = tx.locks.lock_execution(instance_id)
    if instance is None or instance.parent_id is not None:
        raise UnmodifiableInstanceError(instance_id)
    return instance
