"""The Flask application, without what an API that is called thousands of times a second does not
need: sessions, coroutines, subdomains, hooks.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import MapAdapter

from app.errors import InvalidRequestError
from app.schemas.bounds import NUL
from app.security.callers import Caller

from .json import Answer, OrjsonProvider
from .routes import Route, Routes
from .sections import LateAdapter, Sections

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from flask.ctx import RequestContext


def context() -> "RequestContext":
    """The request that is served, with its application: one look, where each attribute of
    ``request`` and ``current_app`` is one.
    """
    proxy: Any = request_ctx
    return cast("RequestContext", proxy._get_current_object())


def application() -> "Application":
    """The application that serves the request."""
    return cast("Application", context().app)


class _NoSessions(SessionInterface):
    """Clients of an API have no session."""

    def __init__(self) -> None:
        # Made once: Flask would make one for each request, to find that there is nothing in it.
        self._none = self.null_session_class()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        del app, request
        return self._none


Headed = tuple[tuple[str, str], ...]  # headers
# in the environment of a request: who sends it, and what its transactions have to ask
CALLER, GUARD = "baton.caller", "baton.guard"
ANSWER = "baton.answer"  # in that of one whose answer had to wait: what makes it


def in_front(environ: Mapping[str, Any]) -> str:
    """The path that a proxy in front has taken away; empty where there is none."""
    # `api.proxies` takes it from those alone that are trusted.
    return str(environ.get("SCRIPT_NAME", "")).rstrip("/")


def api_path(environ: Mapping[str, Any]) -> str:
    """Where the API is as the client has called it, with the prefix of an engine or without."""
    return in_front(environ) + str(environ.get("baton.base", "/engine-rest"))


class Gate(Protocol):
    """Lets in whom it knows."""

    def require(self, request: Request) -> None:
        """Find out who sends a request.

        Raises:
            HTTPException: nobody who is known.
        """
        ...

    @property
    def has_sessions(self) -> bool:
        """Whether browsers can log in."""
        ...

    def log_in(self, user_id: str, password: str, time_to_live: timedelta) -> str | None:
        """Begin the session of a browser; None where the password is not that of the user."""
        ...

    def caller(self, request: Request) -> Caller:
        """The user who sends a request.

        Raises:
            HTTPException: nobody who is known.
        """
        ...

    def forget(self, user_id: str) -> None:
        """Ask anew for the password of a user."""
        ...


class Rules(Protocol):
    """The rules that keep pages of other origins away."""

    def require(self, request: Request) -> None:
        """Refuse a request that such a page may have sent.

        Raises:
            HTTPException: it may have.
        """
        ...

    def preflight(self, request: Request) -> Response | None:
        """The answer to a browser that asks whether a page may."""
        ...

    def finish(self, request: Request, response: Response) -> Headed:
        """The headers that an answer has in addition."""
        ...


class Watching(Protocol):
    """Sees what is answered."""

    def answered(self, request: Request, response: Response) -> Headed:
        """Note an answer before it is sent; the headers that it has in addition."""
        ...


class Application(Flask):
    """Serves the API, to whoever `authentication` lets in; to everybody where there is none.

    Its checks are methods: functions given to ``before_request`` work as
    ever, but each costs every request. Flask's signals are not sent, and nothing is called at the
    end of a request.
    """

    response_class = Answer
    url_rule_class = Route
    url_map_class = Routes
    url_map: Routes
    # One object for all requests: Flask would open, and look at, one for each.
    session_interface = _NoSessions()
    authentication: Gate | None = None
    browsers: Rules | None = None
    observer: Watching | None = None
    late: Sections | None = None  # what is loaded with the first request for it

    def __init__(self, import_name: str) -> None:
        # Without Flask's own route for static files, below which nothing is served.
        super().__init__(import_name, static_folder=None)
        self.json = OrjsonProvider(self)
        self._hooked: dict[str | None, bool] = {}  # by endpoints
        self.url_map.strict_slashes = False
        # Otherwise werkzeug answers a path with two slashes in a row by a redirect.
        self.url_map.merge_slashes = False

    def for_engine(self, config: object, runtime: object) -> "Application":
        """The same routes and views over another engine."""
        # Shallow: engines share the URL map and the views, which are most of what an application
        # takes to make and to keep.
        found = copy(self)
        found.config = copy(self.config)
        found.config["BATON"] = config
        found.extensions = {**self.extensions, "baton": runtime}
        return found

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view is a coroutine."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Every host is ours, so that the host needs no reading."""
        if request is None:
            return super().create_url_adapter(None)
        return self.adapter(request.method, request.path, request.environ["wsgi.url_scheme"])

    def adapter(self, method: str, path: str, scheme: str = "http") -> MapAdapter:
        """The adapter that finds the route of a path."""
        looked_at = self.url_map, "", "/", "", scheme, path, method, None
        return MapAdapter(*looked_at) if self.late is None else LateAdapter(self.late, *looked_at)

    def dispatch_request(self) -> Any:
        """Call the view, unless the URL is refused.

        Raises:
            InvalidRequestError: it has the character NUL, which PostgreSQL has in no text.
            MethodNotAllowed: see `_refuse_other_methods`.
            HTTPException: the request needs credentials, and has none that are right.
        """
        request = context().request
        environ = request.environ
        if ANSWER in environ:
            return environ[ANSWER]()
        # Before the view: each of them would have to look at each of its texts.
        if "\x00" in environ["PATH_INFO"] or "%00" in environ.get("QUERY_STRING", ""):
            raise InvalidRequestError(NUL)
        is_options = request.method == "OPTIONS"
        # Before the credentials as well, for a browser that sends another page's write may have
        # them.
        if self.browsers is not None:
            self.browsers.require(request)
            answer = self.browsers.preflight(request) if is_options else None
            if answer is not None:
                return answer
        if self.authentication is not None:
            self.authentication.require(request)
        # Behind the authentication: who is unknown does not learn which paths there are.
        self._refuse_other_methods(request)
        rule = request.url_rule
        # Flask's own way for what is no call of a view: 404, 405, redirects and OPTIONS.
        if rule is None or is_options or request.routing_exception is not None:
            return super().dispatch_request()
        return self.view_functions[rule.endpoint](**(request.view_args or {}))

    def full_dispatch_request(self) -> Response:
        """Answer a request, without the signals of Flask: nobody listens to them."""
        try:
            answer = self.preprocess_request() if self._has_hooks() else None
            if answer is None:
                answer = self.dispatch_request()
        except Exception as error:
            answer = self.handle_user_exception(error)
        return self.finalize_request(answer)

    def resume(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request whose answer had to wait: below the middleware, which has seen it."""
        return super().wsgi_app(environ, start_response)

    def _has_hooks(self) -> bool:
        """Whether something is called before the view of the request that is served."""
        request = context().request
        rule = request.url_rule
        endpoint = None if rule is None else rule.endpoint
        # Looked up once for each endpoint: blueprints get no hooks after the first request.
        found = self._hooked.get(endpoint)
        if found is None:
            names = (None, *request.blueprints)
            found = any(name in self.before_request_funcs for name in names)
            self._hooked[endpoint] = found
        return found

    def finalize_request(self, rv: Any, from_error_handler: bool = False) -> Response:
        """Make an answer of what a view has returned, and finish it."""
        # An error of an error handler: rare enough for Flask's own way.
        if from_error_handler:
            return super().finalize_request(rv, from_error_handler)
        # With an answer of our own `make_response` would only look at what it is.
        response = rv if type(rv) is Answer else self.make_response(rv)
        return self.process_response(response)

    def process_response(self, response: Response) -> Response:
        """Add what browsers have to know; let the observer see every answer, also to errors."""
        if self.after_request_funcs:
            response = super().process_response(response)
        request = context().request
        also: Headed = ()
        if self.browsers is not None:
            also = self.browsers.finish(request, response)
        if self.observer is not None:
            also += self.observer.answered(request, response)
        # A tuple behind the answer's own headers: werkzeug's `Headers` would check each of them
        # once more.
        cast("Answer", response).also = also
        return response

    def do_teardown_request(self, *args: Any, **options: Any) -> None:
        """Nothing has to be tidied up."""

    def do_teardown_appcontext(self, *args: Any, **options: Any) -> None:
        """See `do_teardown_request`."""

    def _refuse_other_methods(self, request: Request) -> None:
        """Let a path that stands in a route as it is mean that route only, for every method.

        ``GET /external-task/retries`` is a wrong method, not the task with the id ``retries``.
        """
        rule = request.url_rule
        if rule is None or not rule.arguments:
            return
        # Werkzeug takes the literal route where it has the method, and else goes on to the variable
        # one.
        allowed = self.url_map.literal.get(request.path.rstrip("/"))
        if allowed is not None:
            raise MethodNotAllowed(sorted(allowed))
