"""Restart: new instances in place of ended ones, begun where an operator wants it.

Source: contract 10.3; Camunda 7 ``RestartProcessInstancesCmd``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.engine.execution.run import Run
from app.engine.graph.graph import Graph
from app.engine.modification import beginning
from app.engine.state.conversion import written_anew
from app.errors import BadUserRequestError, EngineError, SuspendedEntityInteractionError
from app.security.needs import READ_HISTORY, START
from app.store import Store, Transaction
from app.store.commands import restarts
from app.store.commands.restarts import Ended

from . import modification, permits, user_operations
from .permits import of_definition
from .retrying import repeated


class NotEndedError(EngineError):
    """An instance that still runs cannot be restarted."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(
            f"ENGINE-13040 Historic process instance '{instance_id}' cannot be restarted. It is "
            "not completed or terminated."
        )


class OtherDefinitionError(EngineError):
    """An instance was of another definition than the one that is restarted."""

    def __init__(self, ended: Ended, definition_id: str) -> None:
        super().__init__(
            f"ENGINE-13039 Historic process instance '{ended.id}' cannot be restarted. Its process "
            f"definition '{ended.process_definition_id}' does not match given process definition "
            f"'{definition_id}'"
        )


OPERATION = "RestartProcessInstance"


@dataclass(frozen=True, slots=True)
class Options:
    """How instances are restarted, the same for all of them.

    Attributes:
        instructions: each with ``type``, and ``activity_id`` or ``transition_id``.
        initial_variables: those of the start are taken over in place of those of the end.
    """

    process_definition_id: str
    instructions: Sequence[Mapping[str, Any]]
    initial_variables: bool = False
    without_business_key: bool = False
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False


@repeated
def restart(store: Store, instance_ids: Sequence[str | None], options: Options) -> None:
    """Restart ended instances of a definition, all or none.

    Raises:
        BadUserRequestError: no instances or no instructions, or no such definition or instance.
        NotEndedError: an instance runs.
        OtherDefinitionError: an instance was of another definition.
        EngineError: an instruction cannot be performed, or what it starts fails.
    """
    ids = require_parts(instance_ids, options)
    with store.transaction() as tx:
        perform(tx, ids, options)
        definition = modification.require_definition(tx, options.process_definition_id)
        changes = user_operations.of_many(len(ids), is_async=False)
        user_operations.note(tx, OPERATION, "ProcessInstance", changes, definition)


def require_parts(
    instance_ids: Sequence[str | None], options: Options, *, is_async: bool = False
) -> list[str]:
    """The ids of the instances to restart, each once.

    Args:
        is_async: by a batch, of which the reference engine misses the instances first.

    Raises:
        BadUserRequestError: there are none, one is null, or there are no instructions.
    """
    if not options.instructions and (instance_ids or not is_async):
        raise BadUserRequestError("Restart instructions cannot be empty: instructions is empty")
    if not instance_ids:
        raise BadUserRequestError("processInstanceIds is empty")
    if None in instance_ids:
        words = "processInstanceIds" if is_async else "Process instance ids"
        raise BadUserRequestError(
            f"Process instance ids cannot be null: {words} contains null value"
        )
    return [i for i in dict.fromkeys(instance_ids) if i is not None]


def perform(tx: Transaction, instance_ids: Sequence[str], options: Options) -> None:
    """Restart instances in one transaction, as `restart` does."""
    definition = modification.require_definition(tx, options.process_definition_id)
    if definition.is_suspended:
        raise SuspendedEntityInteractionError(
            f"ENGINE-03043 Process Definition with id '{definition.id}' is suspended."
        )
    graph = tx.graph(definition.id)
    run = modification.run_of(tx, options.skip_custom_listeners, options.skip_io_mappings)
    # It reads an ended instance and starts another.
    for need in (READ_HISTORY, START):
        permits.demand(tx, need, [of_definition(definition)])
    known = restarts.instances(tx, instance_ids)
    for instance_id in instance_ids:
        ended = known.get(instance_id)
        # One error for an id that nothing has and for one whose history was removed.
        if ended is None:
            raise BadUserRequestError(
                "Historic process instance cannot be found: historicProcessInstanceId is null"
            )
        if ended.end_time is None:
            raise NotEndedError(instance_id)
        if ended.process_definition_id != definition.id:
            raise OtherDefinitionError(ended, definition.id)
        _restart(tx, run, graph, ended, options)


def _restart(tx: Transaction, run: Run, graph: Graph, ended: Ended, options: Options) -> None:
    # A restart takes its variables from the history; those of instructions are dropped, as in the
    # reference.
    steps = [modification.start_of({**step, "variables": None}) for step in options.instructions]
    variables = restarts.variables(tx, ended.id, initial=options.initial_variables)
    instance = beginning.start_at(
        run,
        graph,
        {name: written_anew(value) for name, value in variables.items()},
        steps,
        business_key=None if options.without_business_key else ended.business_key,
        case_instance_id=ended.case_instance_id,
        restarted=ended.id,
    )
    user_operations.note(tx, "Create", "ProcessInstance", about=instance)
