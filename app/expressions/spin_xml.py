"""Spin's XML, as far as expressions use it: ``XML()``, ``attr``, ``childElement``, ``textContent``.

Source: Camunda Spin ``DomXmlElement``, ``DomXmlAttribute``, ``DomXmlLogger``.
"""

from copy import deepcopy
from typing import ClassVar

from lxml import etree

from . import xpath
from .failures import InvocationError
from .signatures import ANY, TEXT, TEXT_OR_NULL, Methods, table
from .values import java_class, to_text

_FORMAT = "org.camunda.spin.xml.SpinXmlDataFormatException"
_ATTRIBUTE = "org.camunda.spin.xml.SpinXmlAttributeException"
_ELEMENT = "org.camunda.spin.xml.SpinXmlElementException"
# The tree takes ten times the memory of the text.
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
    """An object whose methods are in a table."""

    __slots__ = ()
    _methods: ClassVar[Methods]

    def juel_property(self, name: str) -> object:
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the node."""
        method = self._methods.get((name, len(arguments)))
        if method is None:
            raise AttributeError(name)
        try:
            return method(self, arguments)
        except ValueError as error:  # XML has no words for some characters, and no empty names
            raise InvocationError("org.w3c.dom.DOMException", str(error)[:200]) from None


class XmlAttribute(_Host):
    """An attribute of an element."""

    __slots__ = ("_owner", "_tag", "name", "namespace", "value")
    java_class = "org.camunda.spin.impl.xml.dom.DomXmlAttribute"

    def __init__(self, owner: "XmlElement", tag: str, value: str) -> None:
        self.namespace, self.name = _split(tag)
        self.value = value
        self._owner = owner
        self._tag = tag

    def __str__(self) -> str:
        return self.value

    def set(self, value: str) -> "XmlAttribute":
        """Give the attribute another value."""
        self._owner.set(self._tag, value)
        self.value = value
        return self

    def remove(self) -> "XmlElement":
        """Take the attribute from its element."""
        return self._owner.unset(self._tag)


class _Document:
    """A document, read when something is asked of it: many are only handed on."""

    __slots__ = ("_root", "source")

    def __init__(self, source: str | None, root: etree._Element | None = None) -> None:
        self.source = source
        self._root = root

    @property
    def root(self) -> etree._Element:
        """The outermost element; XmlError when the text is no XML."""
        if self._root is None:
            self._root = _parsed(self.source or "")
        return self._root


class XmlElement(_Host):
    """An element of a document.

    Args:
        source: the text of the document whose root it is.
        element: where it is a part of the ``document``.
    """

    __slots__ = ("_document", "_element")
    java_class = "org.camunda.spin.impl.xml.dom.DomXmlElement"

    def __init__(
        self,
        source: str | None = None,
        element: etree._Element | None = None,
        document: _Document | None = None,
    ) -> None:
        self._document = document or _Document(source, element)
        self._element = element

    @property
    def element(self) -> etree._Element:
        """The parsed element; XmlError when the text is no XML."""
        return self._document.root if self._element is None else self._element

    def __str__(self) -> str:
        # As it was written, declaration and blanks too: what is only handed on must not change.
        if self._element is None and self._document.source is not None:
            return self._document.source
        return str(etree.tostring(self.element, encoding="unicode", with_tail=False))

    @property
    def content(self) -> str:
        """Its text, which is what it adds to another."""
        return str(self)

    def within(self, element: etree._Element) -> "XmlElement":
        """Another element of the same document."""
        return XmlElement(element=element, document=self._document)

    def changing(self) -> etree._Element:
        """The element, whose document is not any more what it was read from."""
        element = self.element
        # The text is no longer what the document is: it is written anew when asked for.
        self._document.source = None
        return element

    def attribute(self, namespace: str | None, name: str) -> XmlAttribute:
        """An attribute; XmlError when there is none."""
        tag = _tag(namespace, name)
        value = self.element.get(tag)
        if value is None:
            raise XmlError(
                _ATTRIBUTE,
                "006",
                f"Unable to find attribute with namespace '{to_text(namespace)}' and name '{name}'",
            )
        return XmlAttribute(self, tag, value)

    def set(self, tag: str, value: str) -> "XmlElement":
        """Set an attribute."""
        self.changing().set(tag, value)
        return self

    def unset(self, tag: str) -> "XmlElement":
        """Take an attribute away; there need not be one."""
        self.changing().attrib.pop(tag, None)
        return self

    def write(self, text: str) -> "XmlElement":
        """Put a text in the place of all that the element holds."""
        element = self.changing()
        # A list first: removing while iterating would leave out every other one.
        for inner in list(element):
            element.remove(inner)
        element.text = text
        return self

    def inner(self) -> list[etree._Element]:
        """The elements directly below; comments are none."""
        return list(self.element.iterchildren("*"))

    def children(self, namespace: str | None, name: str) -> list[object]:
        """The elements of that name directly below; XmlError when there is none."""
        tag = _tag(namespace, name)
        found: list[object] = [self.within(e) for e in self.inner() if e.tag == tag]
        if not found:
            raise XmlError(
                _ELEMENT,
                "007",
                f"Unable to find child element with namespace '{to_text(namespace)}' and "
                f"name '{name}'",
            )
        return found

    def only_child(self, namespace: str | None, name: str) -> object:
        """The one element of that name directly below; XmlError when there are more or none."""
        found = self.children(namespace, name)
        if len(found) > 1:
            raise XmlError(
                _ELEMENT,
                "008",
                "More than one child element was found for namespace "
                f"'{to_text(namespace)}' and name '{name}'",
            )
        return found[0]

    def place_of(self, child: object) -> int:
        """Where a child of the element is; XmlError when it is none."""
        if isinstance(child, XmlElement) and child.element.getparent() is self.element:
            return int(self.element.index(child.element))
        raise XmlError(_ELEMENT, "007", "Unable to find the element among the children")

    def insert(self, place: int, new: object) -> "XmlElement":
        """Put a copy of an element among the children."""
        element = self.changing()
        # A copy, as Spin imports it: an element of lxml's would otherwise leave its old place.
        copy = deepcopy(xml_element(new).element)
        # lxml copies the text behind an element with it.
        copy.tail = None
        element.insert(place, copy)
        # After each insertion: appending to itself doubles the depth.
        if _is_too_deep(element.getroottree().getroot()):
            raise XmlError(_ELEMENT, "018", "Unable to append: the elements are nested too deep")
        return self


def _tag(namespace: str | None, name: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name


# No network and no entities: documents come from clients.
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def _parsed(text: str) -> etree._Element:
    # Refused before the parser sees it: entities may expand to any size.
    if "<!DOCTYPE" not in text and len(text) <= LONGEST:
        try:
            root = etree.fromstring(text.encode(), etree.XMLParser(encoding="utf-8", **_PARSER))
            if not _is_too_deep(root):
                return root
        except (etree.XMLSyntaxError, ValueError):
            pass
    raise XmlError(_FORMAT, "009", "Unable to parse input into DOM document")


def _is_too_deep(root: etree._Element) -> bool:
    # By levels and not by recursion, which is what is to be prevented.
    level, depth = [root], 0
    while level and depth <= DEEPEST:
        level, depth = [inner for element in level for inner in element], depth + 1
    return bool(level)


def _append(element: XmlElement, new: object) -> XmlElement:
    for one in new if isinstance(new, list) else [new]:
        element.insert(len(element.element), one)
    return element


def _take_out(element: XmlElement, children: object) -> XmlElement:
    for child in children if isinstance(children, list) else [children]:
        place = element.place_of(child)
        del element.changing()[place]
    return element


def _replace_child(element: XmlElement, old: object, new: object) -> XmlElement:
    place = element.place_of(old)
    element.insert(place, new)
    del element.changing()[place + 1]
    return element


def _path(element: XmlElement, text: str) -> xpath.XPathQuery:
    return xpath.XPathQuery(
        element.element,
        text,
        element.within,
        lambda owner, tag, value: XmlAttribute(element.within(owner), tag, value),
    )


def _namespace(element: XmlElement) -> str | None:
    return _split(element.element.tag)[0]


CHANGING_XML = frozenset(
    {
        ("attr", 2),
        ("attrNs", 3),
        ("removeAttr", 1),
        ("removeAttrNs", 2),
        ("textContent", 1),
        ("append", 1),
        ("appendBefore", 2),
        ("appendAfter", 2),
        ("remove", 1),
        ("replaceChild", 2),
        ("value", 1),
        ("remove", 0),
    }
)
XmlAttribute._methods = table(
    {
        ("name",): lambda a: a.name,
        ("namespace",): lambda a: a.namespace,
        ("hasNamespace", TEXT_OR_NULL): lambda a, namespace: a.namespace == namespace,
        ("value",): lambda a: a.value,
        ("value", TEXT): XmlAttribute.set,
        ("remove",): XmlAttribute.remove,
        ("toString",): str,
    }
)
XmlElement._methods = table(
    {
        ("name",): lambda e: _split(e.element.tag)[1],
        ("namespace",): _namespace,
        ("hasNamespace", TEXT_OR_NULL): lambda e, namespace: _namespace(e) == namespace,
        ("attr", TEXT): lambda e, name: e.attribute(None, name),
        ("attr", TEXT, TEXT): XmlElement.set,
        ("attrNs", TEXT_OR_NULL, TEXT): XmlElement.attribute,
        ("attrNs", TEXT_OR_NULL, TEXT, TEXT): lambda e, space, name, value: e.set(
            _tag(space, name), value
        ),
        ("hasAttr", TEXT): lambda e, name: name in e.element.keys(),  # noqa: SIM118
        ("hasAttrNs", TEXT_OR_NULL, TEXT): lambda e, space, name: (
            _tag(space, name) in e.element.keys()  # noqa: SIM118
        ),
        ("removeAttr", TEXT): XmlElement.unset,
        ("removeAttrNs", TEXT_OR_NULL, TEXT): lambda e, space, name: e.unset(_tag(space, name)),
        # `items` would go through all attributes for each of them.
        ("attrs",): lambda e: [XmlAttribute(e, a.attrname, str(a)) for a in e.element.xpath("@*")],
        ("attrNames",): lambda e: [_split(tag)[1] for tag in e.element.attrib],
        ("textContent",): lambda e: "".join(e.element.itertext("*")),
        ("textContent", TEXT): XmlElement.write,
        ("childElement", TEXT): lambda e, name: e.only_child(_namespace(e), name),
        ("childElement", TEXT_OR_NULL, TEXT): XmlElement.only_child,
        ("childElements",): lambda e: [e.within(inner) for inner in e.inner()],
        ("childElements", TEXT): lambda e, name: e.children(_namespace(e), name),
        ("childElements", TEXT_OR_NULL, TEXT): XmlElement.children,
        ("append", ANY): _append,
        ("appendBefore", ANY, ANY): lambda e, new, old: e.insert(e.place_of(old), new),
        ("appendAfter", ANY, ANY): lambda e, new, old: e.insert(e.place_of(old) + 1, new),
        ("remove", ANY): _take_out,
        ("replaceChild", ANY, ANY): _replace_child,
        ("xPath", TEXT): _path,
        ("toString",): str,
    }
)


def xml_element(value: object) -> XmlElement:
    """``XML(…)`` and ``S(…)``: a text is parsed, an element stays."""
    if isinstance(value, XmlElement):
        return value
    if isinstance(value, str):
        element = XmlElement(value)
        _ = element.element  # a text that is not XML fails here
        return element
    raise XmlError(
        _FORMAT, "005", f"Unable to create element for object of type '{java_class(value)}'"
    )
