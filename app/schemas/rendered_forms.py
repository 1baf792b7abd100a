"""Forms as pages: an XHTML form of the fields that the model gives a task or a start event.

The names of the attributes are those by which Camunda's form SDK finds variables. Labels and values
come from models and clients: they are written by a serializer that escapes them, and no script is.

Source: contract 11.8; Camunda 7 ``HtmlFormEngine``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

Element = ElementTree.Element
# three small sets: one of all that XML may hold takes ten milliseconds to compile, at each start
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]|[\ufffe\uffff]")
VARIABLE_TYPES = {
    "string": "String",
    "enum": "String",
    "long": "Long",
    "boolean": "Boolean",
    "date": "String",  # in the field's own pattern
}
ATTRIBUTES = {  # of an input, by the constraints of its field
    "required": "required",
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
    ElementTree.indent(form)
    return ElementTree.tostring(form, encoding="unicode", short_empty_elements=True) + "\n"


def _child(
    parent: Element, tag: str, attributes: Mapping[str, str], text: str | None = None
) -> Element:
    clean = {name: _readable(value) for name, value in attributes.items()}
    child = ElementTree.SubElement(parent, tag, clean)
    child.text = None if text is None else _readable(text)
    return child


def _readable(text: str) -> str:
    """A text without the characters that XML has no way to write."""
    return _NO_XML.sub("\ufffd", text)


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
    attributes["type"] = "checkbox" if kind == "boolean" else "text"
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
