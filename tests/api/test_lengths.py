"""Each answer says once how long it is, whatever made it; clients refuse what says it twice."""

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.models import TWO_TASKS

from .calling import Caller

ROOT = "/engine-rest"


def answer(app, method, path, body=None):
    """Status, headers as they were sent, and body."""
    options = {} if body is None else {"json": body}
    parts, status, headers = run_wsgi_app(
        app, EnvironBuilder(path, method=method, **options).get_environ()
    )
    return int(status[:3]), headers.to_wsgi_list(), b"".join(parts)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/engine", None, 200),
        ("GET", "/external-task", None, 200),
        ("GET", "/external-task/count", None, 200),
        ("HEAD", "/external-task", None, 200),
        ("OPTIONS", "/external-task", None, 200),
        ("POST", "/external-task", {}, 200),
        ("POST", "/external-task/fetchAndLock", None, 415),
        ("GET", "/nothing", None, 404),
        ("PUT", "/engine", None, 405),
        ("POST", "/external-task/none/complete", {"workerId": "w"}, 404),
        ("POST", "/external-task/none/complete", [], 400),
        ("GET", "/external-task/none/errorDetails", None, 500),
    ],
)
def test_an_answer_has_one_length(app, method, path, body, status):
    found, headers, content = answer(app, method, ROOT + path, body)

    names = [name.lower() for name, _ in headers]
    assert found == status
    assert len(names) == len(set(names))
    if method != "HEAD":
        assert int(dict(headers)["Content-Length"]) == len(content)
    else:
        assert content == b""


def test_an_answer_with_tasks_has_one_length_and_one_without_a_body_none(app, client):
    api = Caller(client)
    api.deploy(TWO_TASKS)
    api.start("two", approved=True)
    topics = [{"topicName": "check", "lockDuration": 60_000}]
    body = {"workerId": "w", "maxTasks": 1, "topics": topics}

    status, headers, content = answer(app, "POST", f"{ROOT}/external-task/fetchAndLock", body)
    (task,) = api.get("/external-task")
    done = answer(app, "POST", f"{ROOT}/external-task/{task['id']}/complete", {"workerId": "w"})
    xml = answer(app, "GET", f"{ROOT}/process-definition/key/two/xml")

    lengths = [value for name, value in headers if name.lower() == "content-length"]
    assert (status, lengths) == (200, [str(len(content))])
    names = {name.lower() for name, _ in done[1]}
    assert (done[0], done[2]) == (204, b"")
    assert not names & {"content-length", "content-type", "transfer-encoding"}
    assert [v for n, v in xml[1] if n.lower() == "content-length"] == [str(len(xml[2]))]
