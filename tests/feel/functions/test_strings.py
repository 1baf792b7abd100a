"""Functions of strings.

Source: DMN 1.3 §10.3.4.3; positions and lengths are those of UTF-16 units, see semantics 12.8.
"""

import pytest

from app.feel import FeelEvaluationError

from ..evaluating import exact, value_of

pytestmark = pytest.mark.no_database

HORSE = "\U0001f40e"  # one character, two UTF-16 units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('substring("foobar", 3)', "obar", id="from a position to the end"),
        pytest.param('substring("foobar", 3, 3)', "oba", id="of a length"),
        pytest.param('substring("foobar", 1)', "foobar", id="positions count from one"),
        pytest.param('substring("foobar", -2, 1)', "a", id="a negative position is from the end"),
        pytest.param('substring("foobar", -6)', "foobar", id="as far back as there is text"),
        pytest.param('substring("foobar", 6)', "r", id="the last character"),
        pytest.param('substring("foobar", 7)', "", id="just beyond the end"),
        pytest.param('substring("foobar", 3, 99)', "obar", id="a length beyond the end"),
        pytest.param('substring("foobar", 3, 0)', "", id="a length of nothing"),
        pytest.param('substring("foobar", 2.9)', "oobar", id="a position is cut to a whole number"),
        pytest.param('substring("", 1)', "", id="of an empty text"),
        pytest.param("substring(null, 1)", None, id="of null"),
        pytest.param('substring("foobar", null)', None, id="from null"),
        pytest.param('substring("foobar", "3")', None, id="from a text"),
        pytest.param("substring(123, 1)", None, id="of a number"),
        pytest.param('substring(string: "foobar", start position: 4)', "bar", id="by names"),
        pytest.param(
            'substring(length: 2, string: "foobar", start position: 1)',
            "fo",
            id="names in any order",
        ),
    ],
)
def test_substring(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    "text", ['substring("foo", 5)', 'substring("foo", -4)', 'substring("", 2)']
)
def test_a_substring_that_begins_outside_of_the_text_fails(text):
    with pytest.raises(FeelEvaluationError, match=r"begin .* end .* length"):
        value_of(text)


