"""Comments and attachments: what is said of tasks, and what is attached to them."""

import io

import pytest

from app.security.callers import Caller as LoggedIn
from app.services import history
from tests.models import flow, flows, process

from .calling import Caller

ASK = process(
    '<startEvent id="start"/><userTask id="look"><extensionElements>'
    '<camunda:taskListener event="update" expression="${execution.setVariable(\'seen\', seen + 1)}"'
    '/></extensionElements></userTask><endEvent id="end"/>' + flows("start", "look", "end"),
    "ask",
)


@pytest.fixture
def api(client):
    caller = Caller(client)
    caller.deploy(ASK)
    return caller


@pytest.fixture
def instance(api):
    return api.start("ask", seen=0)


@pytest.fixture
def task(api, instance):
    return api.get(f"/task?processInstanceId={instance}")[0]["id"]


def say(api, task, message="m", **body):
    return api.post(f"/task/{task}/comment/create", {"message": message, **body})["id"]


def attach(client, task, **parts):
    answer = client.post(
        f"/engine-rest/task/{task}/attachment/create",
        data=parts,
        content_type="multipart/form-data",
    )
    return answer.status_code, answer.get_json()


def seen(api, instance):
    return api.get(f"/process-instance/{instance}/variables/seen")["value"]


def refused(message, type_="InvalidRequestException", code=None):
    return {"type": type_, "message": message, "code": code}


def test_a_comment_is_listed_at_the_instance_that_it_names(api, instance, task):
    first = say(api, task, "first")
    second = say(api, task, "second", processInstanceId=instance)
    elsewhere = say(api, task, "third", processInstanceId="elsewhere")

    of_task = [comment["id"] for comment in api.get(f"/task/{task}/comment")]
    of_instance = api.get(f"/process-instance/{instance}/comment")
    assert of_task == [elsewhere, second, first]
    assert [(comment["id"], comment["message"]) for comment in of_instance] == [(second, "second")]
    assert api.get(f"/task/{task}/comment/{first}")["rootProcessInstanceId"] == instance


def test_a_comment_names_who_has_logged_in(api, client, task):
    who = {"baton.caller": LoggedIn("kim")}

    answer = client.post(
        f"/engine-rest/task/{task}/comment/create", json={"message": "m"}, environ_overrides=who
    )

    assert answer.get_json()["userId"] == "kim"
    (found,) = api.get(f"/task/{task}/comment")
    assert found["userId"] == "kim"


def test_what_is_said_of_a_task_is_a_change_of_it(api, client, instance, task):
    comment = say(api, task)
    api.call("PUT", f"/task/{task}/comment", {"id": comment, "message": "other"})
    api.call("DELETE", f"/task/{task}/comment/{comment}")
    attachment = attach(client, task, url="http://x")[1]["id"]
    api.call("DELETE", f"/task/{task}/attachment/{attachment}")

    assert seen(api, instance) == 5
    assert api.get(f"/task/{task}")["taskState"] == "Updated"


def test_a_comment_is_changed_and_deleted_where_it_is(api, instance, task):
    kept, other = (say(api, task, text, processInstanceId=instance) for text in ("a", "b"))
    api.post("/task/create", {"id": "own"})

    for path in ("/task/own", "/process-instance/" + api.start("ask", seen=0)):
        status, _ = api.call("PUT", f"{path}/comment", {"id": kept, "message": "x"})
        assert status == 400
        assert api.call("DELETE", f"{path}/comment/{kept}")[0] == 204
        assert api.call("DELETE", f"{path}/comment")[0] == 204
    body = {"id": kept, "message": "c", "userId": "u", "processInstanceId": "elsewhere"}
    assert api.call("PUT", f"/process-instance/{instance}/comment", body)[0] == 204
    assert api.call("DELETE", f"/process-instance/{instance}/comment/{other}")[0] == 204

    (left,) = api.get(f"/task/{task}/comment")
    assert (left["id"], left["message"], left["userId"]) == (kept, "c", None)
    assert left["processInstanceId"] == instance


def test_a_comment_needs_words(api, task):
    path = f"/task/{task}/comment"
    answer = refused("Not enough parameters submitted", code=0)
    assert api.call("POST", f"{path}/create", {}) == (400, answer)
    assert api.post(f"{path}/create", {"message": ""})["message"] == ""
    assert api.call("PUT", path, {"message": "x"}) == (400, refused("commentId is null"))
    assert api.call("PUT", path, {"id": "none"}) == (400, refused("message is null"))
    text = f"No comment exists with commentId: none and taskId: {task}: comment is null"
    assert api.call("PUT", path, {"id": "none", "message": "x"}) == (400, refused(text))


@pytest.mark.parametrize(
    ("owner", "text"),
    [
        ("/task/none", "No task found for task id none"),
        ("/process-instance/none", "No process instance found for id none"),
    ],
)
def test_what_is_unknown_has_no_comments(api, owner, text):
    for method, path, body in (
        ("GET", "/comment", None),
        ("PUT", "/comment", {"id": "c", "message": "x"}),
        ("DELETE", "/comment", None),
        ("DELETE", "/comment/c", None),
    ):
        assert api.call(method, owner + path, body) == (404, refused(text)), (method, path)


