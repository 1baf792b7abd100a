"""Log-in with a password: who gets in, what a session is good for, and when it ends."""

import re
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from app import BASE, create_app, schemes
from app.api.authentication import Authentication
from app.api.sessions import Sessions
from app.runtime import Baton, store_of
from app.services import authorizations, deployments, process_definitions, sessions, users
from config import Config
from tests.local import Local

from .filling import refund

USER, PASSWORD = "kim", "a passphrase"
LONG = timedelta(hours=1)
pytestmark = pytest.mark.no_database  # the statements are tried on both in tests/store


@pytest.fixture(scope="module")
def guarded():
    """An application that asks for passwords and for rights."""
    return create_app(Config(auth="basic", has_authorization=True, has_job_executor=False))


@pytest.fixture
def app(guarded, database_url):
    config = Config(
        database_url=database_url, auth="basic", has_authorization=True, has_job_executor=False
    )
    baton = Baton(store_of(config))
    guarded.extensions["baton"], guarded.config["BATON"] = baton, config
    guarded.authentication = Authentication(baton.store, BASE, schemes(config, baton.store))
    guarded.authentication.sessions = Sessions(baton.store, BASE)
    users.create(baton.store, user_id=USER, password=PASSWORD)
    yield guarded
    baton.store.close()
    assert baton.unforeseen == 0


def log_in(client, password=PASSWORD, **form):
    return client.post("/ui/login", data={"user": USER, "password": password} | form)


def token_of(client):
    return re.search('name="csrf" content="([^"]*)"', client.get("/ui/").text)[1]


def test_who_has_not_logged_in_is_led_to_the_form_and_back(client):
    refused = client.get("/ui/task?who=me")
    form = client.get(refused.headers["Location"])
    there = re.search('name="next" value="([^"]*)"', form.text)[1]

    assert (refused.status_code, form.status_code) == (303, 200)
    assert refused.headers["Location"] == "/ui/login?next=%2Fui%2Ftask%3Fwho%3Dme"
    assert log_in(client, next=there).headers["Location"] == "/ui/task?who=me"
    assert client.get(there).status_code == 200


def test_a_fragment_is_refused_without_a_session(client):
    assert client.get("/ui/?fragment=1").status_code == 401


@pytest.mark.parametrize(
    "there",
    [
        "//evil.example",
        "https://evil.example/ui/",
        "/ui/\\evil",
        "/engine-rest/",
        "",
        "/ui/\r\nX: y",
    ],
)
def test_log_in_leads_to_no_other_site(client, there):
    assert log_in(client, next=there).headers["Location"] == "/ui/"


def test_the_cookie_is_for_this_site_and_for_no_script(client):
    cookie = log_in(client).headers["Set-Cookie"]
    secure = client.post(
        "/ui/login", data={"user": USER, "password": PASSWORD}, base_url="https://localhost"
    ).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age=43200" in cookie
    assert "Secure" not in cookie
    assert "Secure" in secure


def test_a_wrong_password_says_so_and_lets_nobody_in(client):
    answer = log_in(client, "wrong")

    assert answer.status_code == 401
    assert "There is no user with this password" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert client.get("/ui/").status_code == 303


@pytest.mark.parametrize("data", [{"user": "\x00", "password": "x"}, {}])
def test_a_log_in_that_cannot_be_right_is_refused(client, data):
    assert client.post("/ui/login", data=data).status_code == 401


def test_the_cookie_is_good_for_reads_of_the_api(client):
    log_in(client)

    assert client.get("/engine-rest/task").status_code == 200


def test_a_write_of_the_api_needs_the_token_of_the_page(client):
    log_in(client)
    path, body = "/engine-rest/identity/verify", {"username": USER, "password": PASSWORD}

    without = client.post(path, json=body)
    wrong = client.post(path, json=body, headers={"X-CSRF-Token": "0" * 64})
    right = client.post(path, json=body, headers={"X-CSRF-Token": token_of(client)})

    assert (without.status_code, wrong.status_code, right.status_code) == (403, 403, 200)
    assert without.json["message"] == "A write needs the header X-CSRF-Token"


