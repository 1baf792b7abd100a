"""Lists of user tasks with data beyond the fields of a task."""

import pytest

from tests.models import flow, flows, process

ERRAND = process(
    '<startEvent id="start"/><subProcess id="inner"><extensionElements><camunda:inputOutput>'
    '<camunda:inputParameter name="size">${5}</camunda:inputParameter>'
    '</camunda:inputOutput></extensionElements><startEvent id="in"/>'
    '<userTask id="fetch" name="Fetch" camunda:candidateUsers="ann,bob" '
    'camunda:candidateGroups="sales"/><endEvent id="out"/>'
    + flows("in", "fetch", "out")
    + '</subProcess><endEvent id="end"/>'
    + flow("start", "inner")
    + flow("inner", "end"),
    "errand",
).replace('<process id="errand"', '<process id="errand" camunda:candidateStarterUsers="ann, bob"')
EXPRESSION = {"assigneeExpression": "${'ann'}"}


@pytest.fixture
def tasks(api):
    """The task of each of three instances, by the number that it has."""
    api.deploy(ERRAND)
    found = {}
    for number in (2, 1, 3):
        instance = api.start("errand", n=number, name="outer", size=1)
        (task,) = api.get(f"/task?processInstanceId={instance}")
        found[number] = task["id"]
        api.call("PUT", f"/task/{task['id']}/localVariables/name", {"value": f"own {number}"})
    return found


def ids(found):
    return [task["id"] for task in found]


def test_the_variables_of_a_task_hide_those_around_it(api, tasks):
    flag = "withTaskVariablesInReturn=true"

    (one,) = api.get(f"/task?taskId={tasks[1]}&{flag}")
    single = api.get(f"/task/{tasks[1]}?{flag}")

    assert {n: v["value"] for n, v in one["variables"].items()} == {
        "n": 1,
        "name": "own 1",
        "size": 5,
    }
    assert single["variables"] == one["variables"]


def test_each_task_of_a_list_has_its_own_local_variables(api, tasks):
    found = api.post("/task", {"withTaskLocalVariablesInReturn": True})

    assert {t["id"]: t["variables"]["name"]["value"] for t in found} == {
        task_id: f"own {number}" for number, task_id in tasks.items()
    }
    assert all(set(t["variables"]) == {"name"} for t in found)
    assert "variables" not in api.get(f"/task/{tasks[1]}")


def test_comments_and_attachments_are_told_of_when_they_are_asked_for(api, tasks):
    (plain,) = api.get(f"/task?taskId={tasks[1]}")
    (told,) = api.get(f"/task?taskId={tasks[1]}&withCommentAttachmentInfo=true")

    assert "comment" not in plain
    assert (told["comment"], told["attachment"]) == (False, False)


@pytest.mark.parametrize(
    ("by", "variable", "type_", "order"),
    [
        ("processVariable", "n", "Integer", [1, 2, 3]),
        ("processVariable", "n", "integer", [1, 2, 3]),
        ("taskVariable", "name", "String", [1, 2, 3]),
    ],
)
def test_tasks_are_sorted_by_a_variable(api, tasks, by, variable, type_, order):
    parameters = {"variable": variable, "type": type_}

    for direction, wanted in (("asc", order), ("desc", order[::-1])):
        level = {"sortBy": by, "sortOrder": direction, "parameters": parameters}
        assert ids(api.post("/task", {"sorting": [level]})) == [tasks[n] for n in wanted]


def test_expressions_are_evaluated_inside_an_or_and_refused_outside(api, tasks):
    api.post(f"/task/{tasks[2]}/claim", {"userId": "ann"})

    status, problem = api.call("POST", "/task", EXPRESSION)

    assert (status, problem["type"]) == (400, "BadUserRequestException")
    assert ids(api.post("/task", {"orQueries": [EXPRESSION]})) == [tasks[2]]
    later = {"createdBeforeExpression": "${dateTime().plusYears(1)}"}
    assert api.count("/task", {"orQueries": [later]}) == 3
    groups = {"candidateGroupsExpression": "${'sales'}"}
    assert api.count("/task", {"orQueries": [groups]}) == 2


@pytest.mark.parametrize("text", ["${", "${nobody}", "${1}", "${execution.id}", "${null}"])
def test_an_expression_without_a_value_is_an_error(api, tasks, text):
    status, problem = api.call("POST", "/task", {"orQueries": [{"ownerExpression": text}]})

    assert (status, problem["type"]) == (500, "ProcessEngineException")


def test_who_comes_and_leaves_stays_in_the_history_of_a_task(api, tasks):
    task = tasks[1]
    for user in ("cyd", "dan"):
        api.post(f"/task/{task}/assignee", {"userId": user})
    api.post(f"/task/{task}/delegate", {"userId": "eve"})
    api.post(f"/task/{task}/resolve")
    api.post(f"/task/{task}/complete")

    for user in ("ann", "bob"):
        assert api.count("/history/task", {"taskInvolvedUser": user}) == 3
        assert api.count("/history/task", {"taskHadCandidateUser": user}) == 3
    for user in ("cyd", "dan", "eve"):
        assert ids(api.post("/history/task", {"taskInvolvedUser": user})) == [task]
        assert api.count("/history/task", {"taskHadCandidateUser": user}) == 0
    assert api.count("/history/task", {"taskInvolvedGroup": "sales"}) == 3
    assert api.count("/history/task", {"withoutCandidateGroups": True}) == 0


