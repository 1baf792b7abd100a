"""How a record of the history is made of the record that it tells of."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

import orjson

from app.engine.state import Execution, Incident, Task, Variable

from .amendments import TaskUpdate
from .history_records import (
    HistoricActivityInstance,
    HistoricDetail,
    HistoricFormField,
    HistoricIncident,
    HistoricProcessInstance,
    HistoricTask,
    HistoricVariableInstance,
    HistoricVariableUpdate,
)

T = TypeVar("T")


def builder(made: type[T], source: type, *given: str, **renamed: str) -> Callable[..., T]:
    """Make a function that builds records of the history from records of one class.

    A field has the value that is given for it, else that of the source's field of the same name,
    else its default. All is looked up here, once: a command makes dozens of these records, and
    naming twenty arguments in each call takes three times as long.

    Args:
        given: the fields whose values the function takes behind the source, in this order.
        renamed: the source's name of a field that has another one there.

    Raises:
        TypeError: a field is left without a value, or a name is of no field.
    """
    known = {field.name for field in fields(source)}
    names = [field.name for field in fields(made)]  # type: ignore[arg-type]
    # At import, so that a column that is added somewhere and filled nowhere stops the process at
    # once.
    wrong = {*given, *renamed} - set(names) | set(renamed.values()) - known
    if wrong:
        raise TypeError(f"{made.__name__} of {source.__name__}: {sorted(wrong)}")
    copied = [n for n in names if n not in given and (n in renamed or n in known)]
    defaults = {
        field.name: field.default
        for field in fields(made)  # type: ignore[arg-type]
        if field.name not in copied and field.name not in given
    }
    if MISSING in defaults.values():
        missing = [name for name, value in defaults.items() if value is MISSING]
        raise TypeError(f"{made.__name__} of {source.__name__}: {missing} of nothing")
    read = attrgetter(*(renamed.get(name, name) for name in copied))
    order = [*copied, *defaults, *given]  # the given ones last: one too few is an error
    # By position: records are made by their constructors' order, without a dictionary each.
    arrange = itemgetter(*(order.index(name) for name in names))
    # Shared by all records: defaults are immutable, or the dataclass would refuse them.
    rest: tuple[Any, ...] = tuple(defaults.values())

    def build(record: object, *values: object) -> T:
        return made(*arrange((*read(record), *rest, *values)))

    return build


INSTANCE = builder(
    HistoricProcessInstance,
    Execution,
    "start_time",
    "state",
    "process_definition_name",
    "process_definition_version",
    "start_activity_id",
    "start_user_id",
    "super_process_instance_id",
    "restarted_process_instance_id",
)
ACTIVITY = builder(
    HistoricActivityInstance,
    Execution,
    "id",
    "activity_id",
    "activity_name",
    "activity_type",
    "sequence",
    "start_time",
    "parent_activity_instance_id",
    execution_id="id",
)
# The definition, root and place may be left out, see `store.unit.narrowing`, so they are given.
_OF_VARIABLE = (
    "state",
    "create_time",
    "process_definition_key",
    "root_process_instance_id",
    "execution_id",
    "activity_instance_id",
    "detail_time",
    "is_initial",
    "detail_activity_instance_id",
)
VARIABLE = builder(HistoricVariableInstance, Variable, *_OF_VARIABLE)
VARIABLE_UPDATE = builder(HistoricVariableUpdate, Variable, *_OF_VARIABLE)
DETAIL = builder(
    HistoricDetail,
    HistoricVariableInstance,
    "id",
    "is_initial",
    "activity_instance_id",
    variable_instance_id="id",
    variable_name="name",
    variable_type="type",
    time="detail_time",
)
_VALUE = ("text_value", "long_value", "double_value", "bytes_value", "value_info")
# Of the variable and not of its history, which may not have been loaded.
DELETION = builder(
    HistoricDetail,
    Variable,
    "id",
    "time",
    "revision",
    "is_initial",
    "process_definition_key",
    "root_process_instance_id",
    "execution_id",
    "activity_instance_id",
    *_VALUE,
    variable_instance_id="id",
    variable_name="name",
    variable_type="type",
)


def no_value(variable: Variable) -> tuple[None, None, None, None, str | None]:
    """The columns of a deleted value; of what it was, a File and an Object keep a part.

    Source: Camunda 7 ``FileValueSerializer``, ``AbstractObjectValueSerializer``.
    """
    info = None
    if variable.type == "File":
        info = {"filename": ""}
    elif variable.type == "Object" and variable.value_info is not None:
        kept = orjson.loads(variable.value_info).get("serializationDataFormat")
        info = None if kept is None else {"serializationDataFormat": kept}
    return None, None, None, None, None if info is None else orjson.dumps(info).decode()


FORM_FIELD = builder(
    HistoricFormField,
    Execution,
    "id",
    "time",
    "field_id",
    "field_value",
    "execution_id",
    "activity_instance_id",
    "task_id",
)
INCIDENT = builder(
    HistoricIncident, Incident, "state", "process_definition_key", create_time="incident_timestamp"
)
TASK = builder(HistoricTask, Task, "process_definition_key", start_time="create_time")
TASK_UPDATE = builder(TaskUpdate, Task, "end_time", "delete_reason")
