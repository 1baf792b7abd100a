"""Comments and attachments: made at tasks, also at those that are over, and told in the log."""

import pytest

from app.errors import InvalidRequestError
from app.services import attachments, comments, lists, tasks
from app.services.attachments import NothingAttachedError, UnknownAttachmentError
from app.services.comments import (
    NoHistoryError,
    NothingSaidError,
    OverError,
    UnknownCommentError,
    UnknownInstanceError,
    UnknownTaskError,
)

from .conftest import PERSON


def say(engine, task_id, message="hm", instance=None, **options):
    return comments.create(
        engine.store, task_id, message=message, process_instance_id=instance, **options
    )


def attach(engine, task_id, **options):
    arguments = {
        "name": "Tea",
        "description": None,
        "attachment_type": None,
        "url": None,
        "content": None,
        **options,
    }
    return attachments.create(engine.store, task_id, **arguments)


# -- comments --------------------------------------------------------------------------------------


def test_a_comment_is_of_its_task_and_of_the_instance_that_it_names(engine, instance, task_id):
    named = say(engine, task_id, "both", instance)
    alone = say(engine, task_id, "task alone")

    of_task = {found["id"] for found in comments.of_task(engine.store, task_id)}
    of_instance = {found["id"] for found in comments.of_instance(engine.store, instance)}
    assert (of_task, of_instance) == ({named["id"], alone["id"]}, {named["id"]})


def test_the_newest_comment_comes_first(engine, task_id):
    for text in ("first", "second", "third"):
        say(engine, task_id, text)
        engine.later(seconds=1)

    found = comments.of_task(engine.store, task_id)

    assert [one["message"] for one in found] == ["third", "second", "first"]


@pytest.mark.parametrize("text", ["", " ", "ä\n\U0001f600"])
def test_a_comment_may_be_any_text(engine, task_id, text):
    made = say(engine, task_id, text)

    assert comments.get(engine.store, task_id, made["id"])["message"] == text


def test_a_comment_says_something(engine, task_id):
    with pytest.raises(NothingSaidError, match=r"^Not enough parameters submitted$"):
        say(engine, task_id, None)


def test_an_unknown_task_is_missed_before_the_message(engine):
    with pytest.raises(UnknownTaskError, match=r"^No task found for task id unknown$"):
        say(engine, "unknown", None)


def test_who_says_it_is_the_one_who_asks_unless_another_is_named(engine, task_id):
    kim = engine.store.acting_for("kim")

    own = comments.create(kim, task_id, message="a", process_instance_id=None)
    named = comments.create(kim, task_id, message="b", process_instance_id=None, user_id="bob")

    assert (own["user_id"], named["user_id"]) == ("kim", "bob")


def test_a_task_that_is_over_can_be_talked_about(engine, task_id):
    tasks.complete(engine.store, task_id, variables={})

    made = say(engine, task_id, "afterwards")

    assert made["root_process_instance_id"] is None
    assert [found["id"] for found in comments.of_task(engine.store, task_id)] == [made["id"]]


def update_of_task(engine, task_id, instance, comment_id, message):
    comments.update_of_task(engine.store, task_id, comment_id=comment_id, message=message)


def update_of_instance(engine, task_id, instance, comment_id, message):
    comments.update_of_instance(engine.store, instance, comment_id=comment_id, message=message)


UPDATES = pytest.mark.parametrize("update", [update_of_task, update_of_instance])


@UPDATES
def test_an_update_changes_the_text_and_the_time(engine, instance, task_id, update):
    made = say(engine, task_id, "old", instance)
    engine.later(seconds=1)

    update(engine, task_id, instance, made["id"], "new")

    found = comments.get(engine.store, task_id, made["id"])
    assert (found["message"], found["time"]) == ("new", engine.clock())


@UPDATES
@pytest.mark.parametrize(
    ("comment_id", "message", "words"),
    [
        pytest.param(None, None, "commentId is null", id="the id first"),
        pytest.param("c", None, "message is null", id="then the message"),
    ],
)
def test_what_an_update_misses(engine, instance, task_id, update, comment_id, message, words):
    with pytest.raises(InvalidRequestError) as caught:
        update(engine, task_id, instance, comment_id, message)

    assert str(caught.value) == words


@UPDATES
def test_an_update_of_an_unknown_comment_names_where_it_was_looked_for(
    engine, instance, task_id, update
):
    word, owner = {
        update_of_task: ("taskId", task_id),
        update_of_instance: ("processInstanceId", instance),
    }[update]

    with pytest.raises(UnknownCommentError) as caught:
        update(engine, task_id, instance, "c", "m")

    assert str(caught.value) == (
        f"No comment exists with commentId: c and {word}: {owner}: comment is null"
    )


@UPDATES
def test_what_is_over_keeps_what_was_said(engine, instance, task_id, update):
    made = say(engine, task_id, "old", instance)
    tasks.complete(engine.store, task_id, variables={})

    with pytest.raises(OverError):
        update(engine, task_id, instance, made["id"], "new")
    assert comments.get(engine.store, task_id, made["id"])["message"] == "old"


def test_a_comment_of_a_task_alone_is_none_of_the_instance(engine, instance, task_id):
    made = say(engine, task_id)

    with pytest.raises(UnknownCommentError):
        update_of_instance(engine, task_id, instance, made["id"], "new")


def test_one_comment_goes_or_all(engine, task_id):
    first, second, _ = (say(engine, task_id, text)["id"] for text in "abc")

    comments.delete_of_task(engine.store, task_id, first)
    comments.delete_of_task(engine.store, task_id, "unknown")
    assert len(comments.of_task(engine.store, task_id)) == 2
    comments.delete_of_task(engine.store, task_id)

    assert comments.of_task(engine.store, task_id) == []
    assert comments.get(engine.store, task_id, second) is None


