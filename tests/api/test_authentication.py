"""Authentication by HTTP Basic against the stored users."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from app import create_app
from app.security.logins import MOST, Logins, Strangers
from app.services import administrators, deployments, users
from config import Config
from tests.models import flows, process


@pytest.fixture
def app(sqlite_url):
    app = create_app(Config(database_url=sqlite_url, has_job_executor=False, auth="basic"))
    administrators.ensure(app.extensions["baton"].store, "admin", "secret")
    yield app
    app.extensions["baton"].store.close()


@pytest.fixture
def ask(app):
    """The answer to a request with credentials."""
    client = app.test_client()

    def call(
        method, path, credentials=("admin", "secret"), body=None, base="/engine-rest", **headers
    ):
        if credentials is not None:
            word = base64.b64encode(":".join(credentials).encode()).decode()
            headers["Authorization"] = f"Basic {word}"
        return client.open(f"{base}{path}", method=method, json=body, headers=headers)

    return call


def test_every_route_but_the_list_of_engines_asks_for_credentials(app, ask):
    client, asked = app.test_client(), 0

    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/engine-rest/") or rule.endpoint.startswith("engine."):
            continue
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<path:{name}>", "x").replace(f"<{name}>", "x")
        for method in sorted(rule.methods):
            answer = client.open(path, method=method)
            assert answer.status_code == 401, (method, path)
            assert answer.data == b""
            assert "Content-Type" not in answer.headers
            assert answer.headers["WWW-Authenticate"] == 'Basic realm="default"'
            asked += 1

    assert asked > 200
    assert client.get("/engine-rest/engine").status_code == 200
    assert client.get("/health").status_code == 200
    assert client.get("/engine-rest/no-such-path").status_code == 401
    assert client.get("/engine-rest/engine/default/version").status_code == 401
    assert client.get("/engine-rest/engine/other/version").status_code == 404


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Bearer abc",
        "Basic !!!",
        "Basic " + base64.b64encode(b"admin").decode(),
        "Basic " + base64.b64encode(b"\xff:\xfe").decode(),
        "Basic " + base64.b64encode(b"admin\x00:secret").decode(),
        "Basic " + base64.b64encode(b"admin:").decode(),
        "Basic " + base64.b64encode(b":secret").decode(),
    ],
)
def test_a_header_without_credentials_lets_nobody_in(app, header):
    answer = app.test_client().get("/engine-rest/version", headers={"Authorization": header})

    assert answer.status_code == 401


def test_a_password_may_have_colons_and_any_letters(ask):
    user = {"profile": {"id": "kim"}, "credentials": {"password": "p:w:ü"}}
    assert ask("POST", "/user/create", body=user).status_code == 204

    assert ask("GET", "/version", ("kim", "p:w:ü")).status_code == 200


def test_a_right_password_is_looked_up_once_in_a_while(ask, monkeypatch):
    looked_up = []
    verify = users.verify
    monkeypatch.setattr(users, "verify", lambda *given: looked_up.append(given) or verify(*given))

    for _ in range(5):
        assert ask("GET", "/version").status_code == 200
    assert ask("GET", "/version", ("admin", "wrong")).status_code == 401

    assert len(looked_up) == 2


def test_an_old_password_is_refused_at_once(ask):
    ask("POST", "/user/create", body={"profile": {"id": "kim"}, "credentials": {"password": "a"}})
    assert ask("GET", "/version", ("kim", "a")).status_code == 200

    change = {"password": "b", "authenticatedUserPassword": "secret"}
    assert ask("PUT", "/user/kim/credentials", body=change).status_code == 204

    assert ask("GET", "/version", ("kim", "a")).status_code == 401
    ask("POST", "/user/kim/unlock", body={})
    assert ask("GET", "/version", ("kim", "b")).status_code == 200
    assert ask("DELETE", "/user/kim").status_code == 204
    assert ask("GET", "/version", ("kim", "b")).status_code == 401


@pytest.mark.parametrize("own", [None, "wrong"])
def test_who_changes_a_password_has_to_say_its_own(ask, own):
    ask("POST", "/user/create", body={"profile": {"id": "kim"}, "credentials": {"password": "a"}})

    body = {"password": "b", "authenticatedUserPassword": own}
    answer = ask("PUT", "/user/kim/credentials", body=body)

    assert answer.status_code == 400
    assert json.loads(answer.data)["message"] == (
        "The given authenticated user password is not valid."
    )


def test_the_first_administrator_keeps_a_password_that_was_changed(app, ask):
    store = app.extensions["baton"].store

    assert not administrators.ensure(store, "admin", "other")

    assert ask("GET", "/version").status_code == 200
    grants = ask("GET", "/authorization?groupIdIn=camunda-admin&maxResults=100").json
    assert len(grants) == 22
    assert all(grant["permissions"] == ["ALL"] for grant in grants)
    members = ask("GET", "/user?memberOfGroup=camunda-admin").json
    assert [user["id"] for user in members] == ["admin"]


def test_what_was_right_is_remembered_for_seconds_alone():
    now = [0.0]
    logins = Logins(lambda: now[0])
    logins.note("kim", "pw", "hash")

    assert logins.is_known("kim", "pw")
    assert not logins.is_known("kim", "other")
    assert logins.kept("kim", "other") is None
    now[0] = 10
    assert not logins.is_known("kim", "pw")
    assert logins.kept("kim", "pw") == "hash"


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("app.security.logins.MOST", 3)
    logins = Logins()

    for number in range(5):
        logins.note(f"kim{number}", "pw", "hash")

    assert [logins.is_known(f"kim{n}", "pw") for n in range(5)] == [False, False, True, True, True]


def test_what_a_user_does_is_logged_under_its_name(app, ask):
    timer = (
        '<startEvent id="s"><timerEventDefinition><timeCycle>R/PT1H</timeCycle>'
        '</timerEventDefinition></startEvent><endEvent id="e"/>' + flows("s", "e")
    )
    models = [("timer.bpmn", process(timer, "timer").encode())]
    store = app.extensions["baton"].store
    deployments.create(store, name="d", source=None, tenant_id=None, resources=models)

    body = {"processDefinitionKey": "timer", "suspended": True}
    assert ask("PUT", "/job-definition/suspended", body=body).status_code == 204

    (found,) = ask("GET", "/history/user-operation").get_json()
    assert (found["userId"], found["operationType"]) == ("admin", "SuspendJobDefinition")
    assert (found["property"], found["newValue"]) == ("suspensionState", "suspended")


def test_a_user_who_is_as_before_costs_no_hash_and_one_who_has_changed_is_found_out(
    app, ask, monkeypatch
):
    store, now, hashed = app.extensions["baton"].store, [0.0], []
    monkeypatch.setattr(app.authentication._schemes["basic"]._logins, "_clock", lambda: now[0])
    verify = users.verify
    monkeypatch.setattr(users, "verify", lambda *given: hashed.append(given) or verify(*given))
    assert ask("GET", "/version").status_code == 200

    for _ in range(3):
        now[0] += 60
        assert ask("GET", "/version").status_code == 200
    assert len(hashed) == 1

    users.set_credentials(store, "admin", password="other")  # as by another process
    now[0] += 60
    assert ask("GET", "/version").status_code == 401


def test_requests_at_once_hash_a_password_once(app, ask, monkeypatch):
    verify, hashed = users.verify, []
    monkeypatch.setattr(users, "verify", lambda *given: hashed.append(given) or verify(*given))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask("GET", "/version").status_code, range(16)))

    assert (set(answers), len(hashed)) == ({200}, 1)


def test_who_guesses_locks_the_user_out_of_what_was_remembered(ask):
    assert ask("GET", "/version").status_code == 200
    assert ask("GET", "/version", ("admin", "wrong")).status_code == 401

    assert ask("GET", "/version").status_code == 401  # for three seconds


def test_a_name_that_nobody_has_is_held_up_as_a_user_is(ask, monkeypatch):
    verify, hashed = users.verify, []
    monkeypatch.setattr(users, "verify", lambda *given: hashed.append(given) or verify(*given))

    for _ in range(5):
        assert ask("GET", "/version", ("nobody", "x")).status_code == 401
    assert len(hashed) == 1

    body = {"profile": {"id": "nobody"}, "credentials": {"password": "x"}}
    assert ask("POST", "/user/create", body=body).status_code == 204
    assert ask("GET", "/version", ("nobody", "x")).status_code == 200


def test_strangers_wait_twice_as_long_each_time_and_are_bounded():
    now = [0.0]
    strangers = Strangers(lambda: now[0])
    for seconds in (3, 6, 12, 24, 48, 60, 60):
        strangers.note("x")
        now[0] += seconds - 0.5
        assert strangers.is_held("x")
        now[0] += 1
        assert not strangers.is_held("x")

    for number in range(MOST + 10):
        strangers.note(str(number))

    assert len(strangers._known) == MOST


def log_ins(logs):
    return [(e["log_level"], e["user"], e["by"]) for e in logs if e["event"] == "log-in"]


def test_a_log_in_is_logged_once_and_a_failed_one_each_time(ask):
    with capture_logs() as logs:
        for _ in range(3):
            assert ask("GET", "/version").status_code == 200
        assert ask("GET", "/version", ("admin", "wrong")).status_code == 401

    assert log_ins(logs) == [("info", "admin", "basic")]
    assert [e["user"] for e in logs if e["event"] == "log-in failed"] == ["admin"]
    assert not any("secret" in str(entry) for entry in logs)


def test_a_log_in_at_the_page_is_logged(app):
    with capture_logs() as logs:
        app.test_client().post("/ui/login", data={"user": "admin", "password": "secret"})

    assert log_ins(logs) == [("info", "admin", "session")]


def test_credentials_are_recognized_only_while_their_password_is_known():
    now = [0.0]
    logins = Logins(lambda: now[0])
    logins.note("kim", "pw", "hash")
    logins.recognize("header", "kim", "pw")
    logins.recognize("old", "kim", "another password")

    assert logins.caller("header").user_id == "kim"
    assert logins.caller("old") is None
    assert logins.caller("other") is None
    logins.note("kim", "new", "hash of another")
    assert logins.caller("header") is None
    logins.recognize("header 2", "kim", "new")
    now[0] = 10
    assert logins.caller("header 2") is None
    logins.note("kim", "new", "hash of another")
    logins.recognize("header 2", "kim", "new")
    logins.forget("kim")
    assert logins.caller("header 2") is None


def test_credentials_that_are_recognized_are_bounded(monkeypatch):
    monkeypatch.setattr("app.security.logins.MOST", 3)
    logins = Logins()
    logins.note("kim", "pw", "hash")

    for number in range(5):
        logins.recognize(str(number), "kim", "pw")

    assert [logins.caller(str(n)) is not None for n in range(5)] == [False, False, True, True, True]


# -- metrics ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "statuses"), [("on", (401, 200)), ("open", (200, 200)), ("off", (404, 404))]
)
def test_metrics_ask_for_credentials_unless_they_are_open(app, ask, monkeypatch, setting, statuses):
    monkeypatch.setitem(app.config, "BATON", replace(app.config["BATON"], metrics=setting))

    found = [
        ask("GET", "/metrics", who, base="").status_code for who in (None, ("admin", "secret"))
    ]

    assert tuple(found) == statuses


def test_metrics_are_for_administrators_and_who_may_read_the_system(sqlite_url):
    config = Config(
        database_url=sqlite_url, has_job_executor=False, auth="basic", has_authorization=True
    )
    app = create_app(config)
    store = app.extensions["baton"].store
    administrators.ensure(store, "admin", "admin")
    for user in ("kim", "bob"):
        users.create(store, user_id=user, password=user)
    grant = {"type": 1, "permissions": ["READ"], "resourceType": 21, "resourceId": "*"}
    client = app.test_client()

    def status_of(user, method="GET", path="/metrics", body=None):
        word = base64.b64encode(f"{user}:{user}".encode()).decode()
        headers = {"Authorization": f"Basic {word}"}
        return client.open(path, method=method, json=body, headers=headers).status_code

    path = "/engine-rest/authorization/create"
    assert status_of("admin", "POST", path, {**grant, "userId": "kim"}) == 200
    found = {user: status_of(user) for user in ("admin", "kim", "bob")}
    store.close()

    assert found == {"admin": 200, "kim": 200, "bob": 403}
