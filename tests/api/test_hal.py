"""User tasks as resources of HAL, and which of their forms a client gets."""

import pytest

from app.services import lists
from tests.models import flows, process

from .calling import Caller

HAL, JSON = "application/hal+json", "application/json"
ASK = process(
    '<startEvent id="start"/><userTask id="look" name="Look" camunda:candidateUsers="a b/c"/>'
    + flows("start", "look"),
    "ask",
)


@pytest.fixture
def api(client):
    caller = Caller(client)
    caller.deploy(ASK)
    return caller


def read(client, path, accept=HAL):
    answer = client.get(f"/engine-rest{path}", headers={"Accept": accept})
    return answer.status_code, answer.mimetype, answer.get_json(silent=True)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (HAL, HAL),
        (f"{HAL}, {JSON}", JSON),
        (f"{HAL}, {JSON};q=0.5", HAL),
        (f"*/*;q=0.5, {HAL}", HAL),
        (f"{HAL};q=0.1, */*", JSON),
    ],
)
def test_a_client_gets_what_it_would_rather_have(api, client, accept, media):
    api.start("ask")
    task = api.get("/task")[0]["id"]

    for path in ("/task", f"/task/{task}"):
        assert read(client, path, accept)[:2] == (200, media), path


@pytest.mark.parametrize("path", ["/task", "/task/{id}"])
def test_a_client_that_accepts_neither_gets_nothing(api, client, path):
    api.start("ask")
    path = path.format(id=api.get("/task")[0]["id"])

    assert read(client, path, "text/plain")[0] == 406
    assert read(client, path + "/identity-links".replace("/task", ""), "text/plain")[0] in (
        404,
        406,
    )


def test_other_operations_have_no_hal(api, client):
    api.start("ask")
    task = api.get("/task")[0]["id"]

    for path in ("/task/count", f"/task/{task}/identity-links", f"/task/{task}/comment"):
        assert read(client, path)[0] == 406, path
    answer = client.post("/engine-rest/task", json={}, headers={"Accept": HAL})
    assert answer.status_code == 406
    assert read(client, "/task/none")[:2] == (404, JSON)


def test_a_task_embeds_what_it_refers_to(api, client):
    instance = api.start("ask")
    task = api.get("/task")[0]["id"]
    api.post(f"/task/{task}/assignee", {"userId": "kim"})

    _, _, found = read(client, f"/task/{task}")

    assert found["_links"]["self"] == {"href": f"/task/{task}"}
    assert found["_links"]["assignee"] == {"href": "/user/kim"}
    assert found["_links"]["execution"] == {"href": f"/execution/{instance}"}
    assert {"taskState", "lastUpdated"}.isdisjoint(found)
    links = found["_embedded"]["identityLink"]
    assert [(link["type"], link["_links"]["user"]["href"]) for link in links] == [
        ("candidate", "/user/a%20b%2Fc"),
        ("assignee", "/user/kim"),
    ]
    (definition,) = found["_embedded"]["processDefinition"]
    assert (definition["key"], definition["_embedded"]) == ("ask", None)
    assert definition["_links"]["resource"]["href"].endswith("/resources/model.bpmn")


def test_a_task_that_stands_alone_has_fewer_links(api, client):
    api.post("/task/create", {"id": "own"})

    _, _, found = read(client, "/task/own")

    assert set(found["_links"]) == {"self", "identityLink"}
    assert found["_embedded"] is None


def test_a_page_embeds_each_definition_once_and_counts_all(api, client):
    for _ in range(3):
        api.start("ask")
    api.post("/task/create", {"id": "own"})

    _, _, found = read(client, "/task?maxResults=2&sortBy=created&sortOrder=asc")

    assert found["count"] == 4
    assert found["_links"] == {"self": {"href": "/task"}}
    assert len(found["_embedded"]["task"]) == 2
    assert [d["key"] for d in found["_embedded"]["processDefinition"]] == ["ask"]
    assert read(client, "/task?assignee=nobody")[2] == {
        "_links": {"self": {"href": "/task"}},
        "_embedded": {"task": []},
        "count": 0,
    }


def test_a_long_list_is_written_in_parts(api, client, monkeypatch):
    for _ in range(5):
        api.start("ask")
    monkeypatch.setattr("app.store.lists.base.CHUNK", 2)
    monkeypatch.setattr(lists, "AT_ONCE", 2)

    _, _, found = read(client, "/task")

    assert len(found["_embedded"]["task"]) == found["count"] == 5
    assert len(found["_embedded"]["processDefinition"]) == 1


def test_the_report_of_groups_has_a_form_in_csv(api, client):
    api.start("ask")
    api.post("/task/create", {"id": "own"})
    api.post("/task/create", {"id": "mine", "assignee": "kim"})
    for task in ("own", "own", "mine"):
        api.post(f"/task/{task}/identity-links", {"groupId": "a,b", "type": "candidate"})

    path = "/engine-rest/task/report/candidate-group-count"
    text = client.get(path, headers={"Accept": "text/csv"})
    other = client.get(path, headers={"Accept": "application/csv"})

    assert api.get("/task/report/candidate-group-count") == [
        {"groupName": None, "taskCount": 1},
        {"groupName": "a,b", "taskCount": 2},
    ]
    assert text.text == other.text == 'CANDIDATE_GROUP_NAME,TASK_COUNT\nnull,1\n"a,b",2'
    assert text.headers["Content-Type"] == "text/csv;charset=UTF-8"
    assert other.headers["Content-Type"] == "application/csv"
    assert client.get(path, headers={"Accept": "text/xml"}).status_code == 406
