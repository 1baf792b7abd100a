"""What belongs to one of several tokens stays when it is the last."""

from tests.models import flow, flows, process

MODEL = process(
    '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>'
    '<endEvent id="ae"/><endEvent id="be"/>'
    + flows("s", "f", "a", "ae")
    + flow("f", "b")
    + flow("b", "be"),
    "forked",
)


def test_a_variable_of_a_branch_stays_when_the_other_branch_has_ended(server):
    server.deploy(MODEL)
    instance = server.start("forked")
    tasks = {t["taskDefinitionKey"]: t for t in server.call("GET", "/task")[1]}
    path = f"/execution/{tasks['a']['executionId']}/localVariables/mine"
    assert server.call("PUT", path, {"value": 1})[0] == 204

    assert server.call("POST", f"/task/{tasks['b']['id']}/complete", {})[0] == 204

    (found,) = server.call("GET", "/variable-instance")[1]
    assert (found["name"], found["value"], found["executionId"]) == ("mine", 1, instance)
    assert found["activityInstanceId"].startswith("a:")
