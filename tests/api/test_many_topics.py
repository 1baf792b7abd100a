"""A fetch over more topics than one statement asks for: in order, and nothing twice."""

import pytest

from tests.models import flow, process, task

from .calling import Caller

TOPICS = [f"topic-{number}" for number in range(100)]
MODEL = process(
    '<startEvent id="s"/>'
    + task("work", "${topic}", camunda_taskPriority="${priority}")
    + flow("s", "work")
)


@pytest.fixture
def api(client):
    found = Caller(client)
    found.deploy(MODEL)
    return found


@pytest.fixture
def instances(api):
    """Instances by age, whose topics and priorities are spread."""
    numbers = [(number * 37) % 100 for number in range(10)]
    return [(api.start("p", topic=TOPICS[number], priority=number), number) for number in numbers]


def fetch(api, most, **options):
    topics = [{"topicName": name, "lockDuration": 60_000} for name in TOPICS]
    body = {"workerId": "w", "maxTasks": most, "topics": topics, **options}
    return [found["processInstanceId"] for found in api.post("/external-task/fetchAndLock", body)]


NEWEST = [{"sortBy": "createTime", "sortOrder": "desc"}]


def test_the_oldest_come_first(api, instances):
    expected = [instance for instance, _ in instances]

    assert fetch(api, 4, sorting=[{"sortBy": "createTime", "sortOrder": "asc"}]) == expected[:4]
    assert fetch(api, 100) == expected[4:]
    assert fetch(api, 100) == []


def test_the_newest_come_first_where_that_is_asked_for(api, instances):
    expected = [instance for instance, _ in reversed(instances)]

    assert fetch(api, 100, sorting=NEWEST) == expected


def test_the_highest_priority_comes_first(api, instances):
    expected = [i for i, _ in sorted(instances, key=lambda found: -found[1])]

    assert fetch(api, 3, usePriority=True) == expected[:3]
    assert fetch(api, 100, usePriority=True) == expected[3:]
