"""The command line: what is taken over, and where to."""

import argparse
import os
import sys
from collections.abc import Sequence

from app.errors import EngineError

from . import checking, survey
from .models import Models
from .move import Move
from .problems import TakeoverError
from .progress import Progress
from .report import Report
from .source import Source
from .target import prepare, writing

_EPILOG = (
    "Exit status: 0 when everything came over, 1 when something was left out, 3 when the takeover "
    "was refused or broken off; then nothing was written."
)


def main(arguments: Sequence[str]) -> int:
    """Take an installation over, or only look at it; returns the exit status."""
    options = _parser().parse_args(arguments)
    source = None
    try:
        source = Source(
            options.source, options.from_zone, schema=options.schema, prefix=options.prefix
        )
        return checking.run(source, options.delegates) if options.check else _move(source, options)
    # A fault of ours keeps its stack trace.
    except (TakeoverError, EngineError, OSError) as error:
        print(f"takeover: {error}", file=sys.stderr)
        return 3
    finally:
        if source is not None:
            source.close()


def _move(source: Source, options: argparse.Namespace) -> int:
    # Before the target is touched: a refusal must leave nothing to clean up.
    running = survey.running(source)
    if running is not None and not options.running_ok:
        raise TakeoverError(running)
    print(f"The timestamps of the source are taken as {source.zone} (--from-zone).")
    engine = prepare(options.to)
    models, report = Models(source), Report()
    # All gaps are known before the first row, for whole call hierarchies stay behind.
    survey.look(source, models, report)
    with writing(engine) as target:
        Move(source, target, models, report, Progress()).all()
        target.commit()
    print("\n".join(report.lines()))
    return 0 if report.is_complete else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app.takeover",
        description="Bring an installation of Camunda 7 over, with everything that is under way.",
        epilog=_EPILOG,
    )
    parser.add_argument("source", help="its database: postgresql://user@host/name")
    parser.add_argument(
        "--to",
        metavar="URL",
        # As the server takes it, so that both mean one database without being told.
        default=os.environ.get("DATABASE_URL", "").strip() or "sqlite:///baton.db",
        help="an empty database; DATABASE_URL unless it is named",
    )
    parser.add_argument(
        "--from-zone",
        metavar="ZONE",
        default="UTC",
        help="the time zone of the old engine's JVM, as Europe/Berlin (default: UTC)",
    )
    parser.add_argument("--check", action="store_true", help="only say what would come over")
    parser.add_argument(
        "--delegates", metavar="FILE", help="with --check: as BATON_DELEGATES names it"
    )
    parser.add_argument(
        "--running-ok", action="store_true", help="although the old engine seems to run"
    )
    parser.add_argument("--schema", default="", help="of its tables, unless it is the usual one")
    parser.add_argument("--prefix", default="", help="of the names of its tables")
    return parser
