"""Spin's XPath queries, evaluated by libxml2.

Source: XPath 1.0; Camunda Spin ``DomXPathQuery``, ``DomXmlLogger``.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from .failures import InvocationError

_PATH = "org.camunda.spin.xml.SpinXPathException"
LONGEST_PATH = 1_000  # characters
MOST_VISITS = 100_000_000  # nodes, if every step that goes far goes everywhere
# The axes along which one step may visit the whole document again.
_FAR = re.compile(
    r"//|\.\.|(?:ancestor|descendant|following|preceding|parent)(?:-or-self|-sibling)?\s*::"
    r"|(?<=[\[(,=<>!|+*\s-])/(?!/)"
)
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")


class XPathError(InvocationError):
    """A path cannot be compiled, or leads to nothing, or to something else."""

    def __init__(self, number: str, message: str) -> None:
        super().__init__(_PATH, f"SPIN/DOM-XML-01{number} {message}")


class XPathQuery:
    """A path into a document, and the methods that follow it.

    Args:
        element: where the path begins.
        wrap: what stands for an element that it leads to.
        wrap_attribute: what stands for an attribute: its element, name and value are given.
    """

    __slots__ = ("_element", "_namespaces", "_path", "_wrap", "_wrap_attribute")
    java_class = "org.camunda.spin.impl.xml.dom.query.DomXPathQuery"

    def __init__(
        self,
        element: etree._Element,
        path: str,
        wrap: Callable[[etree._Element], object],
        wrap_attribute: Callable[[etree._Element, str, str], object],
    ) -> None:
        self._element = element
        self._path = path
        self._namespaces: dict[str, str] = {}
        self._wrap = wrap
        self._wrap_attribute = wrap_attribute

    def juel_property(self, name: str) -> object:
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """``element``, ``attributeList``, ``string`` and the like; ``ns`` names a prefix."""
        match name, arguments:
            case "ns", [str(prefix), str(namespace)]:
                return self._with({**self._namespaces, prefix: namespace})
            case "ns", [dict(namespaces)]:
                return self._with(
                    self._namespaces | {str(k): str(v) for k, v in namespaces.items()}
                )
            case (("element" | "elementList" | "attribute" | "attributeList"), []):
                found = self._attributes() if name.startswith("attribute") else self._elements()
                return found if name.endswith("List") else found[0]
            case (("string" | "number" | "bool"), []):
                return self._evaluate({"bool": "boolean"}.get(name, name))
        raise AttributeError(name)

    def _with(self, namespaces: dict[str, str]) -> "XPathQuery":
        other = XPathQuery(self._element, self._path, self._wrap, self._wrap_attribute)
        other._namespaces = namespaces
        return other

    def _elements(self) -> list[object]:
        return self._nodes(lambda n: self._wrap(n) if isinstance(n, etree._Element) else None)

    def _attributes(self) -> list[object]:
        def wrap(node: Any) -> object:
            if not getattr(node, "is_attribute", False):
                return None
            return self._wrap_attribute(node.getparent(), node.attrname, str(node))

        return self._nodes(wrap)

    def _nodes(self, wrap: Callable[[Any], object]) -> list[object]:
        """The nodes that the path leads to; XPathError for none, and for those of other kinds."""
        found = self._evaluate()
        if not isinstance(found, list):
            raise XPathError("013", f"Unable to evaluate XPath expression '{self._path}'")
        if not found:
            raise XPathError("035", f"Unable to find XPath expression '{self._path}'")
        nodes = [wrap(node) for node in found]
        if any(node is None for node in nodes):
            raise XPathError("012", f"Unable to cast what XPath expression '{self._path}' finds")
        return nodes

    def _evaluate(self, conversion: str | None = None) -> Any:
        self._refuse_cost()
        path = self._path if conversion is None else f"{conversion}({self._path})"
        try:
            etree.XPath(self._path, namespaces=self._namespaces)  # it must be whole by itself
            evaluate = etree.XPath(path, namespaces=self._namespaces, regexp=False)
            found = evaluate(etree.ElementTree(self._root()) if self._is_root() else self._element)
        except (etree.XPathError, ValueError, TypeError):
            raise XPathError("013", f"Unable to evaluate XPath expression '{self._path}'") from None
        if isinstance(found, float) and math.isnan(found):
            return math.nan
        return str(found) if isinstance(found, str) else found

    def _root(self) -> etree._Element:
        return self._element.getroottree().getroot()

    def _is_root(self) -> bool:
        return self._element.getparent() is None

    def _refuse_cost(self) -> None:
        """Refuse a path that could go through the document again for each node that it meets."""
        far = len(_FAR.findall(_TEXT.sub("''", self._path)))
        if len(self._path) <= LONGEST_PATH:
            nodes = 1
            # Each far step may multiply the nodes: the document may have the root of the bound.
            limit = MOST_VISITS ** (1 / max(far, 1))
            for nodes, _ in enumerate(self._root().iter(), 1):
                if nodes > limit:
                    break
            else:
                return
        raise XPathError("013", "Unable to evaluate XPath expression: it would take too long")
