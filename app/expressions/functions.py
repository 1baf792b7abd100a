"""The functions of expressions; there are no others, and models cannot add any.

Source: semantics 7.3; Camunda 7 ``DateTimeFunctionMapper``, ``CommandContextFunctions``;
Spin ``SpinFunctions``.
"""

from collections.abc import Callable
from typing import NamedTuple

from .context import Context
from .dates import DateTime
from .failures import InvocationError, illegal_argument, require
from .spin import JsonNode, json_node
from .spin_xml import XmlElement, xml_element
from .values import java_class


class Function(NamedTuple):
    """A function and how many arguments it takes."""

    arity: int
    call: Callable[[Context, list[object]], object]


def _spin(name: str, make: Callable[[object], object]) -> Function:
    def call(context: Context, arguments: list[object]) -> object:
        value = arguments[0]
        require(value, "parameter")
        if isinstance(value, str):
            # Parsed once in a transaction: a loop over a document calls this in each round.
            return context.documents.read(value, lambda: make(value), name)
        return make(value)

    return Function(1, call)


def _of_user(name: str) -> Function:
    """A function of the authenticated user; null where the request is not authenticated."""

    def call(context: Context, _: list[object]) -> object:
        try:
            return context.special(name)
        # Not an error: with authentication switched off no user is known.
        except KeyError:
            return None

    return Function(0, call)


def _node(value: object) -> object:
    """The Spin node of a value, as ``S`` makes it: a text tells its format by how it begins."""
    if isinstance(value, (JsonNode, XmlElement)):
        return value
    if not isinstance(value, str):
        raise illegal_argument(f"SPIN-01001 Unsupported input of type '{java_class(value)}'")
    # As Spin's detection of formats, which looks at the first character that is no blank.
    begin = value.lstrip()[:1]
    if begin == "<":
        return xml_element(value)
    if begin not in ("{", "["):
        raise InvocationError(
            "org.camunda.spin.spi.SpinDataFormatException",
            "SPIN-01004 No matching data format detected",
        )
    return json_node(value)


FUNCTIONS: dict[str, Function] = {
    "now": Function(0, lambda context, _: context.now),
    "dateTime": Function(0, lambda context, _: DateTime(context.now)),
    "currentUser": _of_user("authenticatedUserId"),
    "currentUserGroups": _of_user("authenticatedGroupIds"),
    "S": _spin("S", _node),
    "JSON": _spin("JSON", json_node),
    "XML": _spin("XML", xml_element),
}
