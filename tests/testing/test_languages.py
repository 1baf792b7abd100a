"""The same model tested from other languages, by programs that `docs/testing.md` shows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.conftest import _node
from tests.clients.environments import built, command

PROGRAMS = Path(__file__).parent / "programs"
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300

pytestmark = [pytest.mark.no_database, pytest.mark.slow]


def run(*words, **options):
    """The output of a program that must succeed."""
    env = {**os.environ, "BATON": str(ROOT), "PYTHON": sys.executable}
    env["MODEL"] = str(PROGRAMS / "order.bpmn")
    done = subprocess.run(
        [str(word) for word in words],
        env=env,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        **options,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def test_node_test():
    node, _ = _node()

    said = run(*node, "--test", "--test-reporter=tap", PROGRAMS / "order.test.mjs")

    assert "# pass 2" in said
    assert "# fail 0" in said


@pytest.mark.network
def test_junit(tmp_path):
    maven = shutil.which("mvn")
    if maven is None:
        pytest.skip("JUnit: there is no Maven (apt-get install maven)")

    def build(folder):
        shutil.copytree(PROGRAMS / "java", folder / "java")
        command(maven, "-q", "-B", "dependency:go-offline", cwd=folder / "java")

    built("junit", PROGRAMS / "java" / "pom.xml", build)
    project = tmp_path / "java"
    shutil.copytree(PROGRAMS / "java", project)

    said = run(maven, "-B", "test", cwd=project)

    assert "Tests run: 2, Failures: 0, Errors: 0, Skipped: 0" in said
