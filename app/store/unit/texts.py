"""The last look at what is about to be written.

A request is checked where it is read; what expressions, scripts and models make of it reaches the
database by way of a transaction's records alone, so that each of their texts passes here.
"""

from collections.abc import Callable
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any

from app.engine.state import Change
from app.errors import UnstorableTextError

from .writing import target_of


def require_storable(changes: dict[type, Change]) -> None:
    """Refuse a text that no column can hold, whichever database there is.

    Raises:
        UnstorableTextError: a text has the character NUL, or half of a surrogate pair.
    """
    for kind, change in changes.items():
        values_of = _values_of(kind)
        for record in chain(change.added, change.updated):
            for value in values_of(record):
                # Here and not in the drivers: SQLite takes both, and the same command must not
                # depend on the database.
                if isinstance(value, str) and ("\x00" in value or not _is_unicode(value)):
                    raise UnstorableTextError


@cache
def _values_of(kind: type) -> Callable[[Any], tuple[object, ...]]:
    return attrgetter(*target_of(kind).columns)


def _is_unicode(text: str) -> bool:
    # The usual case, answered from a flag of the string.
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
