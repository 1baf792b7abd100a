"""Scopes with activities inside: the process, sub-processes, transactions, event sub-processes.

Source: BPMN 2.0.2 §13.3.4; semantics 2.8.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.events import compensation
from app.engine.state import Execution

from .base import Behavior

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


class Process(Behavior[None]):
    """The process itself: it starts, and ends with its last token.

    Source: BPMN 2.0.2 §13.1; semantics 2.4.
    """

    def scope_ended(self, scope: Execution, run: "Run") -> None:
        """Never asked: an instance ends in the run itself."""


class SubProcess(Behavior[bpmn.SubProcess]):
    """Start inside; go on when the last token inside has ended.

    Source: BPMN 2.0.2 §13.3.4; Camunda 7 ``SubProcessActivityBehavior``,
    ``EventSubProcessActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        start = run.scope_activity_of(run.scope_of(execution)).start_event
        if start is not None:
            run.later(run.enter, execution, start)

    def scope_ended(self, scope: Execution, run: "Run") -> None:
        activity = run.scope_activity_of(scope)
        if activity.is_event_subprocess:
            # It has no outgoing flows: its end is that of a token in the scope around it.
            run.leave(scope, ())
        # Left by no flow: what had thrown the compensation waits for it.
        elif is_compensated(scope, run):
            compensation.end_scope(run, scope, activity)
        else:
            run.leave(scope)


def is_compensated(scope: Execution, run: "Run") -> bool:
    """Whether the scope had ended before, and what ends now is its compensation.

    Above it there is the event that has thrown, perhaps with other compensated scopes between.
    """
    # Below an event that throws, scopes are concurrent; what is both above and concurrent but no
    # scope carries one token of a fork.
    token = scope if scope.is_concurrent else run.parent_of(scope)
    while token.is_concurrent:
        above = run.parent_of(token)
        activity = run.scope_activity_of(above)
        if activity.kind.is_compensating:
            return True
        if above.parent_id is None or activity.is_event_subprocess or activity.is_handler:
            return False
        token = above if above.is_concurrent else run.parent_of(above)
    return False
