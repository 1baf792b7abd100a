"""A BPMN file as untrusted XML: parsed safely, looked up easily, located exactly.

Source: Camunda 7 ``Parse``, ``ProblemImpl``; decision 12.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from app.errors import BadUserRequestError, EngineError, ParseProblem

from .needs import Need

Element: TypeAlias = Any  # lxml has no types of its own

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
# Those of the forks and of the engines before: their models run as they are.
ENGINE_NAMESPACES = (
    "{http://camunda.org/schema/1.0/bpmn}",
    "{http://operaton.org/schema/1.0/bpmn}",
    "{http://activiti.org/bpmn}",
    "{http://www.camunda.com/fox}",
)

# Scopes are read by recursion, which takes several of Python's frames a level.
DEEPEST_NESTING = 100
# Closing tags count as well: so it is about half as many elements.
MOST_TAGS = 200_000
# In one element, as Java's parsers have it since version 24. What reads attributes by their names
# goes through all of them for each.
MOST_ATTRIBUTES = 200
# Reported for one file, so that the answer is no larger than what it refuses.
MOST_PROBLEMS = 1_000
TOO_MANY_ATTRIBUTES = f"boolean(//@*[{MOST_ATTRIBUTES + 1}])"

_RESOURCE_ERRORS = (
    etree.ErrorTypes.ERR_RESOURCE_LIMIT,
    etree.ErrorTypes.ERR_ENTITY_LOOP,
    etree.ErrorTypes.ERR_NAME_TOO_LONG,
)
_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|</[^>]*>"
    # Possessive, so that a tag which never ends costs no backtracking.
    r"|(?P<start><[^!?/](?:[^'\">]++|\"[^\"]*+\"|'[^']*+')*+>)",
    re.DOTALL,
)


class NotXmlError(EngineError):
    """A resource that should be BPMN is not well-formed XML."""

    def __init__(self, resource: str, reason: str) -> None:
        super().__init__(f"ENGINE-09003 Could not parse '{resource}'. {reason}")


class RefusedXmlError(BadUserRequestError):
    """A resource is XML of a kind that is not read, because it could do harm."""

    def __init__(self, resource: str, reason: str) -> None:
        super().__init__(f"ENGINE-09003 Could not parse '{resource}'. {reason}")


def parse(resource: str, xml: bytes) -> Element:
    """Parse untrusted XML; nothing outside of it is ever read.

    Raises:
        NotXmlError: it is not well-formed.
        RefusedXmlError: it has a document type, or is too large or too deep.
    """
    # Counted in the bytes: to count elements, their tree would have to be built first.
    if xml.count(b"<") > MOST_TAGS:
        raise RefusedXmlError(resource, "It has too many elements.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        # The parser's own limits of depth and of one text stay.
        huge_tree=False,
        # They would count as children of their element, and cut its text in two.
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.LxmlError, ValueError) as error:
        if getattr(error, "code", None) in _RESOURCE_ERRORS:
            raise RefusedXmlError(
                resource, "It exceeds a limit of depth, text or entities."
            ) from error
        raise NotXmlError(resource, _reason(xml, error)) from error
    # Also a harmless one: no BPMN file needs it, and entities are declared in it.
    if root.getroottree().docinfo.internalDTD is not None:
        raise RefusedXmlError(resource, "A document type declaration (DOCTYPE) is not allowed.")
    # Questions to libxml2 instead of walks in Python.
    if root.xpath(TOO_MANY_ATTRIBUTES):
        raise RefusedXmlError(resource, f"An element has more than {MOST_ATTRIBUTES} attributes.")
    if root.xpath("/*" * (DEEPEST_NESTING + 1) + "[1]"):
        raise RefusedXmlError(
            resource, f"Elements are nested more than {DEEPEST_NESTING} levels deep."
        )
    return root


def refuse_large(resource: str, root: Element, most: int) -> None:
    """Refuse a model with more elements than that.

    Raises:
        RefusedXmlError: it has more.
    """
    count = sum(1 for _ in root.iter(f"{BPMN}*"))
    if count > most:
        raise RefusedXmlError(
            resource, f"It has {count} elements of BPMN; at most {most} are accepted."
        )


def _reason(xml: bytes, error: Exception) -> str:
    """The parse error, in the reference's words where the beginning of the text decides it."""
    start = xml.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return "Premature end of file."
    # The marks of UTF-16: its text does not begin with the byte of "<".
    if not start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return "Content is not allowed in prolog."
    return " ".join(getattr(error, "msg", str(error)).split()) + "."


