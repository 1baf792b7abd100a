"""The recorded cases, replayed against a server on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.serving import Server

from .player import Player, differences, load
from .waiting import LENGTH, WAITING

HERE = Path(__file__).parent
CASES = {
    str(path.relative_to(HERE / "cases").with_suffix("")): path
    for path in sorted((HERE / "cases").rglob("*.yaml"))
}
ALONE = (  # they ask for all tasks, or start whatever waits for a condition in the engine
    "external-task/topic-names-lists-each-topic-once",
    *(name for name, path in CASES.items() if "request: POST /condition\n" in path.read_text()),
)


def replay(path, base_url):
    """The differences between one recorded case and what the server answers."""
    found = []
    try:
        for step, observed in Player(base_url, [HERE / "bpmn"]).play(load(path)):
            if "response" in step:
                ignored, unordered = step.get("ignore") or (), step.get("unordered", False)
                lines = differences(step["response"], observed, ignored, unordered)
                found += [f"{step['request']}: {line}" for line in lines]
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    return found


@pytest.fixture(scope="session")
def outcomes(database, request, tmp_path_factory):
    """What differs in each case; they are played side by side, for they never meet."""
    if database == "postgresql":
        postgres = request.getfixturevalue("postgres")
        postgres.drop("baton_conformance")
        url = postgres.create("baton_conformance", request.getfixturevalue("postgres_template"))
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('conformance') / 'baton.db'}"
    server = Server(url, BATON_REQUIRE_HISTORY_TTL="on")
    try:
        found = {name: replay(CASES[name], server.base_url) for name in ALONE}
        rest = [name for name in CASES if name not in ALONE]
        with ThreadPoolExecutor(4) as pool:
            results = pool.map(lambda name: replay(CASES[name], server.base_url), rest)
            found.update(zip(rest, results, strict=True))
    finally:
        server.stop()
    return found


@pytest.mark.parametrize("case", CASES)
def test_a_recorded_case_agrees(case, outcomes):
    found = outcomes[case]

    if case in WAITING:
        assert found, f"{case} agrees now: take it off the list"
    else:
        assert not found, "\n".join(found[:10])


def test_the_list_of_waiting_cases_only_gets_shorter():
    assert len(WAITING) == LENGTH == 0
    assert set(WAITING) <= set(CASES)
