"""Forms: how fields turn what is submitted into variables, and variables into what is shown.

Source: Camunda 7 ``FormFieldHandler.handleSubmit``, ``SimpleFormFieldType``,
``DefaultFormHandler``.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from app.bpmn import date_patterns
from app.bpmn import model as bpmn
from app.engine.state import Execution, Task
from app.engine.state.conversion import from_object
from app.engine.state.values import TypedValue
from app.errors import EngineError, JavaRuntimeError
from app.expressions import Documents, Expression, parse
from app.expressions.coercion import CoercionError, to_long
from app.expressions.values import java_class, to_text

from .delegates import DelegateError
from .task_scopes import scope_of_task

if TYPE_CHECKING:
    from app.expressions.context import Context

    from .protocol import Run


class FormFieldError(EngineError):
    """A value cannot be that of its field."""


class ShownForm(NamedTuple):
    """A form as it is shown.

    Attributes:
        reference: ``key``, ``binding`` and ``version`` of a form that is deployed apart.
        has_fields: the engine could make a page of it.
    """

    key: str | None
    reference: dict[str, object] | None
    has_fields: bool


class NoInstance:
    """The context of a start form's expressions: empty, there is no instance yet."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.documents = Documents()

    def variable(self, name: str) -> object:
        """No variable has the name."""
        raise KeyError(name)

    def special(self, name: str) -> object:
        """There is no execution."""
        raise KeyError(name)


# -- submitting -------------------------------------------------------------------------------


def submit(
    run: "Run",
    scope: Execution,
    fields: Iterable[bpmn.FormField],
    submitted: Mapping[str, TypedValue],
    task: Task | None = None,
) -> None:
    """Check and set field after field, then set what is no field.

    Args:
        task: whose form it is; None for that of a start event.

    Raises:
        FormFieldError: a rule is broken, or a value cannot be converted.
    """
    others = dict(submitted)
    for field in fields:
        given = others.pop(field.id, None)
        # On what was submitted, before the conversion and without the default (`FormFieldHandler`).
        for constraint in field.constraints:
            _check(run, scope, field, constraint, given)
        value = given
        if given is None and field.default is not None:
            value = from_object(run.evaluation(scope).of(field.default))
        if value is not None:
            run.variables.set(scope, field.id, converted(field, value))
    run.variables.set_all(scope, others)
    run.history.form_submitted(scope, task, submitted)


def _check(
    run: "Run",
    scope: Execution,
    field: bpmn.FormField,
    constraint: bpmn.Constraint,
    given: TypedValue | None,
) -> None:
    value = None if given is None else run.object_of(given)
    # A value that the variable has already is as good as one that is submitted.
    if constraint.name == "required" and value is None:
        known = run.variables.find(scope, field.id)
        is_kept = known is not None and known.value is not None
    elif constraint.name == "validator":
        _refuse_java(run, scope, constraint.config or "")
        return
    else:
        is_kept = _keeps(constraint, value)
    if not is_kept:
        rule = constraint.name if constraint.config is None else f"{constraint.name}({{}})"
        raise FormFieldError(
            f"Invalid value submitted for form field '{field.id}': validation of "
            f"{rule.format(constraint.config)} failed."
        )


def _refuse_java(run: "Run", scope: Execution, config: str) -> None:
    """Fail where a validator of one's own is reached: only the JVM could ask it."""
    if config.startswith(("${", "#{")):
        run.evaluation(scope).of(parse(config))
    raise DelegateError("class", config)


def _keeps(constraint: bpmn.Constraint, value: object) -> bool:
    """Whether a value keeps a rule; what is not submitted breaks none of these."""
    if constraint.name == "required":
        return value != ""
    if value is None:
        return True
    if constraint.name == "readonly":
        return False
    if constraint.name in ("minlength", "maxlength"):
        return _has_length(constraint, value)
    return _is_within(constraint, value)


def _has_length(constraint: bpmn.Constraint, value: object) -> bool:
    if not isinstance(value, str):
        kind = "MinLength" if constraint.name == "minlength" else "MaxLength"
        raise FormFieldError(
            f"String validator {kind}Validator cannot be used on non-string value of type class "
            f"{java_class(value)}"
        )
    try:
        bound = int(constraint.config or "")
    except ValueError:
        raise FormFieldError(
            f'Cannot validate "{constraint.name}": configuration {constraint.config or "null"} '
            "cannot be interpreted as Integer"
        ) from None
    return len(value) >= bound if constraint.name == "minlength" else len(value) <= bound


