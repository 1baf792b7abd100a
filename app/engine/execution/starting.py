"""The start of process instances: by key, by an event, before an activity, by a caller.

Source: semantics 2.4; Camunda 7 ``ProcessDefinitionEntity.createProcessInstance``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.graph.graph import Activity, Graph
from app.engine.jobs import parking
from app.engine.state import Execution
from app.engine.state.values import NULL, TypedValue
from app.errors import EngineError

from . import forms, listeners
from .waiting import BEGIN, Waiting

if TYPE_CHECKING:
    from .protocol import Run


class NoStartEventError(EngineError):
    """The process cannot be started without an event."""

    def __init__(self, definition_id: str) -> None:
        super().__init__(
            f"ENGINE-02037 Unable to start process definition '{definition_id}': it has no default "
            "start activity (e.g. none start event), hence it cannot be started this way."
        )


def start(
    run: "Run",
    graph: Graph,
    variables: Mapping[str, TypedValue],
    *,
    business_key: str | None = None,
    case_instance_id: str | None = None,
    at: Activity | None = None,
    by_form: bool = False,
) -> Execution:
    """Start an instance at its initial activity, or at the start event that was triggered.

    Args:
        by_form: the variables are what the start event's form was filled in with.

    Raises:
        NoStartEventError: the process has no start event that needs no trigger.
    """
    first = at or graph.initial
    if first is None:
        raise NoStartEventError(graph.definition.id)
    form = form_of(graph) if by_form else None
    instance = begin_at(run, graph, variables, first, business_key, case_instance_id, form)
    run.perform()
    return instance


def form_of(graph: Graph) -> bpmn.Form:
    """The form of the start event."""
    node = graph.initial.node if graph.initial is not None else None
    return bpmn.NO_FORM if node is None or node.form is None else node.form


def begin_at(
    run: "Run",
    graph: Graph,
    variables: Mapping[str, TypedValue],
    first: Activity,
    business_key: str | None = None,
    case_instance_id: str | None = None,
    form: bpmn.Form | None = None,
) -> Execution:
    """Make an instance whose first step is put on the agenda."""
    instance = create(run, graph, first, business_key, case_instance_id)
    # Where it waits for a job or a worker, `go_on` or `resuming` enters the activity.
    if not begin(run, graph, instance, variables, form, first=first):
        enter_first(run, instance, first)
    return instance


def start_called(
    run: "Run",
    graph: Graph,
    caller: Execution,
    variables: Mapping[str, TypedValue],
    business_key: str | None,
) -> None:
    """Start the instance that a call activity waits for."""
    if graph.initial is None:
        raise NoStartEventError(graph.definition.id)
    instance = create(run, graph, graph.initial, business_key, caller=caller)
    run.history.amend_activity(caller.activity_instance_id, called_process_instance_id=instance.id)
    if not begin(run, graph, instance, variables, first=graph.initial):
        enter_first(run, instance, graph.initial)


def go_on(run: "Run", execution: Execution, first: Activity) -> None:
    """Tell the listeners of a process whose start has waited for its job, then enter it.

    Source: Camunda 7 ``PvmAtomicOperationProcessStart``.
    """
    execution.activity_id = None
    run.history.beginnings.begins(execution)
    waiting = Waiting(BEGIN, (first.id,))
    if not listeners.notify(run, execution, "start", waiting=waiting, first=first):
        enter_first(run, execution, first)


def enter_first(run: "Run", execution: Execution, first: Activity) -> None:
    """Let the first token of an instance, which may carry it itself, go to where it starts."""
    token = run.scope_opened(execution, first) if execution.is_scope else execution
    if token is not None:
        # Not `enter`: one that starts asynchronously has had its job, before the listeners.
        run.later(run.begin, token, first)


def create(
    run: "Run",
    graph: Graph,
    first: Activity | None,
    business_key: str | None = None,
    case_instance_id: str | None = None,
    *,
    caller: Execution | None = None,
    restarted: str | None = None,
) -> Execution:
    """Make an instance that has not begun yet.

    Args:
        first: where it starts, for the history.
        caller: the call activity that waits for it.
        restarted: the id of the ended instance in whose place it starts.
    """
    # A process that calls itself makes no concurrent token, and would never be stopped.
    run.limits.token()
    instance_id = run.host.new_id()
    definition = graph.definition
    instance = Execution(
        id=instance_id,
        process_instance_id=instance_id,
        root_process_instance_id=caller.root_process_instance_id if caller else instance_id,
        process_definition_id=definition.id,
        process_definition_key=definition.key,
        is_scope=True,
        is_active=True,
        super_execution_id=caller.id if caller else None,
        scope_activity_instance_id=instance_id,
        business_key=business_key,
        case_instance_id=case_instance_id,
        tenant_id=definition.tenant_id or (caller.tenant_id if caller else None),
        traceparent=None if caller else run.host.traceparent,
    )
    run.records.add(instance)
    run.variables.mark_new(instance)
    if caller is None:
        run.history.beginnings.begins(instance)
    # Before the variables: names of messages of a process cannot use them (semantics 2.4).
    graph.process.behavior.subscribe(instance, run)
    run.history.process_instance_started(
        instance, graph, first, caller.process_instance_id if caller else None, restarted
    )
    return instance


def begin(
    run: "Run",
    graph: Graph,
    instance: Execution,
    variables: Mapping[str, TypedValue],
    form: bpmn.Form | None = None,
    *,
    first: Activity,
    is_instructed: bool = False,
) -> bool:
    """Set the variables, then the timers of the process, then tell its listeners.

    Args:
        first: where the instance starts.
        is_instructed: it starts there by an instruction; no token waits for a worker who does a
            listener.

    Returns:
        whether the instance waits, for a worker or for the job of a start event that is
        asynchronous.
    """
    # First: a variable of the same name that the caller hands in wins.
    if graph.initiator is not None:
        user_id = run.host.user_id
        starter = NULL if user_id is None else TypedValue("String", user_id)
        run.variables.set_local(instance, graph.initiator, starter)
    if form is None:
        # A called instance is entered after it has its variables.
        run.variables.places.moving = instance.id if instance.super_execution_id else None
        run.variables.set_all(instance, variables)
        run.variables.places.moving = None
    else:
        forms.submit(run, instance, form.fields, variables)
    run.history.beginnings.begins(instance)
    # After the variables, which its timers may read (semantics 2.4).
    graph.process.behavior.schedule(instance, run)
    if first.is_async_before and not is_instructed:
        # In front of the process: its listeners are notified by the job, too (semantics 2.4).
        parking.park(run, instance, first, parking.STARTING)
        return True
    waiting = None if is_instructed else Waiting(BEGIN, (first.id,))
    return listeners.notify(run, instance, "start", waiting=waiting, first=first)
