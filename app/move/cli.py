"""The command line: which tenant is moved, from where, and where to."""

import argparse
import sys
from collections.abc import Mapping, Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.takeover.progress import Progress

from .copying import copy, counts
from .databases import engine_of, snapshot
from .problems import MoveError
from .removing import remove
from .standing import require_stopped

_EPILOG = (
    "The tenant has to stand still: everything of it suspended, no task and no job locked. Exit "
    "status: 0 when it is done, 3 when it was refused or broken off; then nothing was changed by "
    "the step that failed, and the command can be given again."
)


def main(arguments: Sequence[str]) -> int:
    """Move a tenant, or only look at it; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        source = engine_of(options.source, "source")
        target = engine_of(options.target, "target")
        if options.check:
            return _check(source, target, options.tenant)
        return _move(source, target, options.tenant, removes=options.remove)
    except (MoveError, DBAPIError, OSError) as error:
        print(f"move: {str(error).strip()}", file=sys.stderr)
        return 3


def _check(source: Engine, target: Engine, tenant: str) -> int:
    found = counts(source, tenant)
    _tell(found, counts(target, tenant))
    with snapshot(source) as connection:
        require_stopped(connection, tenant)
    print("The tenant stands still.")
    return 0


def _move(source: Engine, target: Engine, tenant: str, *, removes: bool) -> int:
    here, there = counts(source, tenant), counts(target, tenant)
    if not here and not there:
        raise MoveError(f"Neither side knows a tenant '{tenant}'")
    if not here:
        print("The tenant is in the target alone: there is nothing to do.")
        return 0
    if not there:
        copy(source, target, tenant, Progress())
        there = counts(target, tenant)
        _tell(here, there)
        print("The tenant was copied.")
    # Nothing is copied into what is there: rows that were changed since would be mixed with old
    # ones.
    elif not removes:
        _tell(here, there)
        raise MoveError(
            f"The target has rows of the tenant '{tenant}' already. If they were copied before, "
            "--remove compares both sides and removes the source's"
        )
    if removes:
        removed = remove(source, target, tenant, Progress())
        print(f"Both sides were the same; {sum(removed.values())} rows of the source were removed.")
        # In a snapshot of its own, behind the commit: what was added meanwhile shows only there.
        if left := counts(source, tenant):
            raise MoveError(f"The source has new rows of the tenant: {', '.join(left)}")
    return 0


def _tell(here: Mapping[str, int], there: Mapping[str, int]) -> None:
    """The numbers of rows on both sides."""
    print(f"{'table':32} {'source':>10} {'target':>10}")
    for name in sorted({*here, *there}):
        print(f"{name:32} {here.get(name, 0):>10} {there.get(name, 0):>10}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app.move",
        description="Move a tenant that stands still from one engine to another.",
        epilog=_EPILOG,
    )
    parser.add_argument("tenant", help="its id")
    parser.add_argument("--from", dest="source", metavar="URL", required=True, help="its database")
    parser.add_argument("--to", dest="target", metavar="URL", required=True, help="the other one")
    parser.add_argument("--check", action="store_true", help="only say what would be moved")
    parser.add_argument(
        "--remove", action="store_true", help="from the source, once both sides are the same"
    )
    return parser
