"""Texts that are made to hurt: no crash, no hang, no memory without bounds."""

import json
import threading
import time

import pytest

from app.errors import ExpressionError, ExpressionSyntaxError
from app.expressions import parse, patterns
from app.expressions.values import Integer

from .conftest import Place

LIMIT = 20  # seconds: what takes too long would take minutes, on any machine
HOSTILE = {
    "brackets": "(" * 50_000,
    "brackets that close": "(" * 9_000 + "a" + ")" * 9_000,
    "signs": "!" * 19_999 + "a",
    "minus": "-" * 99_999 + "1",
    "words": "not " * 4_999 + "a",
    "empty": "empty " * 3_000 + "a",
    "dots": "a" + ".b" * 9_000,
    "items": "a" + "[0]" * 6_000,
    "items in items": "a[" * 6_000 + "0" + "]" * 6_000,
    "questions": "a?" * 6_000,
    "choices": "a?1:" * 4_000 + "1",
    "calls": "JSON(" * 3_000 + "1" + ")" * 3_000,
    "methods": "a" + ".b()" * 4_000,
    "quotes": "'" * 99_999,
    "quotes that never close": "'" + "a" * 99_999,
    "backslashes": "'" + "\\" * 19_000,
    "digits": "9" * 19_000,
    "a long sum": "1" + "+1" * 50_000,
    "arguments": "S(" + "1," * 9_000 + "1)",
    "text without sense": "a b" * 30_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_expression_is_refused_at_once(body):
    began = time.thread_time()

    with pytest.raises(ExpressionSyntaxError) as caught:
        parse(f"${{{body}}}").evaluate(None)

    assert time.thread_time() - began < LIMIT
    assert len(str(caught.value)) < 1_000


HOSTILE_TEXTS = {
    "openings": "${" * 50_000,
    "expressions": "${a}" * 25_000,
    "openings in quotes": "${'" * 33_000,
    "a text that is too long": "a" * 1_000_001,
}


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_a_hostile_text_is_refused_at_once(text):
    began = time.thread_time()

    with pytest.raises(ExpressionSyntaxError):
        parse(text)

    assert time.thread_time() - began < LIMIT


@pytest.mark.parametrize("char", ["$", "#", "\\", "{", "}", "'", "\\${"])
def test_a_long_text_without_expressions_is_read_at_once(char):
    began = time.thread_time()

    assert parse(char * 300_000).is_literal

    assert time.thread_time() - began < LIMIT


def test_an_expression_may_have_20000_characters_and_nest_100_deep(evaluate):
    assert evaluate("${" + "1" + "+1" * 9_999 + "}") == 10_000
    assert evaluate("${" + "(" * 99 + "1" + ")" * 99 + "}") == 1
    with pytest.raises(ExpressionSyntaxError, match="longer than 20000 characters"):
        parse("${" + "1" + "+1" * 10_000 + "}")
    with pytest.raises(ExpressionSyntaxError, match="nested more than 100 deep"):
        parse("${" + "(" * 100 + "1" + ")" * 100 + "}")


@pytest.mark.parametrize(
    "text",
    ["${s.replace('', s)}", "${s.repeat(2000000)}", "${s}" * 900, "${s" + ".concat(s)" * 90 + "}"],
)
def test_a_text_that_would_fill_the_memory_is_not_made(evaluate, text):
    with pytest.raises(ExpressionError, match="more than 10000000 characters"):
        evaluate(text, s="a" * 120_000)


def test_a_value_that_is_nested_too_deep_is_an_error_and_not_a_crash(evaluate):
    value = []
    for _ in range(100_000):
        value = [value]

    for text in ("-${v}", "${v.toString()}", "${v == w}", "${JSON(v)}"):
        with pytest.raises(ExpressionError, match="nested too deep"):
            evaluate(text, v=value, w=[value])


def test_threads_may_parse_at_once():
    problems = []

    def work(number):
        try:
            for index in range(50):
                text = f"${{a and not b or c{number}_{index} eq 'x' and true}}"
                assert len(parse(text).names) == 3
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []


def test_importing_the_package_builds_no_parser():
    import subprocess
    import sys

    program = (
        "import app.expressions.parser as p; assert p._lark.cache_info().currsize == 0;"
        "import app.expressions; app.expressions.parse('literal');"
        "assert p._lark.cache_info().currsize == 0;"
        "app.expressions.parse('${a}'); assert p._lark.cache_info().currsize == 1"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_long_lists_are_compared_in_no_time(evaluate):
    numbers = [Integer(n) for n in range(50_000)]
    began = time.thread_time()

    assert evaluate("${numbers.containsAll(numbers)}", numbers=numbers) is True

    assert time.thread_time() - began < 5  # element by element it would take hours


def test_lists_of_lists_are_compared_up_to_a_limit(evaluate):
    lists = [[n] for n in range(2_000)]

    with pytest.raises(ExpressionError, match="too long to be compared"):
        evaluate("${lists.containsAll(lists)}", lists=lists)


def test_a_large_document_is_read_once():
    text = json.dumps({"a": 1, "items": list(range(100_000))})
    place = Place({"text": text})
    expression = parse("${JSON(text).prop('a').value()}")
    expression.evaluate(place)
    began = time.thread_time()

    for _ in range(100):
        expression.evaluate(place)

    assert time.thread_time() - began < 2  # read each time it would take half a minute


def test_all_patterns_of_a_transaction_share_one_number_of_steps():
    place = Place({"text": "a" * 100_000})
    expression = parse("${text.replaceAll('a','b').length()}")
    many = parse("${" + " + ".join(["text.replaceAll('a','b').length()"] * 20) + "}")

    with pytest.raises(ExpressionError, match="takes too long"):
        many.evaluate(place)

    with pytest.raises(ExpressionError, match="takes too long"):
        expression.evaluate(place)
    patterns.begin_transaction()
    assert expression.evaluate(place) == 100_000
