"""The plan that suggests itself: what has the same id, the same kind and the same place.

Source: contract 10.4; Camunda 7 ``DefaultMigrationInstructionGenerator``.
"""

from app.engine.graph.graph import Activity, Graph

from . import kinds, validation
from .plan import Instruction, Plan


def generate(source: Graph, target: Graph, *, updates_triggers: bool) -> Plan:
    """A valid plan that maps as much as can be.

    Args:
        updates_triggers: events wait for what the target's model says.
    """
    found: list[Instruction] = []
    _collect(source.process, target, target.process, updates_triggers, found)
    # To the fixed point: each round takes at least one instruction out, so that it ends.
    while True:
        plan = Plan(source, target, found)
        refused = {id(report.instruction) for report in validation.validate(plan)}
        inside = {id(m.instruction) for m in plan.mapped if not _is_placed(plan, m.source)}
        if not refused | inside:
            return plan
        # other instructions may depend on those that are left out
        found = [i for i in found if id(i) not in refused | inside]


def _collect(
    scope: Activity,
    target: Graph,
    target_scope: Activity,
    updates_triggers: bool,
    found: list[Instruction],
) -> None:
    for activity in scope.activities:
        other = target.activities.get(activity.id)
        # Of the same place: an activity that was moved into another scope is a decision of the
        # operator's.
        if other is None or other.scope is not target_scope:
            continue
        if kinds.is_migratable(activity) and kinds.is_migratable(other):
            # A conditional event has to migrate with its trigger, whatever is asked for (see
            # `validation`).
            updates = activity.conditional is not None or (
                updates_triggers and kinds.has_trigger(activity)
            )
            found.append(Instruction(activity.id, other.id, updates))
            if activity.is_composite:
                _collect(activity, target, other, updates_triggers, found)


def _is_placed(plan: Plan, source: Activity) -> bool:
    """Whether the scope around an activity is mapped."""
    scope = source.scope
    return scope is None or scope.scope is None or plan.of(scope.id) is not None
