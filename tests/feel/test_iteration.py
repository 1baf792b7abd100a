"""`for`, `some`, `every`, and filters.

Source: DMN 1.3 §10.3.2.14, §10.3.2.5; semantics 12.8.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import Budget, FeelLimitError, FeelSyntaxError, compile_expression

from .evaluating import exact, few, value_of

pytestmark = pytest.mark.no_database

lists = st.lists(st.integers(-9, 9), max_size=8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("for i in [1, 2, 3] return i * 2", [2, 4, 6], id="over a list"),
        pytest.param("for i in [] return i", [], id="over nothing"),
        pytest.param("for i in 1..3 return i", [1, 2, 3], id="over a range"),
        pytest.param("for i in 3..1 return i", [3, 2, 1], id="downwards"),
        pytest.param("for i in 2..2 return i", [2], id="over one number"),
        pytest.param("for i in -1..1 return i", [-1, 0, 1], id="over zero"),
        pytest.param("for i in x..x + 1 return i", [2, 3], id="ends may be expressions"),
        pytest.param("for i in 1..null return i", None, id="to null"),
        pytest.param('for i in "a".."c" return i', None, id="over texts"),
        pytest.param("for i in 1 return i", None, id="over a number"),
        pytest.param("for i in null return i", None, id="over null"),
        pytest.param("for i in {a: 1} return i", None, id="over a context"),
        pytest.param("for i in [1, null] return i", [1, None], id="null is an item"),
        pytest.param("for i in [[1], [2]] return i", [[1], [2]], id="lists are items"),
        pytest.param(
            "for i in [1, 2], j in [3, 4] return i * j", [3, 4, 6, 8], id="the last is the fastest"
        ),
        pytest.param("for i in [1, 2], j in [] return i", [], id="one over nothing"),
        pytest.param("for i in [1], j in null return i", None, id="one over null"),
        pytest.param(
            "for i in 1..2, j in 1..2 return [i, j]", [[1, 1], [1, 2], [2, 1], [2, 2]], id="r"
        ),
        pytest.param("for x in [1] return x", [1], id="the name hides a variable"),
        pytest.param("for i in [1] return i + x", [3], id="other variables are seen"),
        pytest.param(
            "for i in [1, 2] return for j in [i] return j", [[1], [2]], id="in each other"
        ),
        pytest.param("for i in (for j in [1] return j + 1) return i", [2], id="as a source"),
        pytest.param(
            "for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]",
            [1, 1, 2, 3, 5],
            id="partial has the results before",
        ),
        pytest.param("for i in 1..3 return count(partial)", [0, 1, 2], id="and no others"),
        pytest.param("for i in 1..2 return partial", [[], [[]]], id="a result may keep it"),
        pytest.param("(for i in [1, 2] return i)[1]", 1, id="a filter of the result"),
        pytest.param("for i in [1, 2] return i[1]", [None, None], id="a filter of the body"),
    ],
)
def test_for(text, expected):
    assert exact(text, x=2) == repr(expected)


def test_a_later_iterator_does_not_know_an_earlier_one():
    assert value_of("for i in [[1]], j in i return j") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("some i in [1, 2, 3] satisfies i > 2", True, id="some, one does"),
        pytest.param("some i in [1, 2, 3] satisfies i > 3", False, id="some, none does"),
        pytest.param("some i in [] satisfies true", False, id="some of nothing"),
        pytest.param("some i in [1, null] satisfies i > 0", True, id="some, null does not matter"),
        pytest.param("some i in [0, null] satisfies i > 0", None, id="some, null leaves it open"),
        pytest.param("some i in [1] satisfies 5", None, id="some, of no boolean"),
        pytest.param("some i in [1, 2], j in [2, 3] satisfies i = j", True, id="some of pairs"),
        pytest.param("some i in [1, 2], j in [3, 4] satisfies i = j", False, id="some of no pair"),
        pytest.param("some i in 1..3 satisfies i = 2", True, id="some of a range"),
        pytest.param("some i in null satisfies true", None, id="some of null"),
        pytest.param("every i in [1, 2, 3] satisfies i > 0", True, id="every, all do"),
        pytest.param("every i in [1, 2, 3] satisfies i > 1", False, id="every, one does not"),
        pytest.param("every i in [] satisfies false", True, id="every of nothing"),
        pytest.param("every i in [null, -1] satisfies i > 0", False, id="every, false decides"),
        pytest.param("every i in [1, null] satisfies i > 0", None, id="every, null leaves it open"),
        pytest.param("every i in [1], j in [2] satisfies i < j", True, id="every of pairs"),
        pytest.param("every i in 5 satisfies true", None, id="every of a number"),
        pytest.param("every i in [[1], [2]] satisfies count(i) = 1", True, id="every of lists"),
    ],
)
def test_quantifiers(text, expected):
    assert value_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[1, 2, 3][2]", 2, id="at a position"),
        pytest.param("[1, 2, 3][-1]", 3, id="from the end"),
        pytest.param("[1, 2, 3][-3]", 1, id="the first from the end"),
        pytest.param("[1, 2, 3][0]", None, id="there is no position zero"),
        pytest.param("[1, 2, 3][4]", None, id="beyond the end"),
        pytest.param("[1, 2, 3][-4]", None, id="before the beginning"),
        pytest.param("[][1]", None, id="of nothing"),
        pytest.param("[1, 2, 3][i]", 2, id="by a variable"),
        pytest.param("[1, 2, 3][i + 1]", 3, id="by a sum"),
        pytest.param("[1, 2, 3][item > 1]", [2, 3], id="by a condition on the item"),
        pytest.param("[1, 2, 3][item > 5]", [], id="by a condition that none meets"),
        pytest.param("[1, 2, 3][true]", [1, 2, 3], id="by true"),
        pytest.param("[1, 2, 3][false]", [], id="by false"),
        pytest.param("[1, 2, 3][null]", [], id="by null"),
        pytest.param('[1, 2, 3]["a"]', [], id="by a text"),
        pytest.param("[1, null, 3][item > 1]", [3], id="null meets no comparison"),
        pytest.param("[1, null][item = null]", [None], id="but it is null"),
        pytest.param("[{a: 1}, {a: 2}][a > 1]", [{"a": 2}], id="by an entry"),
        pytest.param("[{a: 1}, {b: 2}][a = null]", [{"b": 2}], id="by an entry that is not there"),
        pytest.param("[{a: 1}, {a: 2}][item.a = 1]", [{"a": 1}], id="by an entry of the item"),
        pytest.param("[{item: 5}][item = 5]", [{"item": 5}], id="an entry that is called item"),
        pytest.param("[{a: 1}][a = i]", [], id="entries before variables"),
        pytest.param("[{i: 7}][i = 7]", [{"i": 7}], id="an entry hides a variable"),
        pytest.param("[1, 2, 3, 4][item > 1][item < 4]", [2, 3], id="two filters"),
        pytest.param("[1, 2, 3, 4][item > 1][1]", 2, id="a filter and a position"),
        pytest.param("[[1, 2], [3]][1][2]", 2, id="a position of a position"),
        pytest.param("1[1]", None, id="a number is no list"),
        pytest.param('"a"[1]', None, id="nor is a text"),
        pytest.param("null[1]", None, id="nor is null"),
        pytest.param("{a: 1}[1]", None, id="nor is a context"),
        pytest.param("{a: [1, 2]}.a[2]", 2, id="behind a path"),
        pytest.param("[{a: 1}, {a: 2}][2].a", 2, id="before a path"),
        pytest.param("[{a: 1}, {a: 2}].a[1]", 1, id="behind a path over a list"),
        pytest.param("[][i]", None, id="of nothing, by a variable"),
        pytest.param("[][i - 1]", None, id="of nothing, by a sum"),
        pytest.param("[][if true then 1 else 2]", None, id="of nothing, by a choice"),
        pytest.param("[][{a: 1}.a]", None, id="of nothing, by a path"),
        pytest.param("[][[1][1]]", None, id="of nothing, by an item of a list"),
        pytest.param("[][abs(1)]", [], id="of nothing, by a call, which is made for items"),
        pytest.param("[{i: 3}, {i: 1}][i]", {"i": 1}, id="a number of a variable before entries"),
        pytest.param("[3, 2, 1][if item > 2 then 1 else 2]", 2, id="a choice without an item"),
        pytest.param("[3, 2, 1][abs(item)]", 1, id="a call with the first item"),
        pytest.param("[3, 2, 1][item]", 1, id="the first item is a number"),
        pytest.param("[null, 2, 1][item]", [], id="a later item is one"),
        pytest.param("[{a: true}, {a: 1}][a]", [{"a": True}], id="a later entry is a number"),
    ],
)
def test_filters(text, expected):
    assert exact(text, i=2) == repr(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("for i in [1]", id="for without return"),
        pytest.param("for i return i", id="for without in"),
        pytest.param("for in [1] return 1", id="for without a name"),
        pytest.param("some i in [1]", id="some without satisfies"),
        pytest.param("every i in [1] return i", id="every with return"),
        pytest.param("for i in [1] satisfies i", id="for with satisfies"),
        pytest.param("[1, 2][", id="a filter that does not end"),
        pytest.param("[1, 2][]", id="a filter of nothing"),
        pytest.param("[1, , 2]", id="a list with a hole"),
        pytest.param("[1, 2,]", id="a list that ends with a comma"),
    ],
)
def test_what_is_no_iteration_is_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


@few
@given(lists)
def test_a_loop_that_returns_its_item_is_the_list(items):
    assert value_of("for i in l return i", l=items) == items
    assert value_of("for i in l return i + 1", l=items) == [item + 1 for item in items]


@few
@given(lists, st.integers(-9, 9))
def test_a_filter_and_its_opposite_part_a_list(items, border):
    above = value_of("l[item > b]", l=items, b=border)
    rest = value_of("l[not(item > b)]", l=items, b=border)

    assert above == [item for item in items if item > border]
    assert sorted(above + rest) == sorted(items)


@few
@given(lists, st.integers(-9, 9))
def test_a_position_is_that_of_the_list_counted_from_one(items, position):
    found = value_of("l[n]", l=items, n=position)

    if position and items:
        index = position - 1 if position > 0 else position
        assert found == (items[index] if -len(items) <= index < len(items) else None)


@pytest.mark.parametrize(
    "text", ["for i in 1..50 return i", "some i in 1..50 satisfies false", "l[item > 99]"]
)
def test_every_turn_costs_a_step(text):
    with pytest.raises(FeelLimitError, match="too many steps"):
        compile_expression(text).evaluate({"l": list(range(50))}, budget=Budget(steps=20))