def tag(element: Element) -> str:
    """The name of a BPMN element; empty for an element of another namespace."""
    name = element.tag
    return name[len(BPMN) :] if isinstance(name, str) and name.startswith(BPMN) else ""


def child(element: Element, name: str) -> Element | None:
    """The first BPMN child of that name."""
    return element.find(BPMN + name)


def children(element: Element, name: str) -> list[Element]:
    """All BPMN children of that name."""
    return list(element.findall(BPMN + name))


def extension(element: Element, name: str) -> str | None:
    """An attribute in one of the namespaces of the engine."""
    # A model that was carried over may have an attribute in two of them: Camunda's counts.
    for namespace in ENGINE_NAMESPACES:
        value: str | None = element.get(namespace + name)
        if value is not None:
            return value
    return None


def has_flag(element: Element, name: str, default: bool = False) -> bool:
    """An attribute of the engine that is ``true``."""
    value = extension(element, name)
    return default if value is None else value == "true"


def extension_elements(element: Element, name: str) -> list[Element]:
    """The extension elements of that name in a namespace of the engine."""
    container = child(element, "extensionElements")
    return [] if container is None else engine_children(container, name)


def engine_children(element: Element, name: str) -> list[Element]:
    """The children of that name in a namespace of the engine, in document order."""
    return [e for e in element if local_name(e) == name and is_of_engine(e)]


def is_of_engine(element: Element) -> bool:
    """Whether an element is in a namespace of the engine."""
    return isinstance(element.tag, str) and element.tag.startswith(ENGINE_NAMESPACES)


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for an entity reference."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text(element: Element) -> str:
    """All text directly in an element, untrimmed."""
    # Text after a child is the element's own; lxml keeps it as the child's tail.
    return (element.text or "") + "".join(e.tail or "" for e in element)


def reference(value: str | None) -> str | None:
    """The id that a QName refers to: ``defs:Message_1`` is ``Message_1``."""
    return None if value is None else value.strip().rpartition(":")[2]


def documentation(element: Element) -> str | None:
    """The documentation of an element; several are paragraphs of one text."""
    texts = [text(e).strip() for e in children(element, "documentation")]
    return "\n\n".join(texts) if texts else None


class Positions:
    """Where start tags end: line and column, counted from 1, as a SAX parser tells them.

    Attributes:
        end: the place behind the last tag of the file.
    """

    def __init__(self, root: Element, xml: bytes) -> None:
        encoding = root.getroottree().docinfo.encoding or "utf-8"
        tags = list(_tags(_decode(xml, encoding)))
        starts = ((line, column) for is_start, line, column in tags if is_start)
        self._places: dict[Element, tuple[int, int]] = dict(
            # lxml knows lines only, and none beyond 65,535 in older versions; so tags are counted
            # in the text. Not strict: where both do not agree a place is wrong, and nothing fails.
            zip(root.iter(etree.Element), starts, strict=False)
        )
        self.end: tuple[int, int] = tags[-1][1:] if tags else (0, 0)

    def of(self, element: Element) -> tuple[int, int]:
        """The place of an element; (0, 0) when it is unknown."""
        return self._places.get(element, (0, 0))


def positions_by_id(root: Element, xml: bytes) -> dict[str, tuple[int, int]]:
    """Where the elements with ids are."""
    positions = Positions(root, xml)
    return {e.get("id"): positions.of(e) for e in root.iter(etree.Element) if e.get("id")}


def _decode(xml: bytes, encoding: str) -> str:
    try:
        return xml.decode(encoding, errors="replace").removeprefix("\ufeff")
    except LookupError:
        # libxml2 knows encodings that Python does not; only the markup matters here.
        return xml.decode("latin-1")


def _tags(content: str) -> Iterator[tuple[bool, int, int]]:
    """Whether a tag is one that starts an element, and the line and column behind it."""
    line, line_start, seen = 1, 0, 0
    for markup in _MARKUP.finditer(content):
        is_start = markup["start"] is not None
        if not is_start and not markup[0].startswith("</"):
            continue
        end = markup.end()
        # On from the last tag: counting from the start each time would be quadratic.
        line += content.count("\n", seen, end)
        line_start = max(line_start, content.rfind("\n", seen, end) + 1)
        seen = end
        yield is_start, line, end - line_start + 1


