"""Implementations of tasks: external, by expression, in Java, by a user, by a decision.

Source: Camunda 7 ``BpmnParse.parseServiceTaskLike``, ``parseUserTask``.
"""

from app.errors import ExpressionSyntaxError

from .assignments import assigned, split, users_and_groups
from .calls import read_binding
from .extensions import make_script, read_mapping, read_priority, read_task_listeners
from .file import File
from .forms import read_form
from .model import (
    Decision,
    Delegate,
    ErrorDefinition,
    ExpressionTask,
    ExternalTask,
    ReceiveTask,
    ScriptTask,
    UserTask,
)
from .needs import TASK
from .source import (
    Element,
    child,
    children,
    documentation,
    engine_children,
    extension,
    local_name,
    text,
)

Implementation = ExternalTask | ExpressionTask | Delegate

RESULT_MAPPERS = (None, "singleEntry", "singleResult", "collectEntries", "resultList")


def is_implemented(element: Element) -> bool:
    """Whether a send task or a message event says what executes it."""
    names = ("class", "expression", "delegateExpression", "type")
    return any(extension(element, n) is not None for n in names) or _connector(element) is not None


def read_implementation(
    file: File, element: Element, kind: str, owner: Element
) -> Implementation | None:
    """The implementation of a service, send or business rule task, or of a message event.

    The attributes are the element's; of a message event ``owner``, that is its event definition.
    Problems name the element by its ``kind``.
    """
    type_ = extension(element, "type")
    java, expression = _java(element), extension(element, "expression") or ""
    # `type` wins over a class or an expression, as in the reference.
    if type_ is not None:
        if type_.lower() == "external":
            return _external(file, element)
        if type_.lower() not in ("mail", "shell"):
            file.problems.add(f"Invalid usage of type attribute on {kind}: '{type_}'", element)
            return None
        # The reference executes them with classes of its own: delegates like any other here.
        java = type_.lower(), type_.lower()
    elif java is None and expression.strip():
        return ExpressionTask(file.expression(expression), _result_variable(element))
    java = java or _connector(element)
    if java is None:
        file.problems.add(_nothing_executes(kind, element), element)
        return None
    return _delegate(file, element, kind, java, owner)


def _java(element: Element) -> tuple[str, str] | None:
    """Kind and name of the Java code that an element names."""
    # A class wins. A blank name is as if it were not there, so that the other one counts.
    for kind in ("class", "delegateExpression"):
        name = (extension(element, kind) or "").strip()
        if name:
            return kind, name
    return None


def _connector(element: Element) -> tuple[str, str] | None:
    found = _connector_element(element)
    if found is None:
        return None
    ids = (text(e).strip() for e in found if local_name(e) == "connectorId")
    return "connector", next(ids, "")


def _connector_element(element: Element) -> Element | None:
    container = child(element, "extensionElements")
    found = (e for e in (() if container is None else container) if local_name(e) == "connector")
    return next(found, None)


def _delegate(
    file: File, element: Element, kind: str, java: tuple[str, str], owner: Element
) -> Delegate:
    """An implementation that needs a Java virtual machine."""
    result = _result_variable(element)
    if result is not None and java[0] in ("class", "delegateExpression"):
        file.problems.add(
            f"'resultVariableName' not supported for {kind} elements using '{java[0]}'", element
        )
    if java[0] == "delegateExpression":
        file.expression(java[1])  # it is never evaluated, but must follow the grammar
    message = f"The {java[0]} '{java[1]}' needs a Java virtual machine."
    file.problems.need(*java, TASK, message, owner)
    priority = read_priority(file, element, "taskPriority")
    connector = _connector_element(element) if java[0] == "connector" else None
    mappings = () if connector is None else engine_children(connector, "inputOutput")
    inputs, outputs = (
        read_mapping(file, mappings, direction, owner.get("id"))
        for direction in ("input", "output")
    )
    return Delegate(*java, result, priority, inputs, outputs)


def _nothing_executes(kind: str, element: Element) -> str:
    names = "One of the attributes 'class', 'delegateExpression', 'type', or 'expression' is "
    if kind == "sendTask" and not is_implemented(element):
        return f"{names}mandatory on sendTask."
    return (
        f"{names}mandatory on {kind}. If you are using a connector, make sure the "
        "connect process engine plugin is registered with the process engine."
    )


