"""Pages of lists: what is shown, whether there is more, and about how much.

Source: decision 21.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from app.services import lists, overview
from app.store import Store

SIZE, COUNTED = 50, 1000  # rows of a page; how far rows are counted
LAST = 20_000  # the last page: to go further costs the database more than a filter would

View = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A page of a list.

    Attributes:
        name: what its rows are called.
        parameter: of the URL that has its number.
        has_next: there are more rows.
        total: how many rows there are; None where that was not counted to the end.
    """

    name: str
    parameter: str
    number: int
    rows: Sequence[View]
    has_next: bool
    total: int | None

    @property
    def first(self) -> int:
        """The number of the first row."""
        return (self.number - 1) * SIZE + 1

    @property
    def last(self) -> int:
        """The number of the last row."""
        return (self.number - 1) * SIZE + len(self.rows)

    @property
    def total_text(self) -> str:
        """How many rows there are, as it is said."""
        return f"more than {max(COUNTED, self.last):,}" if self.total is None else f"{self.total:,}"

    @property
    def badge(self) -> str:
        """The same in short; nothing for none."""
        if self.total is None:
            return f"{COUNTED:,}+"
        return f"{self.total:,}" if self.total else ""


def number_of(parameter: str = "page") -> int:
    """The number of the page that the URL asks for; 1 for what is no number."""
    text = request.args.get(parameter, "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    # Never an error: such a link is a slip of the hand, not a call of the API.
    return min(max(number, 1), LAST)


def paged(
    name: str,
    find: Callable[[int, int], Sequence[View]],
    count: Callable[[], int] | None = None,
    parameter: str = "page",
) -> Page:
    """The page of rows that the URL asks for.

    Args:
        find: rows by their offset and number.
        count: how many there are, up to `COUNTED` and one more.
    """
    number = number_of(parameter)
    # One more than is shown tells whether there are more.
    # By offset, not by a key: a page has a number that can be linked to, and `LAST` bounds it.
    rows = find((number - 1) * SIZE, SIZE + 1)
    shown, has_next = rows[:SIZE], len(rows) > SIZE
    total: int | None = (number - 1) * SIZE + len(shown)
    # Else all rows have been seen, and counting them is for nothing.
    if has_next or (number > 1 and not shown):
        found = COUNTED + 1 if count is None else count()
        total = None if found > COUNTED else found
    return Page(name, parameter, number, shown, has_next, total)


def listed(
    store: Store,
    kind: str,
    filters: Mapping[str, Any],
    sorting: Sequence[tuple[str, ...]] = (),
    *,
    name: str,
    parameter: str = "page",
) -> Page:
    """The page of a list that the URL asks for."""
    return paged(
        name,
        lambda first, most: lists.find(store, kind, filters, sorting, first, most),
        lambda: overview.up_to(store, kind, filters, COUNTED + 1),
        parameter,
    )
