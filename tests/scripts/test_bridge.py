"""What a script may ask and what it is answered, without a script: values both ways, and bounds.

The questions are those of the sandbox's prelude; a script that has got hold of its pipe may send
anything.
"""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.expressions import Documents
from app.expressions.failures import EvaluationFailure
from app.expressions.spin import JsonNode
from app.expressions.values import BigInteger, HashMap, Integer, Short, TreeMap
from app.scripts import bridge
from app.scripts.bridge import Bridge, parse, plain
from app.scripts.failures import ScriptFailure

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Names:
    """Variables and special objects in dictionaries."""

    def __init__(self, variables=None, special=None, now=NOW):
        self.now = now
        self.documents = Documents()
        self.variables = variables or {}
        self.specials = special or {}

    def variable(self, name):
        return self.variables[name]

    def special(self, name):
        return self.specials[name]


def asked(*question, **variables):
    """The answer to one question."""
    return Bridge(Names(variables)).answer(list(question))


@pytest.fixture
def held():
    """A bridge and the number of a value that the script holds."""

    def hold(value, **options):
        made = Bridge(Names({"v": value}, **options))
        return made, made.answer(["has", "v"])["h"]

    return hold


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        ("a", "a"),
        (1.5, 1.5),
        (Integer(5), 5),
        (Short(5), 5),
        (2**31 - 1, 2**31 - 1),
        (2**31, float(2**31)),
        (-(2**31) - 1, float(-(2**31) - 1)),
        (BigInteger(2**70), {"b": str(2**70)}),
    ],
)
def test_a_plain_value_goes_to_the_script_as_it_is(value, shown):
    found = asked("has", "v", v=value)

    assert (found, type(found)) == (shown, type(shown))


@pytest.mark.parametrize(
    ("value", "kind", "method"),
    [
        ([1], "list", "size"),
        ({"a": 1}, "map", "containsKey"),
        (HashMap(), "map", "put"),
        (NOW, "date", "getTime"),
    ],
)
def test_an_object_goes_as_a_number_with_its_kind_and_methods(value, kind, method):
    found = asked("has", "v", v=value)

    assert (found["h"], found["k"]) == (0, kind)
    assert method in found["m"]
    assert found["m"] == sorted(found["m"])


def test_an_object_that_only_a_call_knows_has_no_list_of_methods():
    assert asked("has", "v", v=JsonNode({"a": 1}))["m"] is None


def test_the_same_object_has_the_same_number_and_its_kind_is_told_once():
    items = [[1], [1]]
    made = Bridge(Names({"v": items}))

    first, again = made.answer(["has", "v"]), made.answer(["has", "v"])
    inner = [made.answer(["item", first["h"], index]) for index in (0, 1, 0)]

    assert first["h"] == again["h"]
    assert "m" in first
    assert "m" not in again
    assert [found["h"] for found in inner] == [1, 2, 1]


def test_a_name_is_looked_for_among_the_objects_of_the_engine_first():
    made = Bridge(Names({"execution": "variable", "x": 1}, {"execution": "special"}))

    assert made.answer(["has", "execution"]) == "special"
    assert made.answer(["has", "x"]) == 1
    assert made.answer(["has", "y"]) == {"u": 1}


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (None, None),
        (True, True),
        ("a", "a"),
        ("\U0001f600", "\U0001f600"),
        ("\ud83dx", "?x"),
        (5, Integer(5)),
        (2**31, float(2**31)),
        (1.5, 1.5),
        ({"b": "123"}, BigInteger(123)),
        ({"b": "-1"}, BigInteger(-1)),
        ({"d": 0}, datetime(1970, 1, 1, tzinfo=UTC)),
        ({"d": -1000}, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ({"a": [1, "a", None]}, [Integer(1), "a", None]),
        ({"a": [{"a": []}]}, [[]]),
        ({"o": [["a", 1], ["b", {"o": []}]]}, {"a": Integer(1), "b": {}}),
        ({"o": [[5, 1]]}, {"5": Integer(1)}),
        ({"o": [["a", 1], ["a", 2]]}, {"a": Integer(2)}),
    ],
)
def test_a_value_comes_from_the_script_in_javas_types(sent, taken):
    found = Bridge(Names()).take(sent)

    assert found == taken
    assert type(found) is type(taken)


