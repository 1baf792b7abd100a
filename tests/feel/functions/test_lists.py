"""Functions of lists.

Source: DMN 1.3 §10.3.4.4; semantics 12.8.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..evaluating import exact, few, value_of

pytestmark = pytest.mark.no_database

lists = st.lists(st.integers(-5, 5), max_size=8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("list contains([1, 2, 3], 2)", True, id="has it"),
        pytest.param("list contains([1, 2, 3], 4)", False, id="has it not"),
        pytest.param("list contains([], 1)", False, id="an empty list has nothing"),
        pytest.param("list contains([1, null], null)", True, id="null is an element"),
        pytest.param("list contains([1], null)", False, id="and may be missing"),
        pytest.param('list contains([1], "1")', False, id="a text is no number"),
        pytest.param("list contains([1.0], 1)", True, id="places do not matter"),
        pytest.param("list contains([[1], [2]], [2])", True, id="a list in a list"),
        pytest.param("list contains([{a: 1}], {a: 1})", True, id="a context"),
        pytest.param("list contains(null, 1)", None, id="null is no list"),
        pytest.param("list contains(1, 1)", None, id="nor is a number"),
        pytest.param("list contains(list: [1], element: 1)", True, id="by names"),
        pytest.param("is empty([])", True, id="empty"),
        pytest.param("is empty([null])", False, id="null is an item"),
        pytest.param("is empty(null)", None, id="null is neither"),
    ],
)
def test_what_a_list_has(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("sublist([4, 5, 6], 1, 2)", [4, 5], id="of a length"),
        pytest.param("sublist([4, 5, 6], 2)", [5, 6], id="to the end"),
        pytest.param("sublist([4, 5, 6], -1)", [6], id="the last"),
        pytest.param("sublist([4, 5, 6], -2, 1)", [5], id="from the end, of a length"),
        pytest.param("sublist([4, 5, 6], 1, 99)", [4, 5, 6], id="a length beyond the end"),
        pytest.param("sublist([4, 5, 6], 4)", [], id="behind the end"),
        pytest.param("sublist([4, 5, 6], 1, 0)", [], id="of no length"),
        pytest.param("sublist([4, 5, 6], 0)", None, id="there is no position zero"),
        pytest.param("sublist([], 1)", [], id="of an empty list"),
        pytest.param("sublist(null, 1)", None, id="of null"),
        pytest.param('sublist([1], "1")', None, id="from a text"),
        pytest.param("sublist(list: [4, 5], start position: 2)", [5], id="by the standard's name"),
        pytest.param("sublist(list: [4, 5], start: 2)", [5], id="by the reference's name"),
    ],
)
def test_sublist(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("append([1], 2, 3)", [1, 2, 3], id="append several"),
        pytest.param("append([], null)", [None], id="append null"),
        pytest.param("append([1], [2])", [1, [2]], id="append a list as one item"),
        pytest.param("append(null, 1)", None, id="append to null"),
        pytest.param("append(1, 2)", None, id="append to a number"),
        pytest.param("concatenate([1, 2], [3])", [1, 2, 3], id="concatenate"),
        pytest.param("concatenate([1], [], [1])", [1, 1], id="doubles stay"),
        pytest.param("concatenate([1], null)", [1, None], id="what is no list is an item"),
        pytest.param("concatenate([[1]], [2])", [[1], 2], id="only one level is opened"),
        pytest.param("insert before([1, 3], 1, 2)", [2, 1, 3], id="insert at the beginning"),
        pytest.param("insert before([1, 3], 2, 2)", [1, 2, 3], id="insert in the middle"),
        pytest.param("insert before([1, 3], -1, 2)", [1, 2, 3], id="insert before the last"),
        pytest.param("insert before([1, 3], 3, 2)", [1, 3, 2], id="insert behind the last"),
        pytest.param("insert before([1], 0, 2)", None, id="insert at no position"),
        pytest.param("insert before(null, 1, 2)", None, id="insert into null"),
        pytest.param("remove([1, 2, 3], 2)", [1, 3], id="remove"),
        pytest.param("remove([1, 2, 3], -1)", [1, 2], id="remove from the end"),
        pytest.param("remove([1], 5)", [1], id="remove nothing"),
        pytest.param("remove([1], 0)", None, id="remove at no position"),
        pytest.param("remove(null, 1)", None, id="remove from null"),
        pytest.param("reverse([1, 2, 3])", [3, 2, 1], id="reverse"),
        pytest.param("reverse([])", [], id="reverse nothing"),
        pytest.param("reverse(null)", None, id="reverse null"),
        pytest.param("union([1, 2], [2, 3])", [1, 2, 3], id="union"),
        pytest.param("union([1, 1], [1.0])", [1], id="union of equal items"),
        pytest.param("union([null], [null])", [None], id="union of nulls"),
        pytest.param("union([1], 2)", [1, 2], id="union with an item"),
        pytest.param("distinct values([1, 2, 1, 3, 2])", [1, 2, 3], id="distinct"),
        pytest.param('distinct values([1, "1", true])', [1, "1", True], id="distinct kinds"),
        pytest.param("distinct values([[1], [1], {a: 1}, {a: 1}])", [[1], {"a": 1}], id="deep"),
        pytest.param("distinct values(null)", None, id="distinct of null"),
        pytest.param("duplicate values([1, 2, 1, 2, 3])", [1, 2], id="duplicates"),
        pytest.param("duplicate values([1, 2])", [], id="no duplicates"),
        pytest.param("flatten([[1, 2], [[3]], 4])", [1, 2, 3, 4], id="flatten"),
        pytest.param("flatten([[], [[]]])", [], id="flatten to nothing"),
        pytest.param("flatten([{a: [1]}])", [{"a": [1]}], id="contexts are not opened"),
        pytest.param("flatten(null)", None, id="flatten null"),
        pytest.param("partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]], id="partition"),
        pytest.param("partition([], 2)", [], id="partition of nothing"),
        pytest.param("partition([1], 0)", None, id="partition in nothing"),
    ],
)
def test_what_is_made_of_lists(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("index of([1, 2, 3, 2], 2)", [2, 4], id="all positions"),
        pytest.param("index of([1], 2)", [], id="none"),
        pytest.param("index of([1, null], null)", [2], id="of null"),
        pytest.param('index of(["a", 1], "a")', [1], id="of a text"),
        pytest.param("index of([[1], 1], [1])", [1], id="of a list"),
        pytest.param("index of(null, 1)", None, id="in null"),
    ],
)
def test_index_of(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("sort([3, 1, 2], function(x, y) x < y)", [1, 2, 3], id="ascending"),
        pytest.param("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1], id="descending"),
        pytest.param("sort([], function(x, y) x < y)", [], id="nothing"),
        pytest.param("sort(list: [2, 1], precedes: function(a, b) a < b)", [1, 2], id="by names"),
        pytest.param("sort([3, 1], function(x) x)", None, id="a function of one parameter"),
        pytest.param("sort([3, 1], function(x, y) 1)", None, id="a function that gives no order"),
        pytest.param('sort([3, "a"], function(x, y) x < y)', None, id="items without an order"),
        pytest.param("sort([1, 2], 1)", None, id="a number is no function"),
        pytest.param(
            "for i in sort([{n: 1, k: 2}, {n: 2, k: 1}, {n: 3, k: 1}], function(a, b) a.k < b.k) "
            "return i.n",
            [2, 3, 1],
            id="what is equal keeps its order",
        ),
    ],
)
def test_sort(text, expected):
    assert exact(text) == repr(expected)


def test_list_replace_is_not_known():
    assert value_of("list replace([1, 2], 1, 3)") is None


@few
@given(lists, lists)
def test_concatenation_and_reversal_are_those_of_lists(a, b):
    assert value_of("concatenate(a, b)", a=a, b=b) == a + b
    assert value_of("reverse(concatenate(a, b))", a=a, b=b) == value_of(
        "concatenate(reverse(b), reverse(a))", a=a, b=b
    )
    assert value_of("reverse(reverse(a))", a=a) == a


@few
@given(lists, lists)
def test_a_union_has_each_item_once_in_the_order_of_its_first(a, b):
    assert value_of("union(a, b)", a=a, b=b) == list(dict.fromkeys(a + b))
    assert value_of("distinct values(a)", a=a) == value_of("union(a, a)", a=a)


@few
@given(lists)
def test_sorting_by_order_gives_the_items_in_order(items):
    text = "sort(l, function(a, b) a < b)"

    made = value_of(text, l=items)

    assert made == sorted(items)
    assert value_of(text, l=made) == made


@few
@given(lists, st.integers(1, 4))
def test_partitions_flow_together_again(items, size):
    parts = value_of("partition(l, n)", l=items, n=size)

    assert value_of("flatten(p)", p=parts) == items
    assert all(len(part) == size for part in parts[:-1])
    assert all(0 < len(part) <= size for part in parts)


@few
@given(lists, st.integers(-5, 5))
def test_an_index_is_where_an_item_is(items, wanted):
    positions = value_of("index of(l, x)", l=items, x=wanted)

    assert [items[int(at) - 1] for at in positions] == [wanted] * items.count(wanted)
    assert value_of("list contains(l, x)", l=items, x=wanted) is bool(positions)


@few
@given(lists.filter(bool), st.data())
def test_what_is_inserted_can_be_removed_again(items, data):
    at = data.draw(st.integers(1, len(items)))

    inserted = value_of("insert before(l, n, 99)", l=items, n=at)

    assert inserted[at - 1] == 99
    assert value_of("remove(l, n)", l=inserted, n=at) == items