def test_those_of_an_instance_go_and_those_of_its_task_stay(engine, instance, task_id):
    say(engine, task_id, "named", instance)
    say(engine, task_id, "of the task")

    comments.delete_of_instance(engine.store, instance)

    assert comments.of_instance(engine.store, instance) == []
    assert [one["message"] for one in comments.of_task(engine.store, task_id)] == ["of the task"]


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        pytest.param(
            lambda s: comments.of_task(s, "x"),
            UnknownTaskError,
            "No task found for task id x",
            id="list of a task",
        ),
        pytest.param(
            lambda s: comments.delete_of_task(s, "x"),
            UnknownTaskError,
            "No task found for task id x",
            id="delete of a task",
        ),
        pytest.param(
            lambda s: comments.of_instance(s, "x"),
            UnknownInstanceError,
            "No process instance found for id x",
            id="list of an instance",
        ),
        pytest.param(
            lambda s: comments.delete_of_instance(s, "x"),
            UnknownInstanceError,
            "No process instance found for id x",
            id="delete of an instance",
        ),
        pytest.param(
            lambda s: comments.update_of_instance(s, "x", comment_id=None, message=None),
            UnknownInstanceError,
            "No process instance found for id x",
            id="the instance before the comment",
        ),
        pytest.param(
            lambda s: comments.update_of_task(s, "x", comment_id=None, message=None),
            UnknownTaskError,
            "No task found for task id x",
            id="the task before the comment",
        ),
    ],
)
def test_what_there_never_was_is_not_found(engine, command, error, words):
    with pytest.raises(error) as caught:
        command(engine.store)

    assert (str(caught.value), caught.value.code) == (words, None)


@pytest.mark.parametrize("delete", [comments.delete_of_task, comments.delete_of_instance])
def test_nothing_is_deleted_of_what_is_over(engine, instance, task_id, delete):
    say(engine, task_id, "kept", instance)
    tasks.complete(engine.store, task_id, variables={})
    owner, word = (
        (task_id, "No task exists with taskId")
        if delete is comments.delete_of_task
        else (instance, "No processInstance exists with processInstanceId")
    )

    with pytest.raises(OverError, match=rf"^{word}: {owner}: "):
        delete(engine.store, owner)


# -- attachments -----------------------------------------------------------------------------------


def test_an_attachment_is_a_file_or_a_link(engine, task_id):
    file = attach(engine, task_id, content=b"hello", url="http://example.org")
    link = attach(engine, task_id, url="http://example.org")

    assert (file["url"], attachments.content(engine.store, task_id, file["id"])) == (None, b"hello")
    assert link["url"] == "http://example.org"
    assert attachments.content(engine.store, task_id, link["id"]) is None


@pytest.mark.parametrize("options", [{"content": b""}, {"url": ""}])
def test_an_empty_file_and_an_empty_link_are_one(engine, task_id, options):
    made = attach(engine, task_id, **options)

    found = attachments.get(engine.store, task_id, made["id"])
    assert found["url"] == options.get("url")
    assert attachments.content(engine.store, task_id, made["id"]) == options.get("content")


def test_the_oldest_attachment_comes_first(engine, task_id):
    for name in ("first", "second"):
        attach(engine, task_id, name=name, content=b"")
        engine.later(seconds=1)

    found = attachments.of_task(engine.store, task_id)

    assert [one["name"] for one in found] == ["first", "second"]


def test_an_attachment_is_of_one_task_alone(engine, task_id):
    other = engine.task_of(engine.start("person"))
    made = attach(engine, task_id, content=b"hello")

    assert attachments.get(engine.store, other, made["id"]) is None
    assert attachments.content(engine.store, other, made["id"]) is None
    with pytest.raises(UnknownAttachmentError):
        attachments.delete(engine.store, other, made["id"])


def test_nothing_is_no_attachment(engine, task_id):
    with pytest.raises(NothingAttachedError):
        attach(engine, task_id)
    with pytest.raises(UnknownTaskError):  # which is missed before
        attach(engine, "unknown")


@pytest.mark.parametrize("known", [True, False])
def test_to_delete_an_attachment_that_is_not_there_names_both(engine, task_id, known):
    owner = task_id if known else "unknown"

    with pytest.raises(UnknownAttachmentError) as caught:
        attachments.delete(engine.store, owner, "a")

    assert str(caught.value) == (
        f"Deletion is not possible. No attachment exists for task id '{owner}' and "
        "attachment id 'a'."
    )


def test_attachments_of_a_task_that_is_over_may_come_and_go(engine, task_id):
    tasks.complete(engine.store, task_id, variables={})
    made = attach(engine, task_id, content=b"late")

    attachments.delete(engine.store, task_id, made["id"])

    assert attachments.of_task(engine.store, task_id) == []


def test_what_is_said_and_attached_is_a_change_of_the_task(engine, task_id):
    for act in (say, lambda e, t: attach(e, t, content=b"")):
        engine.later(seconds=1)
        act(engine, task_id)
        assert lists.get(engine.store, "task", task_id)["last_updated"] == engine.clock()


def test_without_history_nothing_is_kept(make_engine):
    silent = make_engine(history_level="none")
    silent.deploy(PERSON)
    task_id = silent.task_of(silent.start("person"))

    for act in (say, lambda e, t: attach(e, t, content=b"")):
        with pytest.raises(NoHistoryError, match=r"^History is not enabled$"):
            act(silent, task_id)
