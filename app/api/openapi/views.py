"""The OpenAPI document of everything that is served, and Swagger UI to read it with."""

from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from app.api.application import Application, api_path, application
from app.api.descriptions import ANY, HTML, describes
from app.api.json import dumps, uncached
from app.api.problems import MISSING
from app.schemas.answers import OBJECT

openapi = Blueprint("openapi", __name__)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Baton</title>
<link rel="icon" href="{base}/docs/favicon-32x32.png">
<link rel="stylesheet" href="{base}/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{base}/docs/swagger-ui-bundle.js"></script>
<script src="{base}/docs/baton.js"></script>
</body>
</html>
"""
# in a file of its own: no script within a page is run
SCRIPT = """SwaggerUIBundle({
  url: document.currentScript.src.replace("/docs/baton.js", "/openapi.json"),
  dom_id: "#swagger-ui", deepLinking: true, docExpansion: "none", validatorUrl: null,
});
"""
POLICY = (  # Swagger UI puts styles into its elements
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


@cache
def _document(app: Application) -> bytes:
    from .document import Document

    # Made when it is asked for the first time, with all that it imports: few servers ever are.
    if app.late is not None:
        app.late.load_all()
    return dumps(Document(app).to_dict())


@cache
def _assets() -> Path:
    """Where pip has put the files of Swagger UI."""
    package = find_spec("flask_swagger_ui")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "dist"


@openapi.get("/openapi.json")
@describes(answer=OBJECT, touches_store=False)
def document() -> Response:
    """The document that you are reading."""
    found = _document(application())
    return uncached(Response(found, content_type="application/json"))


@openapi.get("/docs")
@describes(media=HTML, touches_store=False)
def page() -> Response:
    """The document in Swagger UI."""
    # Its own, for that of other answers allows no style within a page.
    headers = {"Content-Security-Policy": POLICY}
    page = PAGE.format(base=escape(api_path(request.environ)))
    return Response(page, content_type="text/html; charset=utf-8", headers=headers)


@openapi.get("/docs/<name>")
@describes(media=ANY, touches_store=False, problems=((MISSING, "NotFoundException"),))
def asset(name: str) -> Response:
    """A file of Swagger UI, or what starts it."""
    if name == "baton.js":
        return Response(SCRIPT, content_type="text/javascript; charset=utf-8")
    # It refuses names that lead out of the folder.
    return send_from_directory(_assets(), name, max_age=86_400)
