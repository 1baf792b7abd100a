"""Called instances that outlive their caller.

Source: contract 4.3 (``skipSubprocesses``).
"""

from typing import TYPE_CHECKING

from app.engine.state import Execution

if TYPE_CHECKING:
    from .protocol import Run


def detach_called(run: "Run", instance: Execution) -> None:
    """Let the instances that an instance has called go on without it."""
    below = run.host.tree_below(instance.id)
    for called in run.host.called_by([instance.id, *(e.id for e in below)]):
        # Without a caller its end would otherwise be looked up at an execution that is gone.
        called.super_execution_id = None
        # Its hierarchy is what commands lock: it must not go on under the root of a deleted
        # instance.
        run.host.make_root(called)
