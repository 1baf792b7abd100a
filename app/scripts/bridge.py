"""The requests of a running script: names, methods, classes, answered with Java's objects.

A question comes from a process that runs untrusted code. Everything in it is checked, and all
that it can reach are the names of the process and the methods that expressions have too.
"""

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.errors import EngineError
from app.expressions.context import Context
from app.expressions.failures import LONGEST_RESULT, EvaluationFailure
from app.expressions.functions import FUNCTIONS
from app.expressions.methods import CHANGEABLE, CHANGING, call, methods_of, read
from app.expressions.values import (
    INTEGER_MAX,
    INTEGER_MIN,
    BigInteger,
    Integer,
    java_class,
    to_text,
)
from app.logging import log

from .failures import ScriptFailure
from .java import EPOCH, JavaClass, class_named

MOST_QUESTIONS = 100_000  # of one run
# They are kept to the end of the run: the script may ask for any of them.
MOST_OBJECTS = 20_000
MOST_BYTES = 16 * 2**20  # that one run hands over
LONGEST_PRINTED = 2_000  # characters
# Python's errors for a value of the wrong shape, or one that is nested too deep: the prelude
# sends neither, and the script must not be answered by a failure of ours.
_TORN = (
    TypeError,
    ValueError,
    IndexError,
    KeyError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class Bridge:
    """The objects of one run, by the numbers that the script knows them by."""

    def __init__(self, names: Context) -> None:
        self._names = names
        self._objects: list[object] = []
        self._numbers: dict[int, int] = {}  # by the id of an object that is kept above
        self._described_kinds: set[str] = set()
        self._longs: dict[float, int] = {}
        self._questions = self._bytes = 0
        self.failure: Exception | None = None  # the last one that was answered to the script

    def weigh(self, size: int) -> None:
        """Count the bytes of a line.

        Raises:
            ScriptFailure: the script has handed over too much, which this process would keep.
        """
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise ScriptFailure(f"The script hands over more than {MOST_BYTES} bytes")

    def answer(self, question: list[object]) -> object:
        """The answer to a question, as JSON knows it.

        Raises:
            ScriptFailure: the script asks too much, or what no script can ask.
        """
        self._questions += 1
        if self._questions > MOST_QUESTIONS:
            raise ScriptFailure(f"The script has called more than {MOST_QUESTIONS} methods")
        ask = _QUESTIONS.get(str(question[0]))
        # No question of the prelude: somebody has got hold of the pipe.
        if ask is None:
            raise ScriptFailure("The script has left its sandbox")
        try:
            return ask(self, *question[1:])
        except (EvaluationFailure, EngineError) as error:
            self.failure = error
            return {"e": str(error), "n": "Error"}
        except _TORN as error:
            raise ScriptFailure("The script has left its sandbox") from error

    # -- values ---------------------------------------------------------------------

    def out(self, value: object) -> object:
        """A value on its way to the script."""
        if value is None or isinstance(value, (bool, str, float)):
            return value
        if isinstance(value, int):
            return self._whole(value)
        # By identity, so that two looks at one list are one object in the script as well.
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MOST_OBJECTS:
                raise ScriptFailure(f"The script holds more than {MOST_OBJECTS} objects")
            number = self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)
        kind = _kind_of(value)
        found: dict[str, object] = {"h": number, "k": kind}
        # Names of methods once for each class: most objects are of few.
        if kind not in self._described_kinds:
            self._described_kinds.add(kind)
            methods = methods_of(value)
            found["m"] = None if methods is None else sorted(methods)
        return found

    def _whole(self, value: int) -> object:
        if isinstance(value, BigInteger):
            return {"b": str(int(value))}
        if not INTEGER_MIN <= value <= INTEGER_MAX:
            self._longs[float(value)] = int(value)  # it comes back as the Long that it was
            return float(value)
        return int(value)

    def take(self, value: object) -> object:
        """A value that comes from the script: numbers as JavaScript holds them, all else tagged.

        Raises:
            ScriptFailure: it is none that the prelude would send.
        """
        try:
            return self._taken(value)
        except _TORN as error:
            raise ScriptFailure("The script has left its sandbox") from error

    def _taken(self, value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return _whole_text(value)
        if isinstance(value, float):
            return self._longs.get(value, value)
        if isinstance(value, int):
            is_small = INTEGER_MIN <= value <= INTEGER_MAX
            return Integer(value) if is_small else self._longs.get(float(value), float(value))
        if isinstance(value, dict) and len(value) == 1:
            ((kind, content),) = value.items()
            taken = _TAGS.get(kind)
            if taken is not None:
                return taken(self, content)
        raise ScriptFailure("The script has left its sandbox")

    def _object(self, number: object) -> object:
        if not isinstance(number, int) or not 0 <= number < len(self._objects):
            raise ScriptFailure("The script has left its sandbox")
        return self._objects[number]

    def _date(self, content: Any) -> datetime:
        try:
            timestamp: datetime = EPOCH + timedelta(milliseconds=int(content))
        except (OverflowError, ValueError):
            raise ScriptFailure("A date is out of range") from None
        return timestamp.astimezone(self._names.now.tzinfo)

    def _big(self, content: object) -> BigInteger:
        digits = str(content)
        # Before `int`, whose time grows with the square of the digits.
        if len(digits) > 1_000:
            raise ScriptFailure("A number has too many digits")
        return BigInteger(int(digits))

    # -- questions --------------------------------------------------------------------

    def _name(self, name: str) -> object:
        # As in expressions: `execution` hides a variable of that name.
        for find in (self._names.special, self._names.variable):
            try:
                return self.out(find(name))
            except KeyError:
                continue
        return {"u": 1}

    def _call(self, number: int, name: str, *arguments: object) -> object:
        target = self._object(number)
        values = [self.take(a) for a in arguments]
        if isinstance(target, JavaClass):
            static = target.statics.get(name)
            if static is None:
                raise EvaluationFailure(f"Unknown identifier: {name}")
            return self.out(static(self._names, values))
        if (name, len(values)) in CHANGING and isinstance(target, CHANGEABLE):
            self._names.documents.note_change(values)
        return self.out(call(target, name, values))

    def _item(self, number: int, index: int) -> object:
        return self.out(read(self._object(number), int(index)))

    def _entry(self, number: int, key: str) -> object:
        found = self._object(number)
        return self.out(found[key]) if isinstance(found, dict) and key in found else {"u": 1}

    def _text(self, number: int) -> str:
        return to_text(self._object(number))

    def _plain(self, number: int) -> object:
        return {"j": plain(self._object(number))}

    def _type(self, name: str) -> object:
        return self.out(class_named(name))

    def _new(self, number: int, *arguments: object) -> object:
        found = self._object(number)
        if not isinstance(found, JavaClass) or found.make is None:
            raise EvaluationFailure("There is no constructor")
        return self.out(found.make(self._names, [self.take(a) for a in arguments]))

    def _spin(self, value: object) -> object:
        return self.out(FUNCTIONS["S"].call(self._names, [self.take(value)]))

    def _print(self, text: str) -> None:
        # To the log and not to the output of this process, which another program may read.
        log.info("script", printed=str(text)[:LONGEST_PRINTED])


def plain(value: object, depth: int = 0) -> object:
    """The JSON form of a value."""
    if depth > 100:
        raise EvaluationFailure("A value is nested too deep")
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    is_plain = value is None or isinstance(value, (bool, int, float, str))
    return value if is_plain else to_text(value)


def _kind_of(value: object) -> str:
    if isinstance(value, JavaClass):
        return "class"
    for kind, name in ((list, "list"), (dict, "map"), (datetime, "date")):
        if isinstance(value, kind):
            return name
    return java_class(value)


def _whole_text(text: str) -> str:
    """A text as Java would store it: a question mark for each half of a surrogate pair."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _list(bridge: Bridge, content: object) -> object:
    if not isinstance(content, list):
        raise ScriptFailure("The script has left its sandbox")
    return [bridge._taken(item) for item in content]


def _map(bridge: Bridge, content: object) -> object:
    if not isinstance(content, list):
        raise ScriptFailure("The script has left its sandbox")
    return {_whole_text(str(key)): bridge._taken(item) for key, item in content}


_TAGS: dict[str, Callable[[Bridge, object], object]] = {
    "h": Bridge._object,
    "d": Bridge._date,
    "b": Bridge._big,
    "a": _list,
    "o": _map,
}
_QUESTIONS: dict[str, Callable[..., object]] = {
    "has": Bridge._name,
    "call": Bridge._call,
    "item": Bridge._item,
    "entry": Bridge._entry,
    "text": Bridge._text,
    "plain": Bridge._plain,
    "type": Bridge._type,
    "new": Bridge._new,
    "spin": Bridge._spin,
    "print": Bridge._print,
}


def parse(line: bytes) -> list[object]:
    """A line of the conversation.

    Raises:
        ScriptFailure: it is no question, or too long.
    """
    if len(line) > LONGEST_RESULT:
        raise ScriptFailure(f"The script hands over more than {LONGEST_RESULT} characters")
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ScriptFailure("The script has left its sandbox") from error
    if not isinstance(question, list) or not question:
        raise ScriptFailure("The script has left its sandbox")
    return question