def test_a_date_comes_in_the_zone_of_the_place():
    zone = timezone(timedelta(hours=2))

    found = Bridge(Names(now=NOW.astimezone(zone))).take({"d": 0})

    assert (found, found.tzinfo) == (datetime(1970, 1, 1, tzinfo=UTC), zone)


def test_a_long_comes_back_as_the_long_that_it_was():
    number = 2**53 + 1
    made = Bridge(Names({"v": number}))

    shown = made.answer(["has", "v"])

    assert shown == float(number)
    assert made.take(shown) == number
    assert type(made.take(shown)) is int
    assert made.take(shown + 2**20) == shown + 2**20


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


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (["call", "size"], 2),
        (["call", "get", 1], "b"),
        (["call", "contains", "a"], True),
        (["item", 0], "a"),
        (["item", 5], None),
        (["text"], "[a, b]"),
        (["plain"], {"j": ["a", "b"]}),
    ],
)
def test_an_object_is_asked_by_its_number(held, question, answer):
    made, number = held(["a", "b"])
    kind, *rest = question

    assert made.answer([kind, number, *rest]) == answer


@pytest.mark.parametrize("index", [float("inf"), float("nan"), None, "x", [], {"a": 1}])
def test_an_index_that_is_none_ends_the_script(held, index):
    made, number = held(["a"])

    with pytest.raises(ScriptFailure, match="left its sandbox"):
        made.answer(["item", number, index])


@pytest.mark.parametrize(("key", "answer"), [("a", 1), ("n", None), ("x", {"u": 1}), (5, {"u": 1})])
def test_an_entry_of_a_map_is_told_from_none(held, key, answer):
    made, number = held({"a": Integer(1), "n": None})

    assert made.answer(["entry", number, key]) == answer


def test_a_list_has_no_entries(held):
    made, number = held(["a"])

    assert made.answer(["entry", number, "a"]) == {"u": 1}


def test_a_method_that_fails_is_an_error_of_the_script_and_is_remembered(held):
    made, number = held(["a"])

    found = made.answer(["call", number, "get", 9])

    assert found["n"] == "Error"
    assert "out of bounds" in found["e"]
    assert isinstance(made.failure, EvaluationFailure)


def test_a_method_that_is_not_there_is_an_error_of_the_script(held):
    made, number = held(["a"])

    assert "Cannot find method" in made.answer(["call", number, "getClass"])["e"]


def test_a_change_in_place_is_noted(held):
    made, number = held(["a"])
    names = made._names

    made.answer(["call", number, "size"])
    assert not names.documents.has_changes
    made.answer(["call", number, "add", "b"])

    assert names.documents.has_changes
    assert names.variables == {"v": ["a", "b"]}


def test_a_value_that_the_script_holds_may_be_an_argument(held):
    made, number = held({"list": [], "other": ["x"]})
    inner, other = (made.answer(["entry", number, name])["h"] for name in ("list", "other"))

    assert made.answer(["call", inner, "addAll", {"h": other}]) is True
    assert made._names.variables == {"v": {"list": ["x"], "other": ["x"]}}


@pytest.mark.parametrize(
    ("name", "arguments", "made"),
    [
        ("java.util.ArrayList", [], []),
        ("java.util.ArrayList", [10], []),
        ("java.util.ArrayList", [{"a": [1]}], [1]),
        ("java.util.LinkedList", [], []),
        ("java.util.HashMap", [], {}),
        ("java.util.LinkedHashMap", [{"o": [["b", 1], ["a", 2]]}], {"b": 1, "a": 2}),
        ("java.util.Date", [], NOW),
        ("java.util.Date", [0], datetime(1970, 1, 1, tzinfo=UTC)),
        ("java.util.Date", [2e3], datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)),
    ],
)
def test_an_object_of_java_is_made(name, arguments, made):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]

    answer = found.answer(["new", number, *arguments])

    assert found.take({"h": answer["h"]}) == made


