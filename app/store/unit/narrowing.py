"""Variables and rows of the history without what the row of their instance says as well.

A complete writes a dozen of these rows. The definition and the root instance are those of the
instance, and mostly the execution and the place are the instance itself: what is left out is found
there when a row is read (`store.lists.history`).
"""

from itertools import chain

from app.engine.history import history_records as history
from app.engine.migration.records import ProcessInstanceMoved
from app.engine.state import Change, Variable
from app.models import metadata

KINDS: dict[type, tuple[str, ...]] = {  # with the fields that mostly are the instance as a place
    history.HistoricActivityInstance: ("parent_activity_instance_id",),
    history.HistoricVariableInstance: ("activity_instance_id", "detail_activity_instance_id"),
    history.HistoricVariableUpdate: ("activity_instance_id", "detail_activity_instance_id"),
    history.HistoricDetail: ("activity_instance_id",),
    history.HistoricExternalTaskLog: (),
}
TABLES = tuple(
    metadata.tables[name]
    for name in (
        "historic_activity_instance",
        "historic_variable_instance",
        "historic_detail",
        "historic_external_task_log",
    )
)
IN_INSTANCE = ""  # a place that is the instance; NULL is no place


def narrow(changes: dict[type, Change]) -> None:
    """Leave out of new records what their instances say, before they are written.

    Where an instance goes over to another definition, what happened before names its own.
    """
    if Variable in changes:
        _narrow_variables(changes[Variable])
    names_definition = ProcessInstanceMoved in changes
    for kind, places in KINDS.items():
        if (change := changes.get(kind)) is None:
            continue
        for record in change.added:
            instance = record.process_instance_id
            if instance is None:  # of a task that stands alone
                continue
            record.root_process_instance_id = None
            if not names_definition:
                record.process_definition_id = record.process_definition_key = None
            if record.execution_id == instance:
                record.execution_id = None
            for place in places:
                # Not NULL, which means that there is no such place at all.
                if getattr(record, place) == instance:
                    setattr(record, place, IN_INSTANCE)


def _narrow_variables(change: Change) -> None:
    """The same for variables, found at the instance's own execution (`store.lists.variables`)."""
    for record in change.added:
        if record.process_instance_id is not None:
            record.process_definition_id = None
    # One that is there already may name the definition from which its instance has been migrated.
    for record in chain(change.added, change.updated):
        if record.activity_instance_id == record.process_instance_id is not None:
            record.activity_instance_id = IN_INSTANCE
