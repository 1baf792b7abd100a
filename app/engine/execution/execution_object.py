"""The ``execution`` of an expression: its properties, and its methods for variables.

Source: semantics 7.3; Camunda 7 ``DelegateExecution``, ``ExecutionEntity``,
``AbstractVariableScope``.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from app.engine.state import Execution, ProcessDefinition
from app.engine.state.conversion import Integer, TypedObject, from_object
from app.engine.state.values import TypedValue
from app.expressions.signatures import ANY, LIST, MAP, TEXT, TEXT_OR_NULL, table

if TYPE_CHECKING:
    from app.engine.graph.graph import Activity, Flow

    from .protocol import Run


class Occasion(NamedTuple):
    """The event that listeners are notified of; service tasks and conditions have none.

    Attributes:
        event: ``start``, ``end`` or ``take``.
        flow: the one that is taken.
        is_canceled: the activity ends without having completed.
        place: what starts or ends; of a process, where it does.
    """

    event: str | None = None
    flow: "Flow | None" = None
    is_canceled: bool = False
    place: "Activity | None" = None


NOTHING = Occasion()


class ExecutionObject:
    """An execution as expressions see it."""

    __slots__ = ("execution", "occasion", "run")
    java_class = "org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity"

    def __init__(self, run: "Run", execution: Execution, occasion: Occasion = NOTHING) -> None:
        self.run = run
        self.execution = execution
        self.occasion = occasion

    def __str__(self) -> str:
        """As messages have it."""
        execution = self.execution
        if execution.parent_id is None:
            return f"ProcessInstance[{execution.id}]"
        kind = "Concurrent" if execution.is_concurrent else ""
        kind += "Scope" if execution.is_scope else ""
        return f"{kind}Execution[{execution.id}]"

    def juel_property(self, name: str) -> object:
        """A property by its name, as in ``execution.businessKey``; AttributeError for others."""
        # An explicit table, never getattr with a name from the model: models are untrusted input.
        field = _FIELDS.get(name)
        if field is not None:
            return getattr(self.execution, field)
        read = _PROPERTIES.get(name)
        if read is not None:
            return read(self)
        # JUEL reads `execution.variables` by the bean convention, as getVariables().
        if (f"get{name[:1].upper()}{name[1:]}", 0) in VARIABLE_METHODS:
            return self.juel_call(f"get{name[:1].upper()}{name[1:]}", [])
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method with its arguments; AttributeError when there is none of that arity."""
        found = VARIABLE_METHODS.get((name, len(arguments)))
        if found is not None:
            return found(self, arguments)
        if arguments:
            raise AttributeError(name)
        for prefix in ("get", "is"):
            if name.startswith(prefix) and len(name) > len(prefix):
                rest = name.removeprefix(prefix)
                return self.juel_property(rest[0].lower() + rest[1:])
        raise AttributeError(name)


class DefinitionObject:
    """The ``processDefinition`` of an execution."""

    __slots__ = ("_definition",)
    java_class = "org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity"

    def __init__(self, definition: ProcessDefinition) -> None:
        self._definition = definition

    def __str__(self) -> str:
        return f"ProcessDefinitionEntity[{self._definition.id}]"

    def juel_property(self, name: str) -> object:
        """A field of the definition, as in ``execution.processDefinition.key``."""
        if name not in _DEFINITION_FIELDS:
            raise AttributeError(name)
        value = getattr(self._definition, _DEFINITION_FIELDS[name])
        # A Java int: arithmetic on a version must not become one of Longs.
        return Integer(value) if isinstance(value, int) else value

    def juel_call(self, name: str, arguments: list[object]) -> object:
        if arguments or not name.startswith("get") or len(name) < 4:
            raise AttributeError(name)
        return self.juel_property(name[3].lower() + name[4:])


class ElementObject:
    """The element of the model where an execution stands: its id and its name."""

    __slots__ = ("_activity",)
    java_class = "org.camunda.bpm.model.bpmn.instance.FlowElement"

    def __init__(self, activity: "Activity") -> None:
        self._activity = activity

    def juel_property(self, name: str) -> object:
        """``id`` or ``name``; AttributeError for others."""
        if name == "id":
            return self._activity.id
        if name == "name":
            return self._activity.name
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        if arguments or name not in ("getId", "getName"):
            raise AttributeError(name)
        return self.juel_property(name[3:].lower())


