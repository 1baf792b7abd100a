"""A request may have many parts; more than a statement can hold are refused in words."""

import time

import pytest

IDS = [f"x{i}" for i in range(70_000)]


def test_bulk_commands_and_fetches_take_ids_by_the_ten_thousand(server):
    body = {"retries": 1, "externalTaskIds": IDS}
    assert server.call("PUT", "/external-task/retries", body)[0] == 404
    body = {"retries": 1, "processInstanceIds": IDS}
    assert server.call("PUT", "/external-task/retries", body)[0] == 400
    topic = {"topicName": "t", "lockDuration": 1000, "processDefinitionIdIn": IDS}
    body = {"workerId": "w", "maxTasks": 1, "topics": [topic]}
    assert server.call("POST", "/external-task/fetchAndLock", body) == (200, [])


def test_a_worker_may_ask_for_many_topics_and_a_query_for_many_variables(server):
    topics = [{"topicName": name, "lockDuration": 1000} for name in IDS[:250]]
    body = {"workerId": "w", "maxTasks": 1, "topics": topics}
    assert server.call("POST", "/external-task/fetchAndLock", body) == (200, [])
    body = {"processVariables": conditions(100)}
    assert server.call("POST", "/external-task/count", body) == (200, {"count": 0})


def conditions(count):
    return [{"name": name, "operator": "eq", "value": 1} for name in IDS[:count]]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/external-task", {"externalTaskIdIn": IDS}),
        ("/external-task", {"sorting": [{"sortBy": "id", "sortOrder": "asc"}] * 3000}),
        ("/external-task/count", {"processVariables": conditions(1500)}),
        (
            "/external-task/fetchAndLock",
            {
                "workerId": "w",
                "maxTasks": 1,
                "topics": [
                    {
                        "topicName": "t",
                        "lockDuration": 1000,
                        "processVariables": dict.fromkeys(IDS[:3000], 1),
                    }
                ],
            },
        ),
        (
            "/external-task/fetchAndLock",
            {
                "workerId": "w",
                "maxTasks": 1,
                "topics": [{"topicName": name, "lockDuration": 1000} for name in IDS[:2000]],
            },
        ),
    ],
)
def test_what_no_statement_can_hold_is_refused(server, path, body):
    status, answer = server.call("POST", path, body)

    assert status == 200 or (status, answer["type"]) == (400, "BadUserRequestException")


@pytest.mark.parametrize(
    ("topics", "each", "status"), [(1, 250, 200), (25, 10, 200), (25, 11, 400)]
)
def test_a_fetch_has_a_limit_of_conditions_in_all_its_topics(server, topics, each, status):
    wanted = dict.fromkeys(IDS[:each], 1)
    body = {
        "workerId": "w",
        "maxTasks": 1,
        "topics": [
            {"topicName": name, "lockDuration": 1000, "processVariables": wanted}
            for name in IDS[:topics]
        ],
    }

    assert server.call("POST", "/external-task/fetchAndLock", body)[0] == status


@pytest.mark.parametrize(
    "body",
    [
        {"processInstanceIds": ["a"] * 1_000_000},
        {"orQueries": [{"processInstanceIds": ["a"] * 1_000}] * 1_000},
        {"orQueries": [{}] * 1_000_000},
        {"sorting": [{"sortBy": "instanceId", "sortOrder": "asc"}] * 100_001},
    ],
    ids=["one list", "alternatives", "empty alternatives", "sortings"],
)
@pytest.mark.parametrize("path", ["/process-instance", "/process-instance/count"])
def test_a_query_of_countless_values_is_refused_at_once(server, path, body):
    start = time.process_time()

    status, answer = server.call("POST", path, body)

    assert (status, answer["type"]) == (400, "BadUserRequestException")
    assert time.process_time() - start < 10  # half a minute and gigabytes, where they are compared


def test_alternatives_within_alternatives_are_passed_over(server):
    body = {}
    for _ in range(40):
        body = {"orQueries": [body]}

    assert server.call("POST", "/process-instance/count", body) == (200, {"count": 0})
