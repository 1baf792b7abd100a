"""Pages of other origins can neither write nor read."""

import re
import shutil

import pytest

from app import create_app
from app.api.browsers import DATA_POLICY, PAGE_POLICY
from config import Config, ConfigError

PATH = "/engine-rest/version"
FETCH = "/engine-rest/external-task/fetchAndLock"
BODY = {"workerId": "w", "maxTasks": 1, "topics": []}
ORIGIN = "https://tasks.example.org"


@pytest.fixture
def serve(sqlite_url):
    """A client of a server with settings."""
    made = []

    def start(**settings):
        settings = {"DATABASE_URL": sqlite_url, "BATON_JOB_EXECUTOR": "off", **settings}
        made.append(create_app(Config.from_environ(settings)))
        return made[-1].test_client()

    yield start
    for app in made:
        app.extensions["baton"].store.close()


@pytest.fixture(scope="module")
def client(sqlite_template, tmp_path_factory):
    """A client of a server without settings; nothing here leaves anything in its database."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("browsers"))
    app = create_app(Config(database_url=f"sqlite:///{path}", has_job_executor=False))
    yield app.test_client()
    app.extensions["baton"].store.close()


@pytest.mark.parametrize(
    "host",
    "localhost LOCALHOST:8080 127.0.0.1 127.0.0.1:8080 [::1]:8080 10.1.2.3:80 a.localhost".split(),
)
def test_this_machine_and_addresses_are_ours(client, host):
    assert client.get(PATH, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    (
        "evil.example localhost.evil.example 127.0.0.1.evil.example evil.example:8080 [::1 "
        "localhost@evil.example xlocalhost localhost:80:80 127.0.0.1/x"
    ).split(),
)
def test_another_name_may_lead_here_and_is_refused_in_a_line(client, host):
    for method, path in (("GET", PATH), ("POST", FETCH), ("GET", "/nowhere")):
        answer = client.open(path, method=method, json=BODY, headers={"Host": host})

        assert answer.status_code == 400
        assert answer.json == {
            "type": "InvalidRequestException",
            "message": f"The host {host!r} is not one of this server's: name it in BATON_HOSTS",
            "code": None,
        }


def test_names_that_are_set_are_ours(serve):
    client = serve(BATON_HOSTS="baton, .example.org")
    for host, status in (
        ("baton", 200),
        ("BATON:80", 200),
        ("a.example.org", 200),
        ("a.b.example.org:8443", 200),
        ("example.org", 400),
        ("other", 400),
        ("localhost", 200),
    ):
        assert client.get(PATH, headers={"Host": host}).status_code == status, host
    assert serve(BATON_HOSTS="*").get(PATH, headers={"Host": "any"}).status_code == 200
    assert serve(HOST="::1").get(PATH, headers={"Host": "[::1]"}).status_code == 200


def test_probes_are_answered_by_any_name(client):
    for path in ("/health", "/ready"):
        assert client.get(path, headers={"Host": "10-1-2-3.pods"}).status_code in (200, 503)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_writes_nothing(app_and_client, headers):
    app, client = app_and_client
    asked = 0
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<path:{name}>", "x").replace(f"<{name}>", "x")
        for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
            answer = client.open(path, method=method, headers=headers)
            assert answer.status_code == 403, (method, path)
            is_api = path.startswith("/engine-rest")
            assert not is_api or "BATON_CORS_ORIGINS" in answer.json["message"]
            assert "Access-Control-Allow-Origin" not in answer.headers
            asked += 1
    assert asked > 100


@pytest.fixture(scope="module")
def app_and_client(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('browsers')}/none.db"
    app = create_app(Config(database_url=url, has_job_executor=False))
    return app, app.test_client()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://localhost", "Host": "localhost:443"},
        {"Origin": "http://127.0.0.1:8080", "Host": "127.0.0.1:8080"},
    ],
)
def test_our_own_page_and_what_is_no_browser_write(client, headers):
    assert client.post(FETCH, json=BODY, headers=headers).status_code == 200


def test_origins_that_are_set_may_write_and_read(serve):
    client = serve(BATON_CORS_ORIGINS=f"{ORIGIN} http://localhost:3000")
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    answer = client.options(FETCH, headers=asks)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]

    written = client.post(
        FETCH, json=BODY, headers={"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}
    )
    other = client.options(FETCH, headers={**asks, "Origin": "https://evil.example"})

    assert written.status_code == 200
    assert written.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in written.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in other.headers


def test_a_page_that_may_not_reads_nothing(client):
    answer = client.get(PATH, headers={"Origin": "https://evil.example"})

    assert "Access-Control-Allow-Origin" not in answer.headers


def test_every_answer_says_that_it_is_not_run_and_not_framed(app_and_client):
    app, client = app_and_client
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<path:{name}>", "x").replace(f"<{name}>", "x")
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "script-src 'unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy, path
        is_page = headers.get("Content-Type", "").startswith("text/html")
        assert is_page or "script-src" not in policy, path
    assert "script-src 'self'" in PAGE_POLICY
    assert "sandbox" in DATA_POLICY


def test_the_page_of_the_document_has_no_script_within(app_and_client):
    _, client = app_and_client
    page = client.get("/engine-rest/docs").get_data(as_text=True)

    assert "<script>" not in page
    script = client.get("/engine-rest/docs/baton.js")
    assert script.content_type.startswith("text/javascript")
    assert b"SwaggerUIBundle" in script.data


def test_only_this_machine_calls_while_nobody_has_said_who_may(serve):
    client, far = serve(), {"REMOTE_ADDR": "192.0.2.7"}
    answer = client.get(PATH, environ_overrides=far)
    assert answer.status_code == 403
    assert "BATON_AUTH" in answer.json["message"]
    assert client.get("/health", environ_overrides=far).status_code == 200

    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", ""):
        assert client.get(PATH, environ_overrides={"REMOTE_ADDR": address}).status_code == 200
    assert serve(BATON_AUTH="none").get(PATH, environ_overrides=far).status_code == 200


FORWARDED = {
    "X-Forwarded-Host": "baton.example.org",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/below",
}


def test_forwarded_headers_count_from_trusted_proxies_alone(serve):
    settings = {"BATON_AUTH": "none", "BATON_HOSTS": "baton.example.org"}
    near, far = {"REMOTE_ADDR": "10.1.2.3"}, {"REMOTE_ADDR": "192.0.2.7"}
    trusting, wary = serve(**settings, BATON_TRUSTED_PROXIES="10.0.0.0/8"), serve(**settings)

    def host_of(client, peer):
        headers = {**FORWARDED, "X-Forwarded-Host": "evil.example"}
        return client.get(PATH, headers=headers, environ_overrides=peer).status_code

    assert host_of(trusting, near) == 400  # it is what the proxy says
    assert host_of(trusting, far) == 200
    assert host_of(wary, near) == 200
    assert trusting.get(PATH, headers=FORWARDED, environ_overrides=near).status_code == 200


@pytest.mark.parametrize("path", ["/ui/", "/ui/server", "/engine-rest/docs"])
@pytest.mark.parametrize("prefix", ["/below", "/below/"])
def test_links_lead_through_the_path_that_a_trusted_proxy_has_taken_away(serve, path, prefix):
    settings = {"BATON_HOSTS": "baton.example.org", "BATON_TRUSTED_PROXIES": "10.0.0.0/8"}
    client, near = serve(BATON_AUTH="none", **settings), {"REMOTE_ADDR": "10.1.2.3"}
    headers = {**FORWARDED, "X-Forwarded-Prefix": prefix}

    answer = client.get(path, headers=headers, environ_overrides=near)
    links = re.findall('(?:href|src|action|data-[a-z]+)="(/[^"]*)"', answer.text)

    assert answer.status_code == 200
    assert links
    assert [link for link in links if not link.startswith("/below/")] == []
    assert [link for link in links if "//" in link] == []
    assert client.get("/", headers=headers, environ_overrides=near).location == "/below/ui/"
    options = client.options("/engine-rest/group", headers=headers, environ_overrides=near)
    assert options.json["links"][0]["href"] == "https://baton.example.org/below/engine-rest/group"


def test_a_prefix_of_anybody_else_is_passed_over(serve):
    answer = serve(BATON_AUTH="none").get("/ui/", headers={"X-Forwarded-Prefix": "//evil.example"})

    assert answer.status_code == 200
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BATON_HOSTS", "baton:8080"),
        ("BATON_HOSTS", "http://baton"),
        ("BATON_HOSTS", "*.example.org"),
        ("BATON_CORS_ORIGINS", "*"),
        ("BATON_CORS_ORIGINS", "tasks.example.org"),
        ("BATON_CORS_ORIGINS", "https://tasks.example.org/page"),
        ("BATON_TRUSTED_PROXIES", "nginx"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=name):
        Config.from_environ({name: value})
