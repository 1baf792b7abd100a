"""Filters of tasks that exclude each other, and those that are no alternatives."""

import pytest

from app.errors import BadUserRequestError, EngineError
from app.store.lists.tasks import TASKS
from tests.store.rows import day

EXCLUDING = [
    pytest.param({"candidate_user": "a", "candidate_group": "b"}, "candidateUser", id="user-group"),
    pytest.param(
        {"candidate_user": "a", "candidate_groups": ["b"]}, "candidateGroupIn", id="user-groups"
    ),
    *(
        pytest.param({name: day(1), "without_due_date": True}, "withoutDueDate", id=name)
        for name in ("due_date", "due_before", "due_after")
    ),
    pytest.param({"include_assigned_tasks": True}, "includeAssignedTasks", id="nobody"),
]


@pytest.mark.parametrize(("filters", "words"), EXCLUDING)
def test_filters_that_exclude_each_other_are_refused(filters, words):
    with pytest.raises(EngineError, match=words):
        TASKS.check(filters, is_or=False)


@pytest.mark.parametrize("filters", [one.values[0] for one in EXCLUDING[:-1]])
def test_as_alternatives_they_are_allowed(filters):
    assert TASKS.check(filters, is_or=True) is None


@pytest.mark.parametrize(
    "name", [f"{one}_candidate_{who}" for one in ("with", "without") for who in ("groups", "users")]
)
def test_some_questions_about_candidates_are_no_alternatives(name):
    with pytest.raises(EngineError, match="within 'or' query"):
        TASKS.check({name: True}, is_or=True)


def test_an_expression_is_an_alternative_alone():
    given = {"assignee_expression": "${currentUser()}"}

    assert TASKS.check(given, is_or=True) is None
    with pytest.raises(BadUserRequestError, match="Expressions are forbidden"):
        TASKS.check(given, is_or=False)
