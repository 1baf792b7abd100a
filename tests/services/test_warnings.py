"""Warnings about a deployment."""

import time

import pytest

from app.bpmn.delegates import Delegates
from app.bpmn.reader import read
from app.services import warnings
from tests.models import HEAD

pytestmark = pytest.mark.no_database
COUNT = 3_000


def test_a_file_of_many_warnings_is_read_for_their_places_once():
    lines = "\n".join(
        f'<process id="p{n}" isExecutable="true"><startEvent id="s{n}"/></process>'
        for n in range(COUNT)
    )
    xml = f"{HEAD}\n{lines}</definitions>".encode()
    start = time.process_time()

    parsed = read("many.bpmn", xml, require_history_time_to_live=False)
    found = list(warnings.of_model("many.bpmn", parsed, Delegates({})))

    first = HEAD.count("\n") + 2
    assert [warned.problem.line for warned in found] == list(range(first, first + COUNT))
    assert time.process_time() - start < 10  # some minutes, where each looks for its own
