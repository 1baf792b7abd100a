"""Spin's XML, as far as expressions use it: ``XML()``, ``attr``, ``childElement``, ``textContent``.

Elements never change, and there is no XPath.

Source: Camunda Spin ``DomXmlElement``, ``DomXmlAttribute``, ``DomXmlLogger``.
"""

import copy
from typing import ClassVar
from xml.etree import ElementTree

from .failures import InvocationError
from .signatures import TEXT, TEXT_OR_NULL, Methods, table
from .values import java_class, to_text

_FORMAT = "org.camunda.spin.xml.SpinXmlDataFormatException"
_ATTRIBUTE = "org.camunda.spin.xml.SpinXmlAttributeException"
_ELEMENT = "org.camunda.spin.xml.SpinXmlElementException"
LONGEST = 1_000_000  # characters
DEEPEST = 200  # elements within each other: writing them is recursive


class XmlError(InvocationError):
    """Spin could not do what it was asked for."""

    def __init__(self, java_type: str, number: str, message: str) -> None:
        super().__init__(java_type, f"SPIN/DOM-XML-01{number} {message}")


def _split(tag: str) -> tuple[str | None, str]:
    """The namespace and the local name."""
    namespace, _, name = tag.rpartition("}")
    return namespace[1:] or None, name


class _Host:
    """What methods in a table make of an object."""

    __slots__ = ()
    _methods: ClassVar[Methods]

    def juel_property(self, name: str) -> object:
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the node."""
        method = self._methods.get((name, len(arguments)))
        if method is None:
            raise AttributeError(name)
        return method(self, arguments)


class XmlAttribute(_Host):
    """An attribute of an element."""

    __slots__ = ("name", "namespace", "value")
    java_class = "org.camunda.spin.impl.xml.dom.DomXmlAttribute"

    def __init__(self, tag: str, value: str) -> None:
        self.namespace, self.name = _split(tag)
        self.value = value

    def __str__(self) -> str:
        return self.value


class XmlElement(_Host):
    """An element, read when something is asked of it: many are only handed on.

    Args:
        source: its text, where it is a whole document.
        element: where it is a part of one.
    """

    __slots__ = ("_element", "_source")
    java_class = "org.camunda.spin.impl.xml.dom.DomXmlElement"

    def __init__(
        self, source: str | None = None, element: ElementTree.Element | None = None
    ) -> None:
        self._source = source
        self._element = element

    @property
    def element(self) -> ElementTree.Element:
        """The parsed element; XmlError when the text is no XML."""
        if self._element is None:
            self._element = _parsed(self._source or "")
        return self._element

    def __str__(self) -> str:
        if self._source is None:
            alone = copy.copy(self.element)
            alone.tail = None  # the text that follows is not a part of it
            self._source = ElementTree.tostring(alone, encoding="unicode")
        return self._source

    def attribute(self, namespace: str | None, name: str) -> XmlAttribute:
        """An attribute; XmlError when there is none."""
        tag = f"{{{namespace}}}{name}" if namespace else name
        value = self.element.get(tag)
        if value is None:
            raise XmlError(
                _ATTRIBUTE,
                "003",
                f"Unable to find attribute '{name}' with namespace '{to_text(namespace)}'",
            )
        return XmlAttribute(tag, value)

    def children(self, namespace: str | None, name: str) -> list[object]:
        """The elements of that name directly below; XmlError when there is none."""
        tag = f"{{{namespace}}}{name}" if namespace else name
        found: list[object] = [XmlElement(element=e) for e in self.element if e.tag == tag]
        if not found:
            raise XmlError(
                _ELEMENT,
                "006",
                f"Unable to find child element '{name}' with namespace '{to_text(namespace)}'",
            )
        return found


def _parsed(text: str) -> ElementTree.Element:
    if "<!DOCTYPE" not in text and len(text) <= LONGEST:
        try:
            root = ElementTree.fromstring(text)  # entities need the document type that is refused
            if not _is_too_deep(root):
                return root
        except (ElementTree.ParseError, ValueError):
            pass
    raise XmlError(_FORMAT, "001", "Unable to parse input into DOM document")


def _is_too_deep(root: ElementTree.Element) -> bool:
    level, depth = [root], 0
    while level and depth <= DEEPEST:
        level, depth = [inner for element in level for inner in element], depth + 1
    return bool(level)


def _namespace(element: XmlElement) -> str | None:
    return _split(element.element.tag)[0]


XmlAttribute._methods = table(
    {
        ("name",): lambda a: a.name,
        ("namespace",): lambda a: a.namespace,
        ("hasNamespace", TEXT_OR_NULL): lambda a, namespace: a.namespace == namespace,
        ("value",): lambda a: a.value,
        ("toString",): str,
    }
)
XmlElement._methods = table(
    {
        ("name",): lambda e: _split(e.element.tag)[1],
        ("namespace",): _namespace,
        ("hasNamespace", TEXT_OR_NULL): lambda e, namespace: _namespace(e) == namespace,
        ("attr", TEXT): lambda e, name: e.attribute(None, name),
        ("attrNs", TEXT_OR_NULL, TEXT): XmlElement.attribute,
        ("hasAttr", TEXT): lambda e, name: name in e.element.attrib,
        ("attrs",): lambda e: [XmlAttribute(t, v) for t, v in e.element.attrib.items()],
        ("attrNames",): lambda e: [_split(tag)[1] for tag in e.element.attrib],
        ("textContent",): lambda e: "".join(e.element.itertext()),
        ("childElement", TEXT): lambda e, name: e.children(_namespace(e), name)[0],
        ("childElement", TEXT_OR_NULL, TEXT): lambda e, space, name: e.children(space, name)[0],
        ("childElements",): lambda e: [XmlElement(element=inner) for inner in e.element],
        ("childElements", TEXT): lambda e, name: e.children(_namespace(e), name),
        ("childElements", TEXT_OR_NULL, TEXT): XmlElement.children,
        ("toString",): str,
    }
)


def xml_element(value: object) -> XmlElement:
    """``XML(…)`` and ``S(…)``: a text is parsed, an element stays."""
    if isinstance(value, XmlElement):
        return value
    if isinstance(value, str):
        element = XmlElement(value)
        _ = element.element  # what is no XML fails here
        return element
    raise XmlError(
        _FORMAT, "005", f"Unable to create element for object of type '{java_class(value)}'"
    )
