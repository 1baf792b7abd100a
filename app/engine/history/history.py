"""Writes down what happens, as far as the history level asks for it.

Source: semantics 4.5 and 8; Camunda 7 ``HistoryLevelNone`` to ``HistoryLevelFull``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from app.engine.state import Execution, ExternalTask, IdentityLink, Incident, Job, Task, Variable
from app.engine.state.values import TypedValue

from . import building, metrics
from .amendments import (
    ActivityAssignee,
    ActivityInstanceEnd,
    ActivityInstanceWork,
    IncidentEnd,
    ProcessInstanceEnd,
    ScopeInstanceEnd,
    TaskUpdate,
    VariableInstanceEnd,
)
from .beginnings import Beginnings
from .history_records import (
    NOWHERE,
    HistoricActivityInstance,
    HistoricIncident,
    HistoricProcessInstance,
    HistoricTask,
    HistoricVariableInstance,
    HistoricVariableUpdate,
    TaskWorker,
    detail_id,
)
from .logs import CREATED as CREATED
from .logs import DELETED as DELETED
from .logs import FAILED as FAILED
from .logs import SUCCESSFUL as SUCCESSFUL
from .logs import Role, external_task_entry, job_entry, link_entry, role_entries, roles_of
from .removal import removal_time
from .revisions import is_changed, overwritten_id

if TYPE_CHECKING:
    from app.engine.execution.host import Host
    from app.engine.graph.graph import Activity, Graph

LEVELS = ("none", "activity", "audit", "full")
AUDIT, FULL = LEVELS.index("audit"), LEVELS.index("full")
OPEN, RESOLVED, REMOVED = range(3)  # the states of an incident

_OF_TASK = [f.name for f in fields(TaskUpdate)]  # what may change while a task is open


class History:
    """The history of one transaction.

    Attributes:
        has_details: whether each change of a variable is noted, not its last value alone.
    """

    __slots__ = (
        *("_host", "_level", "_overwritten", "_records", "_roles", "beginnings"),
        "has_details",
    )

    def __init__(self, host: "Host") -> None:
        self._host = host
        self._records = host.records
        self._level = LEVELS.index(host.history_level)
        self.has_details = self._level == FULL
        self.beginnings = Beginnings()
        self._overwritten: Counter[str] = Counter()  # values of this transaction, by variable
        self._roles: dict[str, frozenset[Role]] = {}  # of user tasks, as noted last

    def process_instance_started(
        self,
        instance: Execution,
        graph: "Graph",
        start: "Activity | None",
        caller: str | None,
        restarted: str | None = None,
    ) -> None:
        """Note a new process instance.

        Args:
            caller: the id of the instance that has called it.
            restarted: the id of the ended instance in whose place it starts.
        """
        # Counted before the level is asked: metrics do not depend on the history.
        if caller is None:
            self._host.counts[metrics.ROOT_INSTANCES] += 1
        if not self._level:
            return
        definition = graph.definition
        start_id = None if start is None else start.id
        named = definition.name, definition.version
        begun = start_id, self._host.user_id, caller, restarted
        self._records.add(building.INSTANCE(instance, self._host.now, "ACTIVE", *named, *begun))

    def process_instance_ended(
        self,
        instance: Execution,
        graph: "Graph",
        state: str,
        *,
        reason: str | None = None,
        activity_id: str | None = None,
    ) -> None:
        """Note the end; only a root has a removal time of its own, the others derive theirs."""
        if not self._level:
            return
        removal, now = None, self._host.now
        if instance.id == instance.root_process_instance_id:
            removal = removal_time(now, self._host.history_time_to_live(graph.definition.id))
        # Made in this transaction: its one row is written with the end, not inserted and updated.
        known = self._records.get(HistoricProcessInstance, instance.id)
        if known is None:
            end = ProcessInstanceEnd(instance.id, now, removal, activity_id, reason, state)
            self._records.add(end)
            return
        known.end_time, known.removal_time, known.state = now, removal, state
        known.end_activity_id, known.delete_reason = activity_id, reason
        known.has_own_removal_time = None

    def activity_started(
        self,
        activity: "Activity",
        execution: Execution,
        parent_id: str | None,
        activity_instance_id: str,
    ) -> None:
        """Note that an activity has started; ``activity_instance_id`` is the id of its instance.

        Args:
            parent_id: the activity instance around it; None when that is noted at its end.
        """
        self._host.counts[metrics.ACTIVITIES_STARTED] += 1
        if self._host.passed is not None:
            self._host.passed.append((execution.process_definition_id, activity.id))
        if not self._level:
            return
        if not activity.is_start_of_process:
            self.beginnings.over(execution)
        begun = activity_instance_id, activity.id, activity.name, activity.type
        timestamp = self._host.next_sequence(), self._host.now
        self._records.add(building.ACTIVITY(execution, *begun, *timestamp, parent_id))

    def amend_activity(
        self,
        activity_instance_id: str | None,
        *,
        task: Task | None = None,
        called_process_instance_id: str | None = None,
    ) -> None:
        """Add to an activity instance what its behavior has made."""
        if activity_instance_id is None or not self._level:
            return
        known: HistoricActivityInstance | ActivityInstanceWork | None = self._records.get(
            HistoricActivityInstance, activity_instance_id
        )
        # Begun by an earlier transaction: its token has waited for workers who do its listeners.
        if known is None:
            work = ActivityInstanceWork(activity_instance_id, None, None, None)
            known = self._records.add(work)
        # Asked twice of a user task: its listeners may give it another assignee.
        if task is not None:
            known.task_id, known.assignee = task.id, task.assignee
        if called_process_instance_id is not None:
            known.called_process_instance_id = called_process_instance_id

    def activity_ended(
        self,
        activity_instance_id: str | None,
        execution: Execution,
        *,
        is_canceled: bool = False,
        is_complete_scope: bool = False,
        parent_id: str | None = None,
    ) -> None:
        """Note that an activity instance has ended.

        Args:
            execution: where it ends, perhaps another than where it began: tokens are folded.
            parent_id: the activity instance around that of a sub-process.
        """
        if activity_instance_id is not None:
            self._host.counts[metrics.ACTIVITIES_ENDED] += 1
        if not self._level or activity_instance_id is None:
            return
        self.beginnings.over(execution)
        now = self._host.now
        known = self._records.get(HistoricActivityInstance, activity_instance_id)
        if known is None:
            end = activity_instance_id, now, is_canceled, is_complete_scope, execution.id
            self._records.add(
                ActivityInstanceEnd(*end)
                if parent_id is None
                else ScopeInstanceEnd(*end, parent_id)
            )
        # Told of twice, by a cancellation around what has ended already: the first one counts.
        elif known.end_time is None:
            known.end_time, known.execution_id = now, execution.id
            known.parent_activity_instance_id = parent_id or known.parent_activity_instance_id
            known.is_canceled, known.is_complete_scope = is_canceled, is_complete_scope

    def variable_set(
        self,
        variable: Variable,
        execution: Execution,
        *,
        is_new: bool,
        place: str | None = None,
        detail_place: str | None = None,
    ) -> None:
        """Note the value that a variable has now.

        Args:
            place: the activity instance that the history names for a new variable.
            detail_place: the activity instance in which the value was changed.
        """
        if self._level < AUDIT:
            return
        made: HistoricVariableInstance | None = None
        known: HistoricVariableInstance | HistoricVariableUpdate | None = None
        if not is_new:  # of a new one there is nothing to find
            made = self._records.get(HistoricVariableInstance, variable.id)
            known = made or self._records.get(HistoricVariableUpdate, variable.id)
        if known is not None:
            # Before it is overwritten: the value that the same transaction has set first is a
            # detail of its own.
            self._keep_detail(known)
        now = self._host.now
        has_detail = self.has_details
        if known is not None:
            place = known.activity_instance_id
        # A loaded variable is in the history or not, by the level at the time: the store inserts
        # or updates it then.
        build = building.VARIABLE if is_new or made else building.VARIABLE_UPDATE
        self._records.add(
            build(
                variable,
                "CREATED",
                known.create_time if known else now,
                execution.process_definition_key or None,  # of a task that stands alone
                execution.root_process_instance_id or None,
                execution.parent_id if variable.task_id is not None else variable.execution_id,
                place if is_new or known else variable.activity_instance_id,
                now if has_detail else None,
                is_new and self.beginnings.is_initial(execution) if has_detail else None,
                detail_place,
            )
        )

    def _keep_detail(self, known: HistoricVariableInstance) -> None:
        """Give the detail of a value a record of its own: another value follows it."""
        if known.detail_time is None:
            return
        place = known.detail_activity_instance_id or known.activity_instance_id
        place = None if place == NOWHERE else place
        self._overwritten[known.id] += 1
        new_id = overwritten_id(known.id, known.revision, self._overwritten[known.id])
        self._records.add(building.DETAIL(known, new_id, bool(known.is_initial), place))

    def variable_removed(self, variable: Variable, execution: Execution, place: str | None) -> None:
        """Note that a caller has deleted a variable while its scope goes on.

        Args:
            execution: the scope of the variable.
            place: the activity instance in which it was deleted.
        """
        known = self._records.get(HistoricVariableInstance, variable.id) or self._records.get(
            HistoricVariableUpdate, variable.id
        )
        # A value that this very transaction has set is written once, as what it is at the end.
        if known is not None:
            known.state = "DELETED"
        elif self._level >= AUDIT:
            self._records.add(VariableInstanceEnd(variable.id, "DELETED"))
        if self.has_details:  # one more revision, without a value
            revision = variable.revision + (not is_changed(self._records, variable))
            self._records.add(
                building.DELETION(
                    variable,
                    detail_id(variable.id, variable.revision + 1),
                    self._host.now,
                    revision,
                    False,
                    execution.process_definition_key or None,
                    execution.root_process_instance_id or None,
                    execution.parent_id if variable.task_id is not None else variable.execution_id,
                    None if place == NOWHERE else place,
                    *building.no_value(variable),
                )
            )

    def form_submitted(
        self, scope: Execution, task: Task | None, submitted: Mapping[str, TypedValue]
    ) -> None:
        """Note the texts that a form was submitted with; other values are variables only.

        Source: Camunda 7 ``DefaultFormHandler.fireFormPropertyHistoryEvents``.
        """
        if self._level < AUDIT:
            return
        place = (scope.id, scope.scope_activity_instance_id, None)
        of_task = None if task is None else (task.execution_id, task.activity_instance_id, task.id)
        for name, typed in submitted.items():
            if typed.type == "String" and typed.value is not None:
                field = self._host.new_id(), self._host.now, name, str(typed.value)
                self._records.add(building.FORM_FIELD(scope, *field, *(of_task or place)))

    def external_task(self, task: ExternalTask, state: int) -> str | None:
        """Log what happened to an external task; returns the id of the entry."""
        if self._level < FULL:
            return None
        return self._records.add(external_task_entry(self._host, task, state)).id

    def incident_created(self, incident: Incident, definition_key: str | None) -> None:
        """Note a new incident."""
        if self._level < FULL:
            return
        self._records.add(building.INCIDENT(incident, OPEN, definition_key))

    def incident_ended(self, incident_id: str, state: int) -> None:
        """Note that an incident is over."""
        if self._level < FULL:
            return
        known = self._records.get(HistoricIncident, incident_id)
        if known is None:
            self._records.add(IncidentEnd(incident_id, self._host.now, state))
        else:
            known.end_time, known.state = self._host.now, state

    def task_created(self, task: Task, definition_key: str | None) -> None:
        """Note a new user task."""
        if not self._level:
            return
        self._records.add(building.TASK(task, definition_key))
        self._note_roles(task)

    def _note_roles(self, task: Task) -> None:
        """Note who became assignee or owner of a user task, and who was, since this was noted."""
        # As it was loaded: listeners may have changed the task several times since.
        before = self._records.before(task)
        known = self._roles.get(task.id, frozenset() if before is None else roles_of(before))
        # A hash, never the name: the metric counts distinct users and names none.
        if task.assignee and ("assignee", task.assignee) not in known:
            worker = metrics.hash_of(task.assignee)
            self._records.add(TaskWorker(self._host.new_id(), worker, self._host.now))
        if self._level == FULL:
            for entry in role_entries(self._host, task, known):
                self._records.add(entry)
        self._roles[task.id] = roles_of(task)

    def link_changed(self, task: Task, link: IdentityLink, operation: str) -> None:
        """A user or group was linked to a user task, or the link deleted."""
        if self._level == FULL:
            self._records.add(
                link_entry(
                    self._host,
                    task,
                    link.type,
                    operation,
                    user_id=link.user_id,
                    group_id=link.group_id,
                )
            )

    def job(self, job: Job, state: int) -> str | None:
        """Log what happened to a job; returns the id of the entry."""
        # Counted before the level is asked: metrics do not depend on the history.
        if state in metrics.OF_JOBS:
            self._host.counts[metrics.OF_JOBS[state]] += 1
        if self._level < FULL:
            return None
        return self._records.add(job_entry(self._host, job, state)).id

    def task_changed(self, task: Task, *, ended: bool = False, reason: str | None = None) -> None:
        """Note what a user task has become; ``reason`` is why it ended."""
        if not self._level:
            return
        self._note_roles(task)
        update = building.TASK_UPDATE(task, self._host.now if ended else None, reason)
        known = self._records.get(HistoricTask, task.id)
        if known is not None:
            for name in _OF_TASK:
                setattr(known, name, getattr(update, name))
            return
        self._records.add(update)
        # The row of the activity is of an earlier transaction, which only its end would write else.
        place, before = task.activity_instance_id, self._records.before(task)
        is_same = before is not None and before.assignee == task.assignee
        if place is None or ended or (is_same and not self._records.get(ActivityAssignee, place)):
            return
        self._records.add(ActivityAssignee(place, task.assignee, task.execution_id))
