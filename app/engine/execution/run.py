"""The agenda: enter, take, leave, end, until every token waits.

A token is an execution that stands at an activity. Every step that follows from another goes on
a work list, last in first out, so that branches run in order, each to its wait state, and a long
loop needs no stack.

Source: semantics 2.1, 2.2 and 1.4; Camunda 7 ``PvmExecutionImpl`` and ``LegacyBehavior``.
"""

from collections.abc import Sequence
from datetime import datetime

from app.engine.events import compensation, conditions, propagation
from app.engine.graph.graph import Activity, Flow
from app.engine.history.history import History
from app.engine.jobs import parking
from app.engine.state import Execution
from app.engine.state.conversion import to_object
from app.engine.state.values import TypedValue
from app.expressions import Documents, patterns
from app.scripts import Budget

from . import cancellation, ending, forking, listeners, mappings, suspended, tree
from .agenda import Agenda, Step
from .evaluation import Evaluation
from .host import Host
from .limits import Limits
from .options import USUAL, RunOptions
from .positions import Positions
from .scripting import BpmnErrorThrown
from .variables import Variables
from .waiting import END, START, Waiting

_AT_START = Waiting(START)
LONGEST_CONNECTORS = 10.0  # seconds that the connectors of one transaction may take together


class Run(Positions):
    """Moves the tokens of one transaction."""

    def __init__(self, host: Host, options: RunOptions = USUAL) -> None:
        super().__init__(host)
        self.options = options
        self.history = History(host)
        self.documents = Documents()
        self.variables = Variables(host, self.history, self.documents)
        self.agenda = Agenda()
        self.limits = Limits(host)
        # Regular expressions have a budget for each transaction, counted by thread.
        patterns.begin_transaction()
        self.triggered_variables: dict[str, TypedValue] = {}  # for the scope that an event opens
        self.at: str | None = None  # the activity that was entered last
        self.script_budget = Budget()
        self.connector_seconds = LONGEST_CONNECTORS
        self.failed_at_end: set[str] = set()  # executions whose end listener has thrown an error
        self.is_resuming = False  # a waiting activity is being left: see `forking`
        self.ends_called_as = "INTERNALLY_TERMINATED"  # instances whose call activity is canceled
        # Instances that do not end with their last token while a modification goes on, each with
        # the activity at which it would have ended.
        self.held: dict[str, tuple[str | None] | None] = {}

    # -- the agenda ---------------------------------------------------------------

    def later(self, step: Step, execution: Execution, *arguments: object) -> None:
        """Put a step of an execution on top of the agenda."""
        self.agenda.push(step, execution, arguments)

    def perform(self) -> None:
        """Take steps until nothing moves; those of executions that are gone are left out.

        Raises:
            EngineError: of a step, or of the limits of a run.
        """
        agenda, records, limits = self.agenda, self.records, self.limits
        while agenda:
            step, execution, arguments = agenda.pop()
            # The token may have been folded into its scope since: the step goes with it.
            while execution.id in self.replaced:
                execution = self.replaced[execution.id]
            # Canceled by an earlier step, an interrupting event say.
            if records.is_removed(Execution, execution.id):
                continue
            self.attempt(step, execution, *arguments)
            # After the step, so that a run of exactly the limit's length is legal.
            limits.step()
        # Behind the last step: until then an expression may go on changing the same list.
        self.variables.keep_changes()

    def attempt(self, step: Step, *arguments: object) -> None:
        """Take one step; a BPMN error that a listener throws in it is thrown at its activity.

        Raises:
            BpmnErrorThrown: there is none: the listener is that of a process.
        """
        try:
            step(*arguments)
        except BpmnErrorThrown as error:
            if error.execution is None:
                raise
            propagation.throw_from_listener(self, error, error.execution)

    # -- what expressions see -----------------------------------------------------

    def object_of(self, typed: TypedValue) -> object:
        """The object that an expression sees for a value."""
        # Parsed once for each text: a loop over a collection reads it in each round.
        if typed.type not in ("Json", "Object") or not isinstance(typed.value, str):
            return self.own_object_of(typed)
        info = typed.info or {}
        kind = typed.type, str(info.get("objectTypeName")), str(info.get("serializationDataFormat"))
        return self.documents.read(typed.value, lambda: to_object(typed), *kind)

    def own_object_of(self, typed: TypedValue) -> object:
        """The object for a value in expressions, not shared: it may be changed in place."""
        if typed.type == "Date" and isinstance(typed.value, datetime):
            return typed.value.astimezone(self.host.zone)
        return to_object(typed)

    def evaluation(self, execution: Execution, /, **special: object) -> Evaluation:
        """The context of an expression at an execution."""
        return Evaluation(self, execution, special)

    # -- entering -----------------------------------------------------------------

    def take(self, execution: Execution, flow: Flow) -> None:
        """Send a token along a sequence flow."""
        if self.host.passed is not None:
            self.host.passed.append((execution.process_definition_id, flow.id))
        # On the flow it is at no activity; an inclusive join elsewhere counts where it will be.
        execution.activity_id = execution.activity_instance_id = None
        execution.is_active = True
        self.under_way[execution.id] = flow.target
        self.later(self.arrive, execution, flow)

    def arrive(self, execution: Execution, flow: Flow) -> None:
        """Tell the listeners of a flow that it is taken, then enter what it leads to."""
        if not flow.listeners and not self.variables.changed:
            self.enter(execution, flow.target)
            return
        # Pushed first: what outputs or listeners have changed may take the token away by an event.
        self.later(self.enter, execution, flow.target)
        listeners.tell_of_flow(self, execution, flow)
        self.notify_changes()

    def enter(self, execution: Execution, activity: Activity) -> None:
        """Let a token arrive; an activity that starts asynchronously waits for its job."""
        self.under_way.pop(execution.id, None)
        # Before its listeners, and its job, are told of it (semantics 2.7).
        if activity.kind.interrupts_its_scope:
            execution = cancellation.interrupt(self, execution)
        if activity.is_async_before:
            parking.park(self, execution, activity, parking.BEFORE)
        else:
            self.begin(execution, activity)

    def begin(self, execution: Execution, activity: Activity) -> None:
        """Start an activity: its scope, inputs and history, then its behavior."""
        # For the report of a job that fails: the transaction's records are gone by then.
        self.at = activity.id
        if activity.is_scope:
            execution = self.open_scope(execution, activity)
        else:
            execution.activity_id = activity.id
            execution.is_active = True
            execution.activity_instance_id = self.activity_instance_id(activity)
            if execution.is_concurrent:
                self.variables.activity_instance_begun(execution, execution.activity_instance_id)
            if activity.inputs and not self.options.skips_mappings:
                mappings.map_instance(self, execution, activity)
        if not self.start_activity_instance(execution, activity, waiting=_AT_START):
            self.work(execution, activity)

    def work(self, execution: Execution, activity: Activity) -> None:
        """Let an activity do what it does, now that its listeners know of it."""
        suspended.refuse(execution)
        self.history.beginnings.entered(execution)
        token: Execution | None = execution
        # Conditions are looked at once the start listeners are through, which may set variables.
        if execution.is_scope and activity.is_scope and activity.attached_to is None:
            token = self.scope_opened(execution, activity)
        if token is not None:
            activity.behavior.execute(token, self)

    def start_activity_instance(
        self,
        execution: Execution,
        activity: Activity,
        *,
        is_unplaced: bool = False,
        waiting: Waiting | None = None,
    ) -> bool:
        """Note in the history that an activity has started, and tell its listeners.

        Args:
            is_unplaced: until it ends, the history does not say inside what it has started.
            waiting: how a token waits for a worker's listener; None where it cannot.

        Returns:
            whether the token waits for a worker.
        """
        if activity.leaves_no_trace:
            return listeners.notify(self, execution, "start", waiting=waiting)
        parent_id = None if is_unplaced else self.enclosing_instance_id(execution)
        activity_instance_id = (
            execution.activity_instance_id or execution.scope_activity_instance_id or ""
        )
        self.history.activity_started(activity, execution, parent_id, activity_instance_id)
        # Variables of start listeners of a sub-process are noted one scope up (semantics 10).
        self.variables.places.opening = execution.id if activity.is_composite else None
        is_waiting = listeners.notify(self, execution, "start", waiting=waiting)
        self.variables.places.opening = None
        return is_waiting

    def open_scope(
        self, parent: Execution, activity: Activity, *, is_triggered: bool = False
    ) -> Execution:
        """Make the execution that is an activity's scope, below the token that enters it.

        Args:
            is_triggered: its event has happened already; it subscribes to nothing.
        """
        # The token now stands in the scope; the row above only carries it (semantics 2.1).
        parent.is_active = False
        parent.activity_id = parent.activity_instance_id = None
        scope = tree.add_child(self, parent, is_scope=True)
        scope.scope_activity_id = activity.id
        scope.scope_activity_instance_id = self.activity_instance_id(activity)
        if parent.is_concurrent:
            own = scope.scope_activity_instance_id
            around = own if activity.is_composite else self.enclosing_instance_id(parent)
            self.variables.activity_instance_begun(parent, around)
        scope.is_active = True
        if not activity.is_composite:
            scope.activity_id = activity.id
            scope.activity_instance_id = scope.scope_activity_instance_id
        # Variables of a message are local to the scope that it has opened (semantics 2.9).
        if self.triggered_variables:
            self.variables.set_all_local(scope, self.triggered_variables)
            self.triggered_variables = {}
        if not is_triggered:
            # Subscriptions, inputs, timers, in this order: names of messages cannot read inputs,
            # timers can (semantics 2.7).
            activity.behavior.subscribe(scope, self)
        if activity.inputs and not self.options.skips_mappings:
            mappings.map_inputs(self, parent, scope, activity)
        if not is_triggered:
            activity.behavior.schedule(scope, self)
        return scope

    # -- leaving ------------------------------------------------------------------

    def leave(self, execution: Execution, flows: Sequence[Flow] | None = None) -> None:
        """Finish the activity at which a token stands and move it on.

        Conditions of the activity's own flows are evaluated inside its scope, before its output
        parameters (semantics 1.4).

        Args:
            flows: the flows to take; those whose conditions hold when there are none given.
        """
        suspended.refuse(execution)
        activity = self.activity_of(execution)
        # Step 1 of leaving: a condition that holds by now may take the token away (semantics 1.4).
        self.notify_changes()
        token = self.token_at(execution, activity)
        if token is None:
            return
        # While the scope still has the variables of which the snapshot is made.
        activity.behavior.prepare_compensation(token, self)
        found = activity.behavior.select_flows(token, self) if flows is None else flows
        self.depart(token, activity, found)

    def depart(self, execution: Execution, activity: Activity, flows: Sequence[Flow]) -> None:
        """Move a token on that has done, or failed to do, what its activity is for."""
        waiting = Waiting(END, tuple(flow.id for flow in flows)) if activity.listeners else None
        if waiting is None or not listeners.notify(self, execution, "end", waiting=waiting):
            self.departed(execution, activity, flows)
        elif execution.scope_activity_id == activity.id:
            cancellation.drop_events(self, execution)  # it has ended, but for its listeners

    def departed(self, execution: Execution, activity: Activity, flows: Sequence[Flow]) -> None:
        """Move a token on that has left its activity, whose listeners know of it."""
        # Flows belong to the body: an instance only counts.
        if activity.multi_instance_body is not None:
            self.finish(execution, activity)
            return
        if flows:
            self.history.beginnings.left(execution)
        # For the history alone: without flows the activity completes the scope around it.
        ends_scope = not flows and not compensation.is_compensating(self, execution, activity)
        token = self.close(execution, activity, is_complete_scope=ends_scope)
        if activity.is_async_after and len(flows) < 2:
            parking.park_after(self, token, activity, flows)
        else:
            self.take_all(token, activity, flows)

    def finish(self, execution: Execution, activity: Activity) -> None:
        """Finish one instance of a multi-instance activity."""
        body = activity.multi_instance_body
        ends_scope = body is not None and body.behavior.ends_with_instance
        token = self.close(execution, activity, is_complete_scope=ends_scope)
        token.activity_id = token.activity_instance_id = None
        if activity.is_async_after:
            parking.park_after(self, token, activity, ())
        elif body is not None:
            body.behavior.instance_finished(token, self)

    def close(
        self, execution: Execution, activity: Activity, *, is_complete_scope: bool
    ) -> Execution:
        """End the activity instance, and the scope with its outputs; returns the token."""
        ended = execution.activity_instance_id
        if execution.is_scope and execution.scope_activity_id == activity.id:
            ended = execution.scope_activity_instance_id
        around = self.enclosing_instance_id(execution) if activity.is_composite else None
        self.history.activity_ended(
            ended, execution, is_complete_scope=is_complete_scope, parent_id=around
        )
        if not activity.is_scope:
            execution.activity_instance_id = None
            return execution
        token = self.parent_of(execution)
        if activity.outputs and not self.options.skips_mappings:
            # After the history and the end listeners, before the scope goes (semantics 1.4, steps 4
            # and 5).
            mappings.map_outputs(self, execution, token, activity)
        if activity.may_keep_scopes:
            cancellation.drop_event_scopes(self, execution)
        tree.remove(self, execution)
        token.is_active = True
        token.activity_id = activity.id
        return token

    def take_all(self, token: Execution, activity: Activity, flows: Sequence[Flow]) -> None:
        """Take every flow, as concurrent tokens if they are several; none ends the token."""
        if not flows:
            self.end(token)
        elif len(flows) == 1:
            self.take(token, flows[0])
        else:
            forking.fork(self, token, activity, flows)

    # -- ending -------------------------------------------------------------------

    def end(self, token: Execution) -> None:
        """Let a token end; the scope ends with its last one."""
        suspended.refuse(token)
        if token.is_concurrent:
            parent = self.parent_of(token)
            tree.remove(self, token)
            # A body, or an event that compensates, counts its tokens itself.
            if self.scope_activity_of(parent).behavior.token_ended(parent, self):
                return
            if not tree.prune(self, parent):
                self.end_scope(parent)
        else:
            self.end_scope(token)

    def end_scope(self, scope: Execution) -> None:
        """End a scope without tokens: its activity is left, or the process instance ends."""
        ended_at = scope.activity_id
        scope.activity_id = scope.activity_instance_id = None
        scope.is_active = False
        if scope.scope_activity_id is None:
            # A modification goes on: its next instruction may start something here (semantics
            # 2.15).
            if scope.id in self.held:
                self.held[scope.id] = (ended_at,)
            else:
                ending.end_process_instance(self, scope, ended_at)
            return
        activity = self.scope_activity_of(scope)
        scope.activity_id = activity.id
        activity.behavior.scope_ended(scope, self)

    # -- what variables set off ---------------------------------------------------

    def scope_opened(self, scope: Execution, activity: Activity) -> Execution | None:
        """Let conditional events see a scope that was just made for an activity.

        Returns:
            what carries the token that goes on there; None when an event has interrupted it.
        """
        if not self.host.has_subscriptions:
            return scope
        # The token has to stand somewhere, so that it is found again when an event has moved it.
        first = activity.start_event or activity
        scope.activity_id = first.id
        conditions.scope_opened(self, scope)
        return self.token_at(scope, first)

    def notify_changes(self) -> None:
        """Let conditional events see the variables that have changed."""
        changed = self.variables.changed
        if not changed:
            return
        # Emptied first: what the conditions set off changes variables of its own, and asks again.
        self.variables.changed = []
        if self.host.has_subscriptions:
            conditions.variables_changed(self, changed)
