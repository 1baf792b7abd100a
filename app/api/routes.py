"""Rules of the URL map that cost little to make: there are more than four hundred."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class Route(Rule):
    """A rule whose builder of URLs is made when a URL is built with it.

    Werkzeug compiles two functions for each rule, half of the time that it takes to make the
    application. Baton matches URLs and builds hardly any.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Callable[..., Any]] = []
        make = super()._compile_builder

        def build(rule: Rule, /, **values: Any) -> Any:
            if not made:
                made.append(make(append_unknown))
            return made[0](rule, **values)

        return build
