"""Users with their groups and rights, and names that are attacks."""

import html
import re

import pytest

from tests.pages import administration


@pytest.mark.parametrize("name", ["hostile-decision", "hostile-user", "users", "decisions"])
def test_hostile_names_are_texts(page, views, name):
    text = page.get(views[name]).text

    assert administration.HOSTILE not in text
    assert html.escape(administration.HOSTILE) in text


def test_a_user_shows_its_groups_and_rights(page, views):
    text = page.get(views["user"]).text

    assert re.search('value="Lovelace"', text)
    assert 'href="/ui/group/clerks"' in text
    assert 'href="/ui/tenant/blue"' in text
    assert "READ" in text
    assert "correct horse" not in text


@pytest.mark.parametrize(
    "path",
    ["decision-definition", "deployment", "user", "group", "tenant"],
)
def test_what_is_not_there_is_said_to_be_missing(page, path):
    assert page.get(f"/ui/{path}/nothing").status_code == 404
