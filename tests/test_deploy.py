"""What docs/deploy has: nginx before two servers, the commands, the files, the names of metrics."""

import configparser
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml

from app.server import usage
from config import Config

from .benchmarks.__main__ import IDLE
from .benchmarks.measures import idle_share
from .models import TWO_TASKS
from .postgres import binaries, free_port
from .serving import GUNICORN, ROOT, Api, Server

DEPLOY = ROOT / "docs" / "deploy"
SERVE = ["gunicorn", "-c", "python:app.server.settings", "wsgi:app"]
MIGRATE = ["alembic", "-c", "migrations/alembic.ini", "upgrade", "head"]
SETTINGS = {"WEB_CONCURRENCY": "2", "LOG_FORMAT": "json", "BATON_JOB_EXECUTOR": "on"}
pytestmark = pytest.mark.no_database
POLL = {"workerId": "p", "maxTasks": 1, "asyncResponseTimeout": 60_000}


def text_of(name):
    return (DEPLOY / name).read_text()


def needed(name, *folders):
    """The path of a program; without it the test is named at the end of the run."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *map(str, folders)]))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


# -- nginx and two servers -------------------------------------------------------------------------


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


# -- backup ----------------------------------------------------------------------------------------


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


# -- the files -------------------------------------------------------------------------------------


def unit():
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(text_of("baton.service"))
    return parser


def test_the_unit_runs_the_commands_that_are_documented():
    service = unit()["Service"]

    programs = [service[name].split() for name in ("ExecStartPre", "ExecStart")]

    assert [[Path(first).name, *rest] for first, *rest in programs] == [MIGRATE, SERVE]
    assert int(service["TimeoutStopSec"]) > 20  # GRACEFUL_TIMEOUT
    assert service["KillMode"] == "mixed"


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


def kubernetes():
    return {found["kind"]: found for found in yaml.safe_load_all(text_of("kubernetes.yaml"))}


def test_the_manifests_probe_what_is_served_and_leave_time_to_drain(client):
    found = kubernetes()
    pod = found["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    probes = {name: container[f"{name}Probe"]["httpGet"]["path"]
              for name in ("startup", "liveness", "readiness")}  # fmt: skip
    assert probes == {"startup": "/health", "liveness": "/health", "readiness": "/ready"}
    assert all(client.get(path).status_code == 200 for path in probes.values())
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    env = {one["name"]: one["value"] for one in container["env"]}
    assert pod["terminationGracePeriodSeconds"] > pause + int(env["GRACEFUL_TIMEOUT"])
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for kind in ("Service", "PodDisruptionBudget"):
        selector = found[kind]["spec"]["selector"]
        assert selector.get("matchLabels", selector) == labels
    (migrate,) = found["Job"]["spec"]["template"]["spec"]["containers"]
    assert migrate["command"] == MIGRATE


def compose():
    """The services of compose.yaml, with what the environment would say left to its defaults."""
    return yaml.safe_load(re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text_of("compose.yaml")))


def test_the_services_of_compose_know_each_other_and_their_files():
    found = compose()
    services = found["services"]

    assert services["migrate"]["command"] == MIGRATE
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        mounts = [volume.partition(":")[0] for volume in service.get("volumes", ())]
        kept = set(found["volumes"])
        assert all(name in kept or (DEPLOY / name).is_file() for name in mounts)
    build = services["migrate"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()
    assert services["postgres"]["healthcheck"]["test"][1] == "pg_isready"
    assert (binaries() / "pg_isready").exists()
    upstream = re.findall(r"server (\S+):8080", text_of("nginx.conf"))
    assert set(upstream) == {name for name in services if name.startswith("baton")}


def image():
    """The instructions of the Dockerfile, by their names."""
    text = text_of("Dockerfile").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            name, _, rest = line.partition(" ")
            found.setdefault(name, []).append(rest.strip())
    return found


def image_settings():
    (text,) = image()["ENV"]
    return dict(re.findall(r"(\w+)=(\S+)", text))


def test_the_image_has_what_it_copies_and_starts_the_server():
    found = image()

    copied = [rest.split()[:-1] for rest in found["COPY"] if "--" not in rest]
    assert all((ROOT / name).exists() for names in copied for name in names)
    assert json.loads(found["CMD"][0]) == SERVE
    assert found["USER"][0].isdigit()
    health = json.loads(found["HEALTHCHECK"][0].partition("CMD ")[2])
    compile(health[2], "healthcheck", "exec")
    ignored = text_of("Dockerfile.dockerignore").splitlines()
    assert {f"!{name}" for names in copied for name in names} <= set(ignored)


def test_the_programs_that_are_started_come_with_the_requirements():
    named = (ROOT / "requirements.txt").read_text().lower()

    for program in (SERVE[0], MIGRATE[0]):
        (script,) = entry_points(group="console_scripts", name=program)
        assert script.dist.name.lower() in named
    assert (ROOT / MIGRATE[2]).is_file()


def manifest_settings():
    """The environment of the containers, with what the secret of the first lines would have."""
    found = []
    for kind in ("Job", "Deployment"):
        (container,) = kubernetes()[kind]["spec"]["template"]["spec"]["containers"]
        found.append({one["name"]: one["value"] for one in container["env"]})
    secret = set(re.findall(r"--from-literal=(\w+)=", text_of("kubernetes.yaml")))
    assert {"DATABASE_URL", "BATON_ADMIN_USER", "BATON_ADMIN_PASSWORD"} == secret
    given = {"DATABASE_URL": "postgresql://u@h/d", "BATON_ADMIN_USER": "a"}
    return [{**given, "BATON_ADMIN_PASSWORD": "p", **env} for env in found]


def test_every_setting_that_the_files_name_is_one_and_has_a_value_that_it_may_have():
    services = [
        {name: value or "" for name, value in service["environment"].items()}
        for service in compose()["services"].values()
        if "build" in service
    ]
    of_the_image = image_settings()
    foreign = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert set(of_the_image) - foreign <= set(usage.SETTINGS)

    for environ in (*services, *manifest_settings()):
        assert set(environ) <= set(usage.SETTINGS)
        config = Config.from_environ({**of_the_image, **environ})  # refuses a wrong value
        assert config.auth == "basic"
        assert config.host == "0.0.0.0"


def test_nginx_is_a_proxy_that_compose_trusts_and_no_client_speaks_for_it():
    found = compose()
    networks = found["networks"]["default"]["ipam"]["config"]
    settings = [s["environment"] for s in found["services"].values() if "build" in s]

    trusted = {one["BATON_TRUSTED_PROXIES"] for one in settings}
    assert trusted == {network["subnet"] for network in networks}
    sent = dict(re.findall(r"proxy_set_header (X-Forwarded-\w+) (\S+);", text_of("nginx.conf")))
    assert set(sent) == {f"X-Forwarded-{name}" for name in ("For", "Proto", "Host", "Prefix")}


def test_the_ports_of_all_files_agree():
    port = image_settings()["PORT"]
    nginx, services = text_of("nginx.conf"), compose()["services"]
    (container,) = kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"]
    pod = kubernetes()["Deployment"]["spec"]["template"]["metadata"]
    (served,) = container["ports"]

    assert image()["EXPOSE"] == [port]
    assert set(re.findall(r"server baton-\d:(\d+)", nginx)) == {port}
    listened = re.findall(r"^\s+listen (\d+)", nginx, re.MULTILINE)
    assert [port.partition(":")[2] for port in services["nginx"]["ports"]] == listened
    assert str(served["containerPort"]) == port
    assert pod["annotations"]["prometheus.io/port"] == port
    (public,) = kubernetes()["Service"]["spec"]["ports"]
    assert public["targetPort"] == served["name"]


# -- metrics ---------------------------------------------------------------------------------------


@pytest.fixture
def exposed(client):
    """The names of all metrics that are served."""
    kinds = re.findall(r"^# TYPE (\w+) (\w+)$", client.get("/metrics").text, re.MULTILINE)
    more = {"histogram": ("_bucket", "_sum", "_count")}
    return {name + end for name, kind in kinds for end in more.get(kind, ("",))}


def expressions():
    rules = yaml.safe_load(text_of("alerts.yaml"))["groups"][0]["rules"]
    panels = json.loads(text_of("grafana-dashboard.json"))["panels"]
    return [r["expr"] for r in rules] + [t["expr"] for p in panels for t in p["targets"]]


def test_every_metric_that_is_named_is_served(exposed):
    named = {name for text in expressions() for name in re.findall(r"\bbaton_\w+", text)}

    assert len(named) > 20
    assert named <= exposed


def test_every_metric_is_documented_and_every_alarm_explained(exposed):
    text = (ROOT / "docs" / "operating.md").read_text()
    rules = yaml.safe_load(text_of("alerts.yaml"))["groups"][0]["rules"]

    ours = {n for n in exposed if n.startswith("baton_") and not n.endswith("_created")}
    bare = {re.sub("_(bucket|sum|count)$", "", name) for name in ours}
    assert [name for name in bare if f"`{name}`" not in text] == []
    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in text] == []
