"""The history of a migrated instance: what goes on is noted as of the target.

Source: contract 10.4; Camunda 7 ``HistoryEventTypes.ACTIVITY_INSTANCE_MIGRATE`` and its like.
"""

from typing import TYPE_CHECKING

from app.engine.modification import places
from app.engine.state import Execution

from .instances import ActivityInstance
from .records import (
    ActivityInstanceMoved,
    IncidentMoved,
    ProcessInstanceMoved,
    TaskMoved,
    VariableMoved,
)

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


def write(run: "Run", instance: Execution, activity_instances: list[ActivityInstance]) -> None:
    """Note the new definition of an instance and of what goes on in it."""
    level = run.host.history_level
    if level == "none":
        return
    definition = run.graph_of(instance).definition
    run.records.add(
        ProcessInstanceMoved(
            instance.id, definition.id, definition.key, definition.name, definition.version
        )
    )
    # Only what goes on: what has ended stays as of the source, where it happened.
    for activity_instance in activity_instances:
        _activity_instance(run, activity_instance)
    ids = [e.id for e in places.executions_of(run, instance)]
    place = definition.id, definition.key
    # Patches, as the rows are not loaded: the history may be large, and others write to it.
    for task in run.host.tasks_of(ids):
        run.records.add(TaskMoved(task.id, task.task_definition_key, task.execution_id, *place))
    if level == "activity":
        return
    for variable in run.host.variables_of([*ids, *(t.id for t in run.host.tasks_of(ids))], None):
        execution_id = variable.execution_id
        if variable.task_id is not None:
            execution_id = next(
                t.execution_id or "" for t in run.host.tasks_of(ids) if t.id == variable.task_id
            )
        run.records.add(VariableMoved(variable.id, execution_id, *place))
    for incident in run.host.incidents_of(ids) if run.host.has_incidents else ():
        if incident.process_instance_id == instance.id and level == "full":
            incident.process_definition_id = definition.id
            run.records.add(
                IncidentMoved(
                    incident.id,
                    incident.activity_id,
                    incident.job_definition_id,
                    incident.execution_id,
                    *place,
                )
            )


def _activity_instance(run: "Run", activity_instance: ActivityInstance) -> None:
    target = activity_instance.target
    if target is None or activity_instance.is_parked:
        return
    definition = run.graph_of(activity_instance.execution).definition
    run.records.add(
        ActivityInstanceMoved(
            activity_instance.id,
            target.id,
            target.name,
            target.type,
            definition.id,
            definition.key,
            activity_instance.execution.id,
            _around(run, activity_instance),
        )
    )


def _around(run: "Run", activity_instance: ActivityInstance) -> str:
    """The activity instance around another."""
    token = (
        run.parent_of(activity_instance.execution)
        if activity_instance.has_scope
        else activity_instance.execution
    )
    # The tree as it is now; the one that was read has the places of before.
    scope = run.scope_of(token)
    while not run.scope_activity_of(scope).is_composite:
        scope = run.scope_of(run.parent_of(scope))
    return scope.scope_activity_instance_id or scope.process_instance_id
