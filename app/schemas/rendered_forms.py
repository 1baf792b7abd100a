"""Forms as pages: an XHTML form of the fields that the model gives a task or a start event.

The names of the attributes are those by which Camunda's form SDK finds variables. Labels and values
come from models and clients: they are written by a serializer that escapes them, and no script is.

Source: contract 11.8; Camunda 7 ``HtmlFormEngine``.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from app.xml_characters import writable

Element = ElementTree.Element

VARIABLE_TYPES = {
    "string": "String",
    "enum": "String",
    "long": "Long",
    "boolean": "Boolean",
    "date": "String",  # in the field's own pattern
}
ATTRIBUTES = {  # of an input, by the constraints of its field
    "required": "required",
    # A check box and a list of options cannot be read-only in HTML.
    "readonly": "disabled",
    "minlength": "minlength",
    "maxlength": "maxlength",
    "min": "min",
    "max": "max",
}


def rendered(fields: Iterable[Mapping[str, Any]]) -> str:
    """The page of some fields.

    Args:
        fields: each with its ``id``, ``type``, ``label``, ``value`` as a text, ``date_pattern``,
            the ``options`` of an enum by their values, and its ``constraints`` by their names.
    """
    form = Element("form", {"name": "generatedForm", "role": "form"})
    for field in fields:
        group = _child(form, "div", {"class": "form-group"})
        if field["label"]:
            _child(group, "label", {"for": field["id"]}, field["label"])
        _add_input(group, field)
    # For who reads the page's source; blanks between the elements mean nothing.
    ElementTree.indent(form)
    return ElementTree.tostring(form, encoding="unicode", short_empty_elements=True) + "\n"


def _child(
    parent: Element, tag: str, attributes: Mapping[str, str], text: str | None = None
) -> Element:
    clean = {name: writable(value) for name, value in attributes.items()}
    child = ElementTree.SubElement(parent, tag, clean)
    child.text = None if text is None else writable(text)
    return child


def _add_input(group: Element, field: Mapping[str, Any]) -> None:
    kind, value = field["type"], field["value"]
    attributes = {
        "class": "form-control",
        "id": field["id"],
        "name": field["id"],
        "cam-variable-type": VARIABLE_TYPES[kind],
        "cam-variable-name": field["id"],
        **{
            ATTRIBUTES[name]: config or ATTRIBUTES[name]
            for name, config in field["constraints"].items()
            if name in ATTRIBUTES
        },
    }
    if kind == "enum":
        _add_options(_child(group, "select", attributes), field["options"], value)
        return
    # Not `number` or `date`: browsers would convert what the validators are to see as it was typed.
    attributes["type"] = "checkbox" if kind == "boolean" else "text"
    # A box has no value but its being checked; its own says what is sent for it.
    if kind == "boolean":
        attributes |= {"value": "true", **({"checked": "checked"} if value == "true" else {})}
    elif value is not None:
        attributes["value"] = value
    if kind == "date":
        attributes["placeholder"] = field["date_pattern"]
    _child(group, "input", attributes)


def _add_options(select: Element, options: Mapping[str, str | None], value: str | None) -> None:
    for name, label in options.items():
        chosen = {"selected": "selected"} if name == value else {}
        _child(select, "option", {"value": name, **chosen}, label or name)
