"""The tour of the README works as it stands there, against a server on another port."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE = "http://127.0.0.1:8080/engine-rest"

pytestmark = [pytest.mark.no_database, pytest.mark.slow]


def block(language):
    """The first piece of the tour in a language."""
    tour = (ROOT / "README.md").read_text().partition("## A tour")[2].partition("\n## ")[0]
    return re.search(rf"```{language}\n(.*?)```", tour, re.DOTALL)[1]


def shell(commands):
    """The output of some commands of the tour, each of which must succeed."""
    done = subprocess.run(
        ["bash", "-ec", commands], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tour(serve, sqlite_url, tmp_path):
    server = serve(sqlite_url)
    program = tmp_path / "worker.py"
    program.write_text(block("python").replace(BASE, server.base_url))
    given, work, seen = re.split(
        r"(\.venv/bin/python worker\.py) &\n", block("bash").replace(BASE, server.base_url)
    )
    variables, *_ = given.splitlines()
    seen, stop = seen.rsplit("\n", 2)[:2]

    assert '"deployedProcessDefinitions"' in shell(given)
    worker = subprocess.Popen(
        [sys.executable, str(program)], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    while '"COMPLETED"' not in (history := shell(f"{variables}\n{seen}")):
        time.sleep(0.1)
    worker.terminate()

    assert worker.wait(60) == 0
    assert (work, stop) == (".venv/bin/python worker.py", "kill %1")
    assert '"activityId":"check"' in history
