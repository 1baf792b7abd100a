"""Tables of cases for lists: filters, and the ids of the rows that they leave.

Which rows a filter leaves is asked of SQLite case by case; PostgreSQL is asked for all numbers of a
table at once, which a condition that means something else there does not get right.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from app.store.lists import LISTINGS


class Lines(NamedTuple):
    """The lines of tables about one list."""

    cases: list
    orders: list
    alternatives: Sequence = ()  # with `or_queries`; a filter there needs a case of its own, too


def case(expected, **filters):
    """A line of a table: the ids in the order of the list, and the filters that leave them."""
    named = "-".join(f"{name}={value}" for name, value in filters.items())
    # Names of tests are plain: dates and patterns are told apart by what is expected, too.
    return pytest.param(filters, expected.split(), id=f"{named[:90]}->{len(expected.split())}")


def either(expected, *alternatives, **filters):
    """The same with one query of alternatives, any of which is enough."""
    (one,) = alternatives
    return case(expected, **filters, or_queries=[one])


def ordered(expected, *levels):
    """A line of a table: the ids in their order, and what they are sorted by."""
    sorting = [tuple(level.split()) for level in levels]
    return pytest.param(sorting, expected.split(), id=",".join(levels))


class OfEachList:
    """The tests of the lists in the table ``LISTS`` of a module: their `Lines` by their names.

    A module collects them by a subclass; `conftest` gives them the lines.
    """

    @pytest.mark.no_database
    def test_a_filter_finds_exactly_its_rows(self, world, name, filters, expected):
        assert_finds(world, name, filters, expected)

    def test_rows_are_sorted(self, world, name, sorting, expected):
        assert_sorted(world, name, sorting, expected)

    def test_each_filter_and_each_order_has_a_case(self, name, lines):
        assert without_case(name, lines.cases) == set()
        assert without_order(name, lines.orders) == set()

    def test_both_databases_find_as_many(self, world, name, lines):
        assert_counts(world, name, [*lines.cases, *lines.alternatives])


def lines_for(arguments, lists):
    """The parameters of a test of `OfEachList`, by the names of its arguments."""
    for name, lines in lists.items():
        if "filters" in arguments:
            found = [*lines.cases, *lines.alternatives]
        elif "sorting" in arguments:
            found = lines.orders
        else:
            yield pytest.param(name, lines, id=name)
            continue
        yield from (pytest.param(name, *one.values, id=f"{name}-{one.id}") for one in found)


def assert_finds(store, name, filters, expected):
    """A query of a list leaves exactly these rows."""
    with store.reading() as connection:
        found = [view["id"] for view in LISTINGS[name].find(connection, filters)]
    assert found == expected


def assert_counts(store, name, cases):
    """All lines of a table find as many rows as they say: few statements for all of them."""
    queries, expected = zip(*(one.values for one in cases), strict=True)
    with store.reading() as connection:
        counts = LISTINGS[name].counts(connection, queries)
    wrong = [
        (one.id, count)
        for one, count, rows in zip(cases, counts, expected, strict=True)
        if count != len(rows)
    ]
    assert wrong == []


def assert_sorted(store, name, sorting, expected):
    """The rows come in an order."""
    with store.reading() as connection:
        found = [view["id"] for view in LISTINGS[name].find(connection, {}, sorting)]
    assert found == expected


def without_case(name, cases):
    """The filters of a list that no line of a table asks for."""
    asked = set()
    for one in cases:
        filters, _ = one.values
        asked.update(filters)
        for alternative in filters.get("or_queries", ()):
            asked.update(alternative)
    return set(LISTINGS[name].filters) - asked


def without_order(name, orders):
    """The sortings of a list that no line of a table asks for."""
    asked = {level[0] for one in orders for level in one.values[0]}
    return set(LISTINGS[name].sorts) - asked
