"""What prevents the migration of one instance.

Source: contract 10.4; Camunda 7 ``MigratingActivityInstanceValidator``,
``MigratingTransitionInstanceValidator`` and their implementations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.jobs import parking
from app.engine.jobs.jobs import ASYNC
from app.errors import BadUserRequestError

from . import compensations, kinds
from .instances import Visit
from .plan import Instruction, Plan

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


@dataclass(frozen=True, slots=True)
class VisitReport:
    """Why a visit, or a token that waits for a job, cannot be migrated."""

    instruction: Instruction | None
    visit_id: str
    scope_id: str
    failures: list[str]


class UnmigratableInstanceError(BadUserRequestError):
    """An instance does not fit its plan.

    Attributes:
        visits, parked: the reports of activity instances and of transition instances.
    """

    def __init__(
        self, instance_id: str, visits: list[VisitReport], parked: list[VisitReport]
    ) -> None:
        self.instance_id = instance_id
        self.visits = visits
        self.parked = parked
        lines = [f"ENGINE-23004 Cannot migrate process instance '{instance_id}':\n"]
        for kind, reports in (("activity", visits), ("transition", parked)):
            for report in reports:
                lines.append(f"\tCannot migrate {kind} instance '{report.visit_id}':\n")
                lines += [f"\t\t{failure}\n" for failure in report.failures]
        super().__init__("".join(lines))


def check(run: "Run", top: Visit, plan: Plan) -> None:
    """Refuse an instance that does not fit its plan.

    Raises:
        UnmigratableInstanceError: it does not.
    """
    visits: list[VisitReport] = []
    parked: list[VisitReport] = []
    for visit in top.all():
        found = list(_of_job(run, visit) if visit.is_parked else _of_visit(run, visit))
        if visit.has_scope:
            found += compensations.unmapped(run, visit.execution, plan)
        if found:
            instruction = None if visit.mapped is None else visit.mapped.instruction
            is_top = visit.around is None
            scope_id = plan.source.definition.id if is_top else visit.activity.id
            report = VisitReport(instruction, visit.id, scope_id, found)
            # All reasons of all instances are collected: the answer names them in one list.
            (parked if visit.is_parked else visits).append(report)
    if visits or parked:
        raise UnmigratableInstanceError(top.id, visits, parked)


_UNMAPPED = "There is no migration instruction for this instance's activity"


def _of_visit(run: "Run", visit: Visit) -> Iterator[str]:
    if visit.around is None:
        return
    target = visit.target
    if target is None:
        # A scope may be left out of the plan when what is inside of it goes on elsewhere.
        if not visit.inside:
            yield _UNMAPPED
        return
    yield from _of_listener(run, visit)
    if not kinds.is_migratable(visit.activity):
        yield "The type of the source activity is not supported for activity instance migration"
    if visit.has_scope and not target.is_scope:
        yield from _conflicts(run, visit)


def _of_listener(run: "Run", visit: Visit) -> Iterator[str]:
    """A token that waits for a worker who does a listener: the target may have others."""
    if visit.activity.may_wait_for_listeners:
        for work in run.host.external_tasks_of([visit.execution.id]):
            if work.listener is not None:
                yield "A listener that a worker does cannot be migrated"


def _conflicts(run: "Run", visit: Visit) -> Iterator[str]:
    """Variables of a scope that goes, where its token has some of the same name."""
    token = run.parent_of(visit.execution)
    # Only a concurrent token has variables of its own that could be overwritten.
    if token.is_scope:
        return
    around = run.variables.local(token)
    for name in run.variables.local(visit.execution):
        if name in around:
            yield (
                f"The variable '{name}' exists in both, this scope and concurrent local in the "
                "parent scope. Migrating to a non-scope activity would overwrite one of them."
            )


def _of_job(run: "Run", visit: Visit) -> Iterator[str]:
    target = visit.target
    if target is None:
        yield _UNMAPPED
        return
    yield from _of_listener(run, visit)
    for job in run.host.jobs_of([visit.execution.id]):
        if job.kind != ASYNC or job.activity_id != visit.activity.id:
            continue
        configuration = job.configuration or ""
        if not configuration.startswith(parking.AFTER):
            if not target.is_async_before:
                yield "Target activity is not asyncBefore"
            continue
        if not target.is_async_after:
            yield "Target activity is not asyncAfter"
        # With one flow there is nothing to choose: the token takes it, see `_choose_flow`.
        if len(target.outgoing) > 1:
            ids = {flow.id for flow in target.outgoing}
            chosen = configuration.split("$")[1:]
            if not chosen:
                yield (
                    "Transition instance is assigned to no sequence flow and target activity has "
                    "more than one outgoing sequence flow"
                )
            elif not ids.issuperset(chosen):
                yield (
                    "Transition instance is assigned to a sequence flow that cannot be matched in "
                    "the target activity"
                )
