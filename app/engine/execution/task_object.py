"""The ``task`` of a task listener: what it says of itself, what may be changed, its variables.

Source: Camunda 7 ``DelegateTask``, ``TaskEntity``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from app.engine.state import IdentityLink, Task
from app.engine.state.conversion import Integer
from app.expressions.signatures import DATE, INT, LIST, TEXT, TEXT_OR_NULL, table

from . import task_links
from .execution_object import VARIABLE_METHODS, ExecutionObject
from .task_scopes import scope_of_task

if TYPE_CHECKING:
    from .protocol import Run


class TaskObject:
    """A user task as the expressions of its listeners see it.

    Attributes:
        execution: the task as a scope of variables, inside the execution that waits at it.
        event_name: what the listeners are notified of.
    """

    __slots__ = ("event_name", "execution", "run", "task")
    java_class = "org.camunda.bpm.engine.impl.persistence.entity.TaskEntity"

    def __init__(self, run: "Run", task: Task, event_name: str) -> None:
        self.run = run
        self.task = task
        self.event_name = event_name
        # With the attribute's name of `ExecutionObject`, so that both share the methods for
        # variables.
        self.execution = scope_of_task(run.host, task)

    def __str__(self) -> str:
        return f"Task[{self.task.id}]"

    def juel_property(self, name: str) -> object:
        """A property by its name, as in ``task.assignee``; AttributeError for others."""
        field = _FIELDS.get(name)
        if field is not None:
            value = getattr(self.task, field)
            # A Java int, as the reference's getters give it.
            is_number = isinstance(value, int) and not isinstance(value, bool)
            return Integer(value) if is_number else value
        read = _PROPERTIES.get(name)
        if read is not None:
            return read(self)
        getter = (f"get{name[:1].upper()}{name[1:]}", 0)
        if getter in VARIABLE_METHODS:
            return VARIABLE_METHODS[getter](self, [])
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method with its arguments; AttributeError when there is none of that arity."""
        key = (name, len(arguments))
        found = _METHODS.get(key) or VARIABLE_METHODS.get(key)
        if found is not None:
            return found(self, arguments)
        for prefix in ("get", "is"):
            if not arguments and name.startswith(prefix) and len(name) > len(prefix):
                rest = name.removeprefix(prefix)
                return self.juel_property(rest[0].lower() + rest[1:])
        raise AttributeError(name)


class LinkObject:
    """A candidate of a task."""

    __slots__ = ("_fields",)
    java_class = "org.camunda.bpm.engine.impl.persistence.entity.IdentityLinkEntity"

    def __init__(self, link: IdentityLink) -> None:
        self._fields = {
            "taskId": link.task_id,
            "userId": link.user_id,
            "groupId": link.group_id,
            "type": link.type,
        }

    def juel_property(self, name: str) -> object:
        """A field of the link; AttributeError for others."""
        if name not in self._fields:
            raise AttributeError(name)
        return self._fields[name]

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A getter; AttributeError for other methods."""
        if arguments or not name.startswith("get") or len(name) < 4:
            raise AttributeError(name)
        return self.juel_property(name[3].lower() + name[4:])


_FIELDS = {
    "id": "id",
    "name": "name",
    "description": "description",
    "priority": "priority",
    "assignee": "assignee",
    "owner": "owner",
    "dueDate": "due_date",
    "followUpDate": "follow_up_date",
    "createTime": "create_time",
    "lastUpdated": "last_updated",
    "delegationStateString": "delegation_state",
    "parentTaskId": "parent_task_id",
    "taskState": "task_state",
    "taskDefinitionKey": "task_definition_key",
    "executionId": "execution_id",
    "processInstanceId": "process_instance_id",
    "processDefinitionId": "process_definition_id",
    "tenantId": "tenant_id",
    "suspended": "is_suspended",
}


def _candidates(of: TaskObject) -> list[object]:
    return [LinkObject(link) for link in task_links.candidates(of.run, of.task)]


def _execution(of: TaskObject) -> ExecutionObject:
    return ExecutionObject(of.run, of.run.host.execution(of.task.execution_id or ""))


def _delete_reason(of: TaskObject) -> str | None:
    # No other reason is known to a listener: it is notified before the cause is noted.
    return "deleted" if of.event_name == "delete" else None


_PROPERTIES: dict[str, Callable[[TaskObject], object]] = {
    "eventName": lambda of: of.event_name,
    "execution": _execution,
    "processInstance": lambda of: _execution(of).juel_property("processInstance"),
    "candidates": _candidates,
    "deleteReason": _delete_reason,
    "caseExecution": lambda _: None,
    "caseExecutionId": lambda _: None,
    "caseInstanceId": lambda _: None,
    "caseDefinitionId": lambda _: None,
}


def _date_or_null(value: object) -> datetime | None:
    return None if value is None else DATE(value)


def _setter(field: str) -> Callable[[TaskObject, object], None]:
    return lambda of, value: setattr(of.task, field, value)


def _add_user(of: TaskObject, name: str) -> None:
    task_links.add(of.run, of.task, task_links.CANDIDATE, user_id=name)


def _add_group(of: TaskObject, name: str) -> None:
    task_links.add(of.run, of.task, task_links.CANDIDATE, group_id=name)


def _add_users(of: TaskObject, names: list[object]) -> None:
    for name in names:
        _add_user(of, TEXT(name))


def _add_groups(of: TaskObject, names: list[object]) -> None:
    for name in names:
        _add_group(of, TEXT(name))


def _delete_user(of: TaskObject, name: str) -> None:
    task_links.remove(of.run, of.task, task_links.CANDIDATE, user_id=name, group_id=None)


def _delete_group(of: TaskObject, name: str) -> None:
    task_links.remove(of.run, of.task, task_links.CANDIDATE, user_id=None, group_id=name)


_METHODS = table(
    {
        ("setName", TEXT_OR_NULL): _setter("name"),
        ("setDescription", TEXT_OR_NULL): _setter("description"),
        ("setAssignee", TEXT_OR_NULL): _setter("assignee"),
        ("setOwner", TEXT_OR_NULL): _setter("owner"),
        ("setPriority", INT): _setter("priority"),
        ("setDueDate", _date_or_null): _setter("due_date"),
        ("setFollowUpDate", _date_or_null): _setter("follow_up_date"),
        ("addCandidateUser", TEXT): _add_user,
        ("addCandidateGroup", TEXT): _add_group,
        ("addCandidateUsers", LIST): _add_users,
        ("addCandidateGroups", LIST): _add_groups,
        ("deleteCandidateUser", TEXT): _delete_user,
        ("deleteCandidateGroup", TEXT): _delete_group,
    }
)
