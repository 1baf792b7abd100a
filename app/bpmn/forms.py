"""Forms of user tasks and start events: a key, a reference, or fields with their rules.

Source: Camunda 7 ``DefaultFormHandler.parseFormField``, ``FormTypes``, ``FormValidators``,
``BpmnParse.parseFormDefinition``.
"""

from app.errors import ExpressionSyntaxError

from . import date_patterns
from .file import File
from .needs import ELSEWHERE
from .source import Element, engine_children, extension, extension_elements
from .values import Constraint, Form, FormField, FormReference

BINDINGS = ("deployment", "latest", "version")
TYPES = ("string", "long", "date", "boolean", "enum")
CONSTRAINTS = ("required", "minlength", "maxlength", "min", "max", "readonly")
CUSTOM = "validator"  # a constraint that only the JVM could check
DATE_PATTERN = "dd/MM/yyyy"


def read_form(file: File, element: Element) -> Form:
    """The form of a user task or a start event."""
    key, ref = extension(element, "formKey"), extension(element, "formRef")
    if key is not None and ref is not None:
        file.problems.add(
            "Invalid element definition: only one of the attributes formKey and formRef is "
            "allowed.",
            element,
        )
    return Form(
        key=file.optional(key),
        reference=None if ref is None else _reference(file, element, ref),
        fields=tuple(
            _field(file, found)
            for data in extension_elements(element, "formData")[:1]
            for found in engine_children(data, "formField")
        ),
    )


def _reference(file: File, element: Element, ref: str) -> FormReference:
    binding = extension(element, "formRefBinding")
    if binding not in BINDINGS:
        file.problems.add(
            "Invalid element definition: value for formRefBinding attribute has to be one of "
            f"[{', '.join(BINDINGS)}] but was {binding or 'null'}",
            element,
        )
    version = file.optional(extension(element, "formRefVersion"))
    return FormReference(file.expression(ref), binding or "latest", version)


def _field(file: File, element: Element) -> FormField:
    id_, type_ = element.get("id") or "", element.get("type")
    if not id_:
        message = "attribute id must be set for FormFieldGroup and must have a non-empty value"
        file.problems.add(message, element)
    if type_ is None:
        file.problems.add("form field must have a 'type' attribute", element)
    elif type_ not in TYPES:
        file.problems.add(f"unknown type '{type_}'", element)
    pattern = element.get("datePattern") or DATE_PATTERN
    # Only a date's: Java reads the pattern when it makes the type, and never for other types.
    illegal = date_patterns.illegal_letter(pattern) if type_ == "date" else None
    if illegal is not None:
        # Thrown and not collected: in the reference, too, it ends the reading of the whole file.
        raise ExpressionSyntaxError(
            f"ENGINE-01009 Error while parsing process. Illegal pattern character '{illegal}'."
        )
    values = {e.get("id"): e.get("name") for e in engine_children(element, "value")}
    return FormField(
        id=id_,
        type=type_ or "",
        label=file.optional(element.get("label")),
        default=file.optional(element.get("defaultValue")),
        date_pattern=pattern,
        values=values,
        constraints=tuple(
            _constraint(file, found)
            for container in engine_children(element, "validation")[:1]
            for found in engine_children(container, "constraint")
        ),
    )


def _constraint(file: File, element: Element) -> Constraint:
    name, config = element.get("name") or "", element.get("config")
    if name == CUSTOM:
        if config:
            message = f"The validator '{config}' needs a Java virtual machine."
            file.problems.need("validator", config, ELSEWHERE, message, element)
        else:
            message = (
                "validator configuration needs to provide either a fully qualified classname or an "
                "expression resolving to a custom FormFieldValidator implementation."
            )
            file.problems.add(message, element)
    elif name not in CONSTRAINTS:
        message = f"Cannot find validator implementation for name '{name}'."
        file.problems.add(message, element)
    return Constraint(name, config)
