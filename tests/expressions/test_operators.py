"""Operators and coercion: semantics 7.2."""

import math
from datetime import UTC, datetime

import pytest

from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.values import BigInteger, Integer, Short

from .conftest import Place, same

VALUES = [
    ("${i+1}", 6),
    ("${''+1}", 1),
    ("${null+null}", 0),
    ("${null/null}", 0),
    ("${null%null}", 0),
    ("${5/2}", 2.5),
    ("${-1/0}", -math.inf),
    ("${0/0}", math.nan),
    ("${1%0.0}", math.nan),
    ("${1.5 % -1}", 0.5),
    ("${-7 % 2}", -1),
    ("${7 % -2}", 1),
    ("${'1.5'+1}", 2.5),
    ("${'1e1'+1}", 11.0),
    ("${' 1.5 '+0}", 1.5),
    ("${9223372036854775807 + 1}", -(2**63)),
    ("${9223372036854775807 * 2}", -2),
    ("${-9223372036854775807 - 2}", 2**63 - 1),
    ("${-null}", 0),
    ("${-'10'}", -10),
    ("${-'1.5'}", -1.5),
    ("${-short}", Short(-3)),
    ("${-smallest}", Integer(-(2**31))),
    ("${short + short}", 6),
    ("${5==5.0}", True),
    ("${5=='5'}", True),
    ("${'5.0'==5.0}", True),
    ("${true=='TRUE'}", True),
    ("${true==''}", False),
    ("${'9'>'10'}", True),
    ("${9>'10'}", False),
    ("${null==null}", True),
    ("${''==null}", False),
    ("${null!=0}", True),
    ("${null<5}", False),
    ("${null>5}", False),
    ("${null<=5}", False),
    ("${null<=null}", True),
    ("${null>=null}", True),
    ("${list=='[1, 2]'}", True),
    ("${map=='{a=1, b=null}'}", True),
    ("${list==longs}", False),
    ("${list==list}", True),
    ("${true<false}", False),
    ("${false<true}", True),
    ("${true<'x'}", True),
    ("${nan==nan}", True),
    ("${nan<1}", False),
    ("${nan>=1}", True),
    ("${0.0==-0.0}", False),
    ("${date<later}", True),
    ("${date==date}", True),
    ("${empty null}", True),
    ("${empty ''}", True),
    ("${empty none}", True),
    ("${empty nomap}", True),
    ("${empty false}", False),
    ("${empty 0}", False),
    ("${empty bytes}", False),
    ("${empty list}", False),
    ("${!null}", True),
    ("${!''}", True),
    ("${!'abc'}", True),
    ("${null ? 1 : 2}", 2),
    ("${'abc' ? 1 : 2}", 2),
    ("${'true' && 'TRUE'}", True),
    ("${1<2==true}", True),
    ("${!false&&false}", False),
    ("${not empty 'x' && true}", True),
    ("${true?false?1:2:3}", 2),
    ("${2-1-1}", 0),
    ("${8/2/2}", 2.0),
    ("${- - 1}", 1),
    ("${1 - -1}", 2),
]
VARIABLES = {
    "i": Integer(5),
    "short": Short(3),
    "smallest": Integer(-(2**31)),
    "list": [Integer(1), Integer(2)],
    "longs": [1, 2],
    "map": {"a": Integer(1), "b": None},
    "none": [],
    "nomap": {},
    "bytes": b"",
    "nan": math.nan,
    "date": datetime(2026, 1, 1, tzinfo=UTC),
    "later": datetime(2026, 1, 2, tzinfo=UTC),
}


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_operators_give_the_values_and_types_of_juel(evaluate, text, expected):
    value = evaluate(text, **VARIABLES)

    assert same(value, expected)


