"""The URL map and its rules, which cost little to make: there are more than four hundred."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule


class Routes(Map):
    """The URL map of the application.

    Attributes:
        literal: the methods of each path without a variable part.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.literal: dict[str, set[str]] = {}
        super().__init__(*args, **options)


class Route(Rule):
    """A rule whose builder of URLs is made when a URL is built with it.

    Werkzeug compiles two functions for each rule, half of the time that it takes to make the
    application. Baton matches URLs and builds hardly any.
    """

    def bind(self, map: Map, rebind: bool = False) -> None:  # noqa: A002 - werkzeug's name
        """Belong to a map."""
        super().bind(map, rebind)
        if isinstance(map, Routes) and not self.arguments:
            map.literal.setdefault(self.rule, set()).update(self.methods or ())

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Callable[..., Any]] = []
        make = super()._compile_builder

        def build(rule: Rule, /, **values: Any) -> Any:
            # Two threads may both make it: the builders are alike.
            if not made:
                made.append(make(append_unknown))
            return made[0](rule, **values)

        return build
