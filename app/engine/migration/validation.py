"""The reasons for which a plan is refused.

Source: contract 10.4; Camunda 7 ``MigrationInstructionValidator`` and its implementations.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.graph.graph import Activity
from app.engine.graph.kinds import Kind

from . import kinds
from .plan import Instruction, Mapped, Plan


@dataclass(frozen=True, slots=True)
class InstructionReport:
    """Why an instruction cannot be followed."""

    instruction: Instruction
    failures: list[str]


def validate(plan: Plan) -> list[InstructionReport]:
    """The instructions that cannot be followed, with all reasons."""
    reports = []
    # By identity: two equal instructions are two, and both are reported.
    known = {id(m.instruction): m for m in plan.mapped}
    # Missing activities come first; of the others the reference engine keeps no order.
    for instruction in sorted(plan.instructions, key=lambda found: id(found) in known):
        mapped = known.get(id(instruction))
        found = _missing(plan, instruction) if mapped is None else failures(plan, mapped)
        if reasons := list(found):
            reports.append(InstructionReport(instruction, reasons))
    return reports


def _missing(plan: Plan, instruction: Instruction) -> Iterator[str]:
    source_id, target_id = instruction.source_id, instruction.target_id
    if source_id is None:
        yield "Source activity id is null"
    if target_id is None:
        yield "Target activity id is null"
    if source_id is None or target_id is None:
        return
    if source_id not in plan.source.activities:
        yield f"Source activity '{source_id}' does not exist"
    if target_id not in plan.target.activities:
        yield f"Target activity '{target_id}' does not exist"


def failures(plan: Plan, mapped: Mapped) -> Iterator[str]:
    """Why an instruction cannot be followed together with the others of its plan."""
    source, target = mapped.source, mapped.target
    yield from _types(source, target)
    same = [m for m in plan.mapped if m.source is source]
    if len(same) > 1:
        listed = ", ".join(
            f"ValidatingMigrationInstructionImpl{{sourceActivity=Activity({m.source.id}), "
            f"targetActivity=Activity({m.target.id})}}"
            for m in same
        )
        yield f"There are multiple mappings for source activity id '{source.id}': {listed}"
    yield from _bodies(plan, source, target)
    if source.kind in (Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY):
        yield from _gateways(plan, source, target)
    yield from _events(plan, source, target)
    updates = mapped.instruction.updates_trigger
    if updates and not kinds.has_trigger(source):
        yield (
            "Cannot update event trigger because the activity does not define a persistent event "
            "trigger"
        )
    yield from _ancestors(plan, source, target)
    if source.conditional is not None and not updates:
        yield "Conditional event has to migrate with update event trigger."


def _types(source: Activity, target: Activity) -> Iterator[str]:
    ours, theirs = kinds.behavior(source), kinds.behavior(target)
    if ours != theirs:
        yield f"Activities have incompatible types ({ours} is not compatible with {theirs})"
    if kinds.is_event(source) and kinds.is_event(target) and source.kind != target.kind:
        yield f"Events are not of the same type ({source.kind} != {target.kind})"


def _bodies(plan: Plan, source: Activity, target: Activity) -> Iterator[str]:
    """Multi-instance activities are mapped with their bodies, and bodies with what they repeat."""
    scope = target.scope
    body = None
    while scope is not None and not plan.sources_of(scope):
        if scope.inner is not None:
            body = body or scope
        scope = scope.scope
    if body is not None:
        yield (
            f"Target activity '{target.id}' is a descendant of multi-instance body '{body.id}' "
            "that is not mapped from the source process definition."
        )
    if target.inner is not None and not plan.sources_of(target.inner):
        yield "Must map the inner activity of a multi-instance body when the body is mapped"
    if source.inner is not None and plan.of(source.inner.id) is None:
        yield "Cannot remove the inner activity of a multi-instance body when the body is mapped"


def _gateways(plan: Plan, source: Activity, target: Activity) -> Iterator[str]:
    """A gateway in which tokens may wait must be able to go on with them."""
    # More tokens than the target counts could never open its join (semantics 2.5).
    if source.incoming_count > target.incoming_count:
        yield (
            "The target gateway must have at least the same number of incoming sequence flows "
            "that the source gateway has"
        )
    scope = source.scope
    if scope is not None and scope.scope is not None and plan.of(scope.id) is None:
        yield f"The gateway's flow scope '{scope.id}' must be mapped"
    if len(plan.sources_of(target)) > 1:
        yield f"Only one gateway can be mapped to gateway '{target.id}'"


def _events(plan: Plan, source: Activity, target: Activity) -> Iterator[str]:
    """An event stays with what it belongs to."""
    ours, theirs = kinds.event_scope(source), kinds.event_scope(target)
    if ours is None or kinds.is_compensation_event(source):
        return
    if theirs is None:
        yield (
            f"The source activity's event scope ({ours.id}) must be mapped but the target activity "
            "has no event scope"
        )
        return
    mapped = plan.target.process if ours.scope is None else plan.target_of(ours.id)
    if mapped is not theirs:
        yield (
            f"The source activity's event scope ({ours.id}) must be mapped to the target "
            f"activity's event scope ({theirs.id})"
        )


def _ancestors(plan: Plan, source: Activity, target: Activity) -> Iterator[str]:
    """An activity inside another stays inside what that becomes."""
    scope = source.scope
    # The nearest that is mapped decides: scopes in between may be left out of a plan.
    while scope is not None and plan.of(scope.id) is None:
        scope = scope.scope
    mapped = None if scope is None else plan.of(scope.id)
    if mapped is None:
        return
    above = target.scope
    while above is not None and above is not mapped.target:
        above = above.scope
    if above is None:
        yield (
            f"The closest mapped ancestor '{mapped.source.id}' is mapped to scope "
            f"'{mapped.target.id}' which is not an ancestor of target scope '{target.id}'"
        )
