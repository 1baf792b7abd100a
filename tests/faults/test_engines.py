"""Two engines in one server, behind a pooler: what breaks one of them leaves the other alone."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.models import TWO_TASKS
from tests.pooler import Pooler, program
from tests.postgres import Postgres
from tests.serving import Server

from .audit import audit
from .harness import Storm

pytestmark = pytest.mark.skipif(program() is None, reason="pgbouncer is not installed")


@pytest.fixture(scope="module")
def postgres():
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="module")
def pooler(postgres):
    for name in ("main", "billing"):
        postgres.create(name)
    found = Pooler(postgres)
    yield found
    found.close()


@pytest.fixture(scope="module")
def server(pooler, tmp_path_factory):
    file = tmp_path_factory.mktemp("engines") / "engines.json"
    billing = {"DATABASE_URL": pooler.url("billing"), "DATABASE_POOLER": "transaction"}
    file.write_text(json.dumps({"billing": billing}))
    found = Server(
        pooler.url("main"),
        WEB_CONCURRENCY="1",
        DATABASE_POOLER="transaction",
        BATON_ENGINES=str(file),
        BATON_JOB_EXECUTOR="on",
        BATON_JOB_LOCK_SECONDS="1",
        POOL_TIMEOUT="2",
        STATEMENT_TIMEOUT="5",  # in which the pooler's queue is left: it has no server to give
    )
    yield found
    found.stop()


class Engine:
    """One engine of the server."""

    def __init__(self, server, prefix=""):
        self._server, self._prefix = server, prefix
        self.port, self.base = server.port, f"/engine-rest{prefix}"

    def __getattr__(self, name):
        """The same calls, below the prefix."""
        found = getattr(type(self._server), name)
        return lambda *args, **options: found(self, *args, **options)

    def raw(self, method, path, *args, **options):
        return self._server.raw(method, self._prefix + path, *args, **options)


@pytest.fixture(scope="module")
def engines(server):
    found = Engine(server), Engine(server, "/engine/billing")
    for engine in found:
        engine.deploy(TWO_TASKS)
    return found


def test_each_task_is_done_once_whatever_the_engine(engines):
    def drive(engine, worker):
        done = []
        for _ in range(20):
            for task in engine.fetch("check", worker, most=2):
                status, _ = engine.complete(task["id"], worker, approved=False)
                assert status == 204
                done.append(task["processInstanceId"])
            if not engine.call("GET", "/external-task/count")[1]["count"]:
                return done
        return done

    started = [{engine.start("two") for _ in range(8)} for engine in engines]
    with ThreadPoolExecutor(4) as pool:
        jobs = [(e, f"w{n}") for e in engines for n in range(2)]
        done = list(pool.map(lambda job: drive(*job), jobs))

    for number, instances in enumerate(started):
        found = [i for part in done[2 * number : 2 * number + 2] for i in part]
        assert sorted(found) == sorted(instances)


def test_a_pooler_that_is_killed_loses_nothing_of_any_engine(pooler, engines, instances):
    storms = [Storm([engine], instances, workers=3, base=engine.base) for engine in engines]
    with ExitStack() as running:
        for storm in storms:
            running.enter_context(storm)
        for share in (0.2, 0.5):
            for storm in storms:
                storm.reach(share)
            pooler.kill()
            time.sleep(0.3)
            pooler.start()
        for storm in storms:
            storm.finish()

    for storm, engine in zip(storms, engines, strict=True):
        assert storm.doubts, "the pooler was killed while nothing was asked"
        audit(storm, engine)


def test_a_database_that_goes_takes_its_engine_alone_and_brings_it_back(postgres, server, engines):
    default, billing = engines
    kept = billing.start("two")
    postgres.execute("ALTER DATABASE billing ALLOW_CONNECTIONS false")
    postgres.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'billing'"
    )
    try:
        with ThreadPoolExecutor(6) as pool:
            away = [
                pool.submit(billing.call, "POST", "/process-definition/key/two/start", {})
                for _ in range(6)
            ]
            here = [default.start("two") for _ in range(6)]
            assert {job.result()[0] for job in away} <= {503}
        assert len(set(here)) == 6
        status, _, text = server.raw("GET", f"{server.root}/ready")
        states = {view["name"]: view["status"] for view in json.loads(text)["engines"]}
        assert (status, states["default"]) == (200, "UP")
        assert states["billing"] != "UP"
    finally:
        postgres.execute("ALTER DATABASE billing ALLOW_CONNECTIONS true")
    deadline = time.monotonic() + 120
    while billing.call("GET", f"/process-instance/{kept}")[0] != 200:
        assert time.monotonic() < deadline, "the engine is not back"
        time.sleep(0.2)
    assert {task["processInstanceId"] for task in billing.fetch("check", most=50)} >= {kept}
