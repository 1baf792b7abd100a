"""Input and output parameters, and what a call activity hands in and out.

Source: semantics 3.4, 3.5 and 2.8; Camunda 7 ``IoMapping``, ``CallableElement``.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.bpmn import model as bpmn
from app.engine.state import Execution
from app.engine.state.conversion import from_object, written_anew
from app.engine.state.values import NULL, TypedValue
from app.errors import ClassCastError, EngineError
from app.expressions import Expression
from app.expressions.values import TreeMap, to_text

if TYPE_CHECKING:
    from app.engine.graph.graph import Activity

    from .protocol import Evaluation, Run

COMPARABLE = frozenset(
    f"java.lang.{name}" for name in ("String", "Boolean", "Short", "Integer", "Long", "Double")
)


class MapKeyError(EngineError):
    """A tree map cannot order its keys."""

    def __init__(self, classes: Iterable[str]) -> None:
        super().__init__("The keys of a map cannot be compared: " + ", ".join(sorted(classes)))


def map_inputs(run: "Run", parent: Execution, scope: Execution, activity: "Activity") -> None:
    """Set each input in the new scope, evaluated in the view of the one around it."""
    evaluation = run.evaluation(parent)
    # The history names the scope around it for what a sub-process is given (semantics 10).
    run.variables.places.opening = scope.id
    for parameter in activity.inputs:
        run.variables.set_local(scope, parameter.name, parameter_value(parameter.value, evaluation))
    run.variables.places.opening = None


def map_instance(run: "Run", token: Execution, activity: "Activity") -> None:
    """Set the inputs of one of several instances that has no scope of its own.

    They are evaluated outside of what the instance is given: it is the reference's way, which
    does not see the element variable there.
    """
    evaluation = run.evaluation(run.parent_of(token))
    for parameter in activity.inputs:
        run.variables.set_local(token, parameter.name, parameter_value(parameter.value, evaluation))


def map_outputs(run: "Run", scope: Execution, parent: Execution, activity: "Activity") -> None:
    """Set each output outside, evaluated inside; a later one sees an earlier one."""
    run.variables.places.leaving = scope.id
    for parameter in activity.outputs:
        value = parameter_value(parameter.value, run.evaluation(scope))
        # Set one by one, outwards from the parent: the next one sees it already (semantics 1.4,
        # step 5).
        run.variables.set(parent, parameter.name, value)
    run.variables.places.leaving = None


def given(parameters: Iterable[bpmn.Parameter], evaluation: "Evaluation") -> dict[str, TypedValue]:
    """The values that a connector is given."""
    return {p.name: parameter_value(p.value, evaluation) for p in parameters}


def take_out(run: "Run", scope: Execution, parameters: Iterable[bpmn.Parameter]) -> None:
    """Set what a connector's parameters take of its answer, which the scope has."""
    for parameter in parameters:
        value = parameter_value(parameter.value, run.evaluation(scope))
        run.variables.set(run.parent_of(scope), parameter.name, value)


def parameter_value(value: bpmn.Value, evaluation: "Evaluation") -> TypedValue:
    """The typed value of a parameter."""
    if value is None:
        return NULL
    return from_object(object_of(value, evaluation))


def object_of(value: bpmn.Value, evaluation: "Evaluation") -> object:
    """The object that a parameter is given."""
    if isinstance(value, bpmn.ListValue):
        return [object_of(item, evaluation) for item in value.items]
    if isinstance(value, bpmn.MapValue):
        return _map(value, evaluation)
    return None if value is None else evaluation.of(value)


def _map(value: bpmn.MapValue, evaluation: "Evaluation") -> TreeMap:
    """Keys are sorted, as in the tree map that the reference engine makes.

    Raises:
        MapKeyError: a key is null, or not of the class of the others.
    """
    found = [(evaluation.of(key), object_of(item, evaluation)) for key, item in value.entries]
    classes = {evaluation.class_of(key) for key, _ in found}
    # Java's tree map compares its keys: null, or two classes, is an error there.
    if len(classes) > 1 or not classes <= COMPARABLE:
        raise MapKeyError(classes)
    entries: dict[Any, object] = dict(found)
    return TreeMap((to_text(key), entries[key]) for key in sorted(entries))


def text_of(evaluation: "Evaluation", value: Expression | None) -> str | None:
    """The text that the key of a process or an instance is given by.

    Raises:
        ClassCastError: it is given by something else.

    Source: Camunda 7 ``BaseCallableElement``, ``CallableElement.getBusinessKey``.
    """
    found = None if value is None else evaluation.of(value)
    if found is None or isinstance(found, str):
        return found
    raise ClassCastError(f"Cannot cast '{to_text(found)}' to String")


def handed(
    run: "Run", source: Execution, mappings: Iterable[bpmn.VariableMapping]
) -> dict[str, TypedValue]:
    """The values that mappings read at an execution; a source that is missing gives null."""
    found: dict[str, TypedValue] = {}
    for mapping in mappings:
        if mapping.is_all:
            # In order with the others: a later single mapping overwrites what "all" has brought.
            found.update(_local(run, source) if mapping.is_local else run.variables.visible(source))
        elif mapping.target is not None:
            found[mapping.target] = _mapped(run, source, mapping)
    return {name: written_anew(typed) for name, typed in found.items()}


def _local(run: "Run", source: Execution) -> dict[str, TypedValue]:
    """An execution's variables; for one of several instances also those that tell them apart."""
    own = run.variables.local(source)
    if run.scope_activity_of(source).multi_instance_body is None:
        return own
    # The loop counter and the element are at the execution above that carries the instance.
    return {**run.variables.local(run.parent_of(source)), **own}


def _mapped(run: "Run", source: Execution, mapping: bpmn.VariableMapping) -> TypedValue:
    if mapping.expression is not None:
        return from_object(run.evaluation(source).of(mapping.expression))
    name = mapping.source or ""
    if mapping.is_local:
        return run.variables.find_local(source, name) or NULL
    return run.variables.find(source, name) or NULL
