"""Talks to an application inside the test's own process."""

import io


class Caller:
    """The API of an application, as its test client reaches it."""

    def __init__(self, client):
        self._client = client

    def call(self, method, path, body=None):
        """The status and the body of an answer."""
        options = {} if body is None else {"json": body}
        response = self._client.open(f"/engine-rest{path}", method=method, **options)
        return response.status_code, response.get_json() if response.is_json else response.data

    def get(self, path):
        """The answer to GET, whose status must be 200."""
        status, answer = self.call("GET", path)
        assert status == 200, answer
        return answer

    def post(self, path, body=None):
        """The answer to POST, whose status must be 200 or 204."""
        status, answer = self.call("POST", path, body if body is not None else {})
        assert status in (200, 204), answer
        return answer

    def count(self, path, body=None):
        """How many items a list has, with the filters of its URL or of a body."""
        name, _, arguments = path.partition("?")
        if body is None:
            return self.get(f"{name}/count?{arguments}")["count"]
        return self.post(f"{name}/count?{arguments}", body)["count"]

    def deploy(self, model, **parts):
        """Deploy a model; returns the id of its definition."""
        data = {"model": (io.BytesIO(model.encode()), "model.bpmn"), **parts}
        response = self._client.post(
            "/engine-rest/deployment/create", data=data, content_type="multipart/form-data"
        )
        assert response.status_code == 200, response.data
        return next(iter(response.get_json()["deployedProcessDefinitions"]))

    def start(self, key, business_key=None, **variables):
        """Start an instance; returns its id."""
        values = {name: {"value": value} for name, value in variables.items()}
        body = {"businessKey": business_key, "variables": values}
        return self.post(f"/process-definition/key/{key}/start", body)["id"]
