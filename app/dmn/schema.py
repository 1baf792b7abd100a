"""Whether a file keeps to the exchange format of its version of DMN, element by element."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.bpmn.source import Element, Problems, local_name

from .versions import ATTRIBUTES, CONTENTS, DIAGRAMS, NAMESPACES, VALUES

_NAME = re.compile(r"[^\W\d][\w.\-·]*")  # an NCName, nearly: \w is wider than XML's letters
_QNAME = re.compile(r"(?:([^\W\d][\w.\-·]*):)?[^\W\d][\w.\-·]*")
# A part, and behind it the versions that have it: `label:Text? 12+`.
_PART = re.compile(r"(\S+)((?: \d\d\+?)?)")
_OPEN = frozenset(("Extensions", "Diagrams"))  # their content is not ours
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """The children and attributes that an element of a type may have.

    Attributes:
        sequence: matches the names of its children, each with a blank behind it.
        types: of the children, by name.
    """

    sequence: re.Pattern[str]
    types: dict[str, str]
    attributes: frozenset[str]
    mandatory: frozenset[str]


def version_of(root: Element) -> int | None:
    """The version of DMN that a file is written in; None for what is no DMN that is read."""
    name = root.tag if isinstance(root.tag, str) else ""
    namespace, _, local = name.removeprefix("{").partition("}")
    return NAMESPACES.get(namespace) if local == "definitions" else None


def check_format(root: Element, version: int, problems: Problems) -> None:
    """Note every element and attribute that the version does not know, or not there."""
    namespace = root.tag.partition("}")[0] + "}"
    # A stack, for a file may nest expressions deeper than Python calls.
    pending = [(root, "Definitions")]
    while pending:
        element, type_ = pending.pop()
        shape = _shape(type_, version)
        _check_attributes(element, shape, version, problems)
        children = _children(element, namespace, version, problems)
        # A regular expression over names is all that these schemas need: no XSD is shipped or read.
        if shape.sequence.fullmatch("".join(f"{name} " for name, _ in children)) is None:
            name = local_name(element)
            problems.add(f"The content of element '{name}' is not complete or unknown.", element)
        if type_ != "Text" and _has_text(element):
            problems.add(f"Element '{local_name(element)}' must not have text.", element)
        for name, child in children:
            child_type = shape.types.get(name)
            if child_type == "Extensions":
                _check_extensions(child, namespace, problems)
            elif child_type is not None and child_type not in _OPEN:
                pending.append((child, child_type))


def check_ids(root: Element, problems: Problems) -> None:
    """Every id is a name and stands for one element."""
    seen: set[str] = set()
    for element in _outside_extensions(root):
        id_ = element.get("id")
        if id_ is None:
            continue
        if id_ in seen:
            problems.add(f"There are multiple occurrences of ID value '{id_}'.", element)
        elif not _NAME.fullmatch(id_):
            problems.add(f"'{id_}' is not a valid value for 'NCName'.", element)
        seen.add(id_)


def _outside_extensions(root: Element) -> Iterator[Element]:
    pending = [root]
    while pending:
        element = pending.pop()
        yield element
        if local_name(element) != "extensionElements":
            # Reversed, so that problems come in the order of the document.
            pending.extend(reversed(element))


def _children(
    element: Element, namespace: str, version: int, problems: Problems
) -> list[tuple[str, Element]]:
    """The children with their names; those of another namespace are none."""
    children = []
    diagrams = f"{{{DIAGRAMS.get(version, '')}}}DMNDI"
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag.startswith(namespace) or tag == diagrams:
            children.append((local_name(child), child))
        else:
            problems.add(f"Element '{tag}' is not allowed here.", child)
    return children


def _check_extensions(element: Element, namespace: str, problems: Problems) -> None:
    for child in element:
        if isinstance(child.tag, str) and child.tag.startswith(namespace):
            problems.add(f"Element '{local_name(child)}' is no extension.", child)


def _check_attributes(element: Element, shape: _Shape, version: int, problems: Problems) -> None:
    """Elements without an id have no attributes of other namespaces either."""
    for name, value in element.attrib.items():
        if name.startswith("{"):
            # The schema allows foreign attributes where it says `anyAttribute`, which is with the
            # id.
            if "id" not in shape.attributes and not name.startswith(_XSI):
                problems.add(f"Attribute '{name}' is not allowed here.", element)
        elif name not in shape.attributes:
            problems.add(f"Attribute '{name}' is not allowed here.", element)
        elif name in VALUES and value not in VALUES[name]:
            problems.add(f"'{value}' is no value of attribute '{name}'.", element)
        # From 1.2 on a typeRef is any text.
        elif name == "typeRef" and version == 11 and not _is_qualified(element, value):
            problems.add(f"'{value}' is not a valid value for 'QName'.", element)
    for name in sorted(shape.mandatory - set(element.attrib)):
        problems.add(f"Attribute '{name}' must appear on '{local_name(element)}'.", element)


def _is_qualified(element: Element, value: str) -> bool:
    """Whether a text is a name with or without a prefix that stands for a namespace."""
    found = _QNAME.fullmatch(value.strip())
    return found is not None and (found[1] is None or found[1] in element.nsmap)


def _has_text(element: Element) -> bool:
    return bool((element.text or "").strip()) or any((e.tail or "").strip() for e in element)


@cache
def _shape(type_: str, version: int) -> _Shape:
    # Kept for ever: there are only some dozen types in a handful of versions.
    types: dict[str, str] = {}
    pattern = "".join(_patterns(CONTENTS[type_], version, types))
    attributes = list(_attributes(ATTRIBUTES[type_], version))
    return _Shape(
        re.compile(pattern),
        types,
        frozenset(name.removesuffix("!") for name in attributes),
        frozenset(name[:-1] for name in attributes if name.endswith("!")),
    )


def _parts(declaration: str, version: int) -> Iterator[str]:
    """The parts of a declaration that the version has."""
    for part, since in _PART.findall(declaration):
        first = int(since.strip(" +") or 0)
        if not since or version == first or (since.endswith("+") and version > first):
            yield part


def _patterns(declaration: str, version: int, types: dict[str, str]) -> Iterator[str]:
    """The regular expression of a declaration, part by part; ``types`` is filled on the way."""
    is_first = True  # no alternative has been written yet in the present brackets
    has_bar = False
    for part in _parts(declaration, version):
        if part.startswith("&"):
            yield from _patterns(CONTENTS[part[1:]], version, types)
        elif part == "(":
            is_first = True
            yield "(?:"
        elif part.startswith(")"):
            has_bar = False
            yield part
        elif part == "|":
            has_bar = True
        else:
            name, type_ = part.rstrip("?*+").split(":")
            types[name] = type_
            bar = "|" if has_bar and not is_first else ""
            yield f"{bar}(?:{name} ){part[len(name) + len(type_) + 1 :]}"
            is_first = has_bar = False


def _attributes(declaration: str, version: int) -> Iterator[str]:
    for part in _parts(declaration, version):
        if part.startswith("&"):
            yield from _attributes(ATTRIBUTES[part[1:]], version)
        else:
            yield part
