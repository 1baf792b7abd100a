"""The layout of a model is drawn where no picture was deployed."""

import io

import pytest

from tests.diagrams.models import Picture, edge, model, shape

from .calling import Caller

START = ' camunda:historyTimeToLive="P1D" isExecutable="true"'
DRAWN = model(
    '<startEvent id="s" name="Begin &lt;here&gt;"/><endEvent id="e"/>'
    '<sequenceFlow id="f" sourceRef="s" targetRef="e"/>',
    shape("s", 0, 0, 36, 36),
    shape("e", 200, 0, 36, 36),
    edge("f", (36, 18), (200, 18)),
).replace(b' isExecutable="true"', START.encode())
PLAIN = DRAWN[: DRAWN.index(b"<bpmndi:BPMNDiagram>")] + b"</definitions>"


@pytest.fixture
def deploy(client):
    def deploy(xml, name="shop/order.bpmn", **more):
        files = {"data": (io.BytesIO(xml), name), **more}
        answer = client.post("/engine-rest/deployment/create", data=files)
        assert answer.status_code == 200
        (found,) = answer.json["deployedProcessDefinitions"].values()
        return found

    return deploy


def paths(definition, tenant=""):
    by_key = f"key/{definition['key']}" + (f"/tenant-id/{tenant}" if tenant else "")
    return [f"/engine-rest/process-definition/{p}/diagram" for p in (definition["id"], by_key)]


@pytest.mark.parametrize("tenant", ["", "blue"])
def test_a_model_with_a_layout_has_a_diagram(client, deploy, tenant):
    more = {"tenant-id": tenant} if tenant else {}
    definition = deploy(DRAWN, **more)

    for path in paths(definition, tenant):
        answer = client.get(path)

        assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
        assert "order.svg" in answer.headers["Content-Disposition"]
        picture = Picture(answer.text)
        assert picture.order() == ["s", "e", "f"]
        assert picture.titles()[0] == "Order"
        assert "Begin <here>" in " ".join(picture.lines())
    assert definition["diagram"] is None  # which names the picture that was deployed


def test_a_model_without_a_layout_has_no_diagram(client, deploy):
    for path in paths(deploy(PLAIN)):
        answer = client.get(path)

        assert (answer.status_code, answer.data) == (204, b"")


def test_the_picture_that_was_deployed_is_the_diagram(client, deploy):
    for path in paths(deploy(DRAWN, picture=(io.BytesIO(b"GIF"), "shop/order.gif"))):
        answer = client.get(path)

        assert (answer.content_type, answer.data) == ("image/gif", b"GIF")


def test_an_unknown_definition_has_no_diagram(client):
    api = Caller(client)

    status, body = api.call("GET", "/process-definition/none/diagram")
    assert (status, body["type"]) == (400, "NotFoundException")
    status, body = api.call("GET", "/process-definition/key/none/diagram")
    assert (status, body["type"]) == (404, "RestException")
