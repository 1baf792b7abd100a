"""The command line: which files, what stands in for Java, how the report is written."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from app.bpmn.delegates import Delegates, DelegatesError
from app.errors import EngineError

from . import report
from .between import compare
from .files import NoFileError, found
from .findings import NEEDS, REFUSED, check
from .outcomes import Outcome

UNUSABLE = 3
_EPILOG = (
    "Exit status: 0 when all runs, 1 when something is needed, 2 when a file is refused, 3 when a "
    "file or an option cannot be used."
)


class UsageError(Exception):
    """A file that an option names cannot be used."""


class _Parser(argparse.ArgumentParser):
    """One whose faults have our exit status: argparse's own, 2, says that a file is refused."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(UNUSABLE, f"{self.prog}: error: {message}\n")


def main(arguments: Sequence[str]) -> int:
    """Check files and print what is found; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        mapping = _object(options.delegates)
        delegates = Delegates(mapping)
        files = check(list(found(options.files)), delegates)
        compare(files, delegates)
        outcomes: list[Outcome] = []
        if options.scenario is not None:
            from .trial import play  # the whole engine: not for those who only read files

            outcomes = play(files, _object(options.scenario), mapping)
    except (NoFileError, UsageError, DelegatesError, EngineError, OSError) as error:
        print(f"check: {error}", file=sys.stderr)
        return UNUSABLE
    write = report.as_json if options.json else report.as_text
    print(write(files, outcomes))
    states = {file.status for file in files}
    if REFUSED in states:
        return 2
    # A process that waits has not failed: the scenario may end there on purpose.
    return 1 if NEEDS in states or any(o.state == "failed" for o in outcomes) else 0


def _object(path: str | None) -> dict[str, Any]:
    """The JSON object in a file; an empty one where there is no file."""
    if path is None:
        return {}
    try:
        value = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise UsageError(f"{path} must hold an object")
    return value


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m app.check",
        description="Tell which models run here, what others need, and which are refused.",
        epilog=_EPILOG,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="models, or folders of them")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument(
        "--delegates", metavar="FILE", help="what stands in for Java, as BATON_DELEGATES names it"
    )
    parser.add_argument(
        "--try", dest="scenario", metavar="FILE", help="play each process with this scenario"
    )
    return parser
