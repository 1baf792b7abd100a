"""Names, properties, items and methods: semantics 7.3 and 7.4."""

from datetime import UTC, datetime

import pytest

from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.dates import DateTime
from app.expressions.values import Integer, Short

from .conftest import NOW, Box, Place, same

TEXTS = [
    ("${'a'.equals('a')}", True),
    ("${'5'.equals(5)}", False),
    ("${'Ab'.equalsIgnoreCase('aB')}", True),
    ("${'Ab'.equalsIgnoreCase(null)}", False),
    ("${'abc'.contains('bc')}", True),
    ("${'a5'.endsWith(5)}", True),
    ("${'true!'.startsWith(true)}", True),
    ("${'abab'.startsWith('ab', 2)}", True),
    ("${'abab'.startsWith('ab', -1)}", False),
    ("${''.isEmpty()}", True),
    ("${' '.isBlank()}", True),
    ("${'abc'['empty']}", False),
    ("${' a\u00a0'.trim()}", "a\u00a0"),
    ("${'abc'.substring('1')}", "bc"),
    ("${'abc'.substring(1.9, 2)}", "b"),
    ("${'abab'.indexOf('b', 2)}", Integer(3)),
    ("${'abab'.indexOf('x')}", Integer(-1)),
    ("${'abab'.lastIndexOf('ab', 1)}", Integer(0)),
    ("${'a.b.c'.replace('.', '')}", "abc"),
    ("${'a-b'.replaceAll('[ab]', 'x$0')}", "xa-xb"),
    ("${'a-b'.replaceFirst('[ab]', '')}", "-b"),
    ("${'a,b,,'.split(',')}", ["a", "b"]),
    ("${'a,b,,'.split(',', -1)}", ["a", "b", "", ""]),
    ("${'a,b,c'.split(',', 2)}", ["a", "b,c"]),
    ("${'a1b22c'.split('[0-9]+')}", ["a", "b", "c"]),
    ("${'a1b22c'.split('[0-9]+')[1]}", "b"),
    ("${''.split(',')}", [""]),
    ("${','.split(',')}", []),
    ("${'abc'.split('')}", ["a", "b", "c"]),
    ("${'abc'.charAt(1)}", "b"),
    ("${'ab'.concat(1)}", "ab1"),
    ("${'ab'.repeat(2)}", "abab"),
    ("${'abc'.hashCode()}", Integer(96354)),
    ("${'polygenelubricants'.hashCode()}", Integer(-(2**31))),
    ("${'a'.compareTo('c')}", Integer(-2)),
    ("${'abc'.compareTo('a')}", Integer(2)),
    ("${'B'.compareToIgnoreCase('a')}", Integer(1)),
    # Java's chars are UTF-16 units: of two for the face, both below U+FF5E.
    ("${'\U0001f600'.hashCode()}", Integer(1772899)),
    ("${'\U0001f600'.compareTo('\uff5e')}", Integer(0xD83D - 0xFF5E)),
    ("${'a\U0001f600'.compareTo('a')}", Integer(2)),
    ("${'\U0001f600' < '\uff5e'}", True),
    ("${'\uff5e' < '\U0001f600'}", False),
    # To Java a blank that forbids a line break is no whitespace, and a separator of ASCII is.
    ("${'\u2003\x1f'.isBlank()}", True),
    ("${'\xa0'.isBlank()}", False),
    ("${'\xa0 a\u2003'.strip()}", "\xa0 a"),
    ("${'\u2003a '.trim()}", "\u2003a"),
]
LISTS = [
    ("${list.containsAll(longs)}", False),
    ("${longs.containsAll(longs)}", True),
    ("${list.contains(1)}", False),  # the literal is a Long, the items are Integers
    ("${longs.contains(1)}", True),
    ("${list.contains(one)}", True),
    ("${list.indexOf(2)}", Integer(-1)),
    ("${longs.indexOf(2)}", Integer(1)),
    ("${longs.lastIndexOf(1)}", Integer(2)),
    ("${list.get('0')}", Integer(1)),
    ("${list['0']}", Integer(1)),
    ("${list[1.9]}", Integer(2)),
    ("${list[true]}", Integer(2)),
    ("${list[-1]}", None),
    ("${list[null]}", None),
    ("${list.subList(1, 2)}", [Integer(2)]),
    ("${longs.containsAll(longs)}", True),
    ("${longs.containsAll(list)}", False),
    ("${list.toString()}", "[1, 2]"),
    ("${list.equals(longs)}", False),
]
MAPS = [
    ("${map.get('a')}", Integer(1)),
    ("${map.get('z')}", None),
    ("${map.getOrDefault('z', 5)}", 5),
    ("${map.getOrDefault('n', 5)}", None),
    ("${map.containsKey('n')}", True),
    ("${map.containsKey(1)}", False),
    ("${map.containsValue(1)}", False),
    ("${map.containsValue(one)}", True),
    ("${map.keySet()}", ["a", "n"]),
    ("${map.values()}", [Integer(1), None]),
    ("${map.entrySet()[0].key}", "a"),
    ("${map.entrySet()[0].getValue()}", Integer(1)),
    ("${map.entrySet().toString()}", "[a=1, n=null]"),
    ("${map.size}", None),
    ("${map.size()}", Integer(2)),
    ("${map[1]}", None),
    ("${map['a']}", Integer(1)),
    ("${map.z.z.z}", None),
    ("${map.toString()}", "{a=1, n=null}"),
]
NUMBERS = [
    ("${one.longValue()}", 1),
    ("${(1).intValue()}", Integer(1)),
    ("${(4294967297).intValue()}", Integer(1)),
    ("${(70000).shortValue()}", Short(4464)),
    ("${(1.5).intValue()}", Integer(1)),
    ("${(1e300).longValue()}", 2**63 - 1),
    ("${(1e300).intValue()}", Integer(2**31 - 1)),
    ("${one.doubleValue()}", 1.0),
    ("${(1.0).toString()}", "1.0"),
    ("${one.equals(1)}", False),
    ("${one.equals(one)}", True),
    ("${one.compareTo(one)}", Integer(0)),
    ("${'a'.concat(null)}", "a"),
    ("${'a'.startsWith(null)}", True),
    ("${'a'.compareTo(null)}", Integer(1)),
    ("${(0/0).isNaN()}", True),
    ("${true.toString()}", "true"),
    ("${true.booleanValue()}", True),
]
DATES = [
    ("${date.getTime()}", 1767225600000),
    ("${date.time}", 1767225600000),
    ("${date.before(later)}", True),
    ("${date.after(later)}", False),
    ("${date.compareTo(later)}", Integer(-1)),
    ("${date.equals(date)}", True),
    ("${date.toString()}", "Thu Jan 01 00:00:00 UTC 2026"),
    ("${date.year}", Integer(126)),
    ("${date.getDay()}", Integer(4)),
    ("${now()}", NOW),
    ("${now().time - date.time}", 2629230450),
    ("${dateTime().toDate()}", NOW),
    ("${dateTime().toString()}", "2026-01-31T10:20:30.450Z"),
    ("${dateTime().plusMonths(1).toString()}", "2026-02-28T10:20:30.450Z"),
    ("${dateTime().minusMonths(13).toString()}", "2024-12-31T10:20:30.450Z"),
    ("${dateTime().plusYears(-2).toString()}", "2024-01-31T10:20:30.450Z"),
    ("${dateTime().plusWeeks(1).minusDays(7).equals(dateTime())}", True),
    ("${dateTime().plusDays('1').dayOfMonth}", Integer(1)),
    ("${dateTime().minusHours(11).getHourOfDay()}", Integer(23)),
    ("${dateTime().plusMinutes(one).minuteOfHour}", Integer(21)),
    ("${dateTime().plusSeconds(1).plusMillis(1).getMillis()}", 1769854831451),
    ("${dateTime().withTimeAtStartOfDay().toString()}", "2026-01-31T00:00:00.000Z"),
    ("${dateTime().withHourOfDay(8).toString()}", "2026-01-31T08:20:30.450Z"),
    ("${dateTime().isBefore(dateTime().plusDays(1))}", True),
    ("${dateTime() < dateTime().plusDays(1)}", True),
    ("${dateTime() == dateTime()}", True),
    ("${dateTime().dayOfWeek}", Integer(6)),
    ("${dateTime().year}", Integer(2026)),
]
OTHERS = [
    ("${currentUser()}", None),
    ("${currentUserGroups()}", None),
    ("${nothing.a.b[c]}", None),
    ("${'abc'[method]()}", Integer(3)),
    ("${'Abc'['toLowerCase']().length()}", Integer(3)),
    ("${box.size}", 3),
    ("${box.echo(one)}", Integer(1)),
    ("${box.nothing()}", None),
]
VARIABLES = {
    "one": Integer(1),
    "list": [Integer(1), Integer(2)],
    "longs": [1, 2, 1],
    "map": {"a": Integer(1), "n": None},
    "date": datetime(2026, 1, 1, tzinfo=UTC),
    "later": datetime(2026, 1, 2, tzinfo=UTC),
    "nothing": None,
    "method": "length",
    "box": Box(),
}
ALL = [*TEXTS, *LISTS, *MAPS, *NUMBERS, *DATES, *OTHERS]