def _is_within(constraint: bpmn.Constraint, value: object) -> bool:
    """Whether a number is at least the least, or below the most, as the reference has it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    kind = java_class(value).rpartition(".")[2]
    try:
        bound = (
            float(constraint.config or "")
            if isinstance(value, float)
            else int(constraint.config or "")
        )
    except ValueError:
        raise FormFieldError(
            f"Cannot validate {kind} value {to_text(value)}: configuration "
            f"{constraint.config or 'null'} cannot be parsed as {kind}."
        ) from None
    # The upper bound itself is refused: an oddity of the reference that forms rely on.
    return value >= bound if constraint.name == "min" else value < bound


def converted(field: bpmn.FormField, typed: TypedValue) -> TypedValue:
    """The value of a variable for what a field is given, or has as its default.

    Raises:
        FormFieldError: it cannot be of the field's type.
        JavaRuntimeError: it is a text that is no number.
    """
    value, made = typed.value, _MODEL_TYPES[field.type]
    if value is None:
        return TypedValue(made, None, None, typed.is_transient)
    if field.type == "string":
        value = value if isinstance(value, str) else to_text(value)
    elif field.type == "enum":
        value = _enum(field, value)
    elif field.type == "long":
        value = _long(value)
    elif field.type == "boolean":
        value = _boolean(value)
    else:
        value = _date(field, value)
    return TypedValue(made, value, None, typed.is_transient)


_MODEL_TYPES = {
    "string": "String",
    "enum": "String",
    "long": "Long",
    "boolean": "Boolean",
    "date": "Date",
}


def _enum(field: bpmn.FormField, value: object) -> str:
    if not isinstance(value, str):
        raise FormFieldError(f"Value '{to_text(value)}' is not of type String.")
    if value not in field.values:
        raise FormFieldError(f"Invalid value for enum form property: {value}")
    return value


def _long(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise FormFieldError(f"Value '{to_text(value)}' is not of type Long.")
    text = to_text(value)
    try:
        # Java parses the text of a Double, `1.0`, and fails on the point.
        if not text or isinstance(value, float):
            raise CoercionError(text)
        return int(to_long(text))
    except CoercionError:
        raise JavaRuntimeError("NumberFormatException", f'For input string: "{text}"') from None


def _boolean(value: object) -> bool:
    if isinstance(value, str):
        return value.lower() == "true"
    if isinstance(value, bool):
        return value
    raise FormFieldError(f"Value '{to_text(value)}' is not of type Boolean.")


def _date(field: bpmn.FormField, value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise FormFieldError(f"Value '{to_text(value)}' cannot be transformed into a Date.")
    text = value.strip()
    if not text:
        return None
    try:
        return date_patterns.parse(field.date_pattern, text)
    except ValueError:
        raise FormFieldError(
            f"Could not parse value '{text}' as date using date format '{field.date_pattern}'."
        ) from None


# -- showing ----------------------------------------------------------------------------------


def shown_value(field: bpmn.FormField, known: TypedValue | None, context: "Context") -> TypedValue:
    """The value that a field shows: its variable, else its default; a date as a text."""
    if known is None:
        default = None if field.default is None else field.default.evaluate(context)
        known = converted(field, from_object(default))
    if field.type != "date":
        return known
    if isinstance(known.value, datetime):
        return TypedValue("String", date_patterns.format_date(field.date_pattern, known.value))
    return TypedValue("String", "") if known.value is None else known


def compute(fields: Iterable[bpmn.FormField], context: "Context") -> None:
    """Compute the labels and defaults of fields: who reads a part of a form reads all of it.

    Raises:
        ExpressionError: one of them cannot be computed.

    Source: Camunda 7 ``DefaultFormHandler.initializeFormFields``.
    """
    for field in fields:
        for found in (field.label, field.default):
            if found is not None:
                found.evaluate(context)


def drawn(field: bpmn.FormField, known: TypedValue | None, context: "Context") -> dict[str, object]:
    """A field as a page shows it: its label, its value as a text, its rules."""
    value = shown_value(field, known, context).value
    label = None if field.label is None else field.label.evaluate(context)
    return {
        "id": field.id,
        "type": field.type,
        "label": None if label is None else to_text(label),
        "value": None if value is None else to_text(value),
        "date_pattern": field.date_pattern,
        "options": {name: text for name, text in field.values.items() if name is not None},
        "constraints": {rule.name: rule.config for rule in field.constraints},
    }


def shown_of_task(run: "Run", task: Task) -> ShownForm:
    """The form of a user task as it is now.

    Raises:
        ExpressionError: its key or its reference cannot be computed.
    """
    form = form_of_task(run, task)

    def text(value: Expression | None) -> str | None:
        if value is None or value.is_literal:
            return None if value is None else value.text
        found = run.evaluation(scope_of_task(run.host, task)).of(value)
        return None if found is None else to_text(found)

    return ShownForm(text(form.key), _reference(form, text(_key_of(form)), text), bool(form.fields))


def shown_of_start(form: bpmn.Form) -> ShownForm:
    """The form of a start event: there is no instance in which it could be computed."""
    key = _key_of(form)

    def text(value: Expression | None) -> str | None:
        return None if value is None else value.text

    return ShownForm(text(form.key), _reference(form, text(key), text), bool(form.fields))


def _key_of(form: bpmn.Form) -> Expression | None:
    return None if form.reference is None else form.reference.key


def _reference(
    form: bpmn.Form, key: str | None, text: "Callable[[Expression | None], str | None]"
) -> dict[str, object] | None:
    if form.reference is None or key is None:
        return None
    version = text(form.reference.version) if form.reference.binding == "version" else None
    if version is not None and not version.isdecimal():
        raise JavaRuntimeError("NumberFormatException", f'For input string: "{version}"')
    number = None if version is None else int(version)
    return {"key": key, "binding": form.reference.binding, "version": number}


def form_of_task(run: "Run", task: Task) -> bpmn.Form:
    """The form that the model gives a user task."""
    if task.process_definition_id is None:
        return bpmn.NO_FORM
    activity = run.host.graph(task.process_definition_id).activities.get(
        task.task_definition_key or ""
    )
    detail = None if activity is None else activity.user_task
    return bpmn.NO_FORM if detail is None else detail.form
