"""External tasks are made here: for an activity, or for a listener that a worker does.

Source: Camunda 7 ``ExternalTaskActivityBehavior``; semantics 4.2, 4.3.
"""

from typing import TYPE_CHECKING

from app.engine.history.history import CREATED
from app.engine.history.history_records import roomy_id
from app.engine.jobs import jobs
from app.engine.state import Execution, ExternalTask
from app.errors import ExpressionError

if TYPE_CHECKING:
    from app.expressions import Expression

    from .protocol import Run


def create(
    run: "Run",
    execution: Execution,
    topic: str | None,
    priority: "Expression | None" = None,
    *,
    listener: str | None = None,
) -> None:
    """Make the task at which the execution waits.

    Args:
        listener: which one it stands in for, and what comes after it; see `listener_tasks`.
    """
    host = run.host
    graph, activity = run.graph_of(execution), run.activity_of(execution)
    activity_instance_id = execution.activity_instance_id or run.enclosing_instance_id(execution)
    task = ExternalTask(
        id=roomy_id(host.new_id()),
        lock_count=0,
        priority=_priority(run, execution, priority or graph.model.task_priority),
        create_time=host.now,
        execution_id=execution.id,
        # Workers know the id in the model, not that of the body around it.
        activity_id=activity.id if activity.inner is None else activity.inner.id,
        activity_instance_id=activity_instance_id,
        process_instance_id=execution.process_instance_id,
        root_process_instance_id=execution.root_process_instance_id,
        process_definition_id=execution.process_definition_id,
        process_definition_key=execution.process_definition_key,
        is_suspended=execution.is_suspended,
        topic_name=topic,
        # Copied, so that a fetch filters and answers by one table, without a join to executions.
        business_key=run.instance_of(execution).business_key,
        tenant_id=execution.tenant_id,
        listener=listener,
    )
    run.records.add(task)
    run.history.external_task(task, CREATED)
    # Noted here, announced after the commit: a fetch that is woken earlier would find nothing
    # (decision 6).
    host.topic_available(topic)


def _priority(run: "Run", execution: Execution, priority: "Expression | None") -> int:
    """The priority of a task: 0 when its expression fails, an error when it is no number."""
    if priority is None:
        return 0
    if priority.is_literal:
        return int(priority.text)
    try:
        value = run.evaluation(execution).of(priority)
    # Graceful degradation is on by default in the reference (semantics 0.2).
    except ExpressionError:
        return 0
    return jobs.whole_priority(value, "")
