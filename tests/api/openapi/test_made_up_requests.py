"""Requests that schemathesis makes up from the document: each is answered as it says."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.api.populated import known, populate

ROOT = Path(__file__).resolve().parents[3]
CHECKS = "status_code_conformance,content_type_conformance,response_schema_conformance,ours"
ANY_ENGINE = "/engine-rest/engine/{name}/{rest}"  # is refused, unless the name is ours


def test_schemathesis_finds_no_answer_that_is_not_in_the_document(serve, sqlite_url, pytestconfig):
    # given
    server = serve(sqlite_url)
    populate(server)
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.base_url}/openapi.json"]
    command += [
        "--checks",
        CHECKS,
        "--exclude-path",
        ANY_ENGINE,
        "--phases",
        "fuzzing",
    ]
    command += ["--max-examples", str(pytestconfig.getoption("--examples"))]
    command += ["--generation-deterministic", "--no-shrink", "--no-color"]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.api.fuzzing", "BATON_KNOWN": json.dumps(known(server))}

    # when
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **hooks}, capture_output=True, text=True
    )

    # then
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
