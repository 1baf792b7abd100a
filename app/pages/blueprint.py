"""Every view of the page below one path, and what is answered where there is none.

Source: decision 21.
"""

from http import HTTPStatus

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException, NotFound

from app.api import problems
from app.errors import AuthorizationError, EngineError, NotFoundError

from .entry import entry, let_in
from .rendering import BASE, ROOT, page, redirect
from .statics import statics
from .views import VIEWS

TITLES = {
    HTTPStatus.BAD_REQUEST: "That cannot be shown",
    HTTPStatus.FORBIDDEN: "You may not see this",
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.METHOD_NOT_ALLOWED: "That cannot be done here",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database cannot be reached just now",
}
UNFORESEEN = "Something went wrong in the server"


def pages() -> list[Blueprint]:
    """The page: its views, the log-in, its files, and the way there from the root."""
    views = Blueprint("page", __name__)
    # A hook of this blueprint alone: the log-in and the files of the page are for everybody.
    views.before_request(let_in)
    for blueprint in VIEWS:
        views.register_blueprint(blueprint)
    views.add_url_rule("/<path:rest>", "unknown", _unknown)
    whole = Blueprint("pages", __name__, url_prefix=ROOT)
    for part in (statics, entry, views):
        whole.register_blueprint(part)
    whole.register_error_handler(EngineError, _engine_error)
    whole.register_error_handler(problems.Problem, _worded)
    whole.register_error_handler(HTTPException, _http_error)
    whole.register_error_handler(Exception, _unforeseen)
    root = Blueprint("root", __name__)
    root.add_url_rule("/", "root", lambda: redirect(f"{BASE}/", HTTPStatus.FOUND))
    return [root, whole]


def _unknown(rest: str) -> Response:
    """Any path that is none of a view."""
    del rest
    raise NotFound("No view has this address.")


def problem(status: int, message: str, title: str = "") -> Response:
    """An error as a view."""
    shown = title or TITLES.get(HTTPStatus(status), HTTPStatus(status).phrase)
    return page("error.html", title=shown, status=status, code=status, message=message)


def _engine_error(error: EngineError) -> Response:
    """The view of an error that the API would answer, which the client has caused."""
    if isinstance(error, AuthorizationError):
        return problem(HTTPStatus.FORBIDDEN, str(error))
    if isinstance(error, NotFoundError):
        return problem(HTTPStatus.NOT_FOUND, str(error))
    status = problems.answer_engine_error(error).status_code
    # The reference engine answers many wishes that cannot be fulfilled with 500; to people that
    # would be a fault of the server.
    is_ours = status == HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(HTTPStatus.BAD_REQUEST if is_ours else status, str(error))


def _worded(error: problems.Problem) -> Response:
    """An error of a part of the API that a view makes use of; it has its status already."""
    return problem(error.status, str(error))


def _http_error(error: HTTPException) -> Response:
    message = error.description or ""
    return problem(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, message)


def _unforeseen(error: Exception) -> Response:
    """A mistake of ours; its details are in the log, under the id that is shown."""
    message = f"The server's log has it under the request id {problems.note_unforeseen(error)}."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, message, UNFORESEEN)
