"""Several engines in one server, each with the whole API over a database of its own."""

import functools
import json
import math
import re

import pytest

from app import cleanup, create_app
from app.errors import UnavailableError
from app.runtime import open_engine
from app.services import administrators
from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from app.store.connections.wait_queues import Waiter
from config import Config

from .models import HEAD, TWO_TASKS, flows, task
from .serving import Api
from .test_job_executor import until

BASE = "/engine-rest"
BILLING = f"{BASE}/engine/billing"
LATER = (
    f'{HEAD}<process id="later" isExecutable="true" camunda:historyTimeToLive="P30D">'
    '<startEvent id="start"/>'
    + task("work", camunda_asyncBefore="true")
    + '<endEvent id="end"/>'
    + flows("start", "work", "end")
    + "</process></definitions>"
)
AWAY = {"sqlite": "sqlite:////nowhere/away.db", "postgresql": "postgresql://x@127.0.0.1:9/away"}


class Client(Api):
    """The API of one engine, without a server."""

    def __init__(self, client, base):
        self._client, self._base = client, base

    def raw(self, method, path, data=None, content_type="application/json", **headers):
        answer = self._client.open(
            self._base + path, method=method, data=data, content_type=content_type, headers=headers
        )
        return answer.status_code, answer.headers, answer.data


@pytest.fixture
def second_url(database, request, sqlite_template, tmp_path):
    """Another database of the same kind."""
    if database == "sqlite":
        path = tmp_path / "second.db"
        path.write_bytes(sqlite_template.read_bytes())
        yield f"sqlite:///{path}"
        return
    postgres = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_template")
    postgres.drop("baton_second")
    yield postgres.create("baton_second", template)
    postgres.drop("baton_second")


def configured(url, *, names="billing", others=(), **settings):
    """The configuration of a server with further engines."""
    pairs = zip(names.split(","), others, strict=True)
    engines = ",".join(f"{name}={other}" for name, other in pairs)
    environ = {"DATABASE_URL": url, "BATON_ENGINES": engines, "BATON_JOB_EXECUTOR": "off"}
    return Config.from_environ({**environ, **settings})


@pytest.fixture
def app(database_url, second_url):
    found = create_app(configured(database_url, others=[second_url]))
    yield found
    found.extensions["engines"].stop()
    found.extensions["engines"].wait(1)
    assert all(baton.unforeseen == 0 for _, baton in found.extensions["engines"])


@pytest.fixture
def engines(app):
    """The two engines: the default one, and that called ``billing``."""
    client = app.test_client()
    return Client(client, BASE), Client(client, BILLING)


def test_the_engines_are_listed_the_default_one_first(app):
    client = app.test_client()

    assert client.get(f"{BASE}/engine").get_json() == [{"name": "default"}, {"name": "billing"}]


def test_each_engine_has_what_was_done_there_and_nothing_else(engines):
    default, billing = engines
    for engine in engines:
        engine.deploy(TWO_TASKS)

    instance = billing.start("two", n=1)

    assert billing.call("GET", f"/process-instance/{instance}")[0] == 200
    assert default.call("GET", f"/process-instance/{instance}")[0] == 404
    assert default.fetch("check") == []
    (task,) = billing.fetch("check")
    assert default.complete(task["id"])[0] == 404
    assert billing.complete(task["id"], approved=True)[0] == 204
    assert default.call("GET", "/history/process-instance/count")[1] == {"count": 0}
    assert billing.call("GET", "/history/process-instance/count")[1] == {"count": 1}


def test_links_of_an_engine_lead_to_it(app, engines):
    _, billing = engines
    billing.deploy(TWO_TASKS)

    status, answer = billing.call("POST", "/process-definition/key/two/start", {})

    assert status == 200
    assert answer["links"][0]["href"].startswith(f"http://localhost{BILLING}/process-instance/")


def test_the_default_engine_has_its_prefix_too_and_others_are_unknown(app):
    client = app.test_client()

    assert client.get(f"{BASE}/engine/default/version").status_code == 200
    answer = client.get(f"{BASE}/engine/archive/process-instance")
    assert answer.status_code == 400
    assert answer.get_json() == {
        "type": "InvalidRequestException",
        "message": "No process engine available",
        "code": None,
    }


