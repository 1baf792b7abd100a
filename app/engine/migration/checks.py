"""The reasons for which the migration of one instance is refused.

Source: contract 10.4; Camunda 7 ``MigratingActivityInstanceValidator``,
``MigratingTransitionInstanceValidator`` and their implementations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.jobs.continuations import Continuation
from app.engine.jobs.jobs import ASYNC
from app.errors import BadUserRequestError

from . import compensations, kinds
from .instances import ActivityInstance
from .plan import Instruction, Plan

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


@dataclass(frozen=True, slots=True)
class ActivityInstanceReport:
    """Why an activity instance, or a token that waits for a job, cannot be migrated."""

    instruction: Instruction | None
    activity_instance_id: str
    scope_id: str
    failures: list[str]


class UnmigratableInstanceError(BadUserRequestError):
    """An instance does not fit its plan.

    Attributes:
        activity_instances, parked: the reports of activity instances and of transition instances.
    """

    def __init__(
        self,
        instance_id: str,
        activity_instances: list[ActivityInstanceReport],
        parked: list[ActivityInstanceReport],
    ) -> None:
        self.instance_id = instance_id
        self.activity_instances = activity_instances
        self.parked = parked
        lines = [f"ENGINE-23004 Cannot migrate process instance '{instance_id}':\n"]
        for kind, reports in (("activity", activity_instances), ("transition", parked)):
            for report in reports:
                lines.append(f"\tCannot migrate {kind} instance '{report.activity_instance_id}':\n")
                lines += [f"\t\t{failure}\n" for failure in report.failures]
        super().__init__("".join(lines))


def check(run: "Run", top: ActivityInstance, plan: Plan) -> None:
    """Refuse an instance that does not fit its plan.

    Raises:
        UnmigratableInstanceError: it does not.
    """
    activity_instances: list[ActivityInstanceReport] = []
    parked: list[ActivityInstanceReport] = []
    for activity_instance in top.all():
        found = list(
            _of_job(run, activity_instance)
            if activity_instance.is_parked
            else _of_activity(run, activity_instance)
        )
        if activity_instance.has_scope:
            found += compensations.unmapped(run, activity_instance.execution, plan)
        if found:
            instruction = (
                None if activity_instance.mapped is None else activity_instance.mapped.instruction
            )
            is_top = activity_instance.around is None
            # The reference names the definition where others have their activity.
            scope_id = plan.source.definition.id if is_top else activity_instance.activity.id
            report = ActivityInstanceReport(instruction, activity_instance.id, scope_id, found)
            # All reasons of all instances are collected: the answer names them in one list.
            (parked if activity_instance.is_parked else activity_instances).append(report)
    if activity_instances or parked:
        raise UnmigratableInstanceError(top.id, activity_instances, parked)


_UNMAPPED = "There is no migration instruction for this instance's activity"


def _of_activity(run: "Run", activity_instance: ActivityInstance) -> Iterator[str]:
    # The process itself goes to the target always, and needs no instruction.
    if activity_instance.around is None:
        return
    target = activity_instance.target
    if target is None:
        # A scope may be left out of the plan when what is inside of it goes on elsewhere.
        if not activity_instance.inside:
            yield _UNMAPPED
        return
    yield from _of_listener(run, activity_instance)
    if not kinds.is_migratable(activity_instance.activity):
        yield "The type of the source activity is not supported for activity instance migration"
    if activity_instance.has_scope and not target.is_scope:
        yield from _conflicts(run, activity_instance)


def _of_listener(run: "Run", activity_instance: ActivityInstance) -> Iterator[str]:
    """A token that waits for a worker who does a listener: the target may have others."""
    if activity_instance.activity.may_wait_for_listeners:
        for work in run.host.external_tasks_of([activity_instance.execution.id]):
            if work.listener is not None:
                yield "A listener that a worker does cannot be migrated"


def _conflicts(run: "Run", activity_instance: ActivityInstance) -> Iterator[str]:
    """Variables of a scope that goes, where its token has some of the same name."""
    token = run.parent_of(activity_instance.execution)
    # Only a concurrent token has variables of its own that could be overwritten.
    if token.is_scope:
        return
    around = run.variables.local(token)
    for name in run.variables.local(activity_instance.execution):
        if name in around:
            yield (
                f"The variable '{name}' exists in both, this scope and concurrent local in the "
                "parent scope. Migrating to a non-scope activity would overwrite one of them."
            )


def _of_job(run: "Run", activity_instance: ActivityInstance) -> Iterator[str]:
    target = activity_instance.target
    if target is None:
        yield _UNMAPPED
        return
    yield from _of_listener(run, activity_instance)
    for job in run.host.jobs_of([activity_instance.execution.id]):
        if job.kind != ASYNC or job.activity_id != activity_instance.activity.id:
            continue
        continuation = Continuation.parse(job.configuration)
        if not continuation.is_after:
            if not target.is_async_before:
                yield "Target activity is not asyncBefore"
            continue
        if not target.is_async_after:
            yield "Target activity is not asyncAfter"
        # With one flow there is nothing to choose: the token takes it, see `_choose_flow`.
        if len(target.outgoing) > 1:
            ids = {flow.id for flow in target.outgoing}
            if not continuation.flows:
                yield (
                    "Transition instance is assigned to no sequence flow and target activity has "
                    "more than one outgoing sequence flow"
                )
            elif not ids.issuperset(continuation.flows):
                yield (
                    "Transition instance is assigned to a sequence flow that cannot be matched in "
                    "the target activity"
                )
