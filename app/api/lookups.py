"""Resources named in a path, looked up before what the body lacks is reported."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from app.errors import EngineError
from app.services import lists
from app.store import Store

from .decorators import NullBodyError, current_store

View = TypeVar("View", bound=Callable[..., Any])


def sought(find: Callable[..., object]) -> Callable[[View], View]:
    """A null body is met where it is used: behind the look-up of what the path names by its id.

    Args:
        find: is given the store and the ids of the path; its error is the answer.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**where: str) -> Any:
            try:
                return view(**where)
            except NullBodyError:
                find(current_store(), *where.values())
                raise

        return cast("View", wrapped)

    return decorate


def listed(name: str, unknown: Callable[[str], EngineError]) -> Callable[[Store, str], object]:
    """Find a row of a list for `sought`.

    Args:
        unknown: the error where there is none, or none that the user sees.
    """

    def find(store: Store, key: str) -> object:
        return lists.require(store, name, key, unknown)

    return find