@pytest.mark.parametrize(("text", "expected"), ALL, ids=[text for text, _ in ALL])
def test_properties_items_and_methods_are_those_of_java(evaluate, text, expected):
    value = evaluate(text, **VARIABLES)

    assert same(value, expected)


UNKNOWN_METHOD = "Unknown method used in expression"
UNKNOWN_PROPERTY = "Unknown property used in expression"
ERROR = "Error while evaluating expression"
FAILURES = [
    ("${nobody}", UNKNOWN_PROPERTY, "Cannot resolve identifier 'nobody'"),
    (
        "${'a'.contains(nothing)}",
        ERROR,
        'java.lang.NullPointerException: Cannot invoke "java.lang.CharSequence.toString()" '
        'because "s" is null',
    ),
    (
        "${date.before(nothing)}",
        ERROR,
        'java.lang.NullPointerException: Cannot invoke "Object.getClass()" because "date" is null',
    ),
    (
        "${one.compareTo(2)}",
        ERROR,
        "java.lang.ClassCastException: class java.lang.Long cannot be cast to class "
        "java.lang.Integer (java.lang.Long and java.lang.Integer are in module java.base of "
        "loader 'bootstrap')",
    ),
    (
        "${'a'.indexOf(null)}",
        UNKNOWN_METHOD,
        "Unable to find unambiguous method: class java.lang.String.indexOf(null)",
    ),
    ("${nobody == null}", UNKNOWN_PROPERTY, "Cannot resolve identifier 'nobody'"),
    ("${empty nobody}", UNKNOWN_PROPERTY, "Cannot resolve identifier 'nobody'"),
    ("${!nobody}", UNKNOWN_PROPERTY, "Cannot resolve identifier 'nobody'"),
    (
        "${map.z.z()}",
        UNKNOWN_PROPERTY,
        "Target unreachable, base expression '. z' resolved to null",
    ),
    (
        "${list[9].z()}",
        UNKNOWN_PROPERTY,
        "Target unreachable, base expression '[...]' resolved to null",
    ),
    ("${'a'[null]()}", UNKNOWN_PROPERTY, "Cannot find method 'null' in 'a'"),
    (
        "${one.foo}",
        UNKNOWN_PROPERTY,
        "The class 'java.lang.Integer' does not have the property 'foo'.",
    ),
    (
        "${'a'.class}",
        UNKNOWN_PROPERTY,
        "The class 'java.lang.String' does not have the property 'class'.",
    ),
    (
        "${'a'.length(1)}",
        UNKNOWN_METHOD,
        "Method not found: class java.lang.String.length(java.lang.Long)",
    ),
    (
        "${'a'.getClass()}",
        UNKNOWN_METHOD,
        "Method not found: class java.lang.String.getClass()",
    ),
    (
        "${list.add()}",
        UNKNOWN_METHOD,
        "Method not found: class java.util.ArrayList.add()",
    ),
    (
        "${dateTime().foo(1)}",
        UNKNOWN_METHOD,
        "Method not found: class org.joda.time.DateTime.foo(java.lang.Long)",
    ),
    ("${list.size}", ERROR, 'For input string: "size"'),
    ("${list[map]}", ERROR, "null"),
    (
        "${list.get(2)}",
        ERROR,
        "java.lang.IndexOutOfBoundsException: Index 2 out of bounds for length 2",
    ),
    (
        "${'abc'.substring(2, 1)}",
        ERROR,
        "java.lang.StringIndexOutOfBoundsException: begin 2, end 1, length 3",
    ),
    (
        "${'abc'.charAt(3)}",
        ERROR,
        "java.lang.StringIndexOutOfBoundsException: String index out of range: 3",
    ),
    (
        "${'abc'.contains(1)}",
        UNKNOWN_METHOD,
        "Method not found: class java.lang.String.contains(java.lang.Long)",
    ),
    (
        "${'abc'.substring('x')}",
        UNKNOWN_METHOD,
        "Method not found: class java.lang.String.substring(java.lang.String)",
    ),
    (
        "${date.before('x')}",
        UNKNOWN_METHOD,
        "Method not found: class java.util.Date.before(java.lang.String)",
    ),
    (
        "${dateTime().plusYears(99999)}",
        ERROR,
        "org.joda.time.IllegalFieldValueException: Value 99999 of plusYears is not supported",
    ),
    (
        "${dateTime().plusDays(2000000000)}",
        ERROR,
        "org.joda.time.IllegalFieldValueException: Value 2000000000 of plusDays is not supported",
    ),
    (
        "${dateTime().withHourOfDay(24)}",
        ERROR,
        "org.joda.time.IllegalFieldValueException: Value 24 for hourOfDay must be in the range "
        "[0,23]",
    ),
]


