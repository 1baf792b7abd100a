"""Call activities: another process, with what is handed in and out.

Source: engine semantics 2.8; Camunda 7 ``CallActivityBehavior``.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.errors import EngineError
from app.expressions.values import to_text

from .. import mappings, starting
from ..state import Execution
from .base import Behavior, DelegateError

if TYPE_CHECKING:
    from app.expressions import Expression

    from ..run import Run


class CalledElementError(EngineError):
    """What a call activity calls cannot be told."""


class Call(Behavior):
    """Start an instance of the called process and wait for its end."""

    def execute(self, execution: Execution, run: "Run") -> None:
        call = _detail(execution, run)

        def text(value: "Expression | None") -> str | None:
            found = None if value is None else run.evaluation(execution).of(value)
            return None if found is None else to_text(found)

        if call.mapper is not None:
            raise DelegateError(call.mapper.kind, call.mapper.name)
        key = text(call.called_element)
        if key is None:
            raise CalledElementError("A case cannot be called: only processes are run here")
        graph = run.host.called_graph(
            key,
            binding=call.binding,
            version=text(call.version) or text(call.version_tag),
            deployment_id=run.graph_of(execution).definition.deployment_id,
            tenant_id=text(call.tenant_id) or execution.tenant_id,
        )
        variables = mappings.handed(run, execution, call.ins, drops_loop=True)
        starting.start_called(run, graph, execution, variables, text(call.business_key))

    def returned(self, caller: Execution, called: Execution, run: "Run") -> None:
        """Hand out what the called instance has, before it goes."""
        outs = _detail(caller, run).outs
        for mapping in outs:
            found = mappings.handed(run, called, (mapping,), drops_loop=True)
            for name, typed in found.items():
                if mapping.is_local:
                    run.variables.set_local(caller, name, typed)
                else:
                    run.variables.set(caller, name, typed)


def _detail(execution: Execution, run: "Run") -> bpmn.CallActivity:
    detail = run.activity_of(execution).detail
    if not isinstance(detail, bpmn.CallActivity):
        raise TypeError(type(detail).__name__)
    return detail
