"""Calls of definitions: their bindings, and the variables that go in and come out.

Source: Camunda 7 ``BpmnParse.parseCallActivity``, ``parseCallableElementProvider``.
"""

from app.expressions import Expression

from .file import File
from .model import CallActivity, Delegate, VariableMapping
from .needs import ELSEWHERE
from .source import Element, extension, extension_elements


def read_call_activity(file: File, element: Element) -> CallActivity:
    """A call activity."""
    called, case = element.get("calledElement"), extension(element, "caseRef")
    if called is None and case is None:
        file.problems.add("Missing attribute 'calledElement' or 'caseRef'", element)
    elif called is not None and case is not None:
        file.problems.add(
            "The attributes 'calledElement' or 'caseRef' cannot be used together: Use either "
            "'calledElement' or 'caseRef'",
            element,
        )
    prefix = "calledElement" if case is None else "case"
    binding, version, version_tag = read_binding(file, element, prefix)
    business_key, ins = read_ins(file, element, element.get("id"))
    outs = (read_mapping(file, e, element.get("id")) for e in extension_elements(element, "out"))
    return CallActivity(
        called_element=file.optional(called),
        binding=binding,
        version=version,
        version_tag=version_tag,
        # An empty tenant is as none, and no expression that gives an empty text.
        tenant_id=file.optional(extension(element, f"{prefix}TenantId") or None),
        business_key=business_key,
        ins=ins,
        outs=tuple(outs),
        case_reference=file.optional(case),
        mapper=_mapper(file, element),
    )


def _mapper(file: File, element: Element) -> Delegate | None:
    for kind, name in (("class", "Class"), ("delegateExpression", "DelegateExpression")):
        value = extension(element, f"variableMapping{name}")
        if value is not None:
            # The model is taken, and said to need it: nothing can stand in for a mapping of
            # variables.
            message = f"variableMapping{name} '{value}' needs Java."
            file.problems.need("variableMapping", value, ELSEWHERE, message, element)
            return Delegate(kind, value)
    return None


def read_ins(
    file: File, element: Element, owner_id: str | None
) -> tuple[Expression | None, tuple[VariableMapping, ...]]:
    """The business key and the variables that ``camunda:in`` passes on."""
    business_key, mappings = None, []
    for found in extension_elements(element, "in"):
        # One that gives a business key passes no variable on, whatever else it says.
        if found.get("businessKey"):
            business_key = file.expression(found.get("businessKey"))
        else:
            mappings.append(read_mapping(file, found, owner_id))
    return business_key, tuple(mappings)


def read_mapping(file: File, element: Element, owner_id: str | None) -> VariableMapping:
    """One ``camunda:in`` or ``camunda:out``."""
    is_local = element.get("local") == "true"
    # `all` is looked at first, whatever else stands there.
    if element.get("variables") == "all":
        return VariableMapping(is_all=True, is_local=is_local)
    source, expression = element.get("source"), element.get("sourceExpression")
    target = element.get("target")
    given = "source" if source is not None else "sourceExpression"
    if source is None and expression is None:
        message = "Missing parameter 'source' or 'sourceExpression' when passing variables"
        file.problems.add(message, element, owner_id)
    elif not (source if source is not None else expression):
        file.problems.add(f"Empty attribute '{given}' when passing variables", element, owner_id)
    if not target:
        what = "Missing" if target is None else "Empty"
        message = f"{what} attribute 'target' when attribute 'source' or 'sourceExpression' is set"
        file.problems.add(message, element, owner_id)
    # With both, the source wins.
    if source is not None or not expression:
        return VariableMapping(target, source, is_local=is_local)
    return VariableMapping(target, expression=file.expression(expression), is_local=is_local)


def read_binding(
    file: File, element: Element, prefix: str
) -> tuple[str, Expression | None, Expression | None]:
    """Which version is meant: the binding, the version and the version tag."""
    binding = extension(element, f"{prefix}Binding")
    # An unknown word counts as none, in the reference too, and is no reason to refuse the file.
    if binding not in ("latest", "deployment", "version", "versionTag"):
        binding = "latest"
    values = {}
    for name, suffix in (("version", "Version"), ("versionTag", "VersionTag")):
        values[name] = extension(element, prefix + suffix)
        if binding == name and values[name] is None:
            file.problems.add(
                f"Missing attribute '{prefix}{suffix}' when '{prefix}Binding' has value '{name}'",
                element,
            )
    return binding, file.optional(values["version"]), file.optional(values["versionTag"])
