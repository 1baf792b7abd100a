"""Tables of cases for lists: filters, and the ids of the rows that they leave."""

import pytest

from app.store.lists import LISTINGS


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


def all_cases(lists):
    """The lines of several lists, each with the name of its list."""
    return [_of_list(name, one) for name, (cases, _) in lists.items() for one in cases]


def all_orders(lists):
    """The same for what they are sorted by."""
    return [_of_list(name, one) for name, (_, orders) in lists.items() for one in orders]


def _of_list(name, one):
    return pytest.param(name, *one.values, id=f"{name}-{one.id}")


def assert_finds(store, name, filters, expected):
    """The page, the number and the ids of a query agree on the rows."""
    listing = LISTINGS[name]
    with store.reading() as connection:
        found = [view["id"] for view in listing.find(connection, filters)]
        # Four statements of one meaning; the page alone is enough for the second dialect.
        if store.dialect.name == "sqlite":
            assert listing.count(connection, filters) == len(found)
            assert listing.counts(connection, [{}, filters])[1] == len(found)
            assert listing.ids(connection, filters) == found
    assert found == expected


def assert_sorted(store, name, sorting, expected, filters=None):
    """The rows come in an order, and pages of two cut it without gap or overlap."""
    listing, filters = LISTINGS[name], filters or {}
    with store.reading() as connection:
        found = [view["id"] for view in listing.find(connection, filters, sorting)]
        pages = [
            view["id"]
            for start in range(0, len(found), 2)
            for view in listing.find(connection, filters, sorting, start, 2)
        ]
    assert found == expected
    assert pages == expected


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
