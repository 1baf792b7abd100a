"""Requests of the examples of the OpenAPI document, as an administrator sends them."""

from urllib.parse import quote, urlencode

import orjson

from app.api.application import CALLER
from app.security.callers import Caller
from tests.local import Local
from tests.serving import form

from .world import with_ids

BASE = "/engine-rest"
REFUSED = f"{BASE}/engine/{{name}}/{{rest}}"  # of an engine that is not here
FILES = ("content", "data")


class Admin(Local):
    """The requests of an administrator."""

    def __init__(self, client):
        client.environ_base[CALLER] = Caller("admin")
        super().__init__(client)


def sent(server, request, ids):
    """Status and headers of the answer to the request of an example, and its bytes."""
    path = request.path.removeprefix(BASE)
    for name, value in with_ids(request.places["path"], ids).items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = urlencode(with_ids(request.places["query"], ids))
    body = with_ids(request.body, ids)
    url, content = f"{path}?{query}", (None, "application/json")
    if request.media == "multipart/form-data":
        content = form({}, {}) if body is None else form(*_parts(body))
    elif request.media is not None:
        content = (orjson.dumps(body), request.media)
    return server.raw(request.method, url, *content)


def _parts(body):
    """The texts of a form, and what it has as files."""
    files = {name: body[name] for name in body if name in FILES or name.endswith(".bpmn")}
    return {name: body[name] for name in body if name not in files}, files
