"""Migration of running instances to another definition.

Source: contract 10.4; Camunda 7 ``CreateMigrationPlanCmd``, ``ValidateMigrationPlanCmd``,
``MigrateProcessInstanceCmd``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.engine.execution.run import Run
from app.engine.graph.graph import Graph
from app.engine.migration import generation, validation
from app.engine.migration import migration as engine
from app.engine.migration.checks import ActivityInstanceReport
from app.engine.migration.checks import UnmigratableInstanceError as UnmigratableInstanceError
from app.engine.migration.plan import Instruction, Plan
from app.engine.migration.validation import InstructionReport
from app.engine.state.values import TypedValue
from app.errors import BadUserRequestError, EngineError, NotFoundError
from app.security.needs import READ_DEFINITION, Need
from app.store import Snapshot, Store, Transaction
from app.store.commands import instances

from . import modification, permits, user_operations
from .permits import Subject, of_definition
from .retrying import repeated

View = dict[str, Any]


class UnknownPlanDefinitionError(NotFoundError):
    """A definition of a plan is not named, or not deployed."""


class PlanError(BadUserRequestError):
    """A plan cannot be followed; the report says why."""

    def __init__(self, source_id: str, target_id: str, reports: list[InstructionReport]) -> None:
        self.report = report_view(reports)
        # The whole report is the message, with tabs and ends of lines, as the reference engine has
        # it.
        lines = [
            f"ENGINE-23001 Migration plan for process definition '{source_id}' to '{target_id}' is "
            "not valid:\n"
        ]
        for report in reports:
            lines.append(f"\t Migration instruction {report.instruction} is not valid:\n")
            lines += [f"\t\t{failure}\n" for failure in report.failures]
        super().__init__("".join(lines))


class UnknownInstanceError(EngineError):
    """There is no such instance."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(
            f"ENGINE-23003 Process instance '{instance_id}' cannot be migrated. The process "
            "instance does not exist"
        )


class OtherDefinitionError(EngineError):
    """An instance is not of the source of a plan."""

    def __init__(self, instance_id: str, definition_id: str, source_id: str) -> None:
        super().__init__(
            f"ENGINE-23002 Process instance '{instance_id}' cannot be migrated. Its process "
            f"definition '{definition_id}' does not match the source process definition of the "
            f"migration plan '{source_id}'"
        )


@dataclass(frozen=True, slots=True)
class WantedPlan:
    """A plan as a client describes it.

    Attributes:
        instructions: source id, target id, and whether the trigger is updated.
        variables: of each instance that has arrived.
    """

    source_process_definition_id: str | None
    target_process_definition_id: str | None
    instructions: Sequence[tuple[str | None, str | None, bool]] = ()
    variables: Mapping[str, TypedValue] = field(default_factory=dict)


@repeated
def generate(
    store: Store, *, source_id: str | None, target_id: str | None, update_event_triggers: bool
) -> list[View]:
    """The instructions of the plan that maps as much as can be.

    Raises:
        UnknownPlanDefinitionError: a definition is not named, or not deployed.
    """
    with store.snapshot() as snapshot:
        plan = _plan(snapshot, WantedPlan(source_id, target_id))
        require_seen(snapshot, plan)
        found = generation.generate(
            plan.source, plan.target, updates_triggers=update_event_triggers
        )
        return [instruction_view(i) for i in found.instructions]


@repeated
def validate(store: Store, wanted: WantedPlan) -> View:
    """The reasons for which a plan is refused.

    Raises:
        UnknownPlanDefinitionError: a definition is not named, or not deployed.
    """
    with store.snapshot() as snapshot:
        plan = _plan(snapshot, wanted)
        require_seen(snapshot, plan)
        return report_view(validation.validate(plan))


@repeated
def check(store: Store, wanted: WantedPlan, need: Need) -> None:
    """Refuse a plan that cannot be followed.

    Args:
        need: what making the batch needs; who may not learns nothing of the plan.

    Raises:
        UnknownPlanDefinitionError: a definition is not named, or not deployed.
        PlanError: it cannot.
    """
    with store.snapshot() as snapshot:
        require_seen(snapshot, _plan(snapshot, wanted))
        # Between seeing the definitions and the plan, in the order of the reference engine
        # (contract 11.9).
        permits.demand(snapshot, need, [Subject()])
        _require_migratable(snapshot, _valid(snapshot, wanted))


@repeated
def execute(
    store: Store,
    wanted: WantedPlan,
    instance_ids: Sequence[str | None],
    *,
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
) -> None:
    """Migrate instances, all or none.

    Raises:
        UnknownPlanDefinitionError: a definition is not named, or not deployed.
        PlanError: the plan cannot be followed.
        BadUserRequestError: there are no instances, or one is null.
        UnknownInstanceError: there is no such instance.
        OtherDefinitionError: an instance is of another definition.
        UnmigratableInstanceError: an instance does not fit the plan.
        EngineError: a listener, a mapping or an expression of an event fails.
    """
    with store.transaction() as tx:
        run = modification.run_of(tx, skip_custom_listeners, skip_io_mappings)
        perform(tx, run, wanted, instance_ids)
        note(tx, wanted, len(set(instance_ids)), is_async=False)


