"""Which names mean which language, and which words of a script may be variables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scripts.languages import MOST_WORDS, is_javascript, is_juel, words_of


@pytest.mark.parametrize(
    ("name", "javascript", "juel"),
    [
        ("javascript", True, False),
        ("JavaScript", True, False),
        ("ECMAScript", True, False),
        ("js", True, False),
        ("graal.js", True, False),
        ("juel", False, True),
        ("JUEL", False, True),
        ("el", False, True),
        ("text/javascript", False, False),
        ("javascript ", False, False),
        ("groovy", False, False),
        ("feel", False, False),
        ("", False, False),
        (None, False, False),
    ],
)
def test_a_language_has_names(name, javascript, juel):
    assert (is_javascript(name), is_juel(name)) == (javascript, juel)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", set()),
        ("a + b", {"a", "b"}),
        ("a.b(c)", {"a", "b", "c"}),
        ("var x = y;", {"x", "y"}),
        ("if (a) { return b } else { throw c }", {"a", "b", "c"}),
        ("execution.getVariable('amount')", {"amount"}),
        ("execution.setVariable(name, 5)", {"name"}),
        ("$x + _y1", {"$x", "_y1"}),
        ("1 + 2", set()),
        ("'text of words'", {"text", "words"}),
        ("a + a", {"a"}),
    ],
)
def test_the_words_of_a_script_may_be_variables(source, words):
    assert words_of(source) == words


def test_the_first_words_of_a_long_script_count():
    source = " ".join(f"w{number}" for number in range(500))

    assert words_of(source) == {f"w{number}" for number in range(MOST_WORDS)}


@settings(max_examples=25)
@given(st.lists(st.text("abcxyz", min_size=2, max_size=8).map("{}x1".format), max_size=20))
def test_each_word_is_found_between_signs(names):
    assert words_of(" + ".join(names)) == set(names)
