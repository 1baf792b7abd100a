"""Filters by patterns and by variables mean the same on every database."""

import pytest

from tests.models import flows, process, task

TAGGED = process(
    '<startEvent id="s"/>' + task("t", "pick") + '<endEvent id="e"/>' + flows("s", "t", "e"), "p"
).replace("<process ", '<process name="Pick_up" camunda:versionTag="v_1" ')


@pytest.fixture
def instance(server):
    server.deploy(TAGGED)
    return server.start("p", text="Abc", number=7)


def found(server, path="/external-task", **body):
    """How many there are; an error as it is."""
    status, answer = server.call("POST", f"{path}/count", body)
    return answer["count"] if status == 200 else (status, answer["type"], answer["message"])


def like(pattern, **options):
    return {
        "processVariables": [{"name": "text", "operator": "like", "value": pattern}],
        **options,
    }


def test_a_pattern_tells_upper_and_lower_case_apart(server, instance):
    assert found(server, **like("A%")) == 1
    assert found(server, **like("a%")) == 0
    assert found(server, **like("a%", variableValuesIgnoreCase=True)) == 1
    assert found(server, processDefinitionNameLike="Pick%") == 1
    assert found(server, processDefinitionNameLike="pick%") == 0


def test_a_backslash_takes_the_meaning_of_what_follows_it(server, instance):
    assert found(server, processDefinitionNameLike=r"Pick\_up") == 1
    assert found(server, processDefinitionNameLike=r"Pic\_\_up") == 0
    assert found(server, processDefinitionNameLike="Pick\\") == 0
    assert found(server, **like("A\\")) == 0


@pytest.mark.parametrize(
    ("pattern", "count"), [("v_1", 1), (r"v\_1", 1), (r"v\_\_", 0), ("V%", 0), ("v\\", 0)]
)
def test_a_topic_s_version_tag_is_a_pattern_like_the_others(server, instance, pattern, count):
    assert len(server.fetch("pick", processDefinitionVersionTag=pattern)) == count


@pytest.mark.parametrize("operator", ["eq", "neq", "gt", "gteq", "lt", "lteq"])
def test_a_number_that_no_variable_can_have_cannot_be_looked_for(server, instance, operator):
    wanted = [{"name": "number", "operator": operator, "value": 2**63}]

    refused = (500, "ProcessEngineException", "Object values cannot be used to query")
    assert found(server, processVariables=wanted) == refused
    assert found(server, "/process-instance", variables=wanted) == refused
    body = {
        "workerId": "w",
        "maxTasks": 1,
        "topics": [
            {"topicName": "pick", "lockDuration": 1000, "processVariables": {"number": 2**63}}
        ],
    }
    assert server.call("POST", "/external-task/fetchAndLock", body)[1]["message"] == refused[2]


def test_variables_of_a_user_task_are_none_of_its_instance(server):
    server.deploy(
        process(
            '<startEvent id="s"/><parallelGateway id="f"/><userTask id="u"/>'
            + task("t", "pick")
            + flows("s", "f", "u")
            + flows("f", "t"),
            "both",
        )
    )
    server.start("both", shared="x")
    (user_task,) = server.call("GET", "/task")[1]
    path = f"/task/{user_task['id']}/localVariables/own"
    server.call("PUT", path, {"value": "x", "type": "String"})

    def counts(name):
        wanted = [{"name": name, "operator": "eq", "value": "x"}]
        return (
            found(server, processVariables=wanted),
            found(server, "/process-instance", variables=wanted),
            found(server, "/task", processVariables=wanted),
        )

    assert counts("shared") == (1, 1, 1)
    assert counts("own") == (0, 0, 0)
    wanted = [{"name": "own", "operator": "eq", "value": "x"}]
    assert found(server, "/task", taskVariables=wanted) == 1