def test_the_log_of_links_tells_what_was_added_and_taken_away(api, tasks):
    task = f"taskId={tasks[1]}"
    for user in ("cyd", "dan"):
        api.post(f"/task/{tasks[1]}/assignee", {"userId": user})

    entries = api.get(f"/history/identity-link-log?{task}&type=assignee&sortBy=time&sortOrder=asc")

    assert sorted((e["userId"], e["operationType"]) for e in entries) == [
        ("cyd", "add"),
        ("cyd", "delete"),
        ("dan", "add"),
    ]
    assert {e["processDefinitionKey"] for e in entries} == {"errand"}
    assert api.get(f"/history/identity-link-log/count?{task}&type=candidate")["count"] == 3


def test_what_has_no_value_is_sorted_before_all_values(api, tasks):
    api.post(f"/task/{tasks[1]}/claim", {"userId": "ann"})
    api.post(f"/task/{tasks[2]}/claim", {"userId": "bob"})

    for direction, wanted in (("asc", [3, 1, 2]), ("desc", [2, 1, 3])):
        found = api.get(f"/task?sortBy=assignee&sortOrder={direction}")
        assert ids(found) == [tasks[number] for number in wanted]


def test_candidates_are_whole_names(api, tasks):
    for name in ("an", "nn", "ann,bob", "", "%", "a_n"):
        assert api.count("/task", {"candidateUser": name}) == 0, name
        assert api.get(f"/process-definition/count?startableBy={name}")["count"] == 0, name
    assert api.count("/task", {"candidateUser": "bob"}) == 3
    assert api.get("/process-definition/count?startableBy=bob")["count"] == 1


def test_the_tenant_of_a_task_cannot_be_changed(api, tasks):
    body = {"name": "New", "tenantId": "t"}

    status, problem = api.call("PUT", f"/task/{tasks[1]}", body)

    assert (status, problem["message"].partition(" ")[0]) == (500, "ENGINE-03072")
    assert api.get(f"/task/{tasks[1]}")["name"] == "Fetch"
    assert api.call("PUT", f"/task/{tasks[1]}", {**body, "tenantId": None})[0] == 204


def test_links_are_added_and_taken_away_and_stay_in_the_history(api, tasks):
    links = f"/task/{tasks[1]}/identity-links"
    for name in ("eve", "dan"):
        api.post(links, {"userId": name, "type": "candidate"})
    api.post(links, {"groupId": "crew", "type": "candidate"})
    api.post(links, {"userId": "own", "type": "owner"})

    for link in ({"userId": "eve"}, {"groupId": "sales"}, {"userId": "nobody"}):
        api.post(f"{links}/delete", {**link, "type": "candidate"})

    assert [(i["userId"] or i["groupId"], i["type"]) for i in api.get(links)] == [
        *((user, "candidate") for user in ("ann", "bob", "dan")),
        ("crew", "candidate"),
        ("own", "owner"),
    ]
    for user in ("eve", "dan", "own"):
        assert ids(api.post("/history/task", {"taskInvolvedUser": user})) == [tasks[1]]
    assert api.count("/task", {"candidateUser": "eve"}) == 0
    assert api.count("/history/task", {"taskHadCandidateUser": "eve"}) == 1


@pytest.mark.parametrize(
    ("path", "link", "status", "type_"),
    [
        ("", {"type": "candidate"}, 400, "InvalidRequestException"),
        ("", {"userId": "a", "groupId": "b", "type": "candidate"}, 400, "InvalidRequestException"),
        ("", {"userId": "a"}, 500, "NullValueException"),
        ("", {"groupId": "a", "type": "assignee"}, 400, "BadUserRequestException"),
        ("/delete", {"groupId": "a", "type": "assignee"}, 500, "ProcessEngineException"),
        ("/delete", {"type": "candidate"}, 400, "InvalidRequestException"),
        ("/delete", {"userId": "a"}, 500, "NullValueException"),
    ],
)
def test_what_is_no_link_is_refused(api, tasks, path, link, status, type_):
    links = f"/task/{tasks[1]}/identity-links"
    before = api.get(links)

    answered, problem = api.call("POST", links + path, link)

    assert (answered, problem["type"]) == (status, type_)
    assert api.get(links) == before


def test_links_of_an_unknown_task_are_refused(api, tasks):
    link = {"userId": "a", "type": "candidate"}

    for path, status, type_ in (
        ("/task/none/identity-links", 400, "NotFoundException"),
        ("/task/none/identity-links/delete", 500, "NullValueException"),
    ):
        answered, problem = api.call("POST", path, link)
        assert (answered, problem["type"]) == (status, type_)
