"""Activities that do something, or let a user do it.

Source: semantics 2.7 and 2.12.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.bpmn.delegates import Substitute
from app.engine.events import propagation
from app.engine.execution import (
    connectors,
    delegates,
    external_work,
    listeners,
    mappings,
    scripting,
    task_links,
    user_tasks,
)
from app.engine.execution.scripting import BpmnErrorThrown
from app.engine.execution.waiting import CREATE, Waiting
from app.engine.state import Execution, Task
from app.engine.state.conversion import from_object
from app.engine.state.values import TypedValue

from .base import Behavior

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.expressions import Expression


class ExternalTaskBehavior(Behavior[bpmn.ExternalTask]):
    """Wait for a worker of the topic.

    Source: Camunda 7 ``ExternalTaskActivityBehavior``; semantics 4.2, 4.3.
    """

    accepts_signals = True

    def execute(self, execution: Execution, run: "Run") -> None:
        topic = run.evaluation(execution).text_of(self.detail.topic)
        external_work.create(run, execution, topic, self.detail.priority)


class ExpressionTaskBehavior(Behavior[bpmn.ExpressionTask]):
    """Evaluate an expression, keep its result if asked to, go on.

    Source: Camunda 7 ``ServiceTaskExpressionActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        detail, evaluation = self.detail, run.evaluation(execution)
        call = detail.expression.bean_call
        # There are no beans here; a worker may do what one does, with the arguments as variables.
        substitute = None if call is None else delegates.substitute_of(run, "bean", call.name)
        if substitute is not None:
            local = delegates.arguments_of(detail.expression, evaluation)
            stand_in(execution, run, substitute, local)
            return
        _keep(execution, run, detail.result_variable, evaluation.of(detail.expression))
        run.leave(execution)


def stand_in(
    execution: Execution,
    run: "Run",
    substitute: Substitute,
    local_variables: dict[str, TypedValue],
    priority: "Expression | None" = None,
) -> None:
    """Let a worker do what a task has Java for, or only set variables."""
    if substitute.topic is not None:
        # Local to the task: what follows shall not see arguments that were meant for this one.
        run.variables.set_all_local(execution, local_variables)
        external_work.create(run, execution, substitute.topic, priority)
        return
    delegates.assign(run, execution, substitute, run.evaluation(execution))
    run.leave(execution)


