"""The blueprints of an application, each loaded with the first request for a path that it serves.

Half of the modules of a server are for one resource each. An engine for tests, which serves a few
resources for a minute, loads those that it is asked for; any other server loads all of them before
it serves. Both read the same table, in which blueprints stand by their names, as in Flask's pattern
of lazily loaded views.

Source: decision 30.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import MapAdapter
from werkzeug.utils import import_string

Table = Mapping[str, Iterable[str]]  # the first parts of the paths that a named blueprint serves


def blueprints_of(name: str) -> list[Blueprint]:
    """The blueprints of a name: ``module:blueprint``, or a function that makes one or more."""
    found = import_string(name)
    made = found if isinstance(found, Blueprint) else found()
    return [made] if isinstance(made, Blueprint) else list(made)


class Sections:
    """The blueprints of an application, by the first part of their paths.

    Args:
        base: the path below which the first part is the next one.
    """

    def __init__(self, app: Flask, base: str) -> None:
        self._app = app
        self._base = base
        self._lock = threading.Lock()
        self._prefixes: dict[str, str] = {}  # of those that are not loaded yet, by name
        self._names: dict[str, list[str]] = {}  # by the first part of their paths

    def declare(self, table: Table, prefix: str = "") -> None:
        """Name blueprints whose paths are below a prefix."""
        for name, parts in table.items():
            self._prefixes[name] = prefix
            for part in parts:
                self._names.setdefault(f"{prefix}/{part}", []).append(name)

    def load_all(self) -> None:
        """Load everything."""
        with self._lock:
            self._load(list(self._prefixes))
            self._names.clear()

    @contextmanager
    def loaded(self, path: str) -> Iterator[None]:
        """Load what serves a path, and let nothing else be loaded meanwhile.

        The map of routes cannot be searched while it grows.
        """
        place = f"/{path.lstrip('/')}"
        depth = 3 if place.startswith(f"{self._base}/") else 2
        with self._lock:
            self._load(self._names.pop("/".join(place.split("/")[:depth]), ()))
            yield

    def _load(self, names: Iterable[str]) -> None:
        for name in names:
            if (prefix := self._prefixes.pop(name, None)) is None:  # it serves another part as well
                continue
            for found in blueprints_of(name):
                self._app.register_blueprint(found, url_prefix=prefix + (found.url_prefix or ""))


class LateAdapter(MapAdapter):
    """Finds the route of a path whose section may have to be loaded."""

    def __init__(self, sections: Sections, *args: Any) -> None:
        super().__init__(*args)
        self._sections = sections

    def match(self, *args: Any, **options: Any) -> Any:
        """The route, and what its variables are."""
        with self._sections.loaded(self.path_info):
            return super().match(*args, **options)
