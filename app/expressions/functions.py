"""The functions of expressions; there are no others, and models cannot add any.

Source: engine semantics 7.3; Camunda 7 ``DateTimeFunctionMapper``, ``CommandContextFunctions``;
Spin ``SpinFunctions``.
"""

from collections.abc import Callable
from typing import NamedTuple

from .context import Context
from .dates import DateTime
from .failures import EvaluationFailure, InvocationError
from .spin import json_node


class Function(NamedTuple):
    """A function and how many arguments it takes."""

    arity: int
    call: Callable[[Context, list[object]], object]


def _json(name: str) -> Function:
    def call(_: Context, arguments: list[object]) -> object:
        try:
            return json_node(arguments[0])
        except EvaluationFailure as error:
            raise InvocationError("", f"Error invoking function '{name}'") from error

    return Function(1, call)


def _refuse_xml(_: Context, __: list[object]) -> object:
    raise InvocationError("", "Error invoking function 'XML': Xml values are not supported")


FUNCTIONS: dict[str, Function] = {
    "now": Function(0, lambda context, _: context.now),
    "dateTime": Function(0, lambda context, _: DateTime(context.now)),
    "currentUser": Function(0, lambda _, __: None),
    "currentUserGroups": Function(0, lambda _, __: None),
    "S": _json("S"),
    "JSON": _json("JSON"),
    "XML": Function(1, _refuse_xml),
}
