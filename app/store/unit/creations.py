"""The creation of external tasks in their log, which mostly has no entry of its own.

All that the entry says is in the row of the task while that is there, and in the entry of its end
from then on: both have a column more, and a list makes two entries of either. A task whose place
has changed since gets the entry after all, as do those that are gone without a note of their end.
"""

from operator import attrgetter

from app.engine.history import logs
from app.engine.history.history_records import HistoricExternalTaskLog, is_roomy
from app.engine.migration.records import ExternalTaskMoved
from app.engine.state import Change, ExternalTask
from app.engine.state.unit import Records

ENDS = (logs.SUCCESSFUL, logs.DELETED)
_PLACE = attrgetter(
    *("topic_name", "activity_id", "activity_instance_id", "execution_id", "process_definition_id")
)


def fold(changes: dict[type, Change], records: Records) -> list[str]:
    """Leave out of the changes the entries that the rows of tasks, or those of their ends, tell.

    Args:
        changes: as the run has left them.
        records: of the transaction.

    Returns:
        the tasks that go on at another place by a patch: what their rows tell has to be copied.
    """
    log, tasks = changes.get(HistoricExternalTaskLog), changes.get(ExternalTask)
    moved = changes.get(ExternalTaskMoved)
    if tasks is None:
        return [] if moved is None else [task.id for task in moved.added]
    entries: list[HistoricExternalTaskLog] = [] if log is None else log.added
    if tasks.added:
        made = {task.id: task for task in tasks.added}
        entries = [e for e in entries if not _takes_in(made.get(e.external_task_id), e)]
    ends = {e.external_task_id: e for e in entries if e.state in ENDS}
    for task_id in tasks.removed:
        if (before := _logged(records, task_id)) is None:
            continue
        end = ends.get(task_id)
        if end is not None and _PLACE(end) == _PLACE(before):
            end.creation_time = before.create_time
            end.creation_priority = before.logged_priority
        else:
            entries.append(logs.creation_entry(before))
    told = set(tasks.removed)
    for task in tasks.updated:
        before = _logged(records, task.id)
        if before is not None and _PLACE(task) != _PLACE(before):
            task.logged_priority = None
            entries.append(logs.creation_entry(before))
            told.add(task.id)
    if log is not None:
        log.added = entries
    elif entries:
        changes[HistoricExternalTaskLog] = Change(entries, [], [])
    return [] if moved is None else [task.id for task in moved.added if task.id not in told]


def _takes_in(task: ExternalTask | None, entry: HistoricExternalTaskLog) -> bool:
    """Whether the row of a new task takes in the entry of its creation."""
    if task is None:
        return False
    is_same = (
        entry.state == logs.CREATED
        and is_roomy(task.id)
        and entry.timestamp == task.create_time
        and entry.retries is None
        and _PLACE(entry) == _PLACE(task)
    )
    if is_same:
        task.logged_priority = entry.priority
    return is_same


def _logged(records: Records, task_id: str) -> ExternalTask | None:
    """A task whose row was the entry of its creation, as it was loaded."""
    before = records.loaded(ExternalTask, task_id)
    return None if before is None or before.logged_priority is None else before