def test_a_task_that_is_over_can_be_talked_about_but_nothing_is_taken_back(
    api, client, instance, task
):
    comment = say(api, task, processInstanceId=instance)
    api.post(f"/task/{task}/complete")

    late = api.post(f"/task/{task}/comment/create", {"message": "late"})
    assert (late["rootProcessInstanceId"], late["removalTime"]) == (None, None)
    assert attach(client, task, url="http://x")[0] == 200
    for path, kind, word in (
        (f"/task/{task}", "task", "taskId"),
        (f"/process-instance/{instance}", "processInstance", "processInstanceId"),
    ):
        text = f"No {kind} exists with {word}: {path.rpartition('/')[2]}: {kind} is null"
        body = {"id": comment, "message": "x"}
        assert api.call("PUT", f"{path}/comment", body) == (400, refused(text))
        assert api.call("DELETE", f"{path}/comment") == (400, refused(text))
        assert api.call("DELETE", f"{path}/comment/{comment}") == (400, refused(text))
    said = {c["message"]: c["removalTime"] is not None for c in api.get(f"/task/{task}/comment")}
    assert said == {"m": True, "late": False}


def test_an_attachment_is_a_file_or_a_link(api, client, task):
    note = io.BytesIO(b"\x00bytes"), "note.txt"
    status, file = attach(client, task, content=note, url="http://x", **{"attachment-name": "N"})
    _, link = attach(client, task, url="http://x", **{"attachment-type": "link"})

    assert (status, file["name"], file["url"]) == (200, "N", None)
    assert [found["id"] for found in api.get(f"/task/{task}/attachment")] == [
        file["id"],
        link["id"],
    ]
    data = client.get(f"/engine-rest/task/{task}/attachment/{file['id']}/data")
    assert (data.data, data.mimetype) == (b"\x00bytes", "application/octet-stream")
    assert data.headers["X-Content-Type-Options"] == "nosniff"
    assert api.get(f"/task/{task}/attachment/{link['id']}")["type"] == "link"
    text = (
        f"Attachment content for attachment with id '{link['id']}' does not exist for task id "
        f"'{task}'."
    )
    path = f"/task/{task}/attachment/{link['id']}/data"
    assert api.call("GET", path) == (404, refused(text))


def test_what_is_no_attachment_is_refused(api, client, task):
    text = "No content or url to remote content exists to create the task attachment."
    assert attach(client, task, other="x") == (400, refused(text))
    text = "No task found for task id none"
    assert attach(client, "none", url="http://x") == (400, refused(text))
    assert api.call("POST", f"/task/{task}/attachment/create", {"url": "x"})[0] == 415
    text = f"Task attachment with id none does not exist for task id '{task}'."
    assert api.call("GET", f"/task/{task}/attachment/none") == (404, refused(text))
    for owner in (task, "none"):
        text = (
            f"Deletion is not possible. No attachment exists for task id '{owner}' and attachment "
            "id 'none'."
        )
        assert api.call("DELETE", f"/task/{owner}/attachment/none") == (404, refused(text))
    assert api.call("GET", "/task/none/attachment")[0] == 404


def test_a_task_tells_whether_it_is_talked_about(api, client, task):
    asked = "?withCommentAttachmentInfo=true"
    assert "comment" not in api.get(f"/task/{task}")
    for comment, attachment in ((False, False), (True, False), (True, True)):
        for found in (api.get(f"/task/{task}{asked}"), *api.get(f"/task{asked}")):
            assert (found["comment"], found["attachment"]) == (comment, attachment)
        say(api, task) if not comment else attach(client, task, url="http://x")


def remains(app):
    """How many rows of comments and attachments there are."""
    from sqlalchemy import func, select

    from app.models.tasks import attachment, comment, identity_link

    with app.extensions["baton"].store.reading() as connection:
        counts = (select(func.count()).select_from(t) for t in (comment, attachment, identity_link))
        return [connection.execute(count).scalar_one() for count in counts]


@pytest.mark.parametrize("way", ["history", "expired", "deployment"])
def test_what_was_said_goes_with_the_history(api, app, client, instance, task, way):
    api.post("/task/create", {"id": "own"})
    say(api, task)
    say(api, "own", processInstanceId=instance)
    attach(client, task, url="http://x")
    api.post(f"/task/{task}/identity-links", {"userId": "a", "type": "candidate"})
    assert remains(app) == [2, 1, 1]
    if way != "deployment":
        api.post(f"/task/{task}/complete")
        say(api, task, "late")

    store = app.extensions["baton"].store
    if way == "history":
        assert api.call("DELETE", f"/history/process-instance/{instance}")[0] == 204
    elif way == "expired":
        with store.reading() as connection:
            connection.exec_driver_sql(
                "UPDATE historic_process_instance SET removal_time = end_time"
            )
            connection.commit()
        history.remove_expired(store)
    else:
        deployment = api.get("/deployment")[0]["id"]
        assert api.call("DELETE", f"/deployment/{deployment}?cascade=true")[0] == 204

    assert remains(app) == [0, 0, 0]


def test_what_was_said_follows_an_instance_that_outlives_its_caller(api, app, client):
    api.deploy(
        process(
            '<startEvent id="s"/><callActivity id="c" calledElement="ask"><extensionElements>'
            '<camunda:in source="seen" target="seen"/></extensionElements></callActivity>'
            + flow("s", "c"),
            "caller",
        )
    )
    caller = api.start("caller", seen=0)
    (task,) = api.get("/task")
    comment = say(api, task["id"])
    attachment = attach(client, task["id"], url="http://x")[1]["id"]

    assert api.call("DELETE", f"/process-instance/{caller}?skipSubprocesses=true")[0] == 204

    path = f"/task/{task['id']}"
    for found in (
        api.get(f"{path}/comment/{comment}"),
        api.get(f"{path}/attachment/{attachment}"),
    ):
        assert found["rootProcessInstanceId"] == task["processInstanceId"]
