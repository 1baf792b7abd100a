"""The recorded cases, replayed against a server on both databases."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.serving import Server

from .player import Player, basic, differences, load
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


class Connected(Player):
    """Plays a case over one connection, as clients with a pool do."""

    def __init__(self, base_url, bpmn_dirs):
        super().__init__(base_url, bpmn_dirs)
        self._base = urlsplit(base_url)
        self._connection = http.client.HTTPConnection(self._base.netloc, timeout=self.timeout)

    def send(self, method, path, data=None, content_type=None, headers=None):
        sent = basic(self.fill(self.auth)) if headers is None else dict(headers)
        if content_type:
            sent["Content-Type"] = content_type
        self._connection.request(method, self._base.path + path, data, sent)
        answer = self._connection.getresponse()
        return answer.status, answer.headers.get("Content-Type"), answer.read()

    def clean(self):
        super().clean()
        self._connection.close()


def replay(path, base_url):
    """The differences between one recorded case and what the server answers."""
    found = []
    try:
        for step, observed in Connected(base_url, [HERE / "bpmn"]).play(load(path)):
            if "response" in step:
                ignored, unordered = step.get("ignore") or (), step.get("unordered", False)
                lines = differences(step["response"], observed, ignored, unordered)
                found += [f"{step['request']}: {line}" for line in lines]
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    return found


GUARDED = [name for name in CASES if name.startswith("authorization/")]
GUARD = {  # what those need: a server that asks for credentials and permissions
    "BATON_AUTH": "basic",
    "BATON_AUTHORIZATION": "on",
    "BATON_ADMIN_USER": "admin",
    "BATON_ADMIN_PASSWORD": "admin",
}


@pytest.fixture(scope="session")
def make_url(database, request, tmp_path_factory):
    """A database of its own for a server."""

    def make(name):
        if database != "postgresql":
            return f"sqlite:///{tmp_path_factory.mktemp('conformance') / name}.db"
        postgres = request.getfixturevalue("postgres")
        postgres.drop(f"baton_{name}")
        return postgres.create(f"baton_{name}", request.getfixturevalue("postgres_template"))

    return make


@pytest.fixture(scope="session")
def outcomes(make_url):
    """The differences of each case; cases share no data, so that they are played side by side."""
    rest = [name for name in CASES if name not in (*ALONE, *GUARDED)]
    found = {}
    for database, settings, alone, together in (
        ("conformance", {}, ALONE, rest),
        ("guarded", GUARD, (), GUARDED),
    ):
        server = Server(make_url(database), BATON_REQUIRE_HISTORY_TTL="on", **settings)
        try:
            found |= {name: replay(CASES[name], server.base_url) for name in alone}
            with ThreadPoolExecutor(4) as pool:
                results = pool.map(
                    lambda name, at=server: replay(CASES[name], at.base_url), together
                )
                found.update(zip(together, results, strict=True))
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