def test_a_task_of_one_engine_wakes_no_poll_of_another(app):
    called = []
    stores = [baton.store for _, baton in app.extensions["engines"]]
    for store in stores:
        queues = store.wakeups.queues
        waiter = Waiter("check", frozenset(["check"]), "w", math.inf, seen=queues.wakes)
        waiter.call = functools.partial(called.append, store)
        assert queues.enter(waiter)
        queues.await_turn(waiter)

    stores[0].wakeups.committed({"check": 1})

    assert called == stores[:1]


def test_users_of_one_engine_are_strangers_at_another(database_url, second_url):
    app = create_app(configured(database_url, others=[second_url], BATON_AUTH="basic"))
    store = app.extensions["engines"]["billing"].store
    administrators.ensure(store, "kim", "secret")
    client = app.test_client()

    answers = {
        base: client.get(f"{base}/version", auth=("kim", "secret")) for base in (BASE, BILLING)
    }

    assert answers[BILLING].status_code == 200
    assert answers[BASE].status_code == 401
    assert answers[BASE].headers["WWW-Authenticate"] == 'Basic realm="default"'
    answer = client.get(f"{BILLING}/version")
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="billing"'
    assert client.get(f"{BASE}/engine").status_code == 200
    unknown = client.get(f"{BASE}/engine/archive/version")
    assert unknown.status_code == 404
    assert unknown.get_json()["message"] == "Process engine archive not available"
    app.extensions["engines"].wait(1)


def test_the_metrics_name_the_engine(app, engines):
    _, billing = engines
    billing.deploy(TWO_TASKS)
    billing.start("two")

    text = app.test_client().get("/metrics").get_data(as_text=True)

    assert 'baton_database_up{engine="default"} 1.0' in text
    assert 'baton_database_up{engine="billing"} 1.0' in text
    tasks = r'baton_external_tasks\{engine="(\w+)",state="open",topic="check"\} 1.0'
    assert re.findall(tasks, text) == ["billing"]
    assert re.search(r'baton_requests_total\{engine="billing",method="POST",.*/start"', text)


def test_the_page_of_an_engine_leads_to_its_own_views_and_api(app, engines):
    _, billing = engines
    billing.deploy(TWO_TASKS)
    instance = billing.start("two", n=1)
    client = app.test_client()
    views = ("", "process-instance", f"process-instance/{instance}", "job", "user", "deployment")

    pages = [client.get(f"/ui/engine/billing/{view}") for view in views]

    assert [page.status_code for page in pages] == [200] * len(views)
    for page in pages:
        html = page.get_data(as_text=True)
        assert f'<meta name="api" content="{BILLING}">' in html
        assert not re.findall(r'(?:href|action)="/ui/(?!engine/|static/)[^"]*"', html)
    assert instance in pages[1].get_data(as_text=True)
    assert instance not in client.get("/ui/process-instance").get_data(as_text=True)
    assert client.get("/ui/").get_data(as_text=True).count('href="/ui/engine/billing/"') == 1


def test_one_engine_without_its_database_leaves_the_other_alone(database, database_url):
    config = configured(database_url, others=[AWAY[database]])
    app = create_app(config)
    client = app.test_client()
    default = Client(client, BASE)
    default.deploy(TWO_TASKS)

    instance = default.start("two")

    assert Client(client, BILLING).call("GET", "/process-instance")[0] == 503
    assert default.call("GET", f"/process-instance/{instance}")[0] == 200
    ready = client.get("/ready")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "PARTLY_UP")
    states = {view["name"]: view["status"] for view in ready.get_json()["engines"]}
    assert states == {"default": "UP", "billing": "DATABASE_DOWN"}
    text = client.get("/metrics").get_data(as_text=True)
    assert 'baton_database_up{engine="billing"} 0.0' in text
    assert 'baton_jobs_due{engine="default"}' in text
    app.extensions["engines"].wait(1)


@pytest.mark.no_database
def test_no_engine_with_its_database_is_not_ready(database):
    app = create_app(configured(AWAY["sqlite"], others=[AWAY["postgresql"]]))

    answer = app.test_client().get("/ready")

    assert (answer.status_code, answer.get_json()["status"]) == (503, "DATABASE_DOWN")


