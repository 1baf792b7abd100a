"""A token that comes to a join reads the same, whatever waits there already."""

import pytest
from sqlalchemy import select, update

from app.engine.state import Records
from app.models.runtime import execution
from app.services import lists
from tests.models import parallel

from .test_statements import complete, deploy, fetch, start


@pytest.fixture
def loaded(monkeypatch):
    """Counts the rows that transactions load: a list with one entry for each."""
    found, load = [], Records.load

    def noted(records, record):
        found.append(record)
        return load(records, record)

    monkeypatch.setattr(Records, "load", noted)
    return found


def arrive(store, loaded, width):
    """The rows that each token but the last has loaded on its way to a join of so many."""
    key = f"wide{width}"
    deploy(store, parallel(width, key))
    instance = start(store, key)
    *tasks, last = fetch(store, "branch", width)
    counts = []
    for task in tasks:
        loaded.clear()
        complete(store, task)
        counts.append(len(loaded))
    complete(store, last)
    assert lists.find(store, "execution", {"process_instance_id": instance}) == []
    return counts


def test_a_wide_join_loads_as_few_rows_for_each_token_as_a_narrow_one(store, loaded):
    narrow = arrive(store, loaded, 5)
    wide = arrive(store, loaded, 50)

    print(f"rows of a token: {narrow} and {wide}")
    assert max(wide) == max(narrow)


def numbers(store):
    with store.engine.connect() as connection:
        waiting = select(execution.c.arrival).where(execution.c.activity_id == "join")
        return sorted(connection.execute(waiting).scalars(), key=str)


def test_tokens_that_came_to_a_join_before_they_were_numbered_count(store):
    deploy(store, parallel(4))
    instance = start(store, "parallel")
    first, second, third, last = fetch(store, "branch", 4)
    complete(store, first)
    complete(store, second)
    with store.engine.begin() as connection:  # as a process of the version before leaves them
        connection.execute(update(execution).values(arrival=None))

    complete(store, third)

    assert numbers(store) == [1, 2, 3]
    complete(store, last)
    assert lists.find(store, "execution", {"process_instance_id": instance}) == []


def modify(client, instance, *instructions):
    answer = client.post(
        f"/engine-rest/process-instance/{instance}/modification",
        json={"instructions": list(instructions)},
    )
    assert answer.status_code == 204, answer.json


def test_a_token_that_waits_alone_still_counts_when_another_is_put_beside_it(store, client):
    deploy(store, parallel(2))
    instance = start(store, "parallel")
    first, _ = fetch(store, "branch", 2)
    complete(store, first)
    modify(client, instance, {"type": "cancel", "activityId": "t1"})
    assert len(lists.find(store, "execution", {"process_instance_id": instance})) == 1

    modify(client, instance, {"type": "startBeforeActivity", "activityId": "t1"})
    (again,) = fetch(store, "branch", 1)
    complete(store, again)

    assert lists.find(store, "execution", {"process_instance_id": instance}) == []


def test_a_token_that_is_canceled_at_a_join_does_not_count(store, client):
    deploy(store, parallel(3))
    instance = start(store, "parallel")
    first, second, third = fetch(store, "branch", 3)
    complete(store, first)
    complete(store, second)
    modify(client, instance, {"type": "cancel", "activityId": "join"})

    complete(store, third)

    assert numbers(store) == [1]
