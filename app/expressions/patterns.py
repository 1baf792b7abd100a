"""Matches Java's regular expressions in time that grows with the text only, and never for long.

All ways to match are followed at once (a Pike machine), instead of one after the other, so that
no pattern can make the engine hang. The steps of one call are counted all the same, and those of
one transaction, which runs in one thread.

Source: the documentation of ``java.util.regex.Matcher`` and ``String.split``; Russ Cox, "Regular
Expression Matching: the Virtual Machine Approach".
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self

from . import pattern_syntax as syntax
from .failures import InvocationError, refuse_length
from .pattern_syntax import Pattern, PatternError, PatternReader

MOST_INSTRUCTIONS = 5_000
MOST_STEPS = 1_000_000  # of one call: about half a second
COST_OF_INSTRUCTION = 4  # steps that it takes to compile it
MOST_TOGETHER = 2_000_000  # of one transaction

Places = tuple[int, ...]  # where the whole match and each group begin and end; -1 for none


class Instruction(NamedTuple):
    """One step of a program; its place in the list is its address.

    Attributes:
        targets: where to go on, the preferred address first; empty where the match is complete.
        test: the class of the character that must come first.
        assertion: what must hold at the place.
        slot: the place is remembered here.
    """

    targets: tuple[int, ...] = ()
    test: syntax.Test | None = None
    assertion: str = ""
    slot: int = -1


@dataclass(slots=True)
class Program:
    """A compiled pattern."""

    names: dict[str, int]
    groups: int
    code: list[Instruction] = field(default_factory=list)

    def add(self, instruction: Instruction) -> int:
        """Append an instruction and tell its address."""
        if len(self.code) >= MOST_INSTRUCTIONS:
            raise PatternError("The pattern is too large")
        self.code.append(instruction)
        return len(self.code) - 1

    def emit(self, pattern: Pattern, then: int) -> int:
        """Compile a part before what follows it, and tell where it begins."""
        match pattern:
            case syntax.Char(test):
                return self.add(Instruction((then,), test))
            case syntax.Assertion(kind):
                return self.add(Instruction((then,), assertion=kind))
            case syntax.Sequence(parts):
                for part in reversed(parts):
                    then = self.emit(part, then)
                return then
            case syntax.Alternatives(parts):
                return self.add(Instruction(tuple(self.emit(part, then) for part in parts)))
            case syntax.Group(number, inner):
                end = self.add(Instruction((then,), slot=2 * number + 1))
                return self.add(Instruction((self.emit(inner, end),), slot=2 * number))
            case syntax.Repeat():
                return self._emit_repeat(pattern, then)

    def _emit_repeat(self, repeat: syntax.Repeat, then: int) -> int:
        if repeat.most is None:
            loop = self.add(Instruction())  # its address is needed before its body exists
            body = self.emit(repeat.inner, loop)
            self.code[loop] = self._fork(body, then, is_greedy=repeat.is_greedy)
            start = loop
        else:
            start = then
            for _ in range(repeat.most - repeat.least):
                body = self.emit(repeat.inner, start)
                start = self.add(self._fork(body, then, is_greedy=repeat.is_greedy))
        for _ in range(repeat.least):
            start = self.emit(repeat.inner, start)
        return start

    @staticmethod
    def _fork(body: int, then: int, *, is_greedy: bool) -> Instruction:
        return Instruction((body, then) if is_greedy else (then, body))


class _Allowance(threading.local):
    """The steps that the transaction of this thread may still take."""

    left = MOST_TOGETHER


_allowance = _Allowance()


def begin_transaction() -> None:
    """Allow as many steps as a transaction may take."""
    _allowance.left = MOST_TOGETHER


@lru_cache(maxsize=32)  # a program may have some hundred kilobytes
def _compile(source: str) -> tuple[Program, int]:
    """The program of a pattern, and where it begins."""
    reader = PatternReader(source)
    pattern = reader.read()
    program = Program(reader.names, reader.groups)
    end = program.add(Instruction())
    return program, program.emit(syntax.Group(0, pattern), end)


class Machine:
    """Matches one pattern against one text; all its searches share one number of steps.

    As a context manager it takes its steps from the allowance of the transaction.
    """

    def __init__(self, source: str, text: str) -> None:
        self.program, self._start = _compile(source)
        self._text = text
        self._steps = COST_OF_INSTRUCTION * len(self.program.code)
        self._most = min(MOST_STEPS, _allowance.left)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _allowance.left -= min(self._steps, _allowance.left)

    def search(self, start: int, *, is_whole: bool = False) -> Places | None:
        """The first match from a place on.

        Args:
            is_whole: it must begin at the place and end with the text.
        """
        code, text, found = self.program.code, self._text, None
        nothing = (-1,) * (2 * self.program.groups + 2)
        threads: list[tuple[int, Places]] = []
        for position in range(start, len(text) + 1):
            if found is None and (position == start or not is_whole):
                seen = {address for address, _ in threads}
                self._follow(self._start, nothing, position, threads, seen)
            if not threads:
                if is_whole or found is not None:
                    break
                continue
            char = text[position : position + 1]
            arrived: list[tuple[int, Places]] = []
            seen = set()
            for address, places in threads:
                instruction = code[address]
                if instruction.test is None:
                    if is_whole and char:
                        continue
                    found = places
                    break  # what follows has a lower rank
                if char and instruction.test(char):
                    self._follow(instruction.targets[0], places, position + 1, arrived, seen)
            threads = arrived
        return found

    def _follow(
        self,
        address: int,
        places: Places,
        position: int,
        threads: list[tuple[int, Places]],
        seen: set[int],
    ) -> None:
        """Add every instruction that reads a character and can be reached without one."""
        waiting = [(address, places)]
        while waiting:
            address, places = waiting.pop()
            self._steps += 1
            if address in seen:
                continue
            if self._steps > self._most:
                raise PatternError("The pattern takes too long to match")
            seen.add(address)
            instruction = self.program.code[address]
            if instruction.test is not None or not instruction.targets:
                threads.append((address, places))
                continue
            if instruction.assertion and not _holds(instruction.assertion, self._text, position):
                continue
            slot = instruction.slot
            if slot >= 0:
                self._steps += len(places) // 8  # copying them takes its time
                places = (*places[:slot], position, *places[slot + 1 :])
            waiting.extend((target, places) for target in reversed(instruction.targets))

    def matches(self) -> Iterator[Places]:
        """Every match, from left to right, none within another."""
        position = 0
        while position <= len(self._text):
            places = self.search(position)
            if places is None:
                return
            yield places
            position = places[1] + (places[0] == places[1])


def _is_word(text: str, position: int) -> bool:
    return 0 <= position < len(text) and (text[position].isalnum() or text[position] == "_")


_ASSERTIONS: dict[str, Callable[[str, int], bool]] = {
    "^": lambda _, at: at == 0,
    "A": lambda _, at: at == 0,
    "z": lambda text, at: at == len(text),
    "$": lambda text, at: text[at:] in ("", "\n", "\r\n", "\r"),
    "Z": lambda text, at: text[at:] in ("", "\n", "\r\n", "\r"),
    "(": lambda text, at: at == 0 or (at < len(text) and text[at - 1] == "\n"),
    ")": lambda text, at: at == len(text) or text[at] == "\n",
    "b": lambda text, at: _is_word(text, at - 1) != _is_word(text, at),
    "B": lambda text, at: _is_word(text, at - 1) == _is_word(text, at),
}


def _holds(kind: str, text: str, position: int) -> bool:
    if kind in "$Z" and len(text) - position > 2:  # spares the copy of a long rest
        return False
    return _ASSERTIONS[kind](text, position)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text follows a pattern."""
    with Machine(pattern, text) as machine:
        return machine.search(0, is_whole=True) is not None


