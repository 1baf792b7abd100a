"""Calls of an application in this process, over a small model."""

import io
import json

from tests.models import flows, process, task

ONE_TASK = process(
    '<startEvent id="s"/>' + task("work") + '<endEvent id="e"/>' + flows("s", "work", "e"), "one"
)


class Calls:
    """Requests to Baton through Flask's test client.

    Args:
        model: deployed at first.
    """

    def __init__(self, client, model=ONE_TASK):
        self._client = client
        self.deploy(model)

    def deploy(self, model):
        files = {"model.bpmn": (io.BytesIO(model.encode()), "model.bpmn")}
        answer = self._client.post("/engine-rest/deployment/create", data=files)
        assert answer.status_code == 200, answer.json

    def start(self, key="one", **body):
        """The id of a new instance."""
        status, answer = self.post(f"/process-definition/key/{key}/start", body)
        assert status == 200, answer
        return answer["id"]

    def lock(self, topic="work"):
        """The next task of a topic, locked for ``w``."""
        topics = [{"topicName": topic, "lockDuration": 60000}]
        body = {"workerId": "w", "maxTasks": 1, "topics": topics}
        return self.post("/external-task/fetchAndLock", body)[1][0]

    def get(self, path):
        return self.send("GET", path)[1]

    def post(self, path, body):
        return self.send("POST", path, json.dumps(body))

    def put(self, path, body):
        return self.send("PUT", path, json.dumps(body))

    def send(self, method, path, data=None, content_type="application/json"):
        """Status and body of the answer to a request."""
        answer = self._client.open(
            "/engine-rest" + path, method=method, data=data, content_type=content_type
        )
        return answer.status_code, json.loads(answer.data) if answer.is_json else answer.data
