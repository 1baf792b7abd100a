"""Instances that start with instructions in place of their start event.

Source: Camunda 7 ``StartProcessInstanceAtActivitiesCmd``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.engine.execution import ending
from app.engine.execution import starting as instances
from app.engine.graph.graph import Activity, Flow, Graph
from app.engine.state import Execution
from app.engine.state.values import TypedValue
from app.errors import NotValidError, NullValueError

from . import starting
from .instructions import AFTER, Start

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


def start_at(
    run: "Run",
    graph: Graph,
    variables: Mapping[str, TypedValue],
    instructions: Sequence[Start],
    *,
    business_key: str | None = None,
    case_instance_id: str | None = None,
    restarted: str | None = None,
) -> Execution:
    """Start an instance before or after activities, or on flows, in place of its start event.

    Args:
        restarted: the id of the ended instance in whose place it starts.

    Raises:
        NullValueError: there is no such activity or flow in the first instruction.
        NotValidError: there is none in a later one, or no activity to start after.
        EngineError: not one flow leads on from it, or the run that follows fails.
    """
    target = _first(graph, instructions[0])
    first = target.target if isinstance(target, Flow) else target
    instance = instances.create(
        run, graph, first, business_key, case_instance_id, restarted=restarted
    )
    # No place to wait at: listeners of the process are notified at once, even those of workers.
    given = variables if restarted is None else {}
    instances.begin(run, graph, instance, given, first=first, is_instructed=True)
    if restarted is not None:
        # An oddity of the reference: what the ended instance had comes with the last instruction.
        # The listeners of the process do not see it, and what instructions before that start.
        instructions = [*instructions[:-1], replace(instructions[-1], variables=variables)]
    beginnings = run.history.beginnings
    beginnings.instructed(instance, len(instructions), is_by_flow=isinstance(target, Flow))
    # An instruction may reach an end at once, and later ones still start something (semantics
    # 2.15).
    run.held[instance.id] = None
    for instruction in instructions:
        starting.start(run, instance, instruction)
    ended = run.held.pop(instance.id)
    if ended is not None:
        ending.end_process_instance(run, instance, *ended)
        run.perform()
    return instance


def _first(graph: Graph, instruction: Start) -> Activity | Flow:
    """Where the history says that the instance has started, or the flow that leads there."""
    try:
        return starting.target_of(graph, instruction)
    except NotValidError:
        # Where to start after is looked up as in every modification; others as the start of an
        # instance, with another error.
        if instruction.kind == AFTER:
            raise
        raise NullValueError(
            f"Element '{instruction.element_id}' does not exist in process "
            f"{graph.definition.id}: targetElement is null"
        ) from None