def note(tx: Transaction, wanted: WantedPlan, count: int, *, is_async: bool) -> None:
    """Write down who wants a migration."""
    source_id, target_id = wanted.source_process_definition_id, wanted.target_process_definition_id
    changes: user_operations.Changes = {
        "processDefinitionId": (source_id, target_id),
        **user_operations.of_many(count, is_async=is_async),
        **({"nrOfSetVariables": (None, len(wanted.variables))} if wanted.variables else {}),
    }
    definition = modification.require_definition(tx, source_id or "")
    user_operations.note(tx, "Migrate", "ProcessInstance", changes, definition)


def perform(
    tx: Transaction, run: Run, wanted: WantedPlan, instance_ids: Sequence[str | None]
) -> None:
    """Migrate instances in one transaction, as `execute` does."""
    # The plan was checked when a batch was made; its definitions are read anew, for one may be
    # gone.
    plan = _valid(tx, wanted)
    _require_migratable(tx, plan)
    ids = require_instances(instance_ids)
    # All hierarchies in one order, before the first instance moves: single locks could deadlock.
    tx.locks.lock_all(lambda: instances.found(tx, ids))
    for instance_id in ids:
        instance = tx.locks.lock_execution(instance_id)
        # An execution inside of an instance is none that could be migrated by itself.
        if instance is None or instance.parent_id is not None:
            raise UnknownInstanceError(instance_id)
        definition_id = instance.process_definition_id
        if definition_id != plan.source.definition.id:
            raise OtherDefinitionError(instance_id, definition_id, plan.source.definition.id)
        engine.migrate(run, instance, plan, wanted.variables)


def require_instances(instance_ids: Sequence[str | None]) -> list[str]:
    """The ids of the instances to migrate, each once.

    Raises:
        BadUserRequestError: there are none, or one is null.
    """
    if not instance_ids:
        raise BadUserRequestError(
            "Process instance ids cannot empty: process instance ids is empty"
        )
    if None in instance_ids:
        raise BadUserRequestError(
            "Process instance ids cannot be null: process instance ids contains null value"
        )
    return [i for i in dict.fromkeys(instance_ids) if i is not None]


def _valid(host: Snapshot | Transaction, wanted: WantedPlan) -> Plan:
    plan = _plan(host, wanted)
    reports = validation.validate(plan)
    if reports:
        raise PlanError(plan.source.definition.id, plan.target.definition.id, reports)
    return plan


def require_seen(tx: Snapshot | Transaction, plan: Plan) -> None:
    """Refuse a plan between definitions, unless the user sees both."""
    permits.demand(tx, READ_DEFINITION, _both(plan))


def _require_migratable(tx: Snapshot | Transaction, plan: Plan) -> None:
    """Refuse to follow a plan, unless the user may migrate from the one and to the other."""
    require_seen(tx, plan)
    permits.demand_all(tx, "MIGRATE_INSTANCE", _both(plan))


def _both(plan: Plan) -> list[Subject]:
    return [of_definition(graph.definition) for graph in (plan.source, plan.target)]


def _plan(host: Snapshot | Transaction, wanted: WantedPlan) -> Plan:
    source = _graph(host, "Source", wanted.source_process_definition_id)
    target = _graph(host, "Target", wanted.target_process_definition_id)
    return Plan(source, target, [Instruction(*i) for i in wanted.instructions])


def _graph(host: Snapshot | Transaction, name: str, definition_id: str | None) -> Graph:
    if definition_id is None:
        raise UnknownPlanDefinitionError(f"{name} process definition id is null")
    # With a lock, in a transaction that writes: neither end of the plan is deleted meanwhile.
    if host.definition(definition_id) is None:
        raise UnknownPlanDefinitionError(
            f"ENGINE-23008 {name} process definition with id '{definition_id}' does not exist"
        )
    return host.graph(definition_id)


# -- views ------------------------------------------------------------------------------------


def instruction_view(instruction: Instruction) -> View:
    """An instruction as plans and reports have it."""
    return {
        "source_activity_ids": [instruction.source_id],
        "target_activity_ids": [instruction.target_id],
        "update_event_trigger": instruction.updates_trigger,
    }


def report_view(reports: Sequence[InstructionReport]) -> View:
    """The reasons against a plan, as answers have them."""
    return {
        "instruction_reports": [
            {"instruction": instruction_view(r.instruction), "failures": r.failures}
            for r in reports
        ]
    }


def instance_report_view(error: UnmigratableInstanceError) -> View:
    """The reasons against the migration of an instance, as answers have them."""
    return {
        "process_instance_id": error.instance_id,
        "activity_instance_validation_reports": [
            {**_failures_view(r), "activity_instance_id": r.activity_instance_id}
            for r in error.activity_instances
        ],
        "transition_instance_validation_reports": [
            {**_failures_view(r), "transition_instance_id": r.activity_instance_id}
            for r in error.parked
        ],
    }


def _failures_view(report: ActivityInstanceReport) -> View:
    instruction = report.instruction
    return {
        "migration_instruction": None if instruction is None else instruction_view(instruction),
        "source_scope_id": report.scope_id,
        "failures": report.failures,
    }
