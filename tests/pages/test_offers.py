"""An act is offered only if the API permits it to the user: each act of each view."""

import html
import json
import re

import pytest

from app import create_app
from app.security.permissions import Resource
from config import Config
from tests.local import Local

from . import readers
from .administration import HOSTILE

pytestmark = pytest.mark.no_database  # what is asked of the database is asked on both elsewhere
EVERYTHING = {resource: ["ALL"] for resource in Resource}
# which only a try can tell: who gets a message is known when it arrives
OPEN = {("POST", "/message")}


@pytest.fixture(scope="module")
def guarded(filled_app, views):
    """The same database behind log-in and authorizations, with two users."""
    del views  # which are found before there are more users
    api = Local(filled_app.test_client())
    readers.make_reader(api)
    readers.make(api, "mighty", EVERYTHING)
    url = filled_app.config["BATON"].database_url
    config = Config(database_url=url, auth="basic", has_authorization=True, has_job_executor=False)
    app = create_app(config)
    yield app
    app.extensions["baton"].store.close()
    assert app.extensions["baton"].unforeseen == 0


@pytest.fixture(scope="module")
def seen(guarded, views):
    """The views of a user who may only look."""
    return shown(guarded, views, readers.READER)


def shown(app, views, user=None):
    """Each view that a user sees, as text."""
    client = app.test_client()
    auth = None if user is None else (user, readers.PASSWORD)
    answers = {name: client.get(path, auth=auth) for name, path in views.items()}
    return {name: answer.text for name, answer in answers.items() if answer.status_code == 200}


def calls(text):
    """The calls of the API that a view offers: method, path, and the body as far as it is known."""
    acts = [json.loads(html.unescape(a)) for a in re.findall('data-act="([^"]*)"', text)]
    found = [(act["method"], act["path"], filled_in(act)) for act in acts]
    for form in re.findall("<form[^>]*data-method.*?</form>", text, re.S):
        method, path, body = (
            html.unescape(re.search(f'data-{name}="([^"]*)"', form)[1])
            for name in ("method", "path", "body")
        )
        if 'type="submit"' in form:
            found.append((method, path, json.loads(body)))
    return found


def filled_in(act):
    """The body of an act, with what its fields have at first."""
    body = None if act["body"] is None else dict(act["body"])
    for field in act["fields"]:
        if field["is_required"] and len(field["at"]) == 1:
            is_empty = field["value"] == ""
            value = field["hint"].removeprefix("As ") or "x" if is_empty else field["value"]
            body[field["at"][0]] = value
    return body


def without_fields(found):
    """Calls whose paths are whole, each once."""
    return {(m, p): b for m, p, b in found if "{" not in p and (m, p) not in OPEN}


def test_a_reader_is_offered_nothing_that_would_be_refused(guarded, filled_app, views, seen):
    client = guarded.test_client()
    whole = shown(filled_app, {name: views[name] for name in seen})
    offered = without_fields(call for text in seen.values() for call in calls(text))
    of_all = without_fields(call for name in seen for call in calls(whole[name]))

    statuses = {
        (method, path): client.open(
            f"/engine-rest{path}",
            method=method,
            json=body or {},
            auth=(readers.READER, readers.PASSWORD),
        ).status_code
        for (method, path), body in of_all.items()
    }

    assert len(of_all) > 40
    assert {call: status for call, status in statuses.items() if status != 403} == {}
    assert offered == {}


def test_what_is_not_offered_says_why(seen):
    reasons = re.findall('data-refusal="([^"]*)"', seen["instance"])

    assert len(reasons) >= 3
    assert all("The user with id &#39;rita&#39; does not have" in reason for reason in reasons)
    assert "You may not do this." in seen["start"]
    assert "You may not do this." in seen["deploy"]
    assert "You may not do this." in seen["task"]


def test_who_may_do_everything_is_refused_nothing(guarded, views):
    texts = shown(guarded, views, "mighty")

    refused = {
        name: re.findall('data-refusal="([^"]*)"', text)
        for name, text in texts.items()
        if "data-refusal" in text or "You may not do this." in text
    }
    assert refused == {}
    assert HOSTILE not in "".join(texts.values())
    assert any(calls(text) for text in texts.values())
