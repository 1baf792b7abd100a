"""JavaScript: a script in, the value of its last expression out.

Source: semantics 11; Camunda 7 ``SourceExecutableScript``.
"""

import json
import time
from dataclasses import dataclass

from app.expressions.context import Context

from .bridge import Bridge, parse
from .failures import ScriptFailure, ScriptSyntaxFailure, Thrown
from .processes import POOL, EndedError, Process

LONGEST_SOURCE = 1_000_000  # characters
LONGEST_RUN = 1.0  # seconds of the processor, for one script
# Twice the processor's: on a loaded machine the child gets half of it.
LONGEST_WAIT = 2.0  # seconds on the clock, with the answers to what it asks
SHORTEST_RUN = 0.01


@dataclass(slots=True)
class Budget:
    """The limits that the scripts of one transaction share.

    Attributes:
        seconds: of the processor, that are left.
    """

    seconds: float = 5.0


def evaluate(source: str, names: Context, budget: Budget | None = None) -> object:
    """The value of a script's last expression; None for null, undefined and nothing.

    Args:
        names: what the script can look up; what it assigns to them changes nothing outside.
        budget: what it may use, which is then less; a new one for a script on its own.

    Raises:
        ScriptSyntaxFailure: the text is no script.
        Thrown: it has thrown one of Java's exceptions.
        ScriptFailure: it has thrown something else, or used more than it may.
    """
    if len(source) > LONGEST_SOURCE:
        raise ScriptFailure(f"The script has more than {LONGEST_SOURCE} characters")
    budget = budget or Budget()
    seconds = min(LONGEST_RUN, budget.seconds)
    # The kernel's timer has a resolution of some milliseconds.
    if seconds < SHORTEST_RUN:
        raise _stopped(LONGEST_RUN)
    bridge = Bridge(names)
    budget.seconds -= seconds  # unless it says that it has used less
    try:
        with POOL.borrow() as process:
            *last, used = _converse(process, source, seconds, bridge)
    except EndedError:
        raise _stopped(seconds) from bridge.failure
    # The child is not trusted: it can say that it has used less, but not less than nothing.
    if isinstance(used, float) and 0 <= used < seconds:
        budget.seconds += seconds - used
    return _outcome(last, bridge)


def _stopped(seconds: float) -> ScriptFailure:
    return ScriptFailure(f"The script was stopped: it may use {seconds:g} seconds of the processor")


def _converse(process: Process, source: str, seconds: float, bridge: Bridge) -> list[object]:
    """Answer what the script asks, until it has ended.

    Raises:
        EndedError: the script, or the answers to its questions, have used its time.
    """
    # Two clocks: one for a child that hangs, one for what its questions cost here.
    until, began = time.monotonic() + LONGEST_WAIT, time.thread_time()
    process.send(json.dumps({"source": source, "seconds": seconds}).encode())
    while True:
        raw = process.receive(until)
        line = parse(raw)
        bridge.weigh(len(raw))
        if line[0] in _ENDS:
            return line
        process.send(json.dumps(bridge.answer(line)).encode())
        if time.thread_time() - began > seconds:
            raise EndedError


_ENDS = ("done", "thrown", "fail")


def _outcome(last: list[object], bridge: Bridge) -> object:
    match last:
        case ["done", value]:
            return bridge.take(value)
        case ["thrown", value]:
            raise Thrown(bridge.take(value)) from bridge.failure
        case ["fail", str(text), bool(is_syntax)]:
            kind = ScriptSyntaxFailure if is_syntax else ScriptFailure
            raise kind(text[:2_000].encode("utf-8", "replace").decode()) from bridge.failure
    raise ScriptFailure("The script has left its sandbox")
