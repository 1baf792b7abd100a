"""What each view offers and finds, and that no query of a URL is more than it can answer."""

import html
import json
import re

import pytest

pytestmark = pytest.mark.no_database  # what is asked of the database is asked on both elsewhere


def acts_of(page, path):
    """The acts of a view as it describes them to its script."""
    text = page.get(path).text
    return [json.loads(html.unescape(one)) for one in re.findall('data-act="([^"]*)"', text)]


def calls_of(page, path):
    """Label, method and path of each act, with a star for each id."""
    kinds = "external-task|job|batch|deployment|incident|process-instance|process-definition"
    more = "task|user|group|tenant|authorization|variable-instance"
    ids = re.compile(rf"/({kinds}|{more})/(?!create)[^/]+")
    found = {(a["label"], a["method"], ids.sub(r"/\1/*", a["path"])) for a in acts_of(page, path)}
    return sorted(found)


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


def test_all_of_a_group_are_retried_by_one_call_or_by_a_batch(page, views):
    acts = {act["label"]: act for act in acts_of(page, views["group"])}

    (shown,) = (label for label in acts if label.startswith("Retry the "))
    number = int(re.search(r"\d+", shown)[0])
    assert len(acts[shown]["body"]["externalTaskIds"]) == number
    query = acts["Retry all as a batch"]["body"]["externalTaskQuery"]
    assert query["activityId"] == "charge"
    assert query["noRetriesLeft"] is True


# -- queries ----------------------------------------------------------------------------------

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


def rows(page, path):
    """How many rows the list of a view has."""
    text = page.get(path).text
    return (text.partition('id="rows"')[2] or text).count('<th scope="row">')


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


def test_tasks_of_nobody_are_those_without_an_assignee(page):
    everybody, nobody = (rows(page, f"/ui/task?who={who}") for who in ("all", "nobody"))

    assert everybody == nobody > 0


def test_without_a_log_in_there_is_nobody_whose_tasks_there_are(page):
    text = page.get("/ui/task?who=me").text

    assert "That I may claim" not in text
    assert rows(page, "/ui/task?who=me") == rows(page, "/ui/task")


# -- the search -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        pytest.param("", "/ui/process-instance?business_key=", id="nothing"),
        pytest.param("a/b?c", "/ui/process-instance?business_key=a%2Fb%3Fc", id="signs of a URL"),
        pytest.param("  A-0003 ", "/ui/process-instance?business_key=A-0003", id="with blanks"),
        pytest.param("//evil", "/ui/process-instance?business_key=%2F%2Fevil", id="another host"),
    ],
)
def test_what_has_no_id_is_looked_for_as_a_business_key(page, wanted, there):
    answer = page.get("/ui/find", query_string={"q": wanted})

    assert (answer.status_code, answer.headers["Location"]) == (303, there)


def test_an_id_leads_to_its_view_whatever_it_is_of(page, known):
    (task, *_), (definition, *_) = (
        page.get(f"/engine-rest/{kind}?maxResults=1").json
        for kind in ("task", "process-definition")
    )
    wanted = {
        known["orders"][0]: "/ui/process-instance/",
        known["ended"]: "/ui/process-instance/",
        task["id"]: "/ui/task/",
        definition["id"]: "/ui/process-definition/",
    }

    for id_, place in wanted.items():
        found = page.get("/ui/find", query_string={"q": id_}).headers["Location"]
        assert found.startswith(place)
        assert page.get(found).status_code == 200


# -- messages ---------------------------------------------------------------------------------


def test_who_waits_for_a_message_is_found_by_its_name_and_instance(page, known):
    by_name = rows(page, "/ui/message?name=payment")
    (order,) = (o for o in known["orders"][:1])

    assert by_name > 1
    assert rows(page, f"/ui/message?name=payment&instance={order}") == 1
    assert rows(page, "/ui/message?name=nothing") == 0
