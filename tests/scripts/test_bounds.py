"""Questions that the prelude of the sandbox would not send, and too many of them, end a script.

A script that has got hold of its pipe may send anything.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scripts import bridge
from app.scripts.bridge import Bridge, parse
from app.scripts.failures import ScriptFailure

from .asking import NOW, Names


@pytest.mark.parametrize(
    "sent",
    [
        {"h": 0},
        {"h": -1},
        {"h": "0"},
        {"h": 1.0},
        {"x": 1},
        {},
        {"a": 1, "o": 2},
        [1],
        {"a": 5},
        {"o": 5},
        {"o": "ab"},
        {"o": [5]},
        {"o": [["a"]]},
        {"o": [["a", 1, 2]]},
    ],
)
def test_a_value_that_the_prelude_would_not_send_ends_the_script(sent):
    with pytest.raises(ScriptFailure, match="left its sandbox"):
        Bridge(Names()).take(sent)


@pytest.mark.parametrize("tag", ["a", "o"])
def test_a_value_that_is_nested_deeper_than_python_calls_ends_the_script(tag):
    deep = []
    for _ in range(5_000):
        deep = [{"a": deep}] if tag == "a" else [["x", {"o": deep}]]

    with pytest.raises(ScriptFailure, match="left its sandbox"):
        Bridge(Names()).take({tag: deep})


@pytest.mark.parametrize("content", [10**18, -(10**18), "x"])
def test_a_date_out_of_range_ends_the_script(content):
    with pytest.raises(ScriptFailure, match="A date is out of range"):
        Bridge(Names()).take({"d": content})


def test_a_number_of_too_many_digits_is_not_read():
    with pytest.raises(ScriptFailure, match="too many digits"):
        Bridge(Names()).take({"b": "9" * 1_001})


@pytest.mark.parametrize(
    "question",
    [
        ["exec", "x"],
        ["__class__"],
        [""],
        [None],
        [5],
        ["has"],
        ["has", "a", "b"],
        ["call", 0, "size"],
        ["call", "0", "size"],
        ["item", 5, 0],
        ["text", None],
        ["new", 0],
        ["plain", -1],
    ],
)
def test_a_question_that_the_prelude_would_not_ask_ends_the_script(question):
    with pytest.raises(ScriptFailure, match="left its sandbox"):
        Bridge(Names()).answer(question)


@pytest.mark.parametrize("index", [float("inf"), float("nan"), None, "x", [], {"a": 1}])
def test_an_index_that_is_none_ends_the_script(held, index):
    made, number = held(["a"])

    with pytest.raises(ScriptFailure, match="left its sandbox"):
        made.answer(["item", number, index])


def test_a_script_asks_so_much_and_no_more(monkeypatch):
    monkeypatch.setattr(bridge, "MOST_QUESTIONS", 3)
    made = Bridge(Names({"x": 1}))

    assert [made.answer(["has", "x"]) for _ in range(3)] == [1, 1, 1]
    with pytest.raises(ScriptFailure, match="called more than 3 methods"):
        made.answer(["has", "x"])


def test_a_script_holds_so_many_objects_and_no_more(monkeypatch):
    monkeypatch.setattr(bridge, "MOST_OBJECTS", 2)
    made = Bridge(Names({"v": [[], []]}))
    number = made.answer(["has", "v"])["h"]

    made.answer(["item", number, 0])
    with pytest.raises(ScriptFailure, match="holds more than 2 objects"):
        made.answer(["item", number, 1])


def test_a_script_hands_over_so_much_and_no_more(monkeypatch):
    monkeypatch.setattr(bridge, "MOST_BYTES", 10)
    made = Bridge(Names())

    made.weigh(10)
    with pytest.raises(ScriptFailure, match="hands over more than 10 bytes"):
        made.weigh(1)


@pytest.mark.parametrize(
    "line", [b"", b"x", b"{}", b"[]", b"5", b"null", b'"has"', b"[" * 5_000, b"\xff", b"[1"]
)
def test_a_line_that_is_no_question_ends_the_script(line):
    with pytest.raises(ScriptFailure, match="left its sandbox"):
        parse(line)


def test_a_line_that_is_too_long_is_not_parsed(monkeypatch):
    monkeypatch.setattr(bridge, "LONGEST_RESULT", 20)

    assert parse(b'["has", "x"]') == ["has", "x"]
    with pytest.raises(ScriptFailure, match="more than 20 characters"):
        parse(b'["has", "' + b"x" * 20 + b'"]')


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["h", "d", "b", "a", "o", "x"]), inner, max_size=2),
    ),
    max_leaves=6,
)
words = st.sampled_from(
    ["has", "call", "item", "entry", "text", "plain", "type", "new", "spin", "x"]
)


@settings(max_examples=25)
@given(st.lists(st.tuples(words, st.lists(anything, max_size=3)), max_size=4))
def test_whatever_is_sent_is_answered_or_ends_the_script(questions):
    made = Bridge(Names({"v": [1, {"a": NOW}], "x": "y"}))
    made.answer(["has", "v"])

    for word, arguments in questions:
        try:
            answer = made.answer([word, *arguments])
        except ScriptFailure:
            return
        json.dumps(answer)
