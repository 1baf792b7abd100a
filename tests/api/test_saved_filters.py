"""Filters: what holds beside the recorded cases."""

import pytest

from tests.models import flows, process

MODEL = process(
    '<startEvent id="s"/><userTask id="pack" camunda:candidateGroups="crew"/><endEvent id="e"/>'
    + flows("s", "pack", "e"),
    "people",
)


@pytest.fixture
def tasks(calls):
    """The ids of a task of kim and of one of nobody."""
    calls.deploy(MODEL)
    for number in range(2):
        body = {"variables": {"n": {"value": number}, "s": {"value": "x"}}}
        assert calls.post("/process-definition/key/people/start", body)[0] == 200
    found = [task["id"] for task in calls.get("/task?sortBy=id&sortOrder=asc")]
    calls.post(f"/task/{found[0]}/assignee", {"userId": "kim"})
    return found


def keep(calls, query, **more):
    body = {"resourceType": "Task", "name": "f", "query": query, **more}
    status, made = calls.post("/filter/create", body)
    assert status == 200, made
    return made["id"]


def found(calls, key, body=None):
    if body is None:
        return [task["id"] for task in calls.get(f"/filter/{key}/list")]
    return [task["id"] for task in calls.post(f"/filter/{key}/list", body)[1]]


def test_alternatives_of_a_body_are_joined_to_those_that_are_kept(calls, tasks):
    key = keep(calls, {"orQueries": [{"assignee": "kim", "unassigned": True}]})

    assert found(calls, key) == tasks
    assert found(calls, key, {"orQueries": [{"assignee": "kim"}]}) == tasks[:1]


def test_a_value_takes_the_place_of_its_expression(calls, tasks):
    key = keep(calls, {"assigneeExpression": "${'nobody'}"})

    assert found(calls, key) == []
    assert found(calls, key, {"assignee": "kim"}) == tasks[:1]


def test_an_expression_in_a_body_is_refused(calls, tasks):
    key = keep(calls, {})

    status, answer = calls.post(f"/filter/{key}/list", {"assigneeExpression": "${'kim'}"})

    assert (status, answer["type"]) == (400, "BadUserRequestException")


def test_dates_and_numbers_are_kept_as_they_are_asked_for(calls):
    query = {
        "dueBefore": "2026-01-02T03:04:05.000+0000",
        "priority": 5,
        "unassigned": True,
        "suspended": False,
        "assignee": None,
        "taskVariables": [{"name": "n", "operator": "eq", "value": 1}],
        "orQueries": [{"name": "a"}],
    }

    kept = calls.get(f"/filter/{keep(calls, query)}")["query"]

    empty = {"taskVariables": [], "processVariables": [], "caseInstanceVariables": []}
    assert kept == {
        "dueBefore": query["dueBefore"],
        "priority": 5,
        "unassigned": True,
        **empty,
        "taskVariables": query["taskVariables"],
        "orQueries": [{"name": "a", **empty}],
    }


def test_filters_that_do_not_go_together_are_refused_when_they_are_kept(calls):
    body = {
        "resourceType": "Task",
        "name": "f",
        "query": {"candidateUser": "kim", "candidateGroup": "crew"},
    }

    assert calls.post("/filter/create", body)[0] == 500


def test_the_counts_of_many_filters_are_right(calls, tasks):
    names = {keep(calls, {"assignee": "kim"}): 1 for _ in range(60)}
    names[keep(calls, {})] = 2

    listed = calls.get("/filter?itemCount=true")

    assert {f["id"]: f["itemCount"] for f in listed} == names
    assert "itemCount" not in calls.get("/filter")[0]


@pytest.mark.parametrize(
    "properties",
    [{"variables": "n"}, {"variables": [1, {"name": 2}, None]}, {"variables": None}, {}],
)
def test_any_properties_are_kept_and_harmless(calls, tasks, properties, client):
    key = keep(calls, {}, properties=properties)
    accept = {"Accept": "application/hal+json"}

    answer = client.get(f"/engine-rest/filter/{key}/list", headers=accept)

    assert calls.get(f"/filter/{key}")["properties"] == properties
    assert answer.status_code == 200
    assert all(task["_embedded"] is None for task in answer.json["_embedded"]["task"])


def test_a_task_in_hal_has_its_people_and_the_variables_that_a_filter_names(calls, tasks, client):
    for user in ("kim", "bob"):
        calls.post("/user/create", {"profile": {"id": user}})
    calls.post("/group/create", {"id": "crew", "name": "Crew"})
    calls.post(f"/task/{tasks[0]}/localVariables", {"modifications": {"own": {"value": 1}}})
    key = keep(
        calls, {"assignee": "kim"}, properties={"variables": [{"name": "s"}, {"name": "own"}]}
    )
    accept = {"Accept": "application/hal+json"}

    one = client.get(f"/engine-rest/filter/{key}/singleResult", headers=accept).json
    listed = client.get(f"/engine-rest/filter/{key}/list", headers=accept).json

    assert [user["id"] for user in one["_embedded"]["user"]] == ["kim"]
    assert [group["id"] for group in one["_embedded"]["group"]] == ["crew"]
    assert [user["id"] for user in listed["_embedded"]["assignee"]] == ["kim"]
    (task,) = listed["_embedded"]["task"]
    links = [v["_links"]["self"]["href"] for v in task["_embedded"]["variable"]]
    instance = task["processInstanceId"]
    assert links == [
        f"/process-instance/{instance}/variables/s",
        f"/task/{tasks[0]}/localVariables/own",
    ]


def test_a_candidate_user_sees_the_tasks_of_the_groups_of_that_user(calls, tasks):
    calls.post("/user/create", {"profile": {"id": "bob"}})
    calls.post("/group/create", {"id": "crew"})
    assert calls.get("/task?candidateUser=bob") == []

    calls.put("/group/crew/members/bob", {})

    assert [task["id"] for task in calls.get("/task?candidateUser=bob")] == tasks[1:]
