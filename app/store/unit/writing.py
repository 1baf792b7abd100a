"""Where records are written to, and how on SQLite: one statement a table and kind of change.

Those of PostgreSQL are in `postgresql.writing`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table

from app.engine import state
from app.engine.history import amendments
from app.engine.history import history_records as history
from app.engine.history.decisions import HistoricDecisionInstance
from app.engine.migration import records as migration
from app.engine.state import identity
from app.models import metadata
from app.store.sqlite import many
from app.store.sqlite.values import filled, record_reader

from . import narrowing
from .lasting import LastingValue
from .sweeps import KEEP_DETAILS, Swept

FEW = 8  # rows of a kind that are written each by itself
_OF_EXECUTIONS = {table.name for table in narrowing.TABLES}


@dataclass(frozen=True, slots=True)
class Target:
    """Where records of a kind go.

    Attributes:
        columns: the record's fields, which are columns of the table.
        overwritten: the columns that an update, or an insert of a row that is there already, sets.
        is_patch: the record is a part of a row: adding it means to update.
        is_upsert: the row may be there already.
        keeps_details: the row that is overwritten is a detail as well, which is kept first.
        is_move: of a migration, in which other patches may change the same rows before it.
    """

    table: Table
    columns: tuple[str, ...]
    overwritten: tuple[str, ...]
    is_patch: bool = False
    is_upsert: bool = False
    keeps_details: bool = False
    is_move: bool = False

    def setting(self, column: str, value: str, old: str = "") -> str:
        """The assignment of a column in an update, as SQL.

        Args:
            value: the new value, as SQL.
            old: the name of the row with a dot, where it needs one.
        """
        if column == "execution_id" and self.is_patch and self.table.name in _OF_EXECUTIONS:
            return f'"{column}" = nullif({value}, {old}process_instance_id)'  # see `narrowing`
        return f'"{column}" = {value}'


_RECORDS: dict[type, str] = {
    state.Execution: "execution",
    state.Variable: "variable",
    state.ExternalTask: "external_task",
    state.Task: "task",
    state.IdentityLink: "identity_link",
    state.Job: "job",
    state.EventSubscription: "event_subscription",
    state.Incident: "incident",
    state.ProcessDefinition: "process_definition",
    state.JobDefinition: "job_definition",
    state.DecisionRequirementsDefinition: "decision_requirements_definition",
    state.DecisionDefinition: "decision_definition",
    state.Receipt: "receipt",
    state.Batch: "batch",
    history.HistoricProcessInstance: "historic_process_instance",
    history.HistoricActivityInstance: "historic_activity_instance",
    history.HistoricVariableInstance: "historic_variable_instance",
    history.HistoricVariableUpdate: "historic_variable_instance",
    history.HistoricDetail: "historic_detail",
    history.HistoricFormField: "historic_form_field",
    history.HistoricExternalTaskLog: "historic_external_task_log",
    history.HistoricIncident: "historic_incident",
    history.HistoricTask: "historic_task",
    history.HistoricIdentityLink: "historic_identity_link",
    history.HistoricJobLog: "historic_job_log",
    history.TaskWorker: "task_worker",
    history.UserOperation: "user_operation",
    identity.User: "identity_user",
    identity.Group: "identity_group",
    identity.Tenant: "identity_tenant",
    identity.GroupMembership: "group_membership",
    identity.TenantMembership: "tenant_membership",
    identity.Authorization: "identity_authorization",
    identity.SavedFilter: "saved_filter",
    identity.Session: "browser_session",
    history.HistoricBatch: "historic_batch",
    HistoricDecisionInstance: "historic_decision_instance",
}
_MOVES: tuple[Any, ...] = (
    migration.ProcessInstanceMoved,
    migration.ActivityInstanceMoved,
    migration.TaskMoved,
    migration.IncidentMoved,
    migration.VariableMoved,
    # Last, for a fetch passes over a task from then until the commit.
    migration.ExternalTaskMoved,
)
_PATCHES: dict[type, str] = {
    kind: _RECORDS[kind.amends]
    for kind in (
        state.ExternalTaskLock,
        amendments.ProcessInstanceEnd,
        amendments.ProcessInstanceState,
        amendments.ActivityInstanceEnd,
        amendments.ScopeInstanceEnd,
        amendments.ActivityInstanceWork,
        amendments.ActivityAssignee,
        amendments.VariableInstanceEnd,
        amendments.IncidentEnd,
        amendments.IncidentAnnotation,
        amendments.TaskUpdate,
        LastingValue,
        *_MOVES,
    )
}
_RANKS = {kind: rank for rank, kind in enumerate((*_RECORDS, *_PATCHES))}


@cache
def target_of(kind: type) -> Target:
    """Where records of this kind are written to."""
    columns = tuple(f.name for f in fields(kind))
    others = tuple(c for c in columns if c != "id")
    if kind in _PATCHES:
        patched = metadata.tables[_PATCHES[kind]]
        return Target(patched, columns, others, is_patch=True, is_move=kind in _MOVES)
    table = metadata.tables[_RECORDS[kind]]
    if kind is history.HistoricVariableUpdate:
        return Target(table, columns, kind.overwritten, is_upsert=True, keeps_details=True)
    return Target(table, columns, others)


def in_order(changes: dict[type, state.Change]) -> list[tuple[type, state.Change]]:
    """The changes in one order of kinds, so that the same changes give the same statement."""
    return [(kind, changes[kind]) for kind in sorted(changes, key=_RANKS.__getitem__)]


Statement = tuple[str, list[tuple[object, ...]]]


def sqlite_statements(
    changes: dict[type, state.Change], sweeps: Sequence[Swept]
) -> Iterable[Statement]:
    """The statements for these changes, each with its rows of parameters."""
    # Before the changes: an execution that is removed takes its variables by its id.
    for sweep, keys, besides in sweeps:
        sql = sweep.text("sqlite", "= ?", "IN (SELECT value FROM json_each(?))")
        more = (json.dumps(list(besides)),) if sweep.has_exceptions else ()
        yield sql, [(key, *more) for key in keys]
    for kind, change in in_order(changes):
        target = target_of(kind)
        if change.removed:
            sql = f"DELETE FROM {target.table.name} WHERE id = ?"
            yield sql, [(key,) for key in change.removed]
        added, updated = change.added, change.updated
        if target.is_patch:
            added, updated = [], [*added, *updated]
        # before the row is overwritten: it is the newest detail, which has no row of its own yet
        if added and target.keeps_details:
            keep = KEEP_DETAILS.text("sqlite", "= ?")
            yield keep, [(record.id,) for record in added]
        if len(added) >= many.ROWS and not target.is_upsert:
            yield from many.inserts(target.table, target.columns, added)
        elif added:
            columns = target.columns
            # An overwritten column may have had a value.
            if len(added) > FEW and not target.is_upsert:
                columns = filled(added, columns)
            yield (
                _sqlite_insert(kind, columns),
                list(map(record_reader(target.table, columns), added)),
            )
        if updated:
            values_of = record_reader(target.table, (*target.overwritten, "id"))
            yield _sqlite_update(kind), list(map(values_of, updated))


@cache
def _sqlite_update(kind: type) -> str:
    target = target_of(kind)
    settings = ", ".join(target.setting(c, "?") for c in target.overwritten)
    return f"UPDATE {target.table.name} SET {settings} WHERE id = ?"


@lru_cache(maxsize=1_000)
def _sqlite_insert(kind: type, columns: tuple[str, ...]) -> str:
    target = target_of(kind)
    listed = ", ".join(f'"{c}"' for c in columns)
    marks = ", ".join("?" for _ in columns)
    insert = f"INSERT INTO {target.table.name} ({listed}) VALUES ({marks})"
    if target.is_upsert:
        settings = ", ".join(f'"{c}" = excluded."{c}"' for c in target.overwritten)
        insert += f" ON CONFLICT (id) DO UPDATE SET {settings}"
    return insert
