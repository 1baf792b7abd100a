"""Recorded cases go on after a takeover in their middle, as they would have in the old engine."""

import time
from pathlib import Path

import pytest

from tests.conformance.player import Player, differences, load

from . import loading

HERE = Path(__file__).parent
CONFORMANCE = HERE.parent / "conformance"


class Continued(Player):
    """Goes on with a case in the test's own process."""

    def __init__(self, api, cut):
        super().__init__("http://localhost/engine-rest", [CONFORMANCE / "bpmn", HERE / "bpmn"])
        self._api = api
        self.run = cut["run"]
        self.saved = {**cut["saved"], "base": self.base_url}
        self.deployments = list(cut["deployments"])

    def send(self, method, path, data=None, content_type=None, headers=None):
        # Requests were recorded over HTTP: a lock of one millisecond is over by the next of them.
        time.sleep(0.002)
        status, found, body = self._api.raw(method, path, data, content_type, **(headers or {}))
        return status, found.get("Content-Type"), body


def path_of(case):
    """The file of a case: one of all, or of those that are about takeovers alone."""
    path = CONFORMANCE / "cases" / case
    return path if path.exists() else HERE / "cases" / Path(case).name


def go_on(api, cut):
    """The differences between the rest of a case and what is answered."""
    found, player = [], Continued(api, cut)
    for step in load(path_of(cut["case"]))["steps"][cut["k"] :]:
        if "wait" in step:
            time.sleep(step["wait"])
            continue
        observed = player.step(step)
        if "response" in step:
            ignored, unordered = step.get("ignore") or (), step.get("unordered", False)
            lines = differences(step["response"], observed, ignored, unordered)
            found += [f"{step['request']}: {line}" for line in lines]
    player.clean()
    return found


def check(name, api):
    found = go_on(api, loading.data("cuts")[name])

    assert not found, "\n".join(found[:10])


NAMES = list(loading.data("cuts"))
TOUGH = [name for name in NAMES if name.startswith("takeover-")]  # made for this


@pytest.mark.slow
@pytest.mark.parametrize("name", TOUGH)
def test_a_case_goes_on_as_it_was_recorded(name, cuts):
    check(name, cuts)


@pytest.mark.slow
@pytest.mark.no_database
@pytest.mark.parametrize("name", [name for name in NAMES if name not in TOUGH])
def test_a_case_of_the_suite_goes_on_as_it_was_recorded(name, cuts):
    check(name, cuts)
