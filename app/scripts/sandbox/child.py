"""The child process that runs JavaScript; it is started by its path and imports nothing of ours.

One run is a conversation of JSON, a line each. The parent says what to run; the child asks for
names and methods, and gets one answer for each question; its last line says how the run has ended:

A first empty line says that it has started.

    {"source": "n + 1", "seconds": 1.0}
                                              ["has", "n"]
    7
                                              ["done", 8, 0.002]

A fresh context serves each run, so that nothing that a script does to the language outlives it. The
kernel ends the process when the run has used its time, whatever the interpreter is busy with.

Source: decision 25.
"""

import contextlib
import json
import signal
import sys
import time
from pathlib import Path

import quickjs

FOLDER = Path(__file__).parent
PRELUDE = (FOLDER / "prelude.js").read_text(encoding="utf-8")
PARTS = {
    p: (FOLDER / f"{p}.js").read_text(encoding="utf-8") for p in ("objects", "offers", "failures")
}
ADDRESS_SPACE = 1_024 * 2**20  # bytes; the interpreter's own limit comes first


class Conversation:
    """Questions and answers of one run; its last line ends with the seconds that it has used."""

    def __init__(self) -> None:
        self.has_ended = False
        self._began = time.process_time()

    def ask(self, *parts: object) -> object:
        """Send a question; texts are JSON already, so that a 3 and a 3.0 stay apart."""
        line = ",".join(p if isinstance(p, str) else json.dumps(p) for p in parts)
        sys.stdout.write(f"[{line}]\n")
        sys.stdout.flush()
        answer = sys.stdin.readline()
        if not answer:
            # The parent is gone: no process reads the result of the script.
            raise SystemExit
        value = json.loads(answer)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return value if is_number else answer

    def end(self, *parts: object) -> None:
        """Say how the run has ended; only the first word counts."""
        if self.has_ended:
            return
        self.has_ended = True
        used = json.dumps(max(0.0, time.process_time() - self._began))
        line = ",".join(p if isinstance(p, str) else json.dumps(p) for p in (*parts, used))
        sys.stdout.write(f"[{line}]\n")
        sys.stdout.flush()


def prepare(memory: int) -> quickjs.Context:
    """A context with nothing in it but the language and what the prelude adds."""
    context = quickjs.Context()
    # Before the prelude, so that nothing is outside of the limit.
    context.set_memory_limit(memory)
    context.add_callable("load", PARTS.__getitem__)
    context.eval(PRELUDE)
    return context


def run(context: quickjs.Context, source: str, seconds: float) -> None:
    """Run a script and say how it has ended."""
    conversation = Conversation()
    context.add_callable("ask", conversation.ask)
    context.add_callable("end", conversation.end)
    # No handler: one in Python would wait for the interpreter to come back.
    signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends the process
    try:
        context.get("run")(json.dumps(source))
    except quickjs.StackOverflow:
        conversation.end('"fail"', '"RangeError: Maximum call stack size exceeded"', "false")
    except quickjs.JSException as error:
        text = str(error).partition("\n")[0]
        told = "out of memory" if text in ("null", "") else text
        conversation.end('"fail"', json.dumps(told), "false")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main(memory: int) -> None:
    """Run scripts until the parent has closed the conversation."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        # A dump would leave variables of processes on the disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    is_ready = False
    while True:
        context = prepare(memory)  # before it is asked for
        if not is_ready:
            sys.stdout.write("\n")
            sys.stdout.flush()
            is_ready = True
        line = sys.stdin.readline()
        if not line:
            return
        request = json.loads(line)
        run(context, request["source"], request["seconds"])


if __name__ == "__main__":
    main(int(sys.argv[1]))