class ScriptTaskBehavior(Behavior[bpmn.ScriptTask]):
    """Run a script, keep its result if there is one, go on.

    Source: Camunda 7 ``ScriptTaskActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        script = self.detail.script
        substitute = scripting.substitute_of(run, script)
        if substitute is not None:
            stand_in(execution, run, substitute, scripting.source_of(script, run, execution))
            return
        try:
            value = run.evaluation(execution).of(script)
        # Any other failure of a script rolls the command back (semantics 1.5).
        except BpmnErrorThrown as error:
            propagation.throw_error(run, execution, error.error_code, error.text)
            return
        if value is not None:  # a script that gives nothing leaves the variable as it is
            _keep(execution, run, self.detail.result_variable, value)
        run.leave(execution)


def _keep(execution: Execution, run: "Run", name: str | None, value: object) -> None:
    if name is not None:
        run.variables.set(execution, name, from_object(value))


class DelegateBehavior(Behavior[bpmn.Delegate]):
    """Java code: external work of the topic that stands in for it, else an error.

    Source: semantics 11.11.
    """

    accepts_signals = True

    def execute(self, execution: Execution, run: "Run") -> None:
        detail, evaluation = self.detail, run.evaluation(execution)
        substitute = delegates.substitute_of(run, detail.kind, detail.name)
        if substitute is None:
            self._run(execution, run)
            return
        # A connector's parameters are for the worker, and may fail: not evaluated where
        # variables are set in its place.
        given = {} if substitute.topic is None else mappings.given(detail.inputs, evaluation)
        stand_in(execution, run, substitute, given, detail.priority)

    def _run(self, execution: Execution, run: "Run") -> None:
        """Do what is built in.

        Raises:
            DelegateError: it is Java code.
            ConnectorError: a connector has given no answer.
        """
        detail, built_in = self.detail, run.host.delegates.connectors
        connector = built_in.get(detail.name) if detail.kind == "connector" else None
        if connector is None:
            raise delegates.DelegateError(detail.kind, detail.name)
        connectors.send(run, execution, connector, detail)
        run.leave(execution)

    def signal(self, execution: Execution, run: "Run") -> None:
        """Take what a connector's parameters take of the worker's answer, and go on."""
        # Before the token leaves: the conditions of its flows may read what was taken.
        mappings.take_out(run, execution, self.detail.outputs)
        super().signal(execution, run)


class ReceiveTaskBehavior(Behavior[bpmn.ReceiveTask]):
    """Wait for a message, or for a signal to the execution.

    Source: Camunda 7 ``ReceiveTaskActivityBehavior``.
    """

    accepts_signals = True

    def execute(self, execution: Execution, run: "Run") -> None:
        """Do nothing: to return is to wait."""


class UserTaskBehavior(Behavior[bpmn.UserTask]):
    """Wait for a user.

    Source: Camunda 7 ``UserTaskActivityBehavior``, ``TaskDecorator``.
    """

    accepts_signals = True

    def schedule(self, scope: Execution, run: "Run") -> None:
        super().schedule(scope, run)
        user_tasks.schedule_timeouts(run, scope)

    def execute(self, execution: Execution, run: "Run") -> None:
        # A listener that a worker does delays the task itself: no user may claim it before
        # its create listeners have seen it.
        if not listeners.wait_for_task(run, execution, Waiting(CREATE)):
            self.create(execution, run)

    def create(self, execution: Execution, run: "Run") -> None:
        """Make the task, and tell of it."""
        detail, evaluation = self.detail, run.evaluation(execution)
        task = self._task(execution, run)
        users, groups = (
            [name for value in values for name in user_tasks.texts_of(evaluation, value)]
            for values in (detail.candidate_users, detail.candidate_groups)
        )
        run.records.add(task)
        run.history.task_created(task, execution.process_definition_key)
        for name in users:
            task_links.add(run, task, task_links.CANDIDATE, user_id=name)
        for name in groups:
            task_links.add(run, task, task_links.CANDIDATE, group_id=name)
        run.history.amend_activity(task.activity_instance_id, task=task)
        user_tasks.created(run, task)

    def _task(self, execution: Execution, run: "Run") -> Task:
        activity, detail = run.activity_of(execution), self.detail
        evaluation, now = run.evaluation(execution), run.host.local_now

        def text(value: "Expression | None") -> str | None:
            return None if value is None else evaluation.text_of(value)

        # in the order of the reference engine, which decides whose error is reported
        name = text(detail.name) if detail.name else activity.name
        description = text(detail.description)
        due = user_tasks.date_of(evaluation, detail.due_date, now, "Due date")
        follow_up = user_tasks.date_of(evaluation, detail.follow_up_date, now, "Follow up date")
        return Task(
            id=run.host.new_id(),
            priority=user_tasks.priority_of(evaluation, detail.priority),
            create_time=run.host.now,
            is_suspended=execution.is_suspended,
            name=name,
            description=description,
            assignee=text(detail.assignee),
            due_date=due,
            follow_up_date=follow_up,
            form_key=detail.form.key.text if detail.form.key else None,
            task_state="Created",
            task_definition_key=activity.id,
            execution_id=execution.id,
            activity_instance_id=execution.activity_instance_id,
            process_instance_id=execution.process_instance_id,
            root_process_instance_id=execution.root_process_instance_id,
            process_definition_id=execution.process_definition_id,
            tenant_id=execution.tenant_id,
        )
