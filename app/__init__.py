"""Baton: a process engine for external tasks that speaks the Camunda 7 REST API."""

from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException

from .errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.runtime import Engines
    from app.store import Store
    from config import Config

    from .api import authentication
    from .api.application import Application


BASE, PAGE = "/engine-rest", "/ui"
_ENGINE = "/engine/"
_BESIDE = {  # the blueprints that are not below the base path, with the first parts of their paths
    "app.api.health:health": ["health", "ready"],
    "app.api.exposition:exposition": ["metrics"],
    "app.pages.blueprint:pages": ["", PAGE.removeprefix("/")],
}


class EnginePrefix:
    """Serves ``/engine-rest/engine/{name}/…`` as that engine's ``/engine-rest/…``.

    The page is below ``/ui/engine/{name}/…`` in the same way. What has no prefix goes to the
    default engine.

    Args:
        engines: the application of each engine by its name, as WSGI.
    """

    def __init__(self, app: Any, engines: "Mapping[str, Any]") -> None:
        self._app = app
        self._engines = engines

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path: str = environ["PATH_INFO"]
        if path.startswith((BASE + _ENGINE, PAGE + _ENGINE)):
            above, _, below = path.partition(_ENGINE)
            name, slash, rest = below.partition("/")
            # An unknown name stays in the path: the default engine's routes know what to say of it.
            if slash and name in self._engines:
                environ["PATH_INFO"] = f"{above}/{rest}"
                environ["baton.base"] = f"{BASE}/engine/{name}"
                environ["baton.page"] = f"{PAGE}/engine/{name}"
                return self._engines[name](environ, start_response)
        return self._app(environ, start_response)


def schemes(config: "Config", store: "Store") -> "list[authentication.Scheme]":
    """The ways to say who asks that a configuration has."""
    from .api import authentication

    found: list[authentication.Scheme] = []
    if config.auth in ("basic", "both"):
        found.append(authentication.Basic(store, config.engine))
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
        tokens = Tokens(claims, Keys(said.issuer, said.keys_url).key)
        found.append(Bearer(tokens, config.engine))
    return found


def authenticate(app: "Application", config: "Config", store: "Store") -> None:
    """Ask for credentials, where the configuration wants some: those of users of that engine."""
    from .api import authentication
    from .api.sessions import Sessions

    if config.auth == "none":
        return
    app.authentication = authentication.Authentication(store, BASE, schemes(config, store))
    if config.auth in ("basic", "both"):
        app.authentication.sessions = Sessions(store, BASE, config.engine)


def engine_applications(app: "Application", engines: "Engines") -> "dict[str, Application]":
    """The application of each engine: the same routes over another database."""
    from .api.places import Places, SharingApplication

    found = {}
    for config, baton in engines:
        is_default = baton is app.extensions["baton"]
        one = found[config.engine] = app if is_default else app.for_engine(config, baton)
        authenticate(one, config, baton.store)
        # One engine has all threads of its process, and pays nothing for the count.
        if isinstance(one, SharingApplication):
            one.places = Places(baton, config.threads)
    return found


def load_all() -> None:
    """Load the modules of all that is served, which processes share that are forked afterwards."""
    from werkzeug.utils import import_string

    from .api.blueprints import blueprints

    for name in (*blueprints(), *_BESIDE):
        import_string(name)


def create_app(config: "Config") -> Flask:
    """The application for a configuration: the one place where the parts meet."""
    from app.api.application import Application

    from .api import authentication, browsers, problems
    from .api.blueprints import blueprints
    from .api.browsers import Browsers
    from .api.observing import Observer
    from .api.places import SharingApplication
    from .api.proxies import Proxies
    from .api.sections import Sections
    from .runtime import Engines  # not before the server has made what processes share

    is_sharing = bool(config.engines)
    app = (SharingApplication if is_sharing else Application)(__name__)
    app.config["MAX_BODY_BYTES"] = config.max_body_bytes
    app.config["MAX_CONTENT_LENGTH"] = config.max_body_bytes + 1  # one byte too many shows
    app.config["MAX_FORM_MEMORY_SIZE"] = config.max_body_bytes
    app.config["BATON"] = config
    engines = app.extensions["engines"] = Engines(config)
    app.extensions["baton"] = engines[config.engine]
    sections = Sections(app, BASE)
    sections.declare(blueprints(is_test=config.is_test), BASE)
    sections.declare(_BESIDE)
    if config.is_test:
        app.late = sections
    else:
        sections.load_all()
    app.register_error_handler(problems.Problem, problems.answer_problem)
    app.register_error_handler(EngineError, problems.answer_engine_error)
    app.register_error_handler(authentication.UnauthorizedError, authentication.challenge)
    app.register_error_handler(browsers.RefusedError, browsers.answer_refused)
    app.register_error_handler(HTTPException, problems.answer_http_error)
    app.register_error_handler(ParseException, problems.answer_broken_body)
    app.register_error_handler(Exception, problems.answer_unforeseen)
    app.browsers = Browsers(
        config.hosts, config.host, config.origins, is_local=not config.is_auth_said
    )
    is_verbose = config.log_level in ("debug", "info")
    applications = engine_applications(app, engines)
    by_name = {name: one.wsgi_app for name, one in applications.items()}
    logs_requests = config.logs_requests and is_verbose
    observer = Observer(EnginePrefix(app.wsgi_app, by_name), logs_requests=logs_requests)
    for name, one in applications.items():
        one.observer = observer.of(name)
    # Outside of the engines, so that what one refuses is logged and counted too.
    app.wsgi_app = observer  # type: ignore[method-assign]
    if config.proxies:
        app.wsgi_app = Proxies(app.wsgi_app, config.proxies)  # type: ignore[method-assign]
    return app
