"""Links of identity: who is a candidate, who the assignee, and who somebody else of a task."""

import pytest

from app.errors import BadUserRequestError, EngineError, NullValueError
from app.services import lists, task_links
from app.services.tasks import UnknownTaskError

from .conftest import PERSON


@pytest.fixture
def task_id(engine):
    return engine.task_of(engine.start("person"))


def add(engine, task_id, link_type="candidate", user_id=None, group_id=None):
    task_links.add_identity_link(
        engine.store, task_id, user_id=user_id, group_id=group_id, link_type=link_type
    )


def delete(engine, task_id, link_type="candidate", user_id=None, group_id=None):
    task_links.delete_identity_link(
        engine.store, task_id, user_id=user_id, group_id=group_id, link_type=link_type
    )


def links(engine, task_id):
    found = task_links.identity_links(engine.store, task_id)
    return [(link["type"], link["user_id"], link["group_id"]) for link in found]


def test_candidates_come_before_the_assignee_and_the_owner(engine, task_id):
    add(engine, task_id, "owner", user_id="kim")
    add(engine, task_id, "assignee", user_id="bob")
    add(engine, task_id, "candidate", group_id="crew")

    assert links(engine, task_id) == [
        ("candidate", None, "crew"),
        ("assignee", "bob", None),
        ("owner", "kim", None),
    ]


def test_a_type_may_be_any_word(engine, task_id):
    add(engine, task_id, "reviewer", user_id="kim")
    add(engine, task_id, "", user_id="kim")

    assert sorted(links(engine, task_id)) == [("", "kim", None), ("reviewer", "kim", None)]


def test_a_link_that_is_added_twice_is_there_twice_and_goes_at_once(engine, task_id):
    add(engine, task_id, group_id="crew")
    add(engine, task_id, group_id="crew")
    assert len(links(engine, task_id)) == 2

    delete(engine, task_id, group_id="crew")

    assert links(engine, task_id) == []


def test_only_the_link_that_is_named_goes(engine, task_id):
    add(engine, task_id, group_id="crew")
    add(engine, task_id, group_id="staff")
    add(engine, task_id, "reviewer", group_id="crew")
    add(engine, task_id, user_id="crew")

    delete(engine, task_id, group_id="crew")

    assert sorted(links(engine, task_id), key=str) == sorted(
        [("candidate", None, "staff"), ("reviewer", None, "crew"), ("candidate", "crew", None)],
        key=str,
    )


def test_to_delete_a_link_that_is_not_there_is_no_error(engine, task_id):
    delete(engine, task_id, user_id="nobody")

    assert links(engine, task_id) == []


@pytest.mark.parametrize("role", ["assignee", "owner"])
def test_whoever_is_named_the_one_who_has_the_role_loses_it(engine, task_id, role):
    add(engine, task_id, role, user_id="kim")

    delete(engine, task_id, role, user_id="bob")

    assert lists.get(engine.store, "task", task_id)[role] is None


def test_a_group_as_the_owner_is_nobody(engine, task_id):
    add(engine, task_id, "owner", user_id="kim")

    add(engine, task_id, "owner", group_id="crew")

    assert lists.get(engine.store, "task", task_id)["owner"] is None


def test_a_group_cannot_be_the_assignee(engine, task_id):
    with pytest.raises(BadUserRequestError) as caught:
        add(engine, task_id, "assignee", group_id="crew")

    assert str(caught.value) == "Incompatible usage: cannot use ASSIGNEE together with a groupId"


@pytest.mark.parametrize("role", ["assignee", "owner"])
def test_a_group_is_taken_from_no_role(engine, task_id, role):
    with pytest.raises(EngineError) as caught:
        delete(engine, task_id, role, group_id="crew")

    assert not isinstance(caught.value, BadUserRequestError)
    assert str(caught.value) == (
        f"Incompatible usage: cannot use type '{role}' together with a groupId"
    )


@pytest.mark.parametrize("command", [add, delete])
def test_a_link_has_a_type(engine, task_id, command):
    with pytest.raises(NullValueError) as caught:
        command(engine, task_id, None, user_id="kim")

    assert str(caught.value) == (
        "type is required when adding a new task identity link: type is null"
    )


@pytest.mark.parametrize(
    "command",
    [
        lambda engine: add(engine, "unknown", user_id="kim"),
        lambda engine: delete(engine, "unknown", user_id="kim"),
        lambda engine: links(engine, "unknown"),
    ],
)
def test_an_unknown_task_has_no_links(engine, command):
    with pytest.raises(UnknownTaskError):
        command(engine)


def test_a_link_counts_as_a_change_of_the_task(engine, task_id):
    engine.later(seconds=1)

    add(engine, task_id, group_id="crew")

    found = lists.get(engine.store, "task", task_id)
    assert (found["task_state"], found["last_updated"]) == ("Updated", engine.clock())


def test_the_log_of_links_keeps_those_that_are_gone(engine, task_id):
    add(engine, task_id, group_id="crew")
    delete(engine, task_id, group_id="crew")

    entries = engine.find("historic_identity_link", task_id=task_id)
    assert sorted((e["operation_type"], e["type"], e["group_id"]) for e in entries) == [
        ("add", "candidate", "crew"),
        ("delete", "candidate", "crew"),
    ]


def test_groups_are_counted_at_tasks_that_nobody_has(make_engine):
    own = make_engine()
    own.deploy(PERSON)
    free, taken, linked_twice = (own.task_of(own.start("person")) for _ in range(3))
    for task_id in (free, taken, linked_twice, linked_twice):
        add(own, task_id, group_id="crew")
    add(own, taken, "assignee", user_id="kim")
    add(own, free, user_id="bob")

    found = {
        one["group_name"]: one["task_count"] for one in task_links.candidate_group_count(own.store)
    }

    # of any type, and links: a group that is linked twice counts twice
    assert found == {"crew": 3, None: 1}
