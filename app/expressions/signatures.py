"""Java's methods as tables: a name and the types of its parameters lead to a function.

As in JUEL, a method is found by its name and the number of its arguments, and the arguments are
then converted to the types of its parameters.

Source: Camunda 7 ``BeanELResolver.findMethod``, ``BeanELResolver.coerceParams``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from .coercion import class_cast, to_integer, to_string
from .failures import CoercionError, InvocationError, UnknownMethodError
from .values import java_class

Method = Callable[[Any, list[object]], object]
Methods = Mapping[tuple[str, int], Method]
Convert = Callable[[object], Any]


def _anything(value: object) -> object:
    return value


def _text(value: object) -> str:
    return "" if value is None else to_string(value)  # as JUEL coerces null


def _text_or_null(value: object) -> str | None:
    return None if value is None else to_string(value)


class _AmbiguousError(CoercionError):
    """Several overloads take an argument."""


def _only(convert: Convert) -> Convert:
    """A parameter of a method that has overloads, none of which takes null before the others."""

    def converted(value: object) -> object:
        if value is None:
            raise _AmbiguousError
        return convert(value)

    return converted


def _expecting(kind: type, invoked: str) -> Convert:
    """A parameter of a class.

    Args:
        invoked: what Java's message says of null: the call that fails, and the parameter.
    """

    def convert(value: object) -> object:
        if isinstance(value, kind):
            return value
        if value is None:
            method, parameter = invoked.split()
            raise InvocationError(
                "java.lang.NullPointerException",
                f'Cannot invoke "{method}" because "{parameter}" is null',
            )
        raise CoercionError(f"no {kind.__name__}")

    return convert


def _key(value: object) -> str:
    # The maps of JSON have no other keys than texts.
    if value is None:
        raise InvocationError("java.lang.NullPointerException", "the key is null")
    return to_string(value)


ANY: Convert = _anything
KEY: Convert = _key
TEXT: Convert = _text
TEXT_OR_NULL: Convert = _text_or_null
INT: Convert = to_integer
ONLY_TEXT = _only(TEXT)
ONLY_ANY = _only(ANY)
CHARS: Convert = _expecting(str, "java.lang.CharSequence.toString() s")
DATE: Convert = _expecting(datetime, "Object.getClass() date")
LIST: Convert = _expecting(list, "java.util.Collection.toArray() c")
MAP: Convert = _expecting(dict, "java.util.Map.size() m")


def table(signatures: Mapping[tuple[Any, ...], Callable[..., object]]) -> Methods:
    """The methods of one type, from ``(name, conversion of each parameter)`` to a function."""
    # By name and number alone: of overloads with one arity the last of the table stays.
    return {
        (name, len(parameters)): _method(name, function, parameters)
        for (name, *parameters), function in signatures.items()
    }


def compared(order: Callable[[Any, Any], object], of_null: Convert) -> Callable[..., object]:
    """``compareTo`` of a class: another class has no order with it.

    Args:
        of_null: the conversion that null goes through.
    """

    def compare(base: object, other: object) -> object:
        if other is None:
            return order(base, of_null(None))
        ours, theirs = java_class(base), java_class(other)
        if ours != theirs:
            raise InvocationError("java.lang.ClassCastException", class_cast(theirs, ours))
        return order(base, other)

    return compare


def unknown_method(
    base: object, name: str, arguments: list[object], says: str = "Method not found"
) -> UnknownMethodError:
    """The failure of a call of a method that a value does not have, or not for these types."""
    types = ", ".join("null" if a is None else java_class(a) for a in arguments)
    return UnknownMethodError(f"{says}: class {java_class(base)}.{name}({types})")


def _method(name: str, function: Callable[..., object], parameters: list[Convert]) -> Method:
    if not parameters:
        return lambda base, _: function(base)

    def call(base: object, arguments: list[object]) -> object:
        # All before the call, so that nothing is done when the last one does not convert.
        try:
            converted = [p(a) for p, a in zip(parameters, arguments, strict=True)]
        except _AmbiguousError:
            says = "Unable to find unambiguous method"
            raise unknown_method(base, name, arguments, says) from None
        except CoercionError:
            raise unknown_method(base, name, arguments) from None
        return function(base, *converted)

    return call
