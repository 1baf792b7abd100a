"""The files that are checked: those that are named, and those in folders."""

from collections.abc import Iterable, Iterator
from pathlib import Path

PROCESSES = (".bpmn", ".bpmn20.xml")
DECISIONS = (".dmn", ".dmn11.xml")


class NoFileError(Exception):
    """A path is neither a file nor a folder."""


def found(paths: Iterable[str]) -> Iterator[Path]:
    """The models at these paths, those of a folder in the order of their names.

    A file that is named itself is checked whatever its name is.

    Raises:
        NoFileError: there is nothing at a path.
    """
    for name in paths:
        path = Path(name)
        if path.is_dir():
            # Sorted, so that the report is the same on every file system.
            inside = sorted(p for p in path.rglob("*") if p.name.endswith(PROCESSES + DECISIONS))
            yield from (p for p in inside if p.is_file())
        elif path.is_file():
            yield path
        else:
            raise NoFileError(f"There is no file or folder '{name}'")
