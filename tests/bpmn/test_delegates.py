"""Substitutes for Java delegates: names, patterns, and the format of the file that lists them.

Source: semantics 11.11.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bpmn.delegates import (
    Delegates,
    DelegatesError,
    Substitute,
    decision_name,
    names_of,
    script_name,
)
from app.bpmn.needs import ELSEWHERE, LISTENER, NOTIFIED, TASK, Need
from app.errors import ExpressionSyntaxError, ParseProblem


def need(kind="class", name="org.Pack", place=TASK):
    return Need(kind, name, place, ParseProblem("needs Java", 1, 1, ()))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("pack", Substitute("pack"), id="a topic as a text"),
        pytest.param({"topic": "pack"}, Substitute("pack"), id="a topic in an object"),
        pytest.param({"ignore": True}, Substitute(), id="nothing at all"),
        pytest.param({"variables": {}}, Substitute(), id="no assignment"),
    ],
)
def test_a_substitute_is_a_topic_or_nothing(value, expected):
    assert Delegates({"org.Pack": value}).of("org.Pack") == expected


def test_a_substitute_may_be_assignments_in_their_order():
    found = Delegates({"org.Pack": {"variables": {"b": "${a + 1}", "c": "done"}}}).of("org.Pack")

    assert found.topic is None
    assert [(name, value.text) for name, value in found.assignments] == [
        ("b", "${a + 1}"),
        ("c", "done"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="an empty topic"),
        pytest.param(None, id="null"),
        pytest.param(5, id="a number"),
        pytest.param([], id="a list"),
        pytest.param({}, id="an empty object"),
        pytest.param({"topic": ""}, id="an empty topic in an object"),
        pytest.param({"topic": 5}, id="a topic that is no text"),
        pytest.param({"ignore": False}, id="what is not ignored"),
        pytest.param({"ignore": "true"}, id="true as a text"),
        pytest.param({"variables": []}, id="variables in a list"),
        pytest.param({"topic": "a", "ignore": True}, id="two of them"),
        pytest.param({"topic": "a", "topics": "b"}, id="a key that is misspelt beside"),
        pytest.param({"topics": "a"}, id="a key that is misspelt"),
    ],
)
def test_anything_else_is_no_substitute(value):
    with pytest.raises(DelegatesError, match=r"'org\.Pack' must have a topic"):
        Delegates({"org.Pack": value})


def test_a_value_that_is_no_text_is_no_assignment():
    with pytest.raises(DelegatesError, match="the variable 'a' must have a text"):
        Delegates({"org.Pack": {"variables": {"a": 5}}})


def test_an_assignment_follows_the_grammar():
    with pytest.raises(ExpressionSyntaxError):
        Delegates({"org.Pack": {"variables": {"a": "${"}}})


@pytest.mark.parametrize(
    ("names", "topic"),
    [
        pytest.param(["org.Pack"], "exact", id="an exact name before a pattern"),
        pytest.param(["org.Ship"], "org", id="a pattern"),
        pytest.param(["org.deep.Ship"], "deep", id="the longest pattern"),
        pytest.param(["com.Ship"], "all", id="the shortest pattern takes the rest"),
        pytest.param(["com.Ship", "org.Pack"], "exact", id="an exact later name before a pattern"),
        pytest.param(["ORG.PACK"], "all", id="names have a case"),
        pytest.param([], None, id="no name"),
    ],
)
def test_the_closest_name_counts(names, topic):
    delegates = Delegates({"*": "all", "org.*": "org", "org.deep.*": "deep", "org.Pack": "exact"})

    found = delegates.of(*names)

    assert (found and found.topic) == topic


def test_what_is_not_known_has_no_substitute():
    assert Delegates().of("org.Pack") is None
    assert Delegates({"org.Pack": "pack"}).of("org.Packing") is None


@pytest.mark.parametrize(
    ("kind", "name", "names"),
    [
        ("class", "org.Pack", ["org.Pack"]),
        ("delegateExpression", "${pack}", ["${pack}", "pack"]),
        ("delegateExpression", "#{ pack }", ["#{ pack }", "pack"]),
        ("bean", "pack.run", ["pack.run", "pack"]),
        ("connector", "soap", ["soap"]),
        ("mail", "mail", ["mail"]),
    ],
)
def test_a_need_is_known_by_its_names(kind, name, names):
    assert list(names_of(kind, name)) == names


def test_scripts_and_decisions_have_names_too():
    assert script_name("Groovy") == "script:groovy"
    assert script_name(None) == "script:"
    assert decision_name("risk") == "decision:risk"


@pytest.mark.parametrize(
    ("place", "value", "is_met"),
    [
        (TASK, "pack", True),
        (LISTENER, "pack", True),
        (NOTIFIED, "pack", False),
        (ELSEWHERE, "pack", False),
        (TASK, {"ignore": True}, True),
        (NOTIFIED, {"ignore": True}, True),
        (NOTIFIED, {"variables": {"a": "1"}}, True),
        (ELSEWHERE, {"ignore": True}, False),
    ],
)
def test_a_topic_stands_in_where_a_token_can_wait(place, value, is_met):
    assert need(place=place).is_met(Delegates({"org.Pack": value})) is is_met


def test_a_connector_that_is_built_in_needs_no_substitute():
    wanted = need("connector", "http-connector")

    assert wanted.is_met(Delegates(connectors={"http-connector": object()}))
    assert not wanted.is_met(Delegates())
    assert wanted.is_met(Delegates({"http-connector": "http"}))


def test_a_bean_may_stand_for_all_of_its_methods():
    delegates = Delegates({"orders": "all", "orders.cancel": "cancel"})

    assert delegates.of(*names_of("bean", "orders.check")).topic == "all"
    assert delegates.of(*names_of("bean", "orders.cancel")).topic == "cancel"


@settings(max_examples=25)
@given(st.from_regex(r"\A[a-z]{1,4}(\.[A-Za-z]{1,4}){0,3}\Z"))
def test_a_name_is_found_exactly_or_by_the_pattern_of_its_package(name):
    package = name.rpartition(".")[0]

    assert Delegates({name: "exact"}).of(name).topic == "exact"
    if package:
        delegates = Delegates({f"{package}.*": "package", "*": "all"})
        assert delegates.of(name).topic == "package"