class Problems:
    """The problems and warnings of a file, gathered with their elements, placed at the end."""

    def __init__(self) -> None:
        # Placed at the end alone: most files have no problem, and finding places reads the text
        # again.
        self._violations: list[tuple[str, Element | None]] = []
        self._errors: list[tuple[str, Element | None, tuple[str, ...]]] = []
        self._warnings: list[tuple[str, Element | None, tuple[str, ...]]] = []
        self._notes: list[tuple[str, Element | None, tuple[str, ...]]] = []
        self._needs: list[tuple[str, str, str, str, Element]] = []

    def __bool__(self) -> bool:
        return bool(self._violations or self._errors)

    def violate(self, message: str, element: Element | None) -> None:
        """Note what BPMN's schema forbids; without an element it shows at the end of the file only.

        The reference engine's XML parser finds it, which knows no elements of BPMN: it names no
        id, and reads the whole file before anything else does.
        """
        self._violations.append((message, element))

    def add(self, message: str, element: Element | None, *element_ids: str | None) -> None:
        """Note a reason to refuse the file, about the element unless other ids are given.

        There is no element where the reference engine gives no place either.
        """
        self._errors.append((message, element, _ids(element, element_ids)))

    def warn(self, message: str, element: Element | None, *element_ids: str | None) -> None:
        """Note what deserves attention but does no harm."""
        self._warnings.append((message, element, _ids(element, element_ids)))

    def note(self, message: str, element: Element) -> None:
        """Note what the reference engine would not warn of."""
        self._notes.append((message, element, ids_around(element)))

    def need(self, kind: str, name: str, place: str, message: str, element: Element) -> None:
        """Note what the model needs that is not here; `needs.Need` says what the words mean."""
        self._needs.append((kind, name, place, message, element))

    def place(self, root: Element, xml: bytes) -> tuple[list[ParseProblem], list[ParseProblem]]:
        """Errors and warnings of the reference with their places, each in document order.

        What the schema forbids comes before all other errors.
        """
        if not self and not self._warnings:
            return [], []
        positions = Positions(root, xml)
        violations = [
            ParseProblem(message, *(positions.end if e is None else positions.of(e)), ())
            for message, e in self._violations[:MOST_PROBLEMS]
        ]
        # In a stable order: several of one element stay as they were found.
        violations.sort(key=lambda problem: (problem.line, problem.column))
        errors = violations + _placed(self._errors, positions)
        return errors[:MOST_PROBLEMS], _placed(self._warnings, positions)

    def hints(self, root: Element, xml: bytes) -> tuple[list[ParseProblem], list[Need]]:
        """The notes of this engine and the needs of the model, with their places."""
        if not self._notes and not self._needs:
            return [], []
        positions = Positions(root, xml)
        needs = [
            Need(kind, name, place, _at(message, element, ids_around(element), positions))
            for kind, name, place, message, element in self._needs[:MOST_PROBLEMS]
        ]
        needs.sort(key=lambda need: (need.problem.line, need.problem.column))
        return _placed(self._notes, positions), needs


def ids_around(element: Element) -> tuple[str, ...]:
    """The id of an element, or of the nearest around it that has one."""
    while element is not None:
        if element.get("id"):
            return (element.get("id"),)
        element = element.getparent()
    return ()


def _ids(element: Element | None, element_ids: tuple[str | None, ...]) -> tuple[str, ...]:
    own = element.get("id") if element is not None else None
    return tuple(i for i in (*element_ids, *(() if element_ids else (own,))) if i)


def _at(
    message: str, element: Element | None, ids: tuple[str, ...], positions: Positions
) -> ParseProblem:
    line, column = positions.of(element) if element is not None else (0, 0)
    return ParseProblem(message, line, column, ids)


def _placed(
    found: list[tuple[str, Element | None, tuple[str, ...]]], positions: Positions
) -> list[ParseProblem]:
    problems = [_at(message, e, ids, positions) for message, e, ids in found[:MOST_PROBLEMS]]
    # Problems without a place come last, in the order in which they were found.
    return sorted(problems, key=lambda p: (p.line == 0, p.line, p.column))
