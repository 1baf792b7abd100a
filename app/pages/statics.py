"""The stylesheet and the scripts, below a path with the hash of all of them: kept for a year.

A script that imports another does so relative to itself, and so gets the one of the same hash.
"""

import hashlib
from importlib import resources

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from app.api.application import in_front
from app.api.json import Answer

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
# Read once: a handful of small files, and no path of a client ever reaches the disk.
_FILES = {
    file.name: file.read_bytes()
    for file in sorted(resources.files("app.pages").joinpath("static").iterdir(), key=str)
    if file.name.rpartition(".")[2] in TYPES
}
VERSION = hashlib.sha256(b"".join(name.encode() + _FILES[name] for name in _FILES)).hexdigest()[:16]
statics = Blueprint("page_statics", __name__)


def url(name: str) -> str:
    """Where a file is."""
    if name not in _FILES:
        raise KeyError(name)
    return f"{in_front(request.environ)}/ui/static/{VERSION}/{name}"


@statics.get("/static/<version>/<name>")
def static(version: str, name: str) -> Response:
    """A file of the page; one that is asked for under an old hash is not kept."""
    if name not in _FILES:
        raise NotFound
    data = _FILES[name]
    answer: Response = Answer(data, content_type=TYPES[name.rpartition(".")[2]])
    is_current = version == VERSION
    kept = "public, max-age=31536000, immutable" if is_current else "no-cache"
    answer.headers["Cache-Control"] = kept
    answer.set_etag(hashlib.sha256(data).hexdigest()[:32])
    answer.make_conditional(request)
    return answer
