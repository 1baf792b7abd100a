"""The connector that is built in: asked at once, its answer taken by the output parameters."""

import pytest

from app.bpmn.connectors import HTTP, ConnectorError, Response
from app.bpmn.delegates import Delegates
from app.bpmn.reader import read
from app.errors import EngineError
from tests.models import flows, process


class Connector:
    """Answers without asking anybody."""

    def __init__(self, seconds=1.0):
        self.asked, self.seconds = [], seconds

    def send(self, request, seconds):
        self.asked.append((request.method, request.url, dict(request.headers), request.payload))
        return Response(201, {"x-id": "7"}, '{"id": 7}', self.seconds)


def calling(*parameters, name="a"):
    found = "".join(parameters)
    return (
        f'<serviceTask id="{name}"><extensionElements><camunda:connector><camunda:inputOutput>'
        f"{found}</camunda:inputOutput><camunda:connectorId>http-connector</camunda:connectorId>"
        "</camunda:connector></extensionElements></serviceTask>"
    )


def given(name, value):
    return f'<camunda:inputParameter name="{name}">{value}</camunda:inputParameter>'


def taken(name, value):
    return f'<camunda:outputParameter name="{name}">{value}</camunda:outputParameter>'


GET = given("method", "get") + given("url", "http://x/${id}")


@pytest.fixture
def connector(engine):
    found = Connector()
    engine.connectors = {HTTP: found}
    return found


def start(engine, *contents):
    names = [f"t{n}" for n in range(len(contents))]
    model = process(
        '<startEvent id="s"/><userTask id="u"/>'
        + "".join(
            content.replace('id="a"', f'id="{n}"')
            for n, content in zip(names, contents, strict=True)
        )
        + flows("s", *names, "u")
    )
    return engine.start(engine.deploy(model), id=1)


def test_a_request_is_made_of_the_parameters(engine, connector):
    headers = "<camunda:map><camunda:entry key='A'>${id}</camunda:entry></camunda:map>"
    post = given("method", "POST") + given("url", "http://x") + given("payload", "${id}")

    start(engine, calling(GET, given("payload", "no")), calling(post, given("headers", headers)))

    assert connector.asked == [
        ("GET", "http://x/1", {}, None),
        ("POST", "http://x", {"A": "1"}, "1"),
    ]


def test_the_answer_is_seen_by_the_output_parameters_alone(engine, connector):
    outputs = (
        taken("code", "${statusCode}")
        + taken("order", '${S(response).prop("id").numberValue()}')
        + taken("header", '${headers.get("x-id")}')
        + taken("script", '<camunda:script scriptFormat="js">statusCode + 1</camunda:script>')
    )

    start(engine, calling(GET, outputs))

    assert engine.variables() == {"id": 1, "code": 201, "order": 7, "header": "7", "script": 202}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (given("method", "GET"), "'url'"),
        (given("url", "http://x"), "'method'"),
        (given("url", "${id}") + given("method", "GET"), "'url'"),
        (given("url", "http://x") + given("method", "CONNECT"), "'method'"),
        (GET + given("headers", "text"), "'headers'"),
    ],
)
def test_a_request_that_is_none_fails(engine, connector, parameters, message):
    with pytest.raises(ConnectorError, match=message):
        start(engine, calling(parameters))

    assert connector.asked == []
    assert engine.is_empty()


def test_the_connectors_of_a_transaction_share_their_time(engine, connector):
    connector.seconds = 6.0

    with pytest.raises(ConnectorError, match="have used their time"):
        start(engine, *[calling(GET)] * 3)

    assert len(connector.asked) == 2


def test_a_topic_goes_before_what_is_built_in(engine, connector):
    engine.delegates = {HTTP: "call"}

    start(engine, calling(GET))

    assert [t.topic_name for t in engine.tasks()] == ["call"]
    assert connector.asked == []


def test_without_one_a_connector_is_not_found(engine):
    with pytest.raises(EngineError, match="No connector found for id 'http-connector'"):
        start(engine, calling(GET))


def test_a_connector_that_is_built_in_is_no_need():
    model = process('<startEvent id="s"/>' + calling(GET)).encode()
    (need,) = read("m.bpmn", model, require_history_time_to_live=False).needs

    assert need.is_met(Delegates(connectors={HTTP: Connector()}))
    assert not need.is_met(Delegates())