_FIELDS = {
    "id": "id",
    "processInstanceId": "process_instance_id",
    "rootProcessInstanceId": "root_process_instance_id",
    "processDefinitionId": "process_definition_id",
    "processDefinitionKey": "process_definition_key",
    "parentId": "parent_id",
    "superExecutionId": "super_execution_id",
    "tenantId": "tenant_id",
    "active": "is_active",
    "concurrent": "is_concurrent",
    "scope": "is_scope",
    "eventScope": "is_event_scope",
    "suspended": "is_suspended",
}
_DEFINITION_FIELDS = {
    "id": "id",
    "key": "key",
    "name": "name",
    "version": "version",
    "versionTag": "version_tag",
    "category": "category",
    "deploymentId": "deployment_id",
    "resourceName": "resource_name",
    "tenantId": "tenant_id",
}


def _business_key(of: ExecutionObject) -> str | None:
    return of.run.instance_of(of.execution).business_key


def _activity_id(of: ExecutionObject) -> str | None:
    """Where the token is; on a flow that is taken, still where it comes from."""
    place = _place(of)
    return None if place is None else place.id


def _activity_name(of: ExecutionObject) -> str | None:
    place = _place(of)
    return None if place is None else place.name


def _place(of: ExecutionObject) -> "Activity | None":
    if of.occasion.flow is not None:
        return of.occasion.flow.source
    if of.occasion.place is not None:
        return of.occasion.place
    return of.run.activity_of(of.execution) if of.execution.activity_id else None


def _transition_id(of: ExecutionObject) -> str | None:
    flow = of.occasion.flow
    return None if flow is None else flow.id


def _activity_instance_id(of: ExecutionObject) -> str | None:
    """The activity instance, or that of the scope around while the token moves."""
    execution = of.execution
    if execution.activity_instance_id is not None:
        return execution.activity_instance_id
    if execution.id == of.run.variables.places.starting:
        return None  # the process itself has not started yet
    return of.run.scope_of(execution).scope_activity_instance_id


def _parent_activity_instance_id(of: ExecutionObject) -> str | None:
    execution = of.execution
    if execution.parent_id is None:
        return execution.id
    return of.run.scope_of(of.run.parent_of(execution)).scope_activity_instance_id


def _super_execution(of: ExecutionObject) -> "ExecutionObject | None":
    caller = of.execution.super_execution_id
    return None if caller is None else ExecutionObject(of.run, of.run.host.execution(caller))


def _element(of: ExecutionObject) -> ElementObject:
    return ElementObject(of.run.listening_activity(of.execution))


def _process_definition(of: ExecutionObject) -> DefinitionObject:
    definition: ProcessDefinition = of.run.graph_of(of.execution).definition
    return DefinitionObject(definition)


_PROPERTIES: dict[str, Callable[[ExecutionObject], object]] = {
    "businessKey": _business_key,
    "processBusinessKey": _business_key,
    "activityId": _activity_id,
    "currentActivityId": _activity_id,
    "currentActivityName": _activity_name,
    "activityInstanceId": _activity_instance_id,
    "parentActivityInstanceId": _parent_activity_instance_id,
    "currentTransitionId": _transition_id,
    "eventName": lambda of: of.occasion.event,
    # An execution that is asked is still there; the reference's flag is set after its listeners.
    "ended": lambda _: False,
    "canceled": lambda of: of.occasion.is_canceled,
    "processInstance": lambda of: ExecutionObject(of.run, of.run.instance_of(of.execution)),
    "superExecution": _super_execution,
    "processDefinition": _process_definition,
    "bpmnModelElementInstance": _element,
}


# -- variables ------------------------------------------------------------------------------


def _found(of: ExecutionObject, name: str | None, *, is_local: bool) -> TypedValue | None:
    if name is None:
        return None
    variables = of.run.variables
    return (variables.find_local if is_local else variables.find)(of.execution, name)


