"""Instances that start with instructions in place of their start event.

Source: Camunda 7 ``StartProcessInstanceAtActivitiesCmd``.
"""

from collections.abc import Mapping, Sequence
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
    first = _first(graph, instructions[0])
    instance = instances.create(
        run, graph, first, business_key, case_instance_id, restarted=restarted
    )
    # No place to wait at: listeners of the process are notified at once, even those of workers.
    is_anew = restarted is not None
    given = {} if is_anew else variables
    instances.begin(run, graph, instance, given, first=first, is_instructed=True)
    if is_anew:
        # An oddity of the reference: listeners do not see what the ended instance had.
        run.variables.places.moving = instance.id
        run.variables.set_all(instance, variables)
        run.variables.places.moving = None
    # An instruction may reach an end at once, and later ones still start something (semantics
    # 2.15).
    run.held[instance.id] = None
    for instruction in instructions:
        starting.start(run, instance, instruction, is_only=len(instructions) == 1)
    ended = run.held.pop(instance.id)
    if ended is not None:
        ending.end_process_instance(run, instance, *ended)
        run.perform()
    return instance


def _first(graph: Graph, instruction: Start) -> Activity:
    """The activity that the history says the instance has started at."""
    try:
        target = starting.target_of(graph, instruction)
    except NotValidError:
        # Where to start after is looked up as in every modification; others as the start of an
        # instance, with another error.
        if instruction.kind == AFTER:
            raise
        raise NullValueError(
            f"Element '{instruction.element_id}' does not exist in process "
            f"{graph.definition.id}: targetElement is null"
        ) from None
    return target.target if isinstance(target, Flow) else target
