"""Servers that ask for authorizations, and the users that call them."""

import base64
import io

from app import create_app
from app.services import administrators
from config import Config
from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>' + task("work") + '<userTask id="do" camunda:candidateUsers="kim"/>'
    '<endEvent id="e"/>' + flows("s", "work", "do", "e"),
    "one",
)
AUTHORIZATION, DEFINITION, TASK, INSTANCE = 4, 6, 7, 8


def asking_for_permissions(sqlite_url):
    """A server with an administrator, which asks for authorizations."""
    config = Config(
        database_url=sqlite_url, has_job_executor=False, auth="basic", has_authorization=True
    )
    app = create_app(config)
    administrators.ensure(app.extensions["baton"].store, "admin", "admin")
    return app


class Callers:
    def __init__(self, client):
        self._client = client

    def send(self, method, path, body=None, user="admin", **options):
        word = base64.b64encode(f"{user}:{user}".encode()).decode()
        headers = {"Authorization": f"Basic {word}"}
        answer = self._client.open(
            f"/engine-rest{path}", method=method, json=body, headers=headers, **options
        )
        return answer.status_code, answer.get_json(silent=True)

    def grant(self, *permissions, resource=DEFINITION, key="*", user="kim", type_=1):
        body = {
            "type": type_,
            "permissions": list(permissions),
            "userId": user,
            "resourceType": resource,
            "resourceId": key,
        }
        status, made = self.send("POST", "/authorization/create", body)
        assert status == 200, made
        return made["id"]


def with_an_instance(app):
    """The callers of a server that has one instance, and two users without grants."""
    callers = Callers(app.test_client())
    files = {"model.bpmn": (io.BytesIO(MODEL.encode()), "model.bpmn")}
    assert callers.send("POST", "/deployment/create", data=files)[0] == 200
    for user in ("kim", "bob"):
        body = {"profile": {"id": user}, "credentials": {"password": user}}
        assert callers.send("POST", "/user/create", body)[0] == 204
    status, made = callers.send("POST", "/process-definition/key/one/start", {})
    assert status == 200
    callers.instance = made["id"]
    return callers
