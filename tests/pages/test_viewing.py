"""Contents and searches of each view; a view answers every query of its URL."""

import pytest

from .shown import acts_of, calls_of, rows

pytestmark = pytest.mark.no_database  # what is asked of the database is asked on both elsewhere
OFFERED = {
    "definition": [("Suspend", "PUT", "/process-definition/*/suspended")],
    "deployment": [
        ("Delete", "DELETE", "/deployment/*"),
        ("Deploy again", "POST", "/deployment/*/redeploy"),
    ],
    "batches": [("Delete", "DELETE", "/batch/*"), ("Suspend", "PUT", "/batch/*/suspended")],
    "variables": [("Set a variable", "POST", "/process-instance/*/variables")],
    "incident": [
        ("Annotate", "PUT", "/incident/*/annotation"),
        ("Retry", "PUT", "/external-task/*/retries"),
    ],
    "clerks": [
        ("Add", "PUT", "/group/*/members/{id}"),
        ("Delete", "DELETE", "/authorization/*"),
        ("Delete", "DELETE", "/group/*"),
        ("Remove", "DELETE", "/group/*/members/ada"),
    ],
    "tenant": [
        ("Add", "PUT", "/tenant/*/group-members/{id}"),
        ("Add", "PUT", "/tenant/*/user-members/{id}"),
        ("Delete", "DELETE", "/tenant/*"),
        ("Remove", "DELETE", "/tenant/*/user-members/ada"),
    ],
    "users": [("Create a user", "POST", "/user/create")],
    "groups": [("Create a group", "POST", "/group/create")],
    "tenants": [("Create a tenant", "POST", "/tenant/create")],
    "task": [("Assign", "POST", "/task/*/assignee"), ("Claim", "POST", "/task/*/claim")],
    "ended-instance": [],
    "ended-history": [],
    "overview": [],
    "calls": [
        ("Cancel", "DELETE", "/process-instance/*"),
        ("Suspend", "PUT", "/process-instance/*/suspended"),
    ],
    "migration-refused": [],
}


@pytest.mark.parametrize("name", OFFERED)
def test_a_view_offers_what_can_be_done_there(page, views, name):
    found = [call for call in calls_of(page, views[name]) if call[0] != "Log out"]

    on_instance = {"Cancel", "Suspend"} if name == "variables" else set()
    assert [call for call in found if call[0] not in on_instance] == OFFERED[name]


def test_what_cannot_be_undone_asks_whether_one_is_sure(page, views):
    for name in ("deployment", "batches", "clerks", "instance", "migration"):
        for act in acts_of(page, views[name]):
            is_lost = act["label"] in ("Delete", "Cancel", "Migrate all as a batch")
            assert act["is_final"] is is_lost, (name, act["label"])


def test_every_act_says_what_will_happen(page, views):
    for path in views.values():
        for act in acts_of(page, path):
            assert act["title"]
            assert act["says"].endswith(".")
            assert act["done"].endswith(".")
            assert act["path"].startswith("/")


QUERIES = [
    "page=999999",
    "page=x&incidents=-1&jobs=0&external=1e9",
    "state=%27%3B--&operator=;",
    "name=%25%5C_%27%22%3C",
    "business_key=%25%25%25&activity=%5C&message=%5C%25_",
    "variable=amount&operator=gt&value=99999999999999999999999999",
    "variable=amount&operator=lt&value=NaN",
    "variable=amount&operator=like&value=%5C",
    "variable=%3Cscript%3E&operator=eq&value=%5B%5B%5B",
    "to=nothing&map.=x&map.charge=",
    "end=activity:nothing&startBeforeActivity=nothing&startAfterActivity=",
    "beside=",
    "type=99999999999&who=me&id=%F0%9F%92%A9",
    "definition=&activity=&type=&message=",
    "try=1&v.amount=&t.amount=Null&v.amount=x",
    "fragment=2",
]


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_is_more_than_a_view_can_answer(page, views, query):
    for name in sorted({path.partition("?")[0] for path in views.values()}):
        answer = page.get(f"{name}?{query}")

        assert answer.status_code in (200, 303, 400, 404), (name, query)
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("/ui/process-definition?name=ORDER", 1, id="by key, whatever the case"),
        pytest.param("/ui/process-definition?name=delivery", 1, id="by name"),
        pytest.param("/ui/process-definition?name=nothing", 0, id="by nothing"),
        pytest.param("/ui/deployment?name=%25", 0, id="a sign of patterns stands for itself"),
        pytest.param("/ui/decision-definition?name=%25", 0, id="also in decisions"),
        pytest.param("/ui/user?id=ada", 1, id="a user by id"),
        pytest.param("/ui/user?id=ad", 0, id="not by a part of it"),
        pytest.param("/ui/group?id=clerks", 1, id="a group"),
        pytest.param("/ui/tenant?id=blue", 1, id="a tenant"),
        pytest.param("/ui/task?name=Approve+the+order&page=2", 0, id="behind the last page"),
        pytest.param("/ui/batch?state=done", 0, id="no batch is done"),
        pytest.param("/ui/batch?state=anything", 1, id="one is at work"),
    ],
)
def test_a_list_shows_what_its_query_asks_for(page, path, found):
    assert rows(page, path) == found
