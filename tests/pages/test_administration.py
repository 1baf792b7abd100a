"""Decisions, deployments, batches, jobs, users and the server as HTML."""

import html
import io
import re

import pytest

from app.pages.views.server import MASK, settings_of, without_password
from config import Config
from tests.models import TWO_TASKS, process

from . import administration

BROKEN = process('<startEvent id="s"/><serviceTask id="a"/>', "broken")
JAVA = process('<startEvent id="s"/><serviceTask id="a" camunda:class="org.Charge"/>', "java")


def acts_of(text):
    """The calls that the acts of a view make."""
    found = re.findall('data-act="([^"]*)"', text)
    return [html.unescape(one) for one in found]


def test_the_rules_that_match_are_marked(page, views):
    text = page.get(views["tried"]).text

    assert re.findall('<tr id="rule-([0-9]+)" class="matched">', text) == ["1"]
    assert "tier</bdi> = <code><bdi>gold" in text
    assert "The rule that matches" in text


def test_nothing_is_tried_before_one_asks_for_it(page, views):
    text = page.get(views["decision"]).text

    assert "Not tried yet." in text
    assert 'class="matched"' not in text
    assert re.findall('name="v[.]([^"]+)"', text) == ["amount"]


def test_a_value_that_is_none_of_its_type_is_told(page, views):
    text = page.get(views["failed-try"]).text

    assert re.search('class="alert error"><bdi>[^<]*many', text)


def test_required_decisions_show_what_they_gave(page, views):
    text = page.get(views["expression"]).text

    assert "price</bdi> = <code><bdi>18<" in text
    assert re.search("Required <bdi>tier</bdi>: <bdi>tier</bdi> = <code><bdi>plain", text)


def test_a_try_is_not_noted_in_the_history(page, views):
    before = page.get("/engine-rest/history/decision-instance/count").json

    page.get(views["tried"])

    assert page.get("/engine-rest/history/decision-instance/count").json == before


def test_the_act_of_a_try_calls_the_api_with_its_values(page, views):
    (act,) = acts_of(page.get(views["tried"]).text)

    assert '"variables":{"amount":{"value":"150","type":"Integer"}}' in act


@pytest.mark.parametrize("name", ["hostile-decision", "hostile-user", "users", "decisions"])
def test_hostile_names_are_texts(page, views, name):
    text = page.get(views[name]).text

    assert administration.HOSTILE not in text
    assert html.escape(administration.HOSTILE) in text


def check(page, **files):
    data = {name: (io.BytesIO(content.encode()), name) for name, content in files.items()}
    return page.post("/ui/deployment/check", data=data, content_type="multipart/form-data")


def test_files_are_checked_before_they_are_deployed(page):
    names = {"two.bpmn": TWO_TASKS, "broken.bpmn": BROKEN, "java.bpmn": JAVA, "note.txt": "x"}
    count = page.get("/engine-rest/deployment/count").json

    text = check(page, **names).text

    states = re.findall(
        '<span class="chip [a-z]*"><bdi>([^<]*)</bdi></span>\\s*<strong><bdi>([^<]*)', text
    )
    assert states == [
        ("runs here", "two.bpmn"),
        ("refused", "broken.bpmn"),
        ("needs something", "java.bpmn"),
        ("no process or decision", "note.txt"),
    ]
    assert "org.Charge" in text
    assert "<html" not in text
    assert page.get("/engine-rest/deployment/count").json == count


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("<script>.bpmn", "<definitions/>"),
        ("x.bpmn", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        ("x.dmn", "<"),
        ("x.bpmn", "\x00"),
        ("../../x.bpmn", TWO_TASKS),
    ],
)
def test_hostile_files_are_checked_too(page, name, content):
    answer = check(page, **{name: content})

    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_a_file_that_is_too_large_is_refused_with_its_size(page, filled_app, monkeypatch):
    monkeypatch.setattr(filled_app.extensions["baton"].store, "max_model_bytes", 1_000)

    answer = check(page, **{"large.bpmn": "x" * 1_001})

    assert answer.status_code == 400
    assert "1001 bytes; at most 1000 are accepted" in answer.json["message"]


