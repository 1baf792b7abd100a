"""User tasks as scopes of variables of their own.

Source: Camunda 7 ``TaskEntity``, ``AbstractVariableScope``.
"""

from typing import TYPE_CHECKING

from app.engine.state import Execution, Task

if TYPE_CHECKING:
    from .host import Host

TASK_SCOPE = "#task"  # in place of an activity: the scope of a user task's own variables


def scope_of_task(host: "Host", task: Task) -> Execution:
    """A user task as a scope: inside the execution that waits at it, if it does not stand alone."""
    if task.execution_id is None:
        return Execution(
            id=task.id,
            process_instance_id="",  # in no instance; a scope of a task is never stored
            root_process_instance_id="",
            process_definition_id="",
            process_definition_key="",
            is_scope=True,
            scope_activity_id=TASK_SCOPE,
            tenant_id=task.tenant_id,
        )
    execution = host.execution(task.execution_id)
    return Execution(
        id=task.id,
        process_instance_id=execution.process_instance_id,
        root_process_instance_id=execution.root_process_instance_id,
        process_definition_id=execution.process_definition_id,
        process_definition_key=execution.process_definition_key,
        is_scope=True,
        parent_id=execution.id,
        scope_activity_id=TASK_SCOPE,
        scope_activity_instance_id=task.activity_instance_id,
        activity_instance_id=task.activity_instance_id,
        tenant_id=execution.tenant_id,
    )
