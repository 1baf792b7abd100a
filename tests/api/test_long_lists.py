"""Lists that are longer than what may be in memory at once."""

import json
import tracemalloc
from datetime import UTC, datetime

import pytest

from app.api.json import json_list
from app.errors import EngineError, UnavailableError
from app.models.history import historic_incident
from app.models.runtime import task
from app.services import lists
from app.services.keeping import MOST_IN_MEMORY, kept
from app.store.lists.base import CHUNK
from tests.conftest import serving

PATH = "/engine-rest/history/incident"
WORDS = "x" * 600


@pytest.fixture
def fill(client):
    """Adds incidents to the history; their ids are in order."""

    def fill(count):
        now = datetime(2026, 1, 1, tzinfo=UTC)
        rows = [
            {
                "id": f"{number:06}",
                "incident_type": "t",
                "create_time": now,
                "state": number % 2,
                "cause_incident_id": "c",
                "root_cause_incident_id": "c",
                "incident_message": WORDS,
            }
            for number in range(count)
        ]
        store = client.application.extensions["baton"].store
        with store.engine.begin() as connection:
            connection.execute(historic_incident.insert(), rows)
        return store

    return fill


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 3])
def test_a_list_of_any_length_is_answered_whole_and_tells_its_length(client, fill, count):
    fill(count) if count else None

    response = client.get(PATH)

    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert [item["id"] for item in response.get_json()] == [f"{n:06}" for n in range(count)]
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert response.headers["Cache-Control"] == "no-cache"


def test_pages_of_a_long_list_begin_and_end_where_they_are_asked_to(client, fill):
    fill(3 * CHUNK)

    for first, most in ((0, CHUNK), (10, CHUNK + 1), (5, 2 * CHUNK), (2 * CHUNK + 7, None)):
        last = 3 * CHUNK if most is None else min(first + most, 3 * CHUNK)
        paging = f"?firstResult={first}" + ("" if most is None else f"&maxResults={most}")
        page = client.get(PATH + paging + "&sortBy=incidentId&sortOrder=asc").get_json()
        assert [item["id"] for item in page] == [f"{n:06}" for n in range(first, last)]


def test_filters_and_sorting_hold_over_all_parts(client, fill):
    fill(4 * CHUNK)

    page = client.get(PATH + "?open=true&sortBy=incidentId&sortOrder=desc").get_json()

    assert [item["id"] for item in page] == [f"{n:06}" for n in reversed(range(0, 4 * CHUNK, 2))]


def test_the_memory_for_an_answer_does_not_grow_with_the_list(client, fill):
    # given
    fill(15_000)
    client.get(PATH + "?maxResults=1")  # what is made once is there

    # when
    tracemalloc.start()
    response = client.get(PATH, buffered=False)
    length = sum(len(block) for block in response.iter_encoded())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    response.close()

    # then
    assert length > 15_000 * len(WORDS)
    assert peak < length / 2


def test_a_failure_on_the_way_is_no_broken_answer():
    def parts(failure):
        yield [1, 2]
        yield [3]
        raise failure

    for failure, raised in ((EngineError("no"), EngineError), (OSError(28), UnavailableError)):
        with pytest.raises(raised):
            json_list(parts(failure))


def test_parts_make_one_list():
    answer = json_list(iter([[1, 2], [3], [{"a": None}]]))

    assert json.loads(answer.get_data()) == [1, 2, 3, {"a": None}]
    assert answer.content_length == len(b'[1,2,3,{"a":null}]')


def test_a_connection_is_free_again_once_a_long_list_was_read(client, fill):
    store = fill(3 * CHUNK)

    for _ in range(2 * store.pool.size):
        response = client.get(PATH, buffered=False)
        assert response.status_code == 200
        response.close()

    assert lists.count(store, "historic_incident", {}) == 3 * CHUNK


@pytest.mark.no_database
@pytest.mark.parametrize("media_type", ["application/json", "application/hal+json"])
@pytest.mark.parametrize("count", [1, CHUNK + 1])
def test_a_list_that_is_completed_takes_one_connection_at_a_time(
    routes, sqlite_url, media_type, count
):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    row = {"priority": 50, "create_time": now, "is_suspended": False}
    rows = [{"id": f"{n:06}", **row} for n in range(count)]

    with serving(routes, sqlite_url, pool_size=1, pool_timeout=1) as app:
        with app.extensions["baton"].store.engine.begin() as connection:
            connection.execute(task.insert(), rows)
        response = app.test_client().get("/engine-rest/task", headers={"Accept": media_type})

    assert response.status_code == 200
    found = (
        response.json if media_type == "application/json" else response.json["_embedded"]["task"]
    )
    assert [item["id"] for item in found] == [row["id"] for row in rows]


def test_what_is_kept_comes_when_all_of_it_was_read():
    read = []

    def chunks(count):
        for number in range(count):
            read.append(number)
            yield [{"number": number, "text": "x" * MOST_IN_MEMORY, "at": datetime.now(UTC)}]

    for count in (1, 3):
        read.clear()
        numbers = []
        for (item,) in kept(chunks(count)):
            assert read == list(range(count))
            numbers.append(item["number"])
        assert numbers == list(range(count))
