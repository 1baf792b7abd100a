"""Baton: a process engine for external tasks that speaks the Camunda 7 REST API."""

from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException

from .errors import EngineError
from .runtime import Baton, store_of

if TYPE_CHECKING:
    from config import Config


BASE = "/engine-rest"
ENGINE = "default"


class EnginePrefix:
    """Serves ``/engine-rest/engine/default/…`` as ``/engine-rest/…``."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path: str = environ["PATH_INFO"]
        if path.startswith(BASE + "/engine/"):
            name, slash, rest = path[len(BASE) + 8 :].partition("/")
            if slash and name == ENGINE:
                environ["PATH_INFO"] = f"{BASE}/{rest}"
                environ["baton.base"] = f"{BASE}/engine/{name}"
        return self._app(environ, start_response)


def create_app(config: "Config") -> Flask:
    """The application for a configuration: the one place where the parts meet."""
    from app.api.application import Application

    from .api import authentication, problems
    from .api.blueprints import blueprints

    app = Application(__name__)
    app.config["MAX_BODY_BYTES"] = config.max_body_bytes
    app.config["MAX_CONTENT_LENGTH"] = config.max_body_bytes + 1  # one byte too many shows
    app.config["MAX_FORM_MEMORY_SIZE"] = config.max_body_bytes
    app.config["BATON"] = config
    app.extensions["baton"] = Baton(store_of(config))
    for blueprint in blueprints(is_test=config.is_test):
        app.register_blueprint(blueprint, url_prefix=BASE + (blueprint.url_prefix or ""))
    from app.api.health import health
    from app.pages.blueprint import pages

    for blueprint in (health, *pages()):
        app.register_blueprint(blueprint)
    app.register_error_handler(problems.Problem, problems.answer_problem)
    app.register_error_handler(EngineError, problems.answer_engine_error)
    app.register_error_handler(authentication.UnauthorizedError, authentication.challenge)
    app.register_error_handler(HTTPException, problems.answer_http_error)
    app.register_error_handler(ParseException, problems.answer_broken_body)
    app.register_error_handler(Exception, problems.answer_unforeseen)
    if config.auth == "basic":
        store = app.extensions["baton"].store
        app.authentication = authentication.Authentication(store, BASE)
    app.wsgi_app = EnginePrefix(app.wsgi_app)  # type: ignore[method-assign]
    return app
