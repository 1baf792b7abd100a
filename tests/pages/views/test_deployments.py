"""Deployments: what is said of files before they are deployed, and what came of them."""

import io
import re

import pytest

from tests.models import TWO_TASKS, process
from tests.pages.shown import acts_in

BROKEN = process('<startEvent id="s"/><serviceTask id="a"/>', "broken")
JAVA = process('<startEvent id="s"/><serviceTask id="a" camunda:class="org.Charge"/>', "java")


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
    assert any('"DELETE"' in act and '"is_final":true' in act for act in acts_in(text))