def replace(pattern: str, text: str, replacement: str, at_most: int | None = None) -> str:
    """The text with its matches replaced; ``$1`` and ``${name}`` stand for groups."""
    with Machine(pattern, text) as machine:
        parts = _replacement(replacement, machine.program)
        return _replaced(machine, text, parts, at_most)


def _replaced(machine: Machine, text: str, parts: list[str | int], at_most: int | None) -> str:
    made, length, position = list[str](), 0, 0
    for count, places in enumerate(machine.matches()):
        if count == at_most:
            break
        new = [text[position : places[0]]]
        new += (p if isinstance(p, str) else text[places[2 * p] : places[2 * p + 1]] for p in parts)
        length += sum(map(len, new))
        refuse_length(length)
        made += new
        position = places[1]
    return "".join(made) + text[position:]


def _replacement(source: str, program: Program) -> list[str | int]:
    """Texts and numbers of groups, in turn."""
    parts: list[str | int] = []
    position = 0
    while position < len(source):
        char = source[position]
        position += 1
        if char == "\\":
            if position == len(source):
                raise _illegal("character to be escaped is missing")
            parts.append(source[position])
            position += 1
        elif char == "$":
            number, position = _group_reference(source, position, program)
            parts.append(number)
        else:
            parts.append(char)
    return parts


def _group_reference(source: str, position: int, program: Program) -> tuple[int, int]:
    """The number of a group, and where its name ends."""
    if source[position : position + 1] == "{":
        end = source.find("}", position)
        name = source[position + 1 : end]
        if end < 0 or name not in program.names:
            raise _illegal(f"No group with name {{{name[:100]}}}")
        return program.names[name], end + 1
    digits = source[position : position + 1]
    if not digits.isascii() or not digits.isdecimal():
        raise _illegal("Illegal group reference")
    number = int(digits)
    if number > program.groups:
        raise InvocationError("java.lang.IndexOutOfBoundsException", f"No group {number}")
    position += 1
    while (following := source[position : position + 1]) and following in "0123456789":
        if number * 10 + int(following) > program.groups:
            break
        number = number * 10 + int(following)
        position += 1
    return number, position


def _illegal(message: str) -> InvocationError:
    return InvocationError("java.lang.IllegalArgumentException", message)


def split(pattern: str, text: str, limit: int) -> list[str]:
    """The parts between the matches; at most so many as the limit, where it is above 0.

    A match without width at the beginning makes no part, as since Java 8.
    """
    if len(pattern) == 1 and pattern not in ".$|()[{^?*+\\":
        return text.split(pattern, limit - 1 if limit > 0 else -1)
    parts, position = list[str](), 0
    with Machine(pattern, text) as machine:
        for places in machine.matches():
            if len(parts) == limit - 1:
                break
            if places[1] == 0 or (places[0] == places[1] == len(text)):
                continue
            parts.append(text[position : places[0]])
            position = places[1]
    return [*parts, text[position:]]
