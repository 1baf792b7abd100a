"""Mistakes of ours, and what looks like one and is the client's."""

import pytest

from app.services import metrics, overview

pytestmark = pytest.mark.no_database


def broken(*_, **__):
    raise ZeroDivisionError("a secret of the code")


@pytest.mark.parametrize("headers", [{}, {"X-Request-Id": "mine"}])
@pytest.mark.parametrize(
    ("path", "module", "function"),
    [
        ("/ui/", overview, "topics"),
        ("/engine-rest/metrics", metrics, "by_interval"),
    ],
)
def test_the_answer_names_the_request_and_nothing_of_the_mistake(
    app, client, monkeypatch, path, module, function, headers
):
    monkeypatch.setattr(module, function, broken)

    answer = client.get(path, headers=headers)

    assert answer.status_code == 500
    assert f"request id {answer.headers['X-Request-Id']}" in answer.text
    assert answer.headers["X-Request-Id"] == headers.get(
        "X-Request-Id", answer.headers["X-Request-Id"]
    )
    assert "ZeroDivision" not in answer.text
    assert "secret" not in answer.text
    assert app.extensions["baton"].unforeseen == 1
    app.extensions["baton"].unforeseen = 0  # it was meant to be


@pytest.mark.parametrize("body", [b"--edge\r\nno header", b"--edge\r\n: \r\n\r\n--edge--"])
def test_files_that_cannot_be_read_are_the_clients_mistake(client, body):
    kind = "multipart/form-data; boundary=edge"

    answer = client.post("/ui/deployment/check", data=body, content_type=kind)

    assert answer.status_code == 400
    assert answer.get_json()["message"] == "multipart/form-data cannot be processed"


@pytest.mark.parametrize("parameter", ["interval", "firstResult", "maxResults"])
@pytest.mark.parametrize("text", ["--5", "-", "", "+5", "5.0.0", "1e", "٣", "9" * 5000])
def test_what_is_no_number_of_the_metrics_is_told(client, parameter, text):
    answer = client.get("/engine-rest/metrics", query_string={parameter: text})

    assert answer.status_code == 400
    assert f"Cannot convert value {text} to java type" in answer.get_json()["message"]