def test_too_many_files_are_refused(page):
    answer = check(page, **{f"{n}.txt": "" for n in range(101)})

    assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException")


def test_what_is_no_form_is_no_check(page):
    assert page.post("/ui/deployment/check", data="x").status_code == 415
    assert page.get("/ui/deployment/check").status_code in (404, 405)


def test_a_deployment_shows_what_came_of_it(page, views):
    text = page.get(views["deployment"]).text

    assert "tiers.dmn" in text
    assert len(re.findall('<a href="/ui/decision-definition/', text)) >= 2
    assert any('"DELETE"' in act and '"is_final":true' in act for act in acts_of(text))


def test_a_batch_shows_how_far_it_is(page, views):
    text = page.get(views["batches"]).text

    progress = re.search('<progress value="([0-9]+)" max="([0-9]+)"', text)
    assert int(progress[1]) < int(progress[2])
    assert "Retry external tasks" in text
    assert {re.search('"label":"([^"]+)"', act)[1] for act in acts_of(text)} == {
        "Suspend",
        "Delete",
    }


def test_the_jobs_of_a_state_and_a_process_are_shown(page, views):
    everything, failed = (page.get(views[name]).text for name in ("jobs", "failed-jobs"))

    assert everything.count('<th scope="row">') > failed.count('<th scope="row">')
    assert "refund" not in failed[failed.index('id="rows"') :] or "book" in failed


def test_the_jobs_of_a_batch_are_those_of_its_link(page):
    (batch,) = page.get("/engine-rest/batch").json

    text = page.get(f"/ui/job?batch={batch['batchJobDefinitionId']}").text

    assert text.count("<bdi>set-external-task-retries") == batch["jobsCreated"]


def test_a_user_shows_its_groups_and_rights(page, views):
    text = page.get(views["user"]).text

    assert re.search('value="Lovelace"', text)
    assert 'href="/ui/group/clerks"' in text
    assert 'href="/ui/tenant/blue"' in text
    assert "READ" in text
    assert "correct horse" not in text


def test_settings_show_no_secret():
    config = Config(
        database_url="postgresql://baton:s3cret@db:5432/baton?password=s3cret&sslmode=require",
        admin_user="root",
        admin_password="s3cret",
    )

    shown = dict(settings_of(config))

    assert "s3cret" not in str(shown)
    assert shown["admin_password"] == MASK
    assert shown["database_url"] == f"postgresql://baton:{MASK}@db:5432/baton?{MASK}"
    assert shown["admin_user"] == "root"
    assert shown["tokens.issuer"] == "not set"
    assert dict(settings_of(Config()))["admin_password"] == "not set"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///baton.db", "sqlite:///baton.db"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u:p@w@h/d", f"postgresql://u:{MASK}@h/d"),
        ("postgresql:///d?user=u&password=p", f"postgresql:///d?{MASK}"),
        (
            "postgresql://u:p@a/d,postgresql://v:q@b/d",
            f"postgresql://u:{MASK}@a/d,postgresql://v:{MASK}@b/d",
        ),
    ],
)
def test_a_url_shows_no_password(url, shown):
    assert without_password(url) == shown


def test_the_server_shows_its_health_and_its_connections(page, views):
    text = page.get(views["server"]).text

    assert "<b>UP</b>" in text
    assert "max_model_bytes" in text
    assert "database_url" in text


@pytest.mark.parametrize(
    "path",
    ["decision-definition", "deployment", "user", "group", "tenant"],
)
def test_what_is_not_there_is_said_to_be_missing(page, path):
    assert page.get(f"/ui/{path}/nothing").status_code == 404
