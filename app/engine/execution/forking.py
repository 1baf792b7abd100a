"""One token becomes several: an activity is left over more than one flow.

Source: semantics 2.2.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.engine.graph.graph import Activity, Flow
from app.engine.jobs import parking
from app.engine.state import Execution

from . import tree

if TYPE_CHECKING:
    from .protocol import Run


def fork(run: "Run", token: Execution, activity: Activity, flows: Sequence[Flow]) -> None:
    """Send one token along each flow, the first one first.

    A waiting activity that is left over several flows starts them in reverse order, as the
    reference engine does (semantics 2.2). Behind an asynchronous one each token waits for a job
    of its own.
    """
    token.activity_id = token.activity_instance_id = None
    if token.is_concurrent:
        tokens = [token]
        parent = run.parent_of(token)
    else:
        tokens, parent = [], token
        token.is_active = False
    while len(tokens) < len(flows):
        tokens.append(tree.add_child(run, parent, is_concurrent=True))
    pairs = list(zip(tokens, flows, strict=True))
    if run.is_resuming and not activity.kind.is_gateway:
        pairs.reverse()
    run.is_resuming = False
    if activity.is_async_after:
        for execution, flow in pairs:
            parking.park_after(run, execution, activity, (flow,))
        return
    # The agenda is last in first out: to run in order is to push in reverse.
    for execution, flow in reversed(pairs):
        run.take(execution, flow)