def _external(file: File, element: Element) -> ExternalTask | None:
    topic = extension(element, "topic")
    priority = read_priority(file, element, "taskPriority")
    definitions = tuple(_error_definitions(file, element))
    if topic is None:
        file.problems.add(
            "External tasks must specify a 'topic' attribute in the camunda namespace", element
        )
        return None
    return ExternalTask(file.expression(topic), priority, definitions)


def _error_definitions(file: File, element: Element) -> list[ErrorDefinition]:
    container = child(element, "extensionElements")
    definitions = []
    for found in () if container is None else container:
        ref = found.get("errorRef")
        if local_name(found) != "errorEventDefinition" or ref is None:
            continue
        if found.get("expression") is None:
            # Raised and not gathered, as a broken expression is: nothing behind it is read.
            raise ExpressionSyntaxError(
                "ENGINE-01009 Error while parsing process. An error event definition of "
                f"'{element.get('id')}' has no expression."
            )
        expression = file.expression(found.get("expression"))
        definitions.append(ErrorDefinition(file.error_code(ref), expression))
    return definitions


def _result_variable(element: Element) -> str | None:
    # The second is the name of old.
    return extension(element, "resultVariable") or extension(element, "resultVariableName")


def read_business_rule(file: File, element: Element) -> Decision | Implementation | None:
    """A business rule task: a decision, or like a service task."""
    reference = extension(element, "decisionRef")
    if reference is None:
        return read_implementation(file, element, "businessRuleTask", element)
    mapper = extension(element, "mapDecisionResult")
    if mapper not in RESULT_MAPPERS:
        file.problems.add(
            f"No decision result mapper found for name '{mapper}'. Supported mappers are "
            "'singleEntry', 'singleResult', 'collectEntries' and 'resultList'.",
            element,
        )
    binding, version, version_tag = read_binding(file, element, "decisionRef")
    result_variable = _result_variable(element)
    if result_variable is not None:  # it is read ahead: what is set may be there already
        file.names.add(result_variable)
    return Decision(
        reference=file.expression(reference),
        binding=binding,
        version=version,
        version_tag=version_tag,
        result_variable=result_variable,
        map_decision_result=mapper,
        tenant_id=file.optional(extension(element, "decisionRefTenantId") or None),
    )


def read_script_task(file: File, element: Element) -> ScriptTask | None:
    """A script task; its ``type`` attribute means nothing."""
    script, resource = child(element, "script"), extension(element, "resource")
    if script is None and not resource:
        message = "Unable to process ScriptTask: No script source or resource was given"
        # Without a place, as the reference tells it.
        file.problems.add(message, None)
        return None
    content = "" if script is None else text(script)
    # Here a language may be missing; a `camunda:script` without one is refused.
    script_format = element.get("scriptFormat") or "juel"
    made = make_script(file, element, script_format, content, resource, TASK)
    return ScriptTask(made, _result_variable(element))


def read_receive_task(file: File, element: Element) -> ReceiveTask:
    """A receive task; one without a message waits for a signal to its execution."""
    if element.get("messageRef") is None:
        return ReceiveTask()
    return ReceiveTask(file.message_name(element, element.get("id")))


def read_user_task(file: File, element: Element) -> UserTask:
    """A user task."""
    assignees = [t for e in children(element, "humanPerformer") for t in assigned(e)]
    assignee = extension(element, "assignee")
    if assignees and assignee is not None:
        name = element.get("name")
        file.problems.add(f"Invalid usage: duplicate assignee declaration for task {name}", element)
    users, groups = users_and_groups(children(element, "potentialOwner"))
    users += split(extension(element, "candidateUsers") or "")
    groups += split(extension(element, "candidateGroups") or "")
    return UserTask(
        name=file.optional(element.get("name")),
        description=file.optional(documentation(element)),
        assignee=file.optional(assignee if assignee is not None else next(iter(assignees), None)),
        candidate_users=tuple(file.expression(user) for user in users),
        candidate_groups=tuple(file.expression(group) for group in groups),
        due_date=file.optional(extension(element, "dueDate")),
        follow_up_date=file.optional(extension(element, "followUpDate")),
        priority=file.optional(extension(element, "priority")),
        form=read_form(file, element),
        listeners=read_task_listeners(file, element),
    )