@pytest.mark.parametrize(("text", "sentence", "cause"), FAILURES, ids=[f[0] for f in FAILURES])
def test_what_a_value_does_not_have_fails_in_the_words_of_the_reference_engine(
    evaluate, text, sentence, cause
):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, **VARIABLES)

    # An exception of a method is the whole message.
    is_thrown = cause.startswith(("java.", "org."))
    assert str(caught.value) == (cause if is_thrown else f"{sentence}: {text}. Cause: {cause}")


@pytest.mark.parametrize(
    "name",
    [
        "__class__",
        "__dict__",
        "__init__",
        "secret",
        "juel_call",
        "java_class",
        "content",
        "timestamp",
    ],
)
@pytest.mark.parametrize("base", ["box", "list", "map", "one", "date", "'a'", "dateTime()", "json"])
def test_nothing_of_python_is_reachable(evaluate, base, name):
    for text in (f"${{{base}['{name}']}}", f"${{{base}['{name}']()}}"):
        try:
            value = evaluate(text, **VARIABLES, json=parse("${JSON('{}')}").evaluate(Place({})))
        except ExpressionError:
            continue

        assert value is None  # a list or map has no such item


def test_special_objects_beat_variables_of_the_same_name():
    place = Place({"execution": "variable", "task": "variable"}, {"execution": Box()})

    assert parse("${execution.size}").evaluate(place) == 3
    assert parse("${task}").evaluate(place) == "variable"


def test_a_special_object_that_is_not_there_is_an_unknown_identifier(evaluate):
    with pytest.raises(ExpressionError, match="Cannot resolve identifier 'externalTask'"):
        evaluate("${externalTask.id}")


def test_a_host_object_without_the_method_is_an_unknown_method(evaluate):
    with pytest.raises(ExpressionError, match="Unknown method used in expression"):
        evaluate("${box.echo()}", **VARIABLES)
    with pytest.raises(ExpressionError, match="Unknown property used in expression"):
        evaluate("${box.echo}", **VARIABLES)


def test_methods_leave_lists_and_maps_as_they_are(evaluate):
    items, values = [1, 2], {"a": 1}

    evaluate(
        "${items.subList(0, 2)}${values.keySet()}${values.entrySet()}", items=items, values=values
    )

    assert (items, values) == ([1, 2], {"a": 1})


def test_a_date_time_has_the_class_of_joda(evaluate):
    assert evaluate("${dateTime()}") == DateTime(NOW)
    assert evaluate("at ${dateTime()}") == "at 2026-01-31T10:20:30.450Z"
