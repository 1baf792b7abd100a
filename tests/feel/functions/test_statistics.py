"""Functions that make one value of a list.

Source: DMN 1.3 §10.3.4.4; semantics 12.8.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..evaluating import exact, few, value_of, written

pytestmark = pytest.mark.no_database

numbers = st.lists(st.integers(-1000, 1000), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("count([1, 2, 3])", 3, id="three"),
        pytest.param("count([])", 0, id="none"),
        pytest.param("count([1, null, [2]])", 3, id="null counts and a list counts once"),
        pytest.param("count(null)", None, id="null"),
        pytest.param("count(1)", None, id="one item is no list"),
        pytest.param("count(1, 2)", None, id="items instead of a list"),
        pytest.param("count(list: [1])", 1, id="by name"),
    ],
)
def test_count(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("min([1, 2, 3])", 1, id="least of a list"),
        pytest.param("min(1, 2, 3)", 1, id="least of items"),
        pytest.param("min(3)", 3, id="of one item"),
        pytest.param("min([])", None, id="of nothing"),
        pytest.param("min()", None, id="without an argument"),
        pytest.param("max([1, 2, 3])", 3, id="greatest of a list"),
        pytest.param("max(3, 1)", 3, id="greatest of items"),
        pytest.param('max("a", "c", "b")', "c", id="texts have an order"),
        pytest.param('min(["b", "a"])', "a", id="texts of a list"),
        pytest.param(
            'string(max(date("2024-01-01"), date("2024-02-01")))', "2024-02-01", id="dates"
        ),
        pytest.param('string(min(duration("P1D"), duration("PT1H")))', "PT1H", id="durations"),
        pytest.param('max([1, "a"])', None, id="of two kinds"),
        pytest.param("max([1, null])", None, id="with null"),
        pytest.param("max([null])", None, id="of null alone"),
        pytest.param("max([true, false])", None, id="booleans have no order"),
        pytest.param("max(null)", None, id="of null"),
    ],
)
def test_the_least_and_the_greatest(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("sum([1, 2, 3])", 6, id="of a list"),
        pytest.param("sum(1, 2, 3)", 6, id="of items"),
        pytest.param("sum(1)", 1, id="of one"),
        pytest.param("sum([])", None, id="of nothing is null"),
        pytest.param("sum([0.1, 0.2])", 0.3, id="without the errors of binary numbers"),
        pytest.param('sum([1, "2"])', None, id="with a text"),
        pytest.param("sum([1, null])", None, id="with null"),
        pytest.param("product([2, 3, 4])", 24, id="product of a list"),
        pytest.param("product(2, 3, 4)", 24, id="product of items"),
        pytest.param("product([])", None, id="product of nothing"),
        pytest.param("product([1, null])", None, id="product with null"),
        pytest.param("mean([1, 2, 3])", 2, id="mean of a list"),
        pytest.param("mean(1, 2)", 1.5, id="mean of items"),
        pytest.param("mean([])", None, id="mean of nothing"),
        pytest.param("mean([1, null])", None, id="mean with null"),
        pytest.param("median(8, 2, 5, 3, 4)", 4, id="median of odd many"),
        pytest.param("median([6, 1, 2, 3])", 2.5, id="median of even many"),
        pytest.param("median([])", None, id="median of nothing"),
        pytest.param('median(["a"])', None, id="median of texts"),
        pytest.param("stddev(2, 4, 7, 5)", 2.0816659994661326, id="deviation of a sample"),
        pytest.param("stddev([47, 47])", 0, id="deviation of equal numbers"),
        pytest.param("stddev([])", None, id="deviation of nothing"),
        pytest.param("mode(6, 3, 9, 6, 6)", [6], id="the most frequent"),
        pytest.param("mode([6, 1, 9, 6, 1])", [1, 6], id="several, in ascending order"),
        pytest.param("mode([])", [], id="mode of nothing is empty"),
        pytest.param("mode([1, null])", None, id="mode with null"),
        pytest.param("mode([1, 1.0, 2])", [1], id="places do not tell numbers apart"),
    ],
)
def test_statistics(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("name", "items", "expected"),
    [
        pytest.param("and", "[true, true]", True, id="all true"),
        pytest.param("and", "[true, false]", False, id="one false"),
        pytest.param("and", "[]", True, id="and of nothing"),
        pytest.param("and", "[null, false]", False, id="false decides over null"),
        pytest.param("and", "[true, null]", None, id="null leaves it open"),
        pytest.param("and", "[true, 1]", None, id="a number leaves it open"),
        pytest.param("all", "true, false", False, id="all of items"),
        pytest.param("all", "0", None, id="all of a number"),
        pytest.param("or", "[false, true]", True, id="one true"),
        pytest.param("or", "[false, false]", False, id="none true"),
        pytest.param("or", "[]", False, id="or of nothing"),
        pytest.param("or", "[null, true]", True, id="true decides over null"),
        pytest.param("or", "[false, null]", None, id="null leaves or open"),
        pytest.param("any", "false, true", True, id="any of items"),
    ],
)
def test_all_and_any(name, items, expected):
    assert value_of(f"{name}({items})") is expected


def test_a_mean_has_34_digits():
    assert written("mean([1, 1, 2])") == "1.333333333333333333333333333333333"


@few
@given(numbers)
def test_a_list_and_its_items_have_the_same_statistics(items):
    listed = ", ".join(map(str, items))

    for name in ("min", "max", "sum", "mean", "median", "mode"):
        assert value_of(f"{name}([{listed}])") == value_of(f"{name}({listed})")


@few
@given(numbers)
def test_the_median_and_the_mean_lie_between_the_least_and_the_greatest(items):
    least, greatest = value_of("min(l)", l=items), value_of("max(l)", l=items)

    assert (least, greatest) == (min(items), max(items))
    assert least <= value_of("median(l)", l=items) <= greatest
    assert value_of("sum(l)", l=items) == Decimal(sum(items))


@few
@given(numbers)
def test_a_mode_is_an_item_and_none_occurs_more_often(items):
    modes = value_of("mode(l)", l=items)

    assert modes == sorted(modes)
    times = {items.count(mode) for mode in modes}
    assert times == {max(items.count(item) for item in items)}