FAILURES = [
    ("${'a'+'b'}", "Cannot coerce 'a' to class java.lang.Long"),
    ("${'abc'+1}", "Cannot coerce 'abc' to class java.lang.Long"),
    ("${'a.c'+1}", "Cannot coerce 'a.c' to class java.lang.Double"),
    ("${' 5'+1}", "Cannot coerce ' 5' to class java.lang.Long"),
    ("${'1_000'+1}", "Cannot coerce '1_000' to class java.lang.Long"),
    ("${'٣'+1}", "Cannot coerce '٣' to class java.lang.Long"),
    (
        "${'9223372036854775808'+1}",
        "Cannot coerce '9223372036854775808' to class java.lang.Long",
    ),
    ("${true+1}", "Cannot coerce from class java.lang.Boolean to class java.lang.Long"),
    ("${1+map}", "Cannot coerce from class java.util.LinkedHashMap to class java.lang.Long"),
    ("${5=='x'}", "Cannot coerce 'x' to class java.lang.Long"),
    ("${i=='5.0'}", "Cannot coerce '5.0' to class java.lang.Long"),
    ("${'abc'<5}", "Cannot coerce 'abc' to class java.lang.Long"),
    ("${5>'3.5'}", "Cannot coerce '3.5' to class java.lang.Long"),
    ("${true<5}", "Cannot coerce from class java.lang.Boolean to class java.lang.Long"),
    ("${true==5}", "Cannot coerce from class java.lang.Boolean to class java.lang.Long"),
    (
        "${list<longs}",
        "Cannot compare 'class java.util.ArrayList' and 'class java.util.ArrayList'",
    ),
    ("${1%0}", "/ by zero"),
    ("${-'abc'}", "Cannot coerce 'abc' to class java.lang.Long"),
    ("${-list}", "Cannot negate 'class java.util.ArrayList'"),
    ("${-true}", "Cannot negate 'class java.lang.Boolean'"),
    ("${!5}", "Cannot coerce from class java.lang.Long to class java.lang.Boolean"),
    ("${1 ? 1 : 2}", "Cannot coerce from class java.lang.Long to class java.lang.Boolean"),
    ("${true && 1}", "Cannot coerce from class java.lang.Long to class java.lang.Boolean"),
    ("${1 || true}", "Cannot coerce from class java.lang.Long to class java.lang.Boolean"),
]


@pytest.mark.parametrize(("text", "cause"), FAILURES, ids=[text for text, _ in FAILURES])
def test_operands_that_do_not_convert_fail_with_the_cause_that_juel_names(evaluate, text, cause):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, **VARIABLES)

    assert str(caught.value) == f"Error while evaluating expression: {text}. Cause: {cause}"


BIG = BigInteger(2**64 - 1)
BIG_VALUES = [
    ("${big + 1}", BigInteger(2**64)),
    ("${1 - big}", BigInteger(2 - 2**64)),
    ("${-big}", BigInteger(1 - 2**64)),
    ("${big % 10}", BigInteger(5)),
    ("${big * 1.0}", float(2**64)),
    ("${big / 1}", float(2**64)),
    ("${big == -1}", False),
    ("${big == '18446744073709551615'}", True),
    ("${big > 9223372036854775807}", True),
    ("${big.longValue()}", -1),
    ("${big.toString()}", "18446744073709551615"),
]


@pytest.mark.parametrize(("text", "expected"), BIG_VALUES, ids=[text for text, _ in BIG_VALUES])
def test_numbers_beyond_64_bits_are_computed_in_full(evaluate, text, expected):
    assert same(evaluate(text, big=BIG), expected)


def test_a_number_does_not_grow_without_end(evaluate):
    with pytest.raises(ExpressionError, match="bits"):
        evaluate("${" + "*".join(["big"] * 100) + "}", big=BIG)


def test_what_a_short_circuit_leaves_out_is_not_evaluated(evaluate):
    assert evaluate("${false && nobody}") is False
    assert evaluate("${true || nobody}") is True
    assert evaluate("${true ? 1 : nobody}") == 1


def test_both_operands_of_other_operators_are_evaluated_from_left_to_right():
    place = Place({"a": 1, "b": 2, "c": 3})

    parse("${a + b * c == c}").evaluate(place)

    assert place.read == ["a", "b", "c", "c"]
