"""Process instances, one after the other: their executions, and what belongs to those.

The tables are read side by side in the order of the instances, so that one at a time is in memory.

Source: contract 16.4.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from app.bpmn.model import UserTask
from app.engine.graph.graph import Graph
from app.engine.state import Execution
from app.engine.state.texts import readable
from app.models import runtime as r
from app.models import tasks
from app.services.batch_kinds import BATCHES

from . import batches, jobs, values
from .mapping import Mapped, Row
from .models import Models, UnreadableModelError
from .problems import LeftOutError
from .runtime import EXECUTIONS, OF_INSTANCES
from .source import Source
from .tree import MisplacedTokenError, Tree, below

_FIELDS = frozenset(Execution.__slots__)


class Groups:
    """The rows of one table, by what they belong to; those of nothing come last.

    Args:
        mapped: is read in the order of bytes of `key`.
        key: the column that says what they belong to.
    """

    def __init__(self, source: Source, mapped: Mapped, key: str = "process_instance_id") -> None:
        self.mapped = mapped
        self._key = key
        self._rows = map(mapped.row, source.rows(mapped.statement))
        self._next = next(self._rows, None)

    def take(self, owner_id: str | None) -> list[Row]:
        """The rows of one owner; they are taken in the order of the owners."""
        found = []
        # A merge: both sides are sorted, so that nothing has to be looked up, or kept.
        while self._next is not None and self._next[self._key] == owner_id:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found

    def before(self, owner_id: str | None) -> Iterator[Row]:
        """The rows of owners before this one that are not there; None: before those of none."""
        while self._next is not None:
            owner = self._next[self._key]
            if owner is None or (owner_id is not None and owner >= owner_id):
                return
            yield self._next
            self._next = next(self._rows, None)


def instances(source: Source) -> Iterator[list[Row]]:
    """The executions of each process instance, in the order of bytes of their ids."""
    group: list[Row] = []
    for row in map(EXECUTIONS.row, source.rows(EXECUTIONS.statement)):
        if group and group[0]["process_instance_id"] != row["process_instance_id"]:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


@dataclass
class Problem:
    """Why an instance does not come along."""

    instance_id: str
    root_id: str
    definition_id: str
    activity_id: str | None
    reason: str


def executions_of(rows: Sequence[Row]) -> list[Execution]:
    """The executions of one instance, in which calls inside of multi-instances are found again."""
    found = []
    for row in rows:
        execution = Execution(**{name: row[name] for name in _FIELDS if name in row})
        if row["is_moved"]:
            # The called instance was written without knowing the execution that its caller gets
            # here; the id follows from the old one.
            execution.super_execution_id = below(execution.super_execution_id or "")
        found.append(execution)
    return found


def problem_of(rows: Sequence[Row], models: Models) -> Problem | None:
    """Why an instance cannot run here; None if it can."""
    first = next((row for row in rows if row["parent_id"] is None), rows[0])

    def problem(activity_id: str | None, reason: str) -> Problem:
        instance_id, definition_id = first["process_instance_id"], first["process_definition_id"]
        root_id = first["root_process_instance_id"]
        return Problem(instance_id, root_id, definition_id, activity_id, reason)

    if first["super_case"] is not None:
        return problem(None, "a case (CMMN) has called it")
    try:
        Tree(models.graph(first["process_definition_id"]), executions_of(rows))
    except UnreadableModelError as error:
        places = sorted({row["activity_id"] for row in rows if row["activity_id"]})
        return problem(", ".join(places) or None, str(error))
    except MisplacedTokenError as error:
        return problem(error.activity_id, str(error))
    return None


@dataclass
class Instance:
    """One process instance, with its tree as it is here."""

    source_rows: Sequence[Row]
    graph: Graph
    zone: ZoneInfo
    tree: Tree = field(init=False)
    top: Execution = field(init=False)
    _ids: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = Tree(self.graph, executions_of(self.source_rows))
        self.top = next(e for e in self.tree.executions if e.parent_id is None)
        self._ids = frozenset(e.id for e in self.tree.executions)

    def refine(self, table: Table, row: Row) -> Row | None:
        """Put what only the tree and the model know into a row of the instance.

        Raises:
            LeftOutError: it does not come along.
        """
        row["root_process_instance_id"] = self.top.root_process_instance_id
        row["process_definition_id"] = (
            row.get("process_definition_id") or self.top.process_definition_id
        )
        if row.get("execution_id") is not None and row["execution_id"] not in self._ids:
            raise LeftOutError("its execution is not there")
        refine = _REFINES.get(table)
        return row if refine is None else refine(self, row)

    def variable(self, row: Row) -> Row:
        if row["task_id"] is not None:  # its scope is the task
            # A variable that is local to a task has the task's id as its scope here.
            row["execution_id"] = row["task_id"]
        else:
            found = self.tree.activity_instances.get(row["execution_id"])
            row["activity_instance_id"] = found or row["activity_instance_id"]
        return values.refine(row)

    def external_task(self, row: Row) -> Row:
        row["business_key"] = self.top.business_key
        row["process_definition_key"] = self.top.process_definition_key
        return row

    def task(self, row: Row) -> Row:
        activity = self.graph.activities.get(row["task_definition_key"] or "")
        detail = None if activity is None else activity.detail_of(UserTask)
        form = None if detail is None else detail.form.key
        row["form_key"] = None if form is None else form.text
        return row

    def job(self, row: Row) -> Row | None:
        row["process_definition_key"] = self.top.process_definition_key
        return job_row(row, self.zone, self.graph)

    def incident(self, row: Row) -> Row:
        """An incident handed on to a call is at the execution of the call."""
        row["execution_id"] = self.tree.moved.get(row["execution_id"], row["execution_id"])
        return row


_REFINES: dict[Table, Callable[[Instance, Row], Row | None]] = {
    r.variable: Instance.variable,
    r.external_task: Instance.external_task,
    r.task: Instance.task,
    r.job: Instance.job,
    r.incident: Instance.incident,
}


def job_row(row: Row, zone: ZoneInfo, graph: Graph | None) -> Row | None:
    """A job in Baton's words, with its stack trace.

    Raises:
        LeftOutError: nothing here does such jobs.
    """
    content, trace = row.pop("content"), row.pop("trace_")
    text = None if trace is None else readable(trace.decode(errors="replace"))
    row["exception_stacktrace"] = text
    found = jobs.refine(row, zone, graph)
    if found is not None and found["kind"] in BATCHES:
        found["elements"] = batches.ids(content)
        found["configuration"] = next(iter(found["elements"]), None)
    return found


def alone(table: Table, row: Row, zone: ZoneInfo) -> Row | None:
    """A row that belongs to no instance: of a task that stands alone, a batch, a definition.

    Raises:
        LeftOutError: it does not come along.
    """
    if table is r.job:
        return job_row(row, zone, None)
    if table is r.variable:
        if row["task_id"] is not None:
            row["execution_id"] = row["task_id"]
        elif row["batch_id"] is None:
            raise LeftOutError("its instance is not there")
        return values.refine(row)
    if table is r.external_task:
        raise LeftOutError("its instance is not there")
    if table in (r.event_subscription, r.incident, r.task, tasks.identity_link):
        return row
    # A table that was forgotten: a fault of ours, which must not pass as a row that is left out.
    raise TypeError(table.name)


def groups(source: Source) -> list[Groups]:
    """The tables that belong to instances, each with rows of its own."""
    return [Groups(source, mapped) for mapped in OF_INSTANCES]
