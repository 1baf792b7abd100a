"""User tasks and messages: who has them, and who waits for them."""

import pytest

from app.pages.views.tasks import acts_of
from tests.pages.shown import rows

pytestmark = [pytest.mark.no_database, pytest.mark.usefixtures("answering")]


def test_tasks_of_nobody_are_those_without_an_assignee(page):
    everybody, nobody = (rows(page, f"/ui/task?who={who}") for who in ("all", "nobody"))

    assert everybody == nobody > 0


def test_without_a_log_in_there_is_nobody_whose_tasks_there_are(page):
    text = page.get("/ui/task?who=me").text

    assert "That I may claim" not in text
    assert rows(page, "/ui/task?who=me") == rows(page, "/ui/task")


def test_who_waits_for_a_message_is_found_by_its_name_and_instance(page, known):
    by_name = rows(page, "/ui/message?name=payment")
    (order,) = (o for o in known["orders"][:1])

    assert by_name > 1
    assert rows(page, f"/ui/message?name=payment&instance={order}") == 1
    assert rows(page, "/ui/message?name=nothing") == 0


@pytest.mark.parametrize(
    ("assignee", "user", "labels", "first"),
    [
        pytest.param(None, "kim", ["Claim", "Assign"], "kim", id="nobody has it"),
        pytest.param("", None, ["Claim", "Assign"], "", id="and nobody is logged in"),
        pytest.param("lee", "kim", ["Unclaim", "Assign"], None, id="somebody has it"),
    ],
)
def test_a_task_is_claimed_or_given_back(assignee, user, labels, first):
    found = acts_of({"id": "t", "assignee": assignee}, user)

    assert [act.label for act in found] == labels
    assert [field.value for field in found[0].fields] == ([] if first is None else [first])
    assert found[1].fields[0].value == (assignee or "")
