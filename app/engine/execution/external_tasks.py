"""The reports of a worker: completion, failure, a BPMN error.

Source: semantics 1; Camunda 7 ``ExternalTaskEntity``.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.events import propagation
from app.engine.history.history import DELETED, FAILED, SUCCESSFUL
from app.engine.state import Execution, ExternalTask
from app.engine.state.values import TypedValue
from app.errors import EngineError, SuspendedEntityInteractionError

from . import incidents, resuming

if TYPE_CHECKING:
    from .protocol import Run

LONGEST_MESSAGE = 666  # UTF-16 units


class SuspendedExternalTaskError(SuspendedEntityInteractionError):
    """The task's instance or definition is suspended."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"ENGINE-03043 ExternalTask with id '{task_id}' is suspended.")


class ExternalTaskObject:
    """The ``externalTask`` that the expressions of error definitions see."""

    __slots__ = ("_task",)

    def __init__(self, task: ExternalTask) -> None:
        self._task = task

    def juel_property(self, name: str) -> object:
        # By name: the row has columns that are ours, which no model shall read.
        fields = {
            "id": "id",
            "errorMessage": "error_message",
            "errorDetails": "error_details",
            "workerId": "worker_id",
            "topicName": "topic_name",
            "retries": "retries",
            "priority": "priority",
            "suspended": "is_suspended",
            "createTime": "create_time",
            "lockExpirationTime": "lock_expiration_time",
            "activityId": "activity_id",
            "activityInstanceId": "activity_instance_id",
            "executionId": "execution_id",
            "processInstanceId": "process_instance_id",
            "processDefinitionId": "process_definition_id",
            "processDefinitionKey": "process_definition_key",
            "tenantId": "tenant_id",
            "businessKey": "business_key",
        }
        if name not in fields:
            raise AttributeError(name)
        return getattr(self._task, fields[name])

    def juel_call(self, name: str, arguments: list[object]) -> object:
        prefix = "is" if name == "isSuspended" else "get"
        if arguments or not name.startswith(prefix) or name == prefix:
            raise AttributeError(name)
        field = name.removeprefix(prefix)
        return self.juel_property(field[0].lower() + field[1:])


def _begin(
    run: "Run",
    task: ExternalTask,
    variables: Mapping[str, TypedValue],
    local_variables: Mapping[str, TypedValue],
) -> Execution:
    """Refuse a suspended task, then store what the worker hands in."""
    # The task's own flag (semantics 1.3, step 1). It is read behind the lock: a suspension that
    # came first has been seen.
    if task.is_suspended:
        raise SuspendedExternalTaskError(task.id)
    execution = run.host.execution(task.execution_id)
    # Variables that the model's expressions may read come along with the first statement.
    run.variables.expect(run.graph_of(execution).names)
    if task.listener is None and _has_outputs(run, execution):
        run.variables.set_all_local(execution, variables)  # its parameters say what leaves it
    else:
        run.variables.set_all(execution, _with_result(run, execution, task, variables))
    # Behind the others: both may write one name, on different levels (semantics 1.3, step 2).
    run.variables.set_all_local(execution, local_variables)
    return execution


def _has_outputs(run: "Run", execution: Execution) -> bool:
    """Whether a worker stands in for a connector of which parameters take something."""
    detail = run.activity_of(execution).detail_of(bpmn.Delegate)
    return detail is not None and bool(detail.outputs)


def _with_result(
    run: "Run", execution: Execution, task: ExternalTask, variables: Mapping[str, TypedValue]
) -> Mapping[str, TypedValue]:
    """The variables of a worker that stands in for Java: its ``result`` is what a bean gives back.

    Source: semantics 11.11.
    """
    name = getattr(run.activity_of(execution).detail, "result_variable", None)
    if name is None or "result" not in variables or task.listener is not None:
        return variables
    return {name if key == "result" else key: value for key, value in variables.items()}


def complete(
    run: "Run",
    task: ExternalTask,
    variables: Mapping[str, TypedValue],
    local_variables: Mapping[str, TypedValue],
) -> None:
    """Complete a task, or throw the error that one of its definitions asks for."""
    execution = _begin(run, task, variables, local_variables)
    code = _defined_error(run, execution, task, is_strict=True)
    if code is not None:
        _throw(run, execution, task, code, task.error_message)
        return
    run.records.remove(task)
    incidents.end_about(run, task.id)
    # After the removal: what follows may cancel the scope, and must not log the task as deleted.
    run.history.external_task(task, SUCCESSFUL)
    if task.listener is not None:
        run.attempt(resuming.resume, run, execution, task.listener)
    else:
        run.attempt(run.activity_of(execution).behavior.signal, execution, run)
    run.perform()


