"""The files of docs/deploy, carried out: nginx before two servers, a backup, systemd's unit."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .benchmarks.__main__ import IDLE
from .benchmarks.measures import idle_share
from .deploying import needed, text_of
from .models import TWO_TASKS
from .postgres import binaries, free_port
from .serving import GUNICORN, Api, Server

SETTINGS = {"WEB_CONCURRENCY": "2", "LOG_FORMAT": "json", "BATON_JOB_EXECUTOR": "on"}
pytestmark = pytest.mark.no_database
POLL = {"workerId": "p", "maxTasks": 1, "asyncResponseTimeout": 60_000}


class Proxied(Api):
    """Baton behind nginx, which is run with the file of docs/deploy."""

    def __init__(self, folder, servers):
        self.port, self.headers = free_port(), {}
        self.base_url = f"http://127.0.0.1:{self.port}/engine-rest"
        config = text_of("nginx.conf").replace("listen 8080", f"listen 127.0.0.1:{self.port}")
        for number, server in enumerate(servers, 1):
            config = config.replace(f"baton-{number}:8080", f"127.0.0.1:{server.port}")
        kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "\n".join(f"    {name}_temp_path {folder}/{name};" for name in kept)
        (folder / "nginx.conf").write_text(config.replace("http {", f"http {{\n{paths}", 1))
        user = "user root; " if os.geteuid() == 0 else ""
        main = f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        program = needed("nginx", "/usr/sbin", "/usr/local/sbin")
        self.process = subprocess.Popen(
            [program, "-p", folder, "-c", folder / "nginx.conf", "-g", main],
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while not self._listens():
            assert time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.05)

    def _listens(self):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True

    raw = Server.raw

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture(scope="module")
def servers(postgres, postgres_template):
    """Two servers, started as the image and the unit start them."""
    url = postgres.create("baton_deploy", postgres_template)
    found = [Server(url, command=GUNICORN, **SETTINGS) for _ in "12"]
    found[0].deploy(TWO_TASKS)
    yield found
    for server in found:
        server.stop()
    postgres.drop("baton_deploy")


def logged(server, event):
    lines = [line for line in server.log.splitlines() if line.startswith("{")]
    return [line for line in map(json.loads, lines) if line["event"] == event]


def test_nginx_serves_workers_from_both_and_goes_on_with_one(servers, tmp_path):
    nginx = Proxied(tmp_path, servers)
    try:
        with ThreadPoolExecutor(4) as pool:
            topics = [{"topicName": "check", "lockDuration": 60_000}]
            body = {**POLL, "topics": topics}
            polls = [
                pool.submit(nginx.call, "POST", "/external-task/fetchAndLock", body)
                for _ in range(4)
            ]
            while sum(waiting(server) for server in servers) < 4:
                assert not any(poll.done() for poll in polls), [p.result() for p in polls]
                time.sleep(0.05)
            both = [waiting(server) for server in servers]
            ids = {nginx.start("two") for _ in range(4)}
            found = [poll.result()[1][0] for poll in polls]
        _, headers, _ = nginx.raw("GET", "/engine", X_Request_Id="mine-7")

        assert min(both) >= 1  # nobody waits at one while the other idles
        assert {task["processInstanceId"] for task in found} == ids
        assert headers["X-Request-Id"] == "mine-7"
        for task in found:
            assert nginx.complete(task["id"], "p", approved=False)[0] == 204
        assert nginx.raw("GET", f"http://127.0.0.1:{nginx.port}/metrics")[0] == 404

        servers[1].process.terminate()
        servers[1].process.wait(60)
        assert {nginx.call("GET", "/engine")[0] for _ in range(6)} == {200}
    finally:
        nginx.stop()


def samples(server):
    status, _, text = server.raw("GET", f"{server.root}/metrics")
    assert status == 200
    lines = [line.rpartition(" ") for line in text.decode().splitlines() if line[0] != "#"]
    return {name: float(value) for name, _, value in lines}


def waiting(server):
    return samples(server)["baton_waiting_polls"]


def test_the_metrics_are_those_of_all_processes_and_requests_are_logged(servers):
    server = servers[0]
    route = '{method="GET",route="/engine-rest/version",status="200"}'
    before = samples(server).get(f"baton_requests_total{route}", 0)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(server.call, "GET", "/version") for _ in range(40)]
    assert {one.result()[0] for one in asked} == {200}

    deadline = time.monotonic() + 60  # each process writes down what it has counted in a second
    while (found := samples(server)[f"baton_requests_total{route}"] - before) != 40:
        assert found < 40
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert samples(server)["baton_pool_size"] == 32  # 16 of each process
    lines = [line for line in logged(server, "request") if line["route"].endswith("/version")]
    assert len(lines) == 40
    assert not [line for line in logged(server, "request") if line["route"] == "/health"]


def test_a_server_that_is_not_asked_hardly_computes(servers):
    share = idle_share(servers[0], 3)

    print(f"an idle process takes {share:.2f} % of a core")
    assert share < IDLE * 10


def test_a_backup_is_restored_and_goes_on(servers, postgres):
    server = servers[0]
    instance = server.start("two")
    dump, restore = (needed(name, binaries()) for name in ("pg_dump", "pg_restore"))
    archive = Path(server.log_file.name + ".dump")
    try:
        url = postgres.url("baton_deploy")
        subprocess.run([dump, "--format=custom", "-f", archive, url], check=True)
        copy = postgres.create("baton_restored", "template0")
        subprocess.run([restore, "--no-owner", "-d", copy, archive], check=True)
    finally:
        archive.unlink(missing_ok=True)

    restored = Server(copy, command=GUNICORN, WEB_CONCURRENCY="1")
    try:
        found = {t["processInstanceId"]: t["id"] for t in restored.fetch("check", most=50)}
        assert restored.complete(found[instance], approved=False)[0] == 204
        state = restored.call("GET", f"/history/process-instance/{instance}")[1]["state"]
    finally:
        restored.stop()
        postgres.drop("baton_restored")
    assert state == "COMPLETED"


def test_the_unit_is_one_of_systemd(tmp_path):
    analyze = needed("systemd-analyze")
    program = shutil.which("true")
    text = re.sub(r"/opt/baton/\.venv/bin/\S+", program, text_of("baton.service"))
    (tmp_path / "baton.service").write_text(text.replace("/opt/baton", "/"))

    checked = subprocess.run(
        [analyze, "verify", tmp_path / "baton.service"], capture_output=True, text=True
    )

    ours = [line for line in checked.stderr.splitlines() if "baton.service" in line]
    assert [line for line in ours if "postgresql.service" not in line] == []