def test_the_page_is_not_asked_for_a_password_by_the_browser(client):
    plain = client.get("/engine-rest/task")
    of_page = client.get("/engine-rest/task", headers={"X-CSRF-Token": "x"})

    assert plain.headers["WWW-Authenticate"] == 'Basic realm="default"'
    assert of_page.status_code == 401
    assert "WWW-Authenticate" not in of_page.headers


def test_who_is_named_by_a_proxy_needs_no_session(client):
    answer = client.get("/ui/task", auth=(USER, PASSWORD))
    other = client.get("/ui/task", auth=(USER, "wrong"))

    assert answer.status_code == 200
    assert f'title="Logged in as {USER}"' in answer.text
    assert "Log out" not in answer.text
    assert other.status_code == 303


def test_where_only_a_proxy_can_say_who_asks_there_is_no_form(app, client):
    app.authentication.sessions = None

    assert client.get("/ui/").status_code == 401
    assert log_in(client).headers["Location"] == "/ui/"
    assert client.get_cookie("baton_session") is None


def test_a_name_that_nobody_has_is_held_up_as_a_user_is(client, store, monkeypatch):
    verify, hashed = users.verify, []
    monkeypatch.setattr(users, "verify", lambda *given: hashed.append(given) or verify(*given))

    with capture_logs() as logs:
        for _ in range(3):
            assert "There is no user" in log_in(client, user="nobody").text
    assert len(hashed) == 1
    assert [e["user"] for e in logs if e["event"].startswith("log-in failed")] == ["nobody"]

    client.application.authentication.forget("nobody")  # as a user is made
    users.create(store, user_id="nobody", password=PASSWORD)
    assert log_in(client, user="nobody").status_code == 303


def test_log_out_ends_the_session_for_whoever_has_its_cookie(app, client):
    log_in(client)
    stolen = client.get_cookie("baton_session").value
    client.post("/ui/logout", data={"csrf": token_of(client)})
    other = app.test_client()
    other.set_cookie("baton_session", stolen)

    assert client.get("/ui/").status_code == 303
    assert other.get("/ui/").status_code == 303


def test_log_out_by_another_site_ends_nothing(app, client):
    log_in(client)
    known = client.get_cookie("baton_session").value
    client.post("/ui/logout", data={"csrf": "guessed"})
    client.set_cookie("baton_session", known)

    assert client.get("/ui/").status_code == 200


def test_another_password_ends_all_sessions_of_the_user(client, store):
    log_in(client)

    users.set_credentials(store, USER, password="another one")

    assert client.get("/ui/").status_code == 303


def test_the_end_of_the_user_is_the_end_of_the_session(client, store):
    log_in(client)

    users.delete(store, USER)

    assert client.get("/ui/").status_code == 303


def test_a_session_is_over_when_its_time_is(store):
    over = sessions.begin(store, USER, PASSWORD, timedelta(seconds=-1))
    good = sessions.begin(store, USER, PASSWORD, LONG)

    assert sessions.user_of(store, over) is None
    assert sessions.user_of(store, good) == USER


def test_views_show_what_the_user_may_see(client, store):
    log_in(client)
    before = client.get("/ui/process-definition").text
    _deploy(store)
    hidden = client.get("/ui/process-definition").text
    authorizations.create(
        store, type_=1, permissions=["READ"], user_id=USER, group_id=None, resource_type=6,
        resource_id="refund",
    )  # fmt: skip
    seen = client.get("/ui/process-definition").text
    definition = Local(client).call("GET", "/process-definition")[1][0]["id"]

    assert "Refund" not in before + hidden
    assert "Refund" in seen
    assert client.get(f"/ui/process-definition/{definition}").status_code == 200


def test_what_the_user_may_not_see_is_not_there(client, store):
    log_in(client)
    instance = _deploy(store)

    for path in ("", "/variables", "/history", "/calls", "/modify"):
        assert client.get(f"/ui/process-instance/{instance}{path}").status_code == 404


def _deploy(store):
    deployments.create(
        store, name="d", source=None, tenant_id=None, resources=[("r.bpmn", refund().encode())]
    )
    return process_definitions.start(store, key="refund", variables={})["id"]
