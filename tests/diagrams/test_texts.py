"""Texts: how wide they are, how they are broken, and what of them is left out."""

import unicodedata

import hypothesis
import pytest
from hypothesis import strategies as st

from app.diagrams.texts import ELLIPSIS, MOST_CHARACTERS, clean, width, wrap

pytestmark = pytest.mark.no_database
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SIZE = 12.0


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param(" ", 278, id="a blank"),
        pytest.param("A", 667, id="a letter"),
        pytest.param("iW", 222 + 944, id="a narrow and a wide one"),
        pytest.param("~", 584, id="the last of ASCII"),
        pytest.param("\u00fc", 556, id="beyond ASCII"),
        pytest.param("\u4e16", 1_000, id="a full width"),
        pytest.param("e\u0301", 556, id="a mark above a letter"),
    ],
)
def test_the_width_of_a_text_is_the_sum_of_its_characters(text, thousandths):
    assert width(text, 10) == pytest.approx(thousandths / 100)


@hypothesis.settings(max_examples=30)
@hypothesis.given(TEXTS, st.floats(20, 300), st.integers(1, 10))
def test_no_line_is_wider_than_its_room_but_for_one_character_and_an_ellipsis(text, room, most):
    for line in wrap(text, room, SIZE, most):
        fits = width(line, SIZE) <= room + width(ELLIPSIS, SIZE)
        assert fits or len(unicodedata.normalize("NFC", line)) <= 2


@hypothesis.settings(max_examples=30)
@hypothesis.given(TEXTS, st.floats(1, 300), st.integers(-3, 10))
def test_there_are_never_more_lines_than_are_allowed_and_one_at_least(text, room, most):
    assert 1 <= len(wrap(text, room, SIZE, most)) <= max(most, 1)


@hypothesis.settings(max_examples=30)
@hypothesis.given(TEXTS, st.floats(1, 300))
def test_breaking_a_text_loses_none_of_its_words(text, room):
    lines = wrap(text, room, SIZE, 10_000)

    assert "".join("".join(lines).split()) == "".join(clean(text).split())


def test_paragraphs_stay_and_an_empty_one_is_an_empty_line():
    assert wrap("a\n\nb", 100, SIZE, 9) == ["a", "", "b"]


def test_blanks_between_words_are_one():
    assert wrap("  a \t b  ", 100, SIZE, 9) == ["a b"]


def test_a_text_that_fits_to_the_point_is_not_broken():
    assert wrap("ab cd", width("ab cd", SIZE), SIZE, 9) == ["ab cd"]
    assert wrap("ab cd", width("ab cd", SIZE) - 0.01, SIZE, 9) == ["ab", "cd"]


@pytest.mark.parametrize("sign", "-_/.")
def test_a_long_word_is_broken_behind_a_sign(sign):
    word = f"aaaa{sign}bbbb"

    assert wrap(word, width(f"aaaa{sign}b", SIZE), SIZE, 9) == [f"aaaa{sign}", "bbbb"]


def test_a_long_word_without_a_sign_is_broken_where_it_must_be():
    assert wrap("aaaaaa", width("aaaa", SIZE), SIZE, 9) == ["aaaa", "aa"]


def test_the_rest_of_a_long_word_shares_its_line():
    assert wrap("aaaaaa b", width("aaaa", SIZE), SIZE, 9) == ["aaaa", "aa b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a b", ["a\u2026"], id="one line of two"),
        pytest.param("a... b", ["a\u2026"], id="no point before the ellipsis"),
        pytest.param("a", ["a"], id="all is there"),
    ],
)
def test_what_is_left_out_is_said_by_an_ellipsis(text, expected):
    assert wrap(text, 1, SIZE, 1) == expected or wrap(text, 15, SIZE, 1) == expected


def test_of_a_very_long_text_the_beginning_alone_is_looked_at():
    lines = wrap("a" * (MOST_CHARACTERS + 1), 10_000_000, SIZE, 9)

    assert lines == ["a" * MOST_CHARACTERS + ELLIPSIS]
    assert wrap("a" * MOST_CHARACTERS, 10_000_000, SIZE, 9) == ["a" * MOST_CHARACTERS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\u202eb\u2066c\u2069", "abc", id="what turns the direction is gone"),
        pytest.param("a\x00b", "a\ufffdb", id="what XML cannot hold is replaced"),
        pytest.param("a\ud800b", "a\ufffdb", id="half of a pair"),
        pytest.param("a\rb", "a\ufffdb", id="a carriage return would be another line"),
        pytest.param("a\tb\nc", "a\tb\nc", id="tabulators and lines stay"),
        pytest.param("\u0661 \u05d0", "\u0661 \u05d0", id="letters that go to the left stay"),
    ],
)
def test_a_text_keeps_to_itself(text, expected):
    assert clean(text) == expected


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)
