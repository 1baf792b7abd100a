"""purjo makes a package of Robot Framework, deploys its model, and serves its topic through uv."""

import json
import os
import re
import shutil
import sys
import time

import pytest

from .environments import REQUIREMENTS, built, command
from .errands import told
from .running import output, started

pytestmark = pytest.mark.network


class Package:
    """The package that `pur init` makes, with all that uv has loaded for it."""

    def __init__(self, folder, programs):
        self.folder = folder / "hello"
        self.model = self.folder / "hello.bpmn"
        self.pur = programs / "pur"
        self.settings = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",  # where it looks for uv
            "UV_CACHE_DIR": str(folder / "uv"),
            "UV_PYTHON": sys.executable,
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def make(self):
        self.folder.mkdir()
        options = {"cwd": self.folder, "env": {**os.environ, **self.settings}}
        command(self.pur, "init", "--task", **options)
        command("uv", "sync", **options)  # what is loaded now needs no network later
        shutil.rmtree(self.folder / ".venv")


@pytest.fixture(scope="session")
def package(python_clients):
    programs = python_clients.parent
    folder = built("purjo", REQUIREMENTS, lambda folder: Package(folder, programs).make())
    return Package(folder, programs)


def start(server, package, **variables):
    """Deploy the model and start an instance with `pur run`; its id."""
    given = ("--base-url", server.base_url, "--variables", json.dumps(variables))
    said = output(package.pur, "run", package.model, *given, **package.settings)
    return re.search(r"Started: .*/process-instance/([^/]+)/", said)[1]


def wait_for(server, *instances):
    """Wait until instances have ended."""
    deadline = time.monotonic() + 300
    while any(told(server, instance)["state"] == "ACTIVE" for instance in instances):
        assert time.monotonic() < deadline, "the instances have not ended"
        time.sleep(0.1)


def files(server, instance):
    """The files that a task of an instance has got."""
    found = server.call("GET", f"/history/variable-instance?processInstanceId={instance}")[1]
    return sorted(v["name"] for v in found if v["type"] == "File")


def test_purjo_serves_the_topic_of_a_package_and_reports_its_results(server, package):
    serve = (package.pur, "serve", package.folder, "--base-url", server.base_url)

    with started(*serve, UV_OFFLINE="1", LOG_LEVEL="INFO", **package.settings):
        greeted = start(server, package, name="Ada", threshold=0)
        refused = start(server, package, name="Ada", threshold=7)
        wait_for(server, greeted, refused)

    assert told(server, greeted)["variables"]["message"] == "Hello Ada!"
    assert told(server, refused)["variables"]["errorCode"] == "Bad luck"
    assert files(server, greeted) == files(server, refused) == ["log.html", "output.xml"]


def test_purjo_starts_an_instance_of_the_model_that_it_has_deployed_before(server, package):
    first = start(server, package, name="Ada")

    second = start(server, package, name="Bob")

    instances = server.call("GET", f"/process-instance?processInstanceIds={first},{second}")[1]
    (definition,) = {instance["definitionId"] for instance in instances}
    assert definition.startswith("example-hello-world:1:")
