"""Talks to Baton in the test's own process: it starts at once."""

from .serving import Api


class Local(Api):
    """An application, as Flask's test client reaches it."""

    def __init__(self, client):
        self._client = client

    def raw(self, method, path, data=None, content_type="application/json", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        options = {} if data is None else {"data": data, "content_type": content_type}
        with self._client.open(
            f"/engine-rest{path}", method=method, headers=named, **options
        ) as answer:
            return answer.status_code, dict(answer.headers), answer.data