def _getter(*, is_local: bool) -> Callable[[ExecutionObject, str | None], object]:
    def get(of: ExecutionObject, name: str | None) -> object:
        if not is_local and name is not None:
            try:
                # The same object for each call, so that what is changed in place is found and
                # stored.
                return of.run.variables.object(of.execution, name, of.run.own_object_of)
            except KeyError:
                return None
        typed = _found(of, name, is_local=is_local)
        return None if typed is None else of.run.object_of(typed)

    return get


def _typed_getter(*, is_local: bool) -> Callable[..., object]:
    def get(of: ExecutionObject, name: str | None, _: object = None) -> object:
        typed = _found(of, name, is_local=is_local)
        return None if typed is None else TypedObject(typed)

    return get


def _has(*, is_local: bool) -> Callable[[ExecutionObject, str | None], bool]:
    return lambda of, name: _found(of, name, is_local=is_local) is not None


def _all(of: ExecutionObject, *, is_local: bool) -> Mapping[str, TypedValue]:
    variables = of.run.variables
    return (variables.local if is_local else variables.visible)(of.execution)


def _objects(*, is_local: bool) -> Callable[[ExecutionObject], dict[str, object]]:
    return lambda of: {n: of.run.object_of(t) for n, t in _all(of, is_local=is_local).items()}


def _names(*, is_local: bool) -> Callable[[ExecutionObject], list[object]]:
    return lambda of: list(_all(of, is_local=is_local))


def _setter(*, is_local: bool) -> Callable[[ExecutionObject, str, object], None]:
    def set_value(of: ExecutionObject, name: str, value: object) -> None:
        variables = of.run.variables
        (variables.set_local if is_local else variables.set)(of.execution, name, from_object(value))

    return set_value


def _many_setter(*, is_local: bool) -> Callable[[ExecutionObject, dict[str, object]], None]:
    set_value = _setter(is_local=is_local)

    def set_values(of: ExecutionObject, values: dict[str, object]) -> None:
        for name, value in values.items():
            set_value(of, name, value)

    return set_values


def _remove(of: ExecutionObject, name: str) -> None:
    of.run.variables.remove_nearest(of.execution, name)


def _remove_local(of: ExecutionObject, name: str) -> None:
    of.run.variables.remove(of.execution, name)


def _remove_many(of: ExecutionObject, names: list[object]) -> None:
    for name in names:
        _remove(of, str(name))


VARIABLE_METHODS = table(
    {
        ("getVariable", TEXT_OR_NULL): _getter(is_local=False),
        ("getVariableLocal", TEXT_OR_NULL): _getter(is_local=True),
        ("getVariableTyped", TEXT_OR_NULL): _typed_getter(is_local=False),
        ("getVariableTyped", TEXT_OR_NULL, ANY): _typed_getter(is_local=False),
        ("getVariableLocalTyped", TEXT_OR_NULL): _typed_getter(is_local=True),
        ("getVariableLocalTyped", TEXT_OR_NULL, ANY): _typed_getter(is_local=True),
        ("hasVariable", TEXT_OR_NULL): _has(is_local=False),
        ("hasVariableLocal", TEXT_OR_NULL): _has(is_local=True),
        ("hasVariables",): lambda of: bool(_all(of, is_local=False)),
        ("hasVariablesLocal",): lambda of: bool(_all(of, is_local=True)),
        ("getVariables",): _objects(is_local=False),
        ("getVariablesLocal",): _objects(is_local=True),
        ("getVariableNames",): _names(is_local=False),
        ("getVariableNamesLocal",): _names(is_local=True),
        ("setVariable", TEXT, ANY): _setter(is_local=False),
        ("setVariableLocal", TEXT, ANY): _setter(is_local=True),
        ("setVariables", MAP): _many_setter(is_local=False),
        ("setVariablesLocal", MAP): _many_setter(is_local=True),
        ("removeVariable", TEXT): _remove,
        ("removeVariableLocal", TEXT): _remove_local,
        ("removeVariables", LIST): _remove_many,
    }
)
