"""The operations of all behaviors, with their defaults."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from app.engine.events import compensation
from app.engine.events.subscribing import schedule_timers, subscribe_events
from app.engine.execution import tree
from app.engine.state import Execution
from app.errors import EngineError

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity, Flow


D = TypeVar("D")


class NoOutgoingFlowError(EngineError):
    """No condition holds and there is no default flow, at a gateway."""

    def __init__(self, activity_id: str) -> None:
        super().__init__(
            f"ENGINE-02004 No outgoing sequence flow for the element with id '{activity_id}' "
            "could be selected for continuing the process."
        )


class NoConditionalFlowError(EngineError):
    """No condition holds and there is no default flow, at an activity."""

    def __init__(self, activity_id: str) -> None:
        super().__init__(
            f"ENGINE-02006 No conditional sequence flow leaving the Flow Node '{activity_id}' "
            "could be selected for continuing the process."
        )


class MissingDefaultFlowError(EngineError):
    """The default flow is needed, but it does not leave the activity."""

    def __init__(self, activity_id: str, flow_id: str) -> None:
        super().__init__(
            f"ENGINE-02005 Default sequence flow '{flow_id}' for element with id '{activity_id}' "
            "could not be not found."
        )


def default_flow(activity: "Activity") -> "Flow | None":
    """The flow to take when no other can be.

    Raises:
        MissingDefaultFlowError: the model names one that does not leave the activity.
    """
    # Only now, not at the deployment: the reference misses the flow when it needs it, so that
    # models which name a wrong one deploy, and run until then (semantics 2.11).
    if activity.missing_default is not None:
        raise MissingDefaultFlowError(activity.id, activity.missing_default)
    return activity.default_flow


class Behavior(Generic[D]):
    """The behavior of tokens at one activity of a definition.

    `execute` runs when a token arrives; to return without leaving is to wait; `signal` resumes.
    A behavior knows what the model says and nothing of any token: all instances share it.

    Source: Camunda 7 ``FlowNodeActivityBehavior``, ``AbstractBpmnActivityBehavior``.

    Attributes:
        detail: what the model says of the activity, typed by its element.
        ends_with_instance: the history says of each instance of a body that it ends its scope.
        accepts_signals: a client may resume it by a signal to its execution.
    """

    ends_with_instance = False
    accepts_signals = False

    def __init__(self, detail: D) -> None:
        self.detail = detail

    def execute(self, execution: Execution, run: "Run") -> None:
        """Do what the activity does. The default passes the token on."""
        run.leave(execution)

    def create(self, execution: Execution, run: "Run") -> None:
        """Make what the activity waits for, when workers have done what goes before."""

    def signal(self, execution: Execution, run: "Run") -> None:
        """Resume a waiting activity."""
        # A token that waited takes its branches in reverse order, see `forking` (semantics 2.2).
        run.is_resuming = True
        run.leave(execution)

    def select_flows(self, execution: Execution, run: "Run") -> Sequence["Flow"]:
        """The flows to take: all without a condition or with one that holds, else the default.

        Source: BPMN 2.0.2 §13.3.2 (implicit split); semantics 2.6.

        Raises:
            NoConditionalFlowError: none can be taken.
            MissingDefaultFlowError: only a default flow could be, and it leaves something else.
        """
        activity = run.activity_of(execution)
        outgoing = activity.outgoing
        # The usual case: it needs no view of the variables.
        if len(outgoing) == 1 and outgoing[0].condition is None:
            return outgoing
        evaluation = run.evaluation(execution)
        # In the token's own execution, before the output parameters: conditions see local variables
        # and the values from before the mapping (semantics 1.4, step 3).
        taken = [f for f in outgoing if f is not activity.default_flow and f.holds(evaluation)]
        if taken:
            return taken
        default = default_flow(activity)
        if default is not None:
            return (default,)
        if outgoing:
            raise NoConditionalFlowError(activity.id)
        # No flow at all: the token ends here, as at an end event (semantics 2.6).
        return ()

    def subscribe(self, scope: Execution, run: "Run") -> None:
        """Subscribe to the messages and signals of a scope that was just made."""
        subscribe_events(scope, run)

    def schedule(self, scope: Execution, run: "Run") -> None:
        """Make the timers of a scope whose inputs are there."""
        schedule_timers(scope, run)

    def scope_ended(self, scope: Execution, run: "Run") -> None:
        """Go on when the last token inside the scope has ended."""
        run.leave(scope)

    def returned(self, caller: Execution, called: Execution, run: "Run") -> None:
        """Take over from a called instance that has ended."""

    def instance_finished(self, token: Execution, run: "Run") -> None:
        """Count one finished instance of a multi-instance activity."""

    def prepare_compensation(self, execution: Execution, run: "Run") -> None:
        """Remember how to compensate an activity that completes."""
        activity = run.activity_of(execution)
        # Facts of the model, so that activities of most models read no subscription as they end.
        if activity.compensation_handler is not None or activity.has_compensation_inside:
            compensation.remember(run, execution, activity)

    def token_ended(self, scope: Execution, run: "Run") -> bool:
        """Whether the scope looks after the end of a token inside it by itself."""
        return False

    # -- what a modification does to the tokens of a scope -------------------------------

    def first_token(self, scope: Execution, run: "Run") -> Execution:
        """The execution with the only token of a scope opened for an activity inside it."""
        return scope

    def add_token(self, scope: Execution, run: "Run") -> Execution:
        """Make one more token in a scope that goes on with those it has."""
        return tree.add_concurrent(run, scope)

    def token_canceled(self, scope: Execution, run: "Run") -> None:
        """Go on with the tokens that are left; there are some."""
        tree.prune(run, scope)