@pytest.mark.parametrize(
    ("name", "kind"), [("java.util.TreeMap", TreeMap), ("java.util.HashMap", HashMap)]
)
def test_a_map_that_is_made_of_another_has_the_order_of_its_class(name, kind):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]
    entries = [["b", 1], ["a", 2], ["c", 3]]

    turned = [found.answer(["new", number, {"o": each}])["h"] for each in (entries, entries[::-1])]

    one, other = (found.take({"h": each}) for each in turned)
    assert type(one) is type(other) is kind
    assert list(one) == list(other) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "method", "argument", "result"),
    [
        ("java.lang.Integer", "parseInt", "12", 12),
        ("java.lang.Integer", "valueOf", "12", 12),
        ("java.lang.Long", "parseLong", "12", 12),
        ("java.lang.Double", "parseDouble", "1.5", 1.5),
        ("java.lang.Boolean", "parseBoolean", "TRUE", True),
        ("java.lang.String", "valueOf", 5, "5"),
        ("java.lang.String", "valueOf", None, "null"),
    ],
)
def test_a_class_has_static_methods(name, method, argument, result):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]

    assert found.answer(["call", number, method, argument]) == result


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("java.util.ArrayList", ["a"]),
        ("java.util.HashMap", [{"a": []}]),
        ("java.util.Date", ["2026-01-01"]),
        ("java.util.Date", [1e30]),
        ("org.camunda.bpm.engine.delegate.BpmnError", []),
        ("org.camunda.bpm.engine.delegate.BpmnError", [""]),
        ("org.camunda.spin.Spin", []),
        ("java.lang.Integer", ["x"]),
        ("java.lang.Integer", []),
    ],
)
def test_a_constructor_that_there_is_not_is_an_error_of_the_script(name, arguments):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]

    assert found.answer(["new", number, *arguments])["n"] == "Error"


@pytest.mark.parametrize(
    "name",
    [
        "java.lang.Runtime",
        "java.lang.System",
        "java.lang.Class",
        "java.io.File",
        "java.util.arraylist",
        "ArrayList",
        "",
        "app.scripts.java",
        "os.system",
    ],
)
def test_there_is_no_other_class(name):
    assert "not allowed or does not exist" in asked("type", name)["e"]


@pytest.mark.parametrize(
    ("arguments", "text", "code", "message"),
    [
        (["E1"], "org.camunda.bpm.engine.delegate.BpmnError", "E1", None),
        (["E1", "why"], "org.camunda.bpm.engine.delegate.BpmnError: why", "E1", "why"),
        ([5, None], "org.camunda.bpm.engine.delegate.BpmnError", "5", None),
    ],
)
def test_a_bpmn_error_has_a_code_and_perhaps_a_message(arguments, text, code, message):
    found = Bridge(Names())
    number = found.answer(["type", "org.camunda.bpm.engine.delegate.BpmnError"])["h"]
    error = found.answer(["new", number, *arguments])["h"]

    assert found.answer(["call", error, "toString"]) == text
    assert found.answer(["call", error, "getErrorCode"]) == code
    assert found.answer(["call", error, "getMessage"]) == message


def test_another_exception_has_no_code():
    found = Bridge(Names())
    number = found.answer(["type", "java.lang.RuntimeException"])["h"]
    error = found.answer(["new", number, "why"])["h"]

    assert found.answer(["call", error, "getMessage"]) == "why"
    assert found.answer(["call", error, "getErrorCode"])["n"] == "Error"


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


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([1, [2.5], None], [1, [2.5], None]),
        ({"a": {"b": True}}, {"a": {"b": True}}),
        (float("nan"), None),
        (float("-inf"), None),
        (NOW, "Thu Jan 01 00:00:00 UTC 2026"),
        ([NOW], ["Thu Jan 01 00:00:00 UTC 2026"]),
    ],
)
def test_what_json_can_say_of_a_value(value, shown):
    assert plain(value) == shown
    json.dumps(plain(value), allow_nan=False)


def test_a_value_that_is_nested_too_deep_cannot_be_said():
    deep = []
    for _ in range(150):
        deep = [deep]

    with pytest.raises(EvaluationFailure, match="nested too deep"):
        plain(deep)


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
