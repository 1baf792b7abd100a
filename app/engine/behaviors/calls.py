"""Call activities: another process, with what is handed in and out.

Source: semantics 2.8; Camunda 7 ``CallActivityBehavior``.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.bpmn.extensions import is_java_integer
from app.engine.execution import mappings, starting
from app.engine.execution.delegates import DelegateError
from app.engine.state import Execution
from app.errors import EngineError, JavaRuntimeError
from app.expressions.values import Integer, to_text

from .base import Behavior

if TYPE_CHECKING:
    from app.engine.execution.protocol import Evaluation, Run


Bound = bpmn.CallActivity | bpmn.Decision  # what says which version of something is meant


class CalledElementError(EngineError):
    """The called element of a call activity is unknown."""


class CallActivity(Behavior[bpmn.CallActivity]):
    """Start an instance of the called process and wait for its end.

    Source: Camunda 7 ``CallActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        call, evaluation = self.detail, run.evaluation(execution)
        if call.mapper is not None:
            raise DelegateError(call.mapper.kind, call.mapper.name)
        if call.called_element is None:
            raise CalledElementError("A case cannot be called: only processes are run here")
        # Nothing passes by default, neither variables nor the business key (semantics 2.8).
        variables = mappings.handed(run, execution, call.ins)
        business_key = mappings.text_of(evaluation, call.business_key)
        key = mappings.text_of(evaluation, call.called_element)
        graph = run.host.called_graph(
            # Java's text of null: the message about the missing definition has this word.
            "null" if key is None else key,
            binding=call.binding,
            version=version_of(evaluation, call),
            deployment_id=run.graph_of(execution).definition.deployment_id,
            tenant_id=tenant_of(evaluation, call, execution),
        )
        starting.start_called(run, graph, execution, variables, business_key)

    def returned(self, caller: Execution, called: Execution, run: "Run") -> None:
        """Hand out what the called instance has, before it goes."""
        # One mapping after the other: a later one may overwrite what an earlier one has set.
        for mapping in self.detail.outs:
            found = mappings.handed(run, called, (mapping,))
            for name, typed in found.items():
                if mapping.is_local:
                    run.variables.set_local(caller, name, typed)
                else:
                    # From the call's own execution outwards: an input parameter of the same name
                    # swallows the value, as in the reference (semantics 2.8).
                    run.variables.set(caller, name, typed)


def tenant_of(evaluation: "Evaluation", call: Bound, execution: Execution) -> str | None:
    """The tenant of the called definition: the caller's, or the one that the element names.

    An expression that gives null means the definition without a tenant.

    Source: Camunda 7 ``BaseCallableElement.getDefinitionTenantId``.
    """
    if call.tenant_id is None:
        return execution.tenant_id
    return mappings.text_of(evaluation, call.tenant_id)


def version_of(evaluation: "Evaluation", call: Bound) -> str | None:
    """The version, or the version tag, that the binding asks for.

    Raises:
        JavaRuntimeError: the version is a text without a number.
        CalledElementError: the version is no Integer, or the tag no text.

    Source: Camunda 7 ``BaseCallableElement.getVersion``, ``getVersionTag``.
    """
    if call.binding == "version" and call.version is not None:
        value = evaluation.of(call.version)
        if isinstance(value, str):
            if not is_java_integer(value):
                raise JavaRuntimeError("NumberFormatException", f'For input string: "{value}"')
            return str(int(value))
        # Integer alone: a Long, a Double or a Boolean cannot be cast to it in Java.
        if value is not None and type(value) is not Integer:
            raise CalledElementError(
                f"It is not possible to transform '{to_text(value)}' into an integer."
            )
        return None if value is None else to_text(value)
    if call.binding == "versionTag" and call.version_tag is not None:
        value = evaluation.of(call.version_tag)
        if value is not None and not isinstance(value, str):
            raise CalledElementError(
                f"It is not possible to transform '{to_text(value)}' into a string."
            )
        return value
    return None
