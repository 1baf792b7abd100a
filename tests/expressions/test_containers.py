"""The methods of Java's List and Map, items and properties.

Source: the documentation of Java's `List` and `Map`; semantics 7.3.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.values import HashMap, Integer, TreeMap

from .conftest import Place, same

scalars = st.one_of(st.integers(-3, 3), st.booleans(), st.sampled_from(["a", "b"]), st.none())
lists = st.lists(scalars, max_size=6)


def call(value, method, *arguments):
    names = {f"a{number}": argument for number, argument in enumerate(arguments)}
    return parse(f"${{v.{method}({', '.join(names)})}}").evaluate(Place({"v": value, **names}))


@pytest.mark.parametrize(
    ("method", "arguments", "expected"),
    [
        ("size", [], Integer(4)),
        ("isEmpty", [], False),
        ("get", [0], "a"),
        ("get", [3], None),
        ("get", ["1"], 1),
        ("contains", ["a"], True),
        ("contains", [1], True),
        ("contains", [Integer(1)], False),
        ("contains", [1.0], False),
        ("contains", [None], True),
        ("contains", [[1]], True),
        ("contains", [[Integer(1)]], False),
        ("indexOf", [1], Integer(1)),
        ("indexOf", ["x"], Integer(-1)),
        ("lastIndexOf", [None], Integer(3)),
        ("containsAll", [["a", 1]], True),
        ("containsAll", [["a", "x"]], False),
        ("containsAll", [[]], True),
        ("containsAll", [[[1]]], True),
        ("subList", [1, 2], [1]),
        ("subList", [0, 0], []),
        ("subList", [4, 4], []),
        ("toString", [], "[a, 1, [1], null]"),
        ("equals", [["a", 1, [1], None]], True),
        ("equals", [["a", 1, [1]]], False),
        ("equals", ["[a, 1, [1], null]"], False),
    ],
)
def test_a_list_is_asked(method, arguments, expected):
    given_ = ["a", 1, [1], None]

    assert same(call(given_, method, *arguments), expected)
    assert given_ == ["a", 1, [1], None]


@pytest.mark.parametrize(
    ("method", "arguments", "answer", "left"),
    [
        ("add", ["c"], True, ["a", "b", "c"]),
        ("add", [None], True, ["a", "b", None]),
        ("add", [0, "c"], None, ["c", "a", "b"]),
        ("add", [2, "c"], None, ["a", "b", "c"]),
        ("addAll", [["c", "d"]], True, ["a", "b", "c", "d"]),
        ("addAll", [[]], False, ["a", "b"]),
        ("set", [1, "c"], "b", ["a", "c"]),
        ("remove", ["a"], True, ["b"]),
        ("remove", ["x"], False, ["a", "b"]),
        ("removeAll", [["a", "x"]], True, ["b"]),
        ("removeAll", [["x"]], False, ["a", "b"]),
        ("retainAll", [["a", "x"]], True, ["a"]),
        ("retainAll", [["a", "b"]], False, ["a", "b"]),
        ("clear", [], None, []),
    ],
)
def test_a_list_is_changed_in_place(method, arguments, answer, left):
    given_ = ["a", "b"]

    assert call(given_, method, *arguments) == answer
    assert given_ == left


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get", [2]),
        ("get", [-1]),
        ("set", [2, "c"]),
        ("add", [3, "c"]),
        ("add", [-1, "c"]),
        ("subList", [0, 3]),
        ("subList", [1, 0]),
        ("subList", [-1, 1]),
        ("addAll", ["ab"]),
        ("addAll", [None]),
        ("containsAll", [5]),
        ("get", ["a"]),
    ],
)
def test_a_place_or_a_list_that_is_none_fails_and_changes_nothing(method, arguments):
    given_ = ["a", "b"]

    with pytest.raises(ExpressionError):
        call(given_, method, *arguments)
    assert given_ == ["a", "b"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (0, "a"),
        (1, "b"),
        (2, None),
        (-1, None),
        ("0", "a"),
        ("1", "b"),
        (1.9, "b"),
        (True, "b"),
        (False, "a"),
        (None, None),
        (Integer(1), "b"),
        (2**32, "a"),
    ],
)
def test_an_item_of_a_list_is_found_by_what_becomes_an_index(key, expected):
    assert parse("${v[k]}").evaluate(Place({"v": ["a", "b"], "k": key})) == expected


@pytest.mark.parametrize("key", ["a", "", "1.5", [1], {"a": 1}])
def test_what_is_no_index_fails(key):
    with pytest.raises(ExpressionError, match=r"For input string|Cause: null"):
        parse("${v[k]}").evaluate(Place({"v": ["a", "b"], "k": key}))


@pytest.mark.parametrize(
    ("method", "arguments", "expected"),
    [
        ("size", [], Integer(2)),
        ("isEmpty", [], False),
        ("get", ["a"], 1),
        ("get", ["n"], None),
        ("get", ["x"], None),
        ("get", [1], None),
        ("get", [None], None),
        ("getOrDefault", ["a", 5], 1),
        ("getOrDefault", ["x", 5], 5),
        ("getOrDefault", ["n", 5], None),
        ("containsKey", ["n"], True),
        ("containsKey", ["x"], False),
        ("containsKey", [1], False),
        ("containsValue", [1], True),
        ("containsValue", [Integer(1)], False),
        ("containsValue", [None], True),
        ("keySet", [], ["a", "n"]),
        ("values", [], [1, None]),
        ("toString", [], "{a=1, n=null}"),
        ("equals", [{"n": None, "a": 1}], True),
        ("equals", [{"a": 1}], False),
    ],
)
def test_a_map_is_asked(method, arguments, expected):
    given_ = {"a": 1, "n": None}

    assert same(call(given_, method, *arguments), expected)
    assert given_ == {"a": 1, "n": None}


@pytest.mark.parametrize(
    ("method", "arguments", "answer", "left"),
    [
        ("put", ["b", 2], None, {"a": 1, "b": 2}),
        ("put", ["a", 2], 1, {"a": 2}),
        ("put", [5, 2], None, {"a": 1, "5": 2}),
        ("putAll", [{"b": 2, "a": 3}], None, {"a": 3, "b": 2}),
        ("putIfAbsent", ["a", 2], 1, {"a": 1}),
        ("putIfAbsent", ["b", 2], None, {"a": 1, "b": 2}),
        ("remove", ["a"], 1, {}),
        ("remove", ["x"], None, {"a": 1}),
        ("clear", [], None, {}),
    ],
)
def test_a_map_is_changed_in_place(method, arguments, answer, left):
    given_ = {"a": 1}

    assert call(given_, method, *arguments) == answer
    assert given_ == left


def test_a_null_that_is_there_is_put_over_by_put_if_absent():
    given_ = {"a": None}

    assert call(given_, "putIfAbsent", "a", 2) is None
    assert given_ == {"a": 2}


@pytest.mark.parametrize(
    ("method", "arguments"), [("put", [None, 1]), ("putAll", [[1]]), ("putAll", [None])]
)
def test_what_no_map_takes_fails(method, arguments):
    with pytest.raises(ExpressionError):
        call({"a": 1}, method, *arguments)


def test_an_entry_of_a_map_has_a_key_and_a_value():
    place = Place({"v": {"a": 1}})

    for text in ("${v.entrySet()[0].key}", "${v.entrySet()[0].getKey()}"):
        assert parse(text).evaluate(place) == "a"
    for text in ("${v.entrySet()[0].value}", "${v.entrySet()[0].getValue()}"):
        assert parse(text).evaluate(place) == 1
    assert parse("${v.entrySet()[0].toString()}").evaluate(place) == "a=1"
    with pytest.raises(ExpressionError):
        parse("${v.entrySet()[0].setValue(2)}").evaluate(place)


@pytest.mark.parametrize("value", [[1], {"a": 1}])
@pytest.mark.parametrize(
    "method", ["getClass", "stream", "forEach", "iterator", "pop", "append", "update", "__len__"]
)
def test_there_are_no_other_methods(value, method):
    with pytest.raises(ExpressionError, match="Method not found"):
        call(value, method)


def test_what_is_put_in_is_a_copy():
    inner, outer = [1], []

    call(outer, "add", inner)
    call(inner, "add", 2)

    assert outer == [[1]]


def test_a_list_that_is_added_to_itself_is_no_circle():
    given_ = [1]

    call(given_, "add", given_)
    call(given_, "addAll", given_)

    assert given_ == [1, [1], 1, [1]]


@settings(max_examples=25)
@given(st.dictionaries(st.text("abcXYZ09_", min_size=1, max_size=4), st.integers(), max_size=30))
def test_the_order_of_a_hash_map_depends_on_its_keys_alone(values):
    made = HashMap.of(values)
    turned = HashMap.of(dict(reversed(values.items())))

    assert dict(made) == values
    places = [sorted(part) for part in (made, turned)]
    assert places[0] == places[1] == sorted(values)


@settings(max_examples=25)
@given(st.lists(st.text("abc", min_size=1, max_size=3), max_size=8))
def test_a_tree_map_stays_sorted_whatever_is_put_into_it(keys):
    made = TreeMap()

    for number, key in enumerate(keys):
        call(made, "put", key, number)

    assert list(made) == sorted(set(keys))


@settings(max_examples=25)
@given(lists, lists)
def test_remove_all_and_retain_all_part_a_list(items, others):
    removed, retained = list(items), list(items)

    assert call(removed, "removeAll", others) is (len(removed) < len(items))
    assert call(retained, "retainAll", others) is (len(retained) < len(items))
    assert len(removed) + len(retained) == len(items)
    assert call(others, "containsAll", retained) is True
    assert all(call(others, "contains", item) is False for item in removed)


@settings(max_examples=25)
@given(lists, scalars)
def test_an_index_is_where_an_item_is(items, wanted):
    first, last = call(items, "indexOf", wanted), call(items, "lastIndexOf", wanted)

    assert (first >= 0) is call(items, "contains", wanted)
    if first >= 0:
        assert first <= last
        assert same(call(items, "get", first), wanted)
        assert call(items[:first], "contains", wanted) is False
        assert call(items[last + 1 :], "contains", wanted) is False


def test_an_integer_is_the_place_of_what_is_removed_and_another_number_is_a_value():
    items = [5, "b", Integer(0)]

    assert call(items, "remove", Integer(1)) == "b"
    assert call(items, "remove", 5) is True
    assert items == [Integer(0)]
    with pytest.raises(ExpressionError, match="Index 7 out of bounds for length 1"):
        call(items, "remove", Integer(7))


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ((-1, 1), "IndexOutOfBoundsException: fromIndex = -1"),
        ((0, 3), "IndexOutOfBoundsException: toIndex = 3"),
        ((2, 1), r"IllegalArgumentException: fromIndex\(2\) > toIndex\(1\)"),
    ],
)
def test_a_part_that_is_not_there_fails_as_in_java(ends, message):
    with pytest.raises(ExpressionError, match=f"^java.lang.{message}$"):
        call(["a", "b"], "subList", *ends)
