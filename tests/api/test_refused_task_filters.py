"""Filters that the query of tasks refuses when they are set."""

import pytest

NO_GROUPS = "Candidate group list expression is empty"


def failure(answer):
    status, body = answer
    return status, body["type"], body["message"]


@pytest.mark.parametrize("values", [[None], ["a", None]])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("taskIdIn", "taskIds"),
        ("assigneeIn", "Assignees"),
        ("assigneeNotIn", "Assignees"),
        ("tenantIdIn", "tenantIds"),
    ],
)
@pytest.mark.parametrize("is_or", [False, True])
def test_a_null_among_values(calls, name, words, values, is_or):
    query = {"orQueries": [{name: values}]} if is_or else {name: values}

    expected = (500, "NullValueException", f"{words} contains null value")
    assert failure(calls.post("/task/count", query)) == expected


def test_an_expression_that_is_null_is_none(calls):
    assert calls.post("/task/count", {"candidateGroupsExpression": None}) == (200, {"count": 0})


@pytest.mark.parametrize("name", ["processInstanceIdIn", "taskDefinitionKeyIn", "candidateGroups"])
def test_a_null_among_values_that_finds_nothing(calls, name):
    assert calls.post("/task/count", {name: [None]}) == (200, {"count": 0})


@pytest.mark.parametrize("blank", ["", " "])
@pytest.mark.parametrize("others", [{}, {"assigneeExpression": "x"}])
def test_an_empty_expression_of_groups_is_told_of_first(calls, blank, others):
    query = {"candidateGroupsExpression": blank, **others}

    expected = (500, "ProcessEngineException", NO_GROUPS)
    assert failure(calls.post("/task/count", query)) == expected
    assert failure(calls.post("/task/count", {"orQueries": [query]})) == expected
