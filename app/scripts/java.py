"""The classes of Java that scripts may use: collections, dates, numbers, exceptions, Spin.

There is no other way to a class, and none to what a class could do beyond these.

Source: semantics 11.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.expressions.coercion import to_boolean, to_double, to_integer, to_long
from app.expressions.context import Context
from app.expressions.failures import EvaluationFailure
from app.expressions.functions import FUNCTIONS
from app.expressions.values import HashMap, Integer, TreeMap, to_text

Make = Callable[[Context, list[object]], object]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownClassError(EvaluationFailure):
    """A class that is not there, or not for scripts."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Access to host class {name} is not allowed or does not exist.")


class Throwable:
    """An exception of Java's that a script has made.

    Attributes:
        code: the error code of a BPMN error.
    """

    __slots__ = ("code", "java_class", "message")

    def __init__(self, java_class: str, message: str | None, code: str | None = None) -> None:
        self.java_class = java_class
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.java_class if self.message is None else f"{self.java_class}: {self.message}"

    def juel_property(self, name: str) -> object:
        """``message``, or the ``errorCode`` of a BPMN error; AttributeError for others."""
        if name == "message":
            return self.message
        if name == "errorCode" and self.code is not None:
            return self.code
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A getter; AttributeError for other methods."""
        if arguments:
            raise AttributeError(name)
        if name == "toString":
            return str(self)
        return self.juel_property(name.removeprefix("get")[:1].lower() + name[4:])


class JavaClass(NamedTuple):
    """A class: how it is made, and its static methods."""

    name: str
    make: Make | None
    statics: Mapping[str, Make] = {}


def _list(_: Context, arguments: list[object]) -> list[object]:
    match arguments:
        case [list(items)]:
            # A copy, as every constructor of Java's collections makes one.
            return list(items)
        case [] | [int()]:  # an initial capacity
            return []
    raise EvaluationFailure("no such constructor of a list")


def _map(of: Callable[[Mapping[str, object]], dict[str, object]]) -> Make:
    def make(_: Context, arguments: list[object]) -> dict[str, object]:
        match arguments:
            case [dict(entries)]:
                # In the order of the class, whatever the order of the other map was.
                return of(entries)
            case [] | [int()]:
                return of({})
        raise EvaluationFailure("no such constructor of a map")

    return make


def _date(context: Context, arguments: list[object]) -> datetime:
    match arguments:
        case []:
            return context.now
        case [datetime() as timestamp]:
            return timestamp
        case [int() | float() as number]:
            try:
                timestamp = EPOCH + timedelta(milliseconds=int(number))
            except (OverflowError, ValueError):
                raise EvaluationFailure("the date is out of range") from None
            return timestamp.astimezone(context.now.tzinfo)
    raise EvaluationFailure("no such constructor of a date")


def _exception(name: str) -> Make:
    def make(_: Context, arguments: list[object]) -> Throwable:
        return Throwable(name, to_text(arguments[0]) if arguments else None)

    return make


def _bpmn_error(_: Context, arguments: list[object]) -> Throwable:
    if not arguments or arguments[0] in (None, ""):
        raise EvaluationFailure("Error Code must not be null or empty.")
    message = None if len(arguments) < 2 or arguments[1] is None else to_text(arguments[1])
    return Throwable(BPMN_ERROR, message, to_text(arguments[0]))


def _one(convert: Callable[[object], object]) -> Make:
    def make(_: Context, arguments: list[object]) -> object:
        if len(arguments) != 1:
            raise EvaluationFailure("one argument is expected")
        return convert(arguments[0])

    return make


def _spin(name: str) -> Make:
    def call(context: Context, arguments: list[object]) -> object:
        if len(arguments) != 1:
            raise EvaluationFailure("one argument is expected")
        return FUNCTIONS[name].call(context, arguments)

    return call


BPMN_ERROR = "org.camunda.bpm.engine.delegate.BpmnError"
_EXCEPTIONS = (
    "java.lang.Exception",
    "java.lang.RuntimeException",
    "java.lang.IllegalArgumentException",
    "java.lang.IllegalStateException",
    "org.camunda.bpm.engine.ProcessEngineException",
)
_NUMBERS: dict[str, tuple[str, Callable[[object], object]]] = {
    "java.lang.Integer": ("parseInt", lambda value: Integer(to_integer(value))),
    "java.lang.Long": ("parseLong", lambda value: int(to_long(value))),
    "java.lang.Double": ("parseDouble", to_double),
    "java.lang.Boolean": ("parseBoolean", to_boolean),
}
# By name and complete: a class that is not here cannot be reached by any path.
_CLASSES = {
    "java.util.ArrayList": JavaClass("java.util.ArrayList", _list),
    "java.util.LinkedList": JavaClass("java.util.LinkedList", _list),
    "java.util.HashMap": JavaClass("java.util.HashMap", _map(HashMap.of)),
    "java.util.LinkedHashMap": JavaClass("java.util.LinkedHashMap", _map(dict)),
    "java.util.TreeMap": JavaClass(
        "java.util.TreeMap", _map(lambda entries: TreeMap(sorted(entries.items())))
    ),
    "java.util.Date": JavaClass("java.util.Date", _date),
    "java.lang.String": JavaClass("java.lang.String", _one(to_text), {"valueOf": _one(to_text)}),
    "org.camunda.spin.Spin": JavaClass(
        "org.camunda.spin.Spin", None, {name: _spin(name) for name in ("S", "JSON", "XML")}
    ),
    BPMN_ERROR: JavaClass(BPMN_ERROR, _bpmn_error),
    **{name: JavaClass(name, _exception(name)) for name in _EXCEPTIONS},
    **{
        name: JavaClass(name, _one(convert), {parse: _one(convert), "valueOf": _one(convert)})
        for name, (parse, convert) in _NUMBERS.items()
    },
}


def class_named(name: str) -> JavaClass:
    """A class by its name.

    Raises:
        UnknownClassError: there is none, or scripts may not use it.
    """
    found = _CLASSES.get(name)
    if found is None:
        raise UnknownClassError(name)
    return found
