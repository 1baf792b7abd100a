"""Regular expressions: `matches`, `replace`, `split`, `extract` and their flags.

Source: DMN 1.3 §10.3.4.3, which names those of XPath; semantics 12.8.
"""

import pytest

from app.feel import Budget, FeelEvaluationError, FeelLimitError, compile_expression

from ..evaluating import exact, value_of

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        pytest.param("foobar", "^fo*b", "", True, id="at the beginning"),
        pytest.param("foobar", "oba", "", True, id="anywhere"),
        pytest.param("foobar", "^oba", "", False, id="an anchor holds"),
        pytest.param("foobar", "FOO", "", False, id="case matters"),
        pytest.param("foobar", "FOO", "i", True, id="i takes either case"),
        pytest.param("foo\nbar", "^bar", "", False, id="a line is no beginning"),
        pytest.param("foo\nbar", "^bar", "m", True, id="m makes it one"),
        pytest.param("foo\nbar", "foo.bar", "", False, id="a dot is no line break"),
        pytest.param("foo\nbar", "foo.bar", "s", True, id="s makes it one"),
        pytest.param("foobar", "foo bar", "x", True, id="x leaves blanks out"),
        pytest.param("foo bar", "foo[ ]bar", "x", True, id="x leaves classes alone"),
        pytest.param("foo bar", r"foo\ bar", "x", True, id="x leaves an escaped blank alone"),
        pytest.param("FOO\nBAR", "foo . bar", "isx", True, id="several flags"),
        pytest.param("foobar", "foo", "q", True, id="an unknown flag does nothing"),
        pytest.param("b", "a|b", "i", True, id="flags reach every alternative"),
        pytest.param("foobar", "", "", True, id="the empty pattern is everywhere"),
        pytest.param("", "a*", "", True, id="an empty text"),
        pytest.param("a1b", r"\d", "", True, id="a class of characters"),
        pytest.param("foobar", "(", "", None, id="a pattern that is none is null"),
        pytest.param("foobar", "a{2,1}", "", None, id="a repetition that is none is null"),
        pytest.param("foobar", "[z-a]", "", None, id="a class that is none is null"),
    ],
)
def test_matches(text, pattern, flags, expected):
    found = value_of("matches(text, pattern, flags)", text=text, pattern=pattern, flags=flags)

    assert found is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('matches(null, "a")', None, id="null has no match"),
        pytest.param('matches("a", null)', None, id="null is no pattern"),
        pytest.param('matches(1, "1")', None, id="a number is no text"),
        pytest.param('matches(input: "abc", pattern: "b")', True, id="by names"),
        pytest.param('matches(input: "abc", pattern: "B", flags: "i")', True, id="flags by name"),
        pytest.param('split(null, ",")', None, id="null cannot be split"),
        pytest.param('extract("abc", 5)', None, id="a number is no pattern"),
        pytest.param('extract(input: "abc", pattern: "b")', ["b"], id="extract by names"),
        pytest.param('split(string: "a,b", delimiter: ",")', ["a", "b"], id="split by names"),
    ],
)
def test_arguments_of_patterns(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "expected"),
    [
        pytest.param(
            "abcd", "(ab)|(a)", "[1=$1][2=$2]", "[1=ab][2=]cd", id="the standard's example"
        ),
        pytest.param("banana", "a", "o", "bonono", id="every match"),
        pytest.param("banana", "x", "o", "banana", id="no match"),
        pytest.param("abc", "b", "", "ac", id="by nothing"),
        pytest.param("abc", "", "-", "-a-b-c-", id="an empty match between all"),
        pytest.param("abc", "b", "[$0]", "a[b]c", id="group zero is the match"),
        pytest.param("2024-05", r"(\d+)-(\d+)", "$2/$1", "05/2024", id="groups in another order"),
        pytest.param("ab", "(a)(b)", "$10", "a0", id="ten groups are not there: one and a zero"),
        pytest.param("ab", "b", r"\$1", "a$1", id="an escaped dollar"),
        pytest.param("ab", "b", r"\\", "a\\", id="an escaped backslash"),
        pytest.param("ab", "(b)", "$2", None, id="a group that is not there is null"),
        pytest.param("ab", "b", "$", None, id="a dollar alone is null"),
        pytest.param("ab", "b", "\\", None, id="a backslash alone is null"),
        pytest.param("ab", "b", "${none}", None, id="a name that is not there is null"),
        pytest.param("ab", "(?P<x>b)", "<${x}>", "a<b>", id="a group by its name"),
        pytest.param("ab", "(", "x", None, id="a pattern that is none is null"),
    ],
)
def test_replace(text, pattern, replacement, expected):
    made = value_of("replace(t, p, r)", t=text, p=pattern, r=replacement)

    assert made == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [("", "x\nB"), ("i", "x\nx"), ("im", "x\nx"), ("q", "x\nB")],
)
def test_replace_knows_flags(flags, expected):
    assert value_of('replace(t, "b", "x", f)', t="b\nB", f=flags) == expected


@pytest.mark.parametrize(
    ("text", "delimiter", "parts"),
    [
        pytest.param("John Doe", r"\s", ["John", "Doe"], id="at a class"),
        pytest.param("a;b;c;;", ";", ["a", "b", "c", "", ""], id="empty parts at the end stay"),
        pytest.param(";a", ";", ["", "a"], id="and so does one at the beginning"),
        pytest.param("abc", ";", ["abc"], id="without a match it is one part"),
        pytest.param("", ";", [""], id="an empty text is one empty part"),
        pytest.param("a.b", ".", ["", "", "", ""], id="the delimiter is a pattern"),
        pytest.param("a.b", r"\.", ["a", "b"], id="which may be escaped"),
        pytest.param("a1b22c", r"\d+", ["a", "b", "c"], id="the longest match parts"),
    ],
)
def test_split(text, delimiter, parts):
    assert value_of("split(t, d)", t=text, d=delimiter) == parts


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        pytest.param("this is 1234 and 12345", r"\d+", ["1234", "12345"], id="all matches"),
        pytest.param("abc", "x", [], id="none"),
        pytest.param("abab", "(a)b", ["ab", "ab"], id="whole matches, not groups"),
        pytest.param("", "a", [], id="in nothing"),
        pytest.param("aaa", "aa", ["aa"], id="matches do not overlap"),
    ],
)
def test_extract(text, pattern, found):
    assert value_of("extract(t, p)", t=text, p=pattern) == found


def test_a_pattern_that_is_none_makes_every_function_null():
    text = '[matches("a", "["), replace("a", "[", ""), split("a", "["), extract("a", "[")]'

    assert value_of(text) == [None] * 4


@pytest.mark.parametrize(
    "text",
    [
        'split(t, "b")',
        'extract(t, "a")',
        'replace(t, "a", "aaaaaaaaaaaaaaaa")',
    ],
)
def test_what_patterns_make_is_counted(text):
    with pytest.raises(FeelLimitError, match="too large"):
        compile_expression(text).evaluate({"t": "ab" * 500}, budget=Budget(size=1_000))


def test_a_pattern_that_is_too_long_is_none():
    assert value_of('matches("a", p)', p="a" * 10_001) is None


def test_a_backreference_fails_instead_of_being_null():
    with pytest.raises(FeelEvaluationError, match=r"'\\1' in patterns is not supported"):
        value_of('replace("aa", p, "")', p=r"(a)\1")
