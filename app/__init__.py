"""Baton: a process engine for external tasks that speaks the Camunda 7 REST API."""

from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException

from .errors import EngineError

if TYPE_CHECKING:
    from app.store import Store
    from config import Config

    from .api import authentication


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


def schemes(config: "Config", store: "Store") -> "list[authentication.Scheme]":
    """The ways to say who asks that a configuration has."""
    from .api import authentication

    found: list[authentication.Scheme] = []
    if config.auth in ("basic", "both"):
        found.append(authentication.Basic(store))
    if config.auth in ("bearer", "both"):
        from app.api.bearer import Bearer
        from app.security.keys import Keys
        from app.security.tokens import Claims, Tokens

        said = config.tokens
        claims = Claims(
            said.issuer,
            said.audience,
            said.algorithms,
            said.leeway,
            said.user_claim,
            said.groups_claim,
        )
        found.append(Bearer(Tokens(claims, Keys(said.issuer, said.keys_url).key)))
    return found


def create_app(config: "Config") -> Flask:
    """The application for a configuration: the one place where the parts meet."""
    from app.api.application import Application

    from .api import authentication, browsers, problems
    from .api.blueprints import blueprints
    from .api.browsers import Browsers
    from .api.observing import Observer
    from .api.proxies import Proxies
    from .api.sessions import Sessions
    from .runtime import Baton, store_of  # not before the server has made what processes share

    app = Application(__name__)
    app.config["MAX_BODY_BYTES"] = config.max_body_bytes
    app.config["MAX_CONTENT_LENGTH"] = config.max_body_bytes + 1  # one byte too many shows
    app.config["MAX_FORM_MEMORY_SIZE"] = config.max_body_bytes
    app.config["BATON"] = config
    app.extensions["baton"] = Baton(store_of(config))
    for blueprint in blueprints(is_test=config.is_test):
        app.register_blueprint(blueprint, url_prefix=BASE + (blueprint.url_prefix or ""))
    from app.api.exposition import exposition
    from app.api.health import health
    from app.pages.blueprint import pages

    for blueprint in (health, exposition, *pages()):
        app.register_blueprint(blueprint)
    app.register_error_handler(problems.Problem, problems.answer_problem)
    app.register_error_handler(EngineError, problems.answer_engine_error)
    app.register_error_handler(authentication.UnauthorizedError, authentication.challenge)
    app.register_error_handler(browsers.RefusedError, browsers.answer_refused)
    app.register_error_handler(HTTPException, problems.answer_http_error)
    app.register_error_handler(ParseException, problems.answer_broken_body)
    app.register_error_handler(Exception, problems.answer_unforeseen)
    if config.auth != "none":
        store = app.extensions["baton"].store
        app.authentication = authentication.Authentication(store, BASE, schemes(config, store))
        if config.auth in ("basic", "both"):
            app.authentication.sessions = Sessions(store, BASE)
    app.browsers = Browsers(
        config.hosts, config.host, config.origins, is_local=not config.is_auth_said
    )
    is_told = config.log_level in ("debug", "info")
    observer = Observer(EnginePrefix(app.wsgi_app), logs_requests=config.logs_requests and is_told)
    app.observer = observer
    app.wsgi_app = observer  # type: ignore[method-assign]
    if config.proxies:
        app.wsgi_app = Proxies(app.wsgi_app, config.proxies)  # type: ignore[method-assign]
    return app
