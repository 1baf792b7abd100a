"""Assignees, candidates and potential starters, as lists and as BPMN resources.

Source: Camunda 7 `BpmnParse.parseCommaSeparatedList`; BPMN 2.0.2 §10.2.1.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bpmn.assignments import split

from .elements import element, extension


def resource(*texts, name="potentialOwner"):
    expressions = (element("formalExpression", None, each) for each in texts)
    return element(name, None, element("resourceAssignmentExpression", None, *expressions))


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("ann", ["ann"], id="one"),
        pytest.param("ann,bob", ["ann", "bob"], id="two"),
        pytest.param(" ann , bob ", ["ann", "bob"], id="blanks around"),
        pytest.param("ann,", ["ann"], id="nothing behind the last comma"),
        pytest.param("ann,,bob", ["ann", "", "bob"], id="nothing between two"),
        pytest.param(",ann", ["", "ann"], id="nothing in front of the first"),
        pytest.param("${f(a, b)}", ["${f(a, b)}"], id="a comma in an expression"),
        pytest.param("${f(a, b)},c", ["${f(a, b)}", "c"], id="and one behind it"),
        pytest.param("#{f(a, b)},c", ["#{f(a, b)}", "c"], id="in the other kind of bracket"),
        pytest.param("a${b},c", ["a${b}", "c"], id="a text around"),
        pytest.param("$5,6", ["$5,6"], id="a dollar alone opens too, as in the reference"),
    ],
)
def test_a_list_is_parted_at_its_commas(value, entries):
    assert split(value) == entries


@settings(max_examples=25)
@given(st.lists(st.text("abcxyz", min_size=1, max_size=6), max_size=5))
def test_names_that_are_joined_by_commas_come_back(names):
    assert split(",".join(names)) == names
    assert split(" , ".join(names)) == names


@pytest.mark.parametrize(
    ("content", "users", "groups"),
    [
        pytest.param("user(ann)", ["ann"], [], id="a user"),
        pytest.param("group(crew)", [], ["crew"], id="a group"),
        pytest.param("crew", [], ["crew"], id="without a word it is a group"),
        pytest.param("user(ann), group(crew), clerks", ["ann"], ["crew", "clerks"], id="several"),
        pytest.param("${who}", [], ["${who}"], id="an expression is a group"),
        pytest.param("user(${who})", ["${who}"], [], id="an expression for a user"),
        pytest.param("", [], [], id="nothing"),
    ],
)
def test_a_potential_owner_names_users_and_groups(read_process, content, users, groups):
    process = read_process(element("userTask", "t", resource(content)))

    detail = process.nodes["t"].detail
    assert [user.text for user in detail.candidate_users] == users
    assert [group.text for group in detail.candidate_groups] == groups


def test_resources_come_before_attributes(read_process):
    process = read_process(
        element(
            "userTask",
            "t",
            resource("user(ann)", name="potentialOwner"),
            resource("crew", name="potentialOwner"),
            camunda_candidateUsers="bob",
            camunda_candidateGroups="clerks",
        )
    )

    detail = process.nodes["t"].detail
    assert [user.text for user in detail.candidate_users] == ["ann", "bob"]
    assert [group.text for group in detail.candidate_groups] == ["crew", "clerks"]


def test_a_human_performer_is_the_assignee(read_process):
    process = read_process(element("userTask", "t", resource("ann", name="humanPerformer")))

    assert process.nodes["t"].detail.assignee.text == "ann"


def test_an_assignee_is_named_once(problems_of):
    problems = problems_of(
        element(
            "userTask",
            "t",
            resource("ann", name="humanPerformer"),
            name="Check",
            camunda_assignee="bob",
        )
    )

    assert problems == ["Invalid usage: duplicate assignee declaration for task Check"]


@pytest.mark.parametrize(
    ("users", "groups", "expected"),
    [
        ("ann", "crew", (("ann",), ("crew",))),
        (" ann , bob ", "", (("ann", "bob"), ())),
        (",ann,,", ",", (("ann",), ())),
        ("", "crew,clerks", ((), ("crew", "clerks"))),
    ],
)
def test_starters_are_listed_with_commas_and_empty_names_do_not_count(
    read_process, users, groups, expected
):
    process = read_process(
        attributes=f'camunda:candidateStarterUsers="{users}"'
        f' camunda:candidateStarterGroups="{groups}"'
    )

    assert (process.candidate_starter_users, process.candidate_starter_groups) == expected


def test_each_potential_starter_counts(read_process):
    inner = (
        element(
            "resourceAssignmentExpression", None, element("formalExpression", None, f"user({name})")
        )
        for name in ("ann", "bob")
    )
    starters = "".join(extension("potentialStarter", each) for each in inner)

    process = read_process(element("extensionElements", None, starters))

    assert process.candidate_starter_users == ("ann", "bob")
