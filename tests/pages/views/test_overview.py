"""The overview and its search."""

import re

import pytest


def test_the_overview_counts_and_puts_first_what_fails(page):
    text = page.get("/ui/").text

    assert text.index("Card declined") < text.index("Nobody works")
    assert re.search(r"<span>running instances</span><b>18</b>", text)
    assert re.search(r"<span>open incidents</span><b>7</b>", text)


def test_a_topic_names_who_holds_its_tasks_and_who_was_seen_last(page):
    text = page.get("/ui/").text
    topics = re.sub("<[^>]+>", "", text[text.index('id="topics"') :])
    said = " ".join(topics.split())

    assert re.search(r"charge 0 3 6 . payments holds 3, until", said)
    assert re.search(r"examine 2 0 0 .* clerk seen .* ago", said)
    assert "holds 0" not in said
    assert re.search("No worker holds a task of this topic.*clerk.*was seen last", text, re.S)


def test_the_search_finds_by_id_and_by_business_key(page, known, views):
    by_id = page.get(f"/ui/find?q={known['orders'][0]}").headers["Location"]
    by_key = page.get("/ui/find?q=A-0003").headers["Location"]

    assert by_id == f"/ui/process-instance/{known['orders'][0]}"
    assert by_key == "/ui/process-instance?business_key=A-0003"


@pytest.mark.no_database
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


@pytest.mark.no_database
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
