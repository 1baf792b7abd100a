"""The last look at texts that are about to be written to SQLite, which takes any.

A request is checked where it is read; what expressions, scripts and models make of it reaches the
database by way of a transaction's records alone, so that each of their texts passes here.
PostgreSQL's are looked at while they are encoded (`store.postgresql.values`).
"""

from collections.abc import Callable
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Text

from app.engine.state import Change
from app.errors import UnstorableTextError
from app.store.unit.writing import target_of


def require_storable(changes: dict[type, Change]) -> None:
    """Refuse a text that no column of either database can hold.

    Raises:
        UnstorableTextError: a text has the character NUL, or half of a surrogate pair.
    """
    texts: set[str | None] = set()  # most are in many records
    for kind, change in changes.items():
        of_records = map(_texts_of(kind), chain(change.added, change.updated))
        texts.update(chain.from_iterable(of_records))
    texts.discard(None)
    # All of them in one: a complete writes 200 texts.
    whole = "".join(cast("set[str]", texts))
    if "\x00" in whole or not _is_unicode(whole):
        raise UnstorableTextError


@cache
def _texts_of(kind: type) -> Callable[[Any], tuple[str | None, ...]]:
    target = target_of(kind)
    columns = [name for name in target.columns if isinstance(target.table.c[name].type, Text)]
    return attrgetter(*columns, "id")  # of two at least, or it would give no tuple


def _is_unicode(text: str) -> bool:
    # The usual case, answered from a flag of the string.
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