def test_a_substring_of_negative_length_fails():
    with pytest.raises(FeelEvaluationError):
        value_of('substring("foobar", 3, -1)')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("string length(t)", 4, id="the length counts both halves"),
        pytest.param("substring(t, 3)", "ab", id="the text behind the pair"),
        pytest.param("substring(t, 1, 2)", HORSE, id="the pair alone"),
        pytest.param("substring(t, -2)", "ab", id="from the end"),
        pytest.param("substring(t, 2)", "\ufffdab", id="half of a pair is replaced"),
        pytest.param('substring before(t, "a")', HORSE, id="what stands before"),
        pytest.param("contains(t, h)", True, id="the pair is found whole"),
        pytest.param("upper case(t)", f"{HORSE}AB", id="case leaves it alone"),
    ],
)
def test_rare_characters_have_two_units(text, expected):
    assert exact(text, t=f"{HORSE}ab", h=HORSE) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('string length("foo")', 3, id="plain"),
        pytest.param('string length("")', 0, id="empty"),
        pytest.param('string length("äöü")', 3, id="one unit each"),
        pytest.param(r'string length("\n")', 1, id="an escape is one character"),
        pytest.param("string length(null)", None, id="null"),
        pytest.param("string length(5)", None, id="a number has no length"),
        pytest.param('string length(["a"])', None, id="nor has a list"),
        pytest.param("string length()", None, id="without an argument"),
        pytest.param('string length("a", "b")', None, id="with one too many"),
    ],
)
def test_string_length(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('upper case("aBc4")', "ABC4", id="upper"),
        pytest.param('lower case("aBc4")', "abc4", id="lower"),
        pytest.param('upper case("straße")', "STRASSE", id="one letter may become two"),
        pytest.param('lower case("ÄÖ")', "äö", id="beyond the Latin alphabet"),
        pytest.param('upper case("")', "", id="empty"),
        pytest.param("upper case(null)", None, id="null"),
        pytest.param("lower case(1)", None, id="a number"),
    ],
)
def test_upper_and_lower_case(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('substring before("foobar", "bar")', "foo", id="before the match"),
        pytest.param('substring before("foobar", "o")', "f", id="before the first of several"),
        pytest.param('substring before("foobar", "xyz")', "", id="without a match it is empty"),
        pytest.param('substring before("foobar", "f")', "", id="nothing stands before"),
        pytest.param('substring before("foobar", "")', "", id="the empty text is found at once"),
        pytest.param('substring before(null, "a")', None, id="before, of null"),
        pytest.param('substring before("a", null)', None, id="before null"),
        pytest.param('substring after("foobar", "ob")', "ar", id="after the match"),
        pytest.param('substring after("foobar", "o")', "obar", id="after the first of several"),
        pytest.param('substring after("foobar", "xyz")', "", id="after without a match"),
        pytest.param('substring after("", "a")', "", id="of an empty text"),
        pytest.param('substring after("foobar", "")', "foobar", id="after the empty text is all"),
        pytest.param('substring after("foobar", "r")', "", id="nothing stands behind"),
        pytest.param('substring after(1, "a")', None, id="after, of a number"),
    ],
)
def test_substring_before_and_after(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('contains("foobar", "of")', False, id="letters in another order"),
        pytest.param('contains("foobar", "oba")', True, id="in the middle"),
        pytest.param('contains("foobar", "")', True, id="the empty text is in each"),
        pytest.param('contains("foobar", "F")', False, id="case matters"),
        pytest.param('contains("foobar", null)', None, id="null"),
        pytest.param("contains([1], 1)", None, id="lists have a function of their own"),
        pytest.param('starts with("foobar", "fo")', True, id="begins"),
        pytest.param('starts with("foobar", "oo")', False, id="does not begin"),
        pytest.param('starts with("foobar", "")', True, id="begins with nothing"),
        pytest.param('starts with("fo", "foobar")', False, id="a longer one"),
        pytest.param('starts with(null, "a")', None, id="null begins with nothing"),
        pytest.param('ends with("foobar", "r")', True, id="ends"),
        pytest.param('ends with("foobar", "fo")', False, id="does not end"),
        pytest.param('ends with("foobar", "foobar")', True, id="ends with itself"),
        pytest.param('ends with("a", 1)', None, id="a number"),
    ],
)
def test_what_a_text_contains(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'string join(["a", "b", "c"], "_and_")', "a_and_b_and_c", id="with a delimiter"
        ),
        pytest.param('string join(["a", "b", "c"], "")', "abc", id="with an empty one"),
        pytest.param('string join(["a", "b", "c"], null)', "abc", id="with null"),
        pytest.param('string join(["a", "b", "c"])', "abc", id="with none"),
        pytest.param('string join(["a"], "X")', "a", id="one item needs no delimiter"),
        pytest.param('string join(["a", null, "c"], "X")', "aXc", id="null is left out"),
        pytest.param('string join([null], "X")', "", id="nothing but null"),
        pytest.param('string join([], "X")', "", id="an empty list"),
        pytest.param('string join(["a", "b"], ", ", "[", "]")', "[a, b]", id="prefix and suffix"),
        pytest.param('string join([], ", ", "[", "]")', "[]", id="around nothing"),
        pytest.param('string join(["a", 1], "X")', None, id="a number among the texts"),
        pytest.param('string join(["a", ["b"]], "X")', None, id="a list among the texts"),
        pytest.param('string join(["a"], 1)', None, id="a delimiter that is no text"),
        pytest.param('string join(["a"], ",", 1, "]")', None, id="a prefix that is no text"),
        pytest.param('string join("a", "X")', None, id="a text is no list"),
        pytest.param("string join(null)", None, id="null"),
    ],
)
def test_string_join(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(r'trim("  a b\t\n")', "a b", id="around and not inside"),
        pytest.param('trim("")', "", id="empty"),
        pytest.param("trim(t)", "\u00a0a\u00a0", id="a blank that forbids a break is none to Java"),
        pytest.param('is blank("")', True, id="empty is blank"),
        pytest.param(r'is blank(" \t\r\n")', True, id="blanks are"),
        pytest.param('is blank(" a ")', False, id="a letter is not"),
        pytest.param("is blank(t)", False, id="nor is a blank that forbids a break"),
        pytest.param("is blank(null)", None, id="null is neither"),
        pytest.param('to base64("FEEL")', "RkVFTA==", id="Base64"),
        pytest.param('to base64("ä")', "w6Q=", id="Base64 of UTF-8"),
        pytest.param('to base64("")', "", id="Base64 of nothing"),
        pytest.param("to base64(5)", None, id="Base64 of a number"),
    ],
)
def test_functions_beyond_the_standard(text, expected):
    assert exact(text, t="\u00a0a\u00a0") == repr(expected)


def test_each_uuid_is_another():
    text = 'matches(a, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")'

    made = value_of("for i in 1..20 return uuid()")

    assert all(value_of(text, a=each) for each in made)
    assert len(set(made)) == 20