def _defined_error(
    run: "Run", execution: Execution, task: ExternalTask, *, is_strict: bool
) -> str | None:
    """The error code of the first definition whose expression is true."""
    detail = run.activity_of(execution).detail_of(bpmn.ExternalTask)
    if detail is None or task.listener is not None:
        return None
    evaluation = run.evaluation(execution, externalTask=ExternalTaskObject(task))
    for definition in detail.error_definitions:
        if definition.expression is None:
            continue
        try:
            holds = evaluation.of(definition.expression) is True
        # On completion a failing expression fails the command; on failure it is passed over
        # (semantics 1.3, step 4, and 1.6, step 4).
        except EngineError:
            if is_strict:
                raise
            holds = False
        if holds:
            return definition.error_code or ""
    return None


def _throw(
    run: "Run", execution: Execution, task: ExternalTask, code: str, message: str | None
) -> None:
    """Throw a BPMN error at the task; its log and its incident say that it was deleted."""
    # Removed, not resolved: the task is deleted with its activity (semantics 1.7).
    incidents.end_about(run, task.id, incidents.REMOVED)
    # Conditional events see what the worker has set before the error moves anything.
    run.notify_changes()
    if task.listener is not None:
        resuming.fail(run, execution, task.listener)
    try:
        propagation.throw_error(run, execution, code, message)
        run.perform()
    except EngineError as error:
        raise propagation.ErrorPropagationError(code) from error
    # Still there only if no handler has canceled its activity.
    if run.records.get(ExternalTask, task.id) is not None:
        run.history.external_task(task, DELETED)
        run.records.remove(task)


def handle_bpmn_error(
    run: "Run",
    task: ExternalTask,
    code: str,
    message: str | None,
    variables: Mapping[str, TypedValue],
) -> None:
    """Throw the BPMN error that a worker reports.

    Raises:
        SuspendedExternalTaskError: the task is suspended.
        ErrorPropagationError: a variable cannot be stored, or no handler could take the error.
    """
    try:
        execution = _begin(run, task, variables, {})
    # A refusal, answered as it is; only failures of the propagation are wrapped (semantics 1.7).
    except SuspendedExternalTaskError:
        raise
    except EngineError as error:
        raise propagation.ErrorPropagationError(code) from error
    _throw(run, execution, task, code, message)


def handle_failure(
    run: "Run",
    task: ExternalTask,
    *,
    message: str | None,
    details: str | None,
    retries: int,
    retry_timeout: timedelta,
    variables: Mapping[str, TypedValue],
    local_variables: Mapping[str, TypedValue],
) -> None:
    """Note a failure: message, details, retries, and how long the task stays hidden."""
    execution = _begin(run, task, variables, local_variables)
    task.error_message = cut(message)
    # Absent details keep those of the failure before, where an absent message clears (semantics
    # 1.6, step 3).
    if details is not None:
        task.error_details = details
    code = _defined_error(run, execution, task, is_strict=False)
    if code is not None:
        _throw(run, execution, task, code, task.error_message)
        return
    # The worker keeps the task: it may still complete it while the timeout runs (semantics 1.2).
    task.lock_expiration_time = run.host.now + retry_timeout
    task.is_locked = True
    # Before the retries are set: the log has the value from before (semantics 1.6, step 6).
    task.last_failure_log_id = run.history.external_task(task, FAILED)
    set_retries(run, task, retries)
    run.notify_changes()
    run.perform()


def cut(message: str | None) -> str | None:
    """A message of at most 666 UTF-16 units."""
    if message is None or len(message) * 2 <= LONGEST_MESSAGE:
        return message
    # Java counts UTF-16 units; half of a pair at the cut is dropped.
    raw = message.encode("utf-16-le", "surrogatepass")[: LONGEST_MESSAGE * 2]
    return raw.decode("utf-16-le", "ignore")


def set_retries(run: "Run", task: ExternalTask, retries: int) -> None:
    """Set the retries: none raises an incident, some resolve it (semantics 1.6)."""
    # From 0 to 0 there is no second incident, and the message of the first one stays (semantics
    # 1.6).
    had_retries = task.retries is None or task.retries > 0
    task.retries = retries
    if had_retries and retries == 0:
        incidents.create(
            run,
            incidents.FAILED_EXTERNAL_TASK,
            run.host.execution(task.execution_id),
            activity_id=task.activity_id,
            configuration=task.id,
            message=task.error_message,
            history_configuration=task.last_failure_log_id,
        )
    elif not had_retries and retries > 0:
        incidents.end_about(run, task.id)
        # With retries again it can be fetched: waiting fetches shall not wait for their next look.
        run.host.topic_available(task.topic_name)