@pytest.mark.no_database
def test_an_engine_that_hangs_leaves_threads_to_the_others(database, database_url, tmp_path):
    config = configured(database_url, others=[f"sqlite:///{tmp_path / 'x.db'}"], THREADS="8")
    app = create_app(config)
    places = app.places
    for _ in range(6):
        places.enter()

    client = app.test_client()
    full = client.get(f"{BASE}/version")

    assert full.status_code == 503
    assert full.get_json()["type"] == "ServiceUnavailableException"
    assert full.headers["Retry-After"]
    assert client.get("/health").status_code == 200
    assert client.get(f"{BILLING}/version").status_code == 200
    places.leave()
    assert client.get(f"{BASE}/version").status_code == 200


@pytest.mark.no_database
def test_while_its_database_is_away_an_engine_has_few_places(database, database_url, tmp_path):
    config = configured(database_url, others=[f"sqlite:///{tmp_path / 'x.db'}"])
    app = create_app(config)
    app.extensions["baton"].store.outage.begin("it was cut")
    for _ in range(4):
        app.places.enter()

    with pytest.raises(UnavailableError, match="has no place"):
        app.places.enter()


@pytest.mark.no_database
def test_an_engine_opens_once_its_database_is_there(database, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("BATON_MIGRATE", "on")
    folder = tmp_path / "mounted"
    config = configured(database_url, others=[f"sqlite:///{folder / 'late.db'}"])
    app = create_app(config)
    billing, client = app.extensions["engines"]["billing"], app.test_client()
    billing.is_open = False
    opening = app.extensions["engines"].opening("billing")

    assert not opening.run()
    assert client.get(f"{BILLING}/process-instance").status_code == 503
    folder.mkdir()
    assert opening.run()
    assert client.get(f"{BILLING}/process-instance").get_json() == []
    app.extensions["engines"].stop()
    app.extensions["engines"].wait(1)


@pytest.mark.no_database
def test_an_engine_is_opened_with_its_administrator(database, database_url, tmp_path):
    url = f"sqlite:///{tmp_path / 'b.db'}"
    migrate(create_engine(url))
    settings = {"BATON_ADMIN_USER": "ann", "BATON_ADMIN_PASSWORD": "secret", "BATON_AUTH": "basic"}
    config = configured(database_url, others=[url], **settings)
    app = create_app(config)

    for each, baton in app.extensions["engines"]:
        open_engine(each, baton)

    for base in (BASE, BILLING):
        answer = app.test_client().get(f"{base}/user", auth=("ann", "secret"))
        assert [user["id"] for user in answer.get_json()] == ["ann"]
    app.extensions["engines"].wait(1)


def test_jobs_of_an_engine_are_run_by_its_own_executor(database_url, second_url, tmp_path):
    file = tmp_path / "engines.json"
    file.write_text(
        json.dumps({"billing": {"DATABASE_URL": second_url, "BATON_JOB_EXECUTOR": "on"}})
    )
    environ = {"DATABASE_URL": database_url, "BATON_ENGINES": str(file)}
    app = create_app(Config.from_environ({**environ, "BATON_JOB_EXECUTOR": "off"}))
    engines = app.extensions["engines"]
    client = app.test_client()
    default, billing = Client(client, BASE), Client(client, BILLING)
    for engine in (default, billing):
        engine.deploy(LATER)
        engine.start("later")

    engines.start()
    try:
        until(lambda: billing.call("GET", "/external-task/count")[1]["count"])
    finally:
        engines.stop()
        engines.wait(10)

    assert len(billing.fetch("work")) == 1
    assert default.call("GET", "/job/count")[1] == {"count": 1}
    assert default.fetch("work") == []


def test_the_history_of_each_engine_is_cleaned(
    database_url, second_url, engines, monkeypatch, capsys
):
    for number, engine in enumerate(engines, 1):
        engine.deploy(LATER.replace("P30D", "P0D").replace('camunda:asyncBefore="true"', ""))
        for _ in range(number):
            engine.start("later")
            (task,) = engine.fetch("work")
            assert engine.complete(task["id"])[0] == 204
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BATON_ENGINES", f"billing={second_url}")
    capsys.readouterr()  # lines about the deployments

    cleanup.main()

    assert capsys.readouterr().out.splitlines() == [
        "default: Removed the history of 1 instances, and 0 receipts.",
        "billing: Removed the history of 2 instances, and 0 receipts.",
    ]
    for engine in engines:
        assert engine.call("GET", "/history/process-instance/count")[1] == {"count": 0}
