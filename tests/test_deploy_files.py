"""The files of docs/deploy say the same as the server: commands, settings, ports, metrics."""

import json
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml

from app.server import usage
from config import Config

from .deploying import DEPLOY, MIGRATE, SERVE, text_of, unit
from .postgres import binaries
from .serving import ROOT

pytestmark = pytest.mark.no_database


def test_the_unit_runs_the_commands_that_are_documented():
    service = unit()["Service"]

    programs = [service[name].split() for name in ("ExecStartPre", "ExecStart")]

    assert [[Path(first).name, *rest] for first, *rest in programs] == [MIGRATE, SERVE]
    assert int(service["TimeoutStopSec"]) > 20  # GRACEFUL_TIMEOUT
    assert service["KillMode"] == "mixed"


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
