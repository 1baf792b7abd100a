"""Log-in of the page: browsers have a session, other clients the credentials of the API.

Source: decision 27; RFC 6265.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request

from app.api.application import CALLER, Application, Gate
from app.api.authentication import UnauthorizedError
from app.api.decorators import current_store
from app.api.proxies import TRUSTED
from app.security import sessions
from app.services import sessions as service

from .rendering import BASE, ROOT, page, redirect

entry = Blueprint("page_entry", __name__)
REFUSED = "There is no user with this password, or it has failed so often that one has to wait."


def gate() -> Gate | None:
    """The gate that authenticates users; None where authentication is off."""
    return cast("Application", current_app).authentication


def let_in() -> Response | None:
    """Find out who asks for a view; lead those who have not logged in to where they can.

    A part of a view that is asked for again is refused instead: nobody sees the answer.
    """
    found = gate()
    if found is None:
        return None
    # A page that shows whatever a link brings along would take anybody's token: a browser has none
    # of its own, so it is the proxy in front that sends one.
    word = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")[0].lower()
    if word == "bearer" and not request.environ.get(TRUSTED):
        return _refused()
    try:
        request.environ[CALLER] = found.caller(request)
    except UnauthorizedError:
        if request.args.get("fragment") or not found.has_sessions:
            return _refused()
        # Only what was read is gone back to: a form that was sent is not sent again.
        path = request.full_path.rstrip("?").removeprefix(ROOT) if request.method == "GET" else "/"
        there = f"{BASE}{path}"
        return redirect(f"{BASE}/login?next={quote(there, safe='')}")
    token = request.cookies.get(_cookie())
    if token:
        request.environ["baton.csrf"] = sessions.write_token(token)
    return None


def _refused() -> Response:
    status = HTTPStatus.UNAUTHORIZED
    message = "Nobody has said who you are: log in, or come through the proxy that knows you."
    return page("error.html", title="Not logged in", status=status, code=status, message=message)


@entry.get("/login")
def form() -> Response:
    """The form to log in."""
    return _form(next_of(request.args.get("next", "")))


@entry.post("/login")
def log_in() -> Response:
    """Begin a session, and go on to the view that was asked for."""
    user_id, password = request.form.get("user", ""), request.form.get("password", "")
    there = next_of(request.form.get("next", ""))
    found = gate()
    # Without log-ins the form redirects as after a successful one.
    if found is None or not found.has_sessions:
        return redirect(there)
    # No text of PostgreSQL has it; such a user is as unknown as any.
    if "\x00" in user_id + password:
        return _form(there, REFUSED)
    hours = timedelta(hours=current_app.config["BATON"].session_hours)
    token = found.log_in(user_id, password, hours)
    if token is None:
        return _form(there, REFUSED, user_id)
    answer = redirect(there)
    answer.set_cookie(
        _cookie(),
        token,
        max_age=hours,
        httponly=True,
        # Not always: on a machine of one's own there is no TLS, and browsers would keep no cookie.
        secure=request.is_secure,
        samesite="Strict",
        path="/",
    )
    return answer


@entry.post("/logout")
def log_out() -> Response:
    """End the session; one that does not name what a write has to name goes on."""
    token = request.cookies.get(_cookie(), "")
    if sessions.may_write(token, request.form.get("csrf", "")):
        service.end(current_store(), token)
    answer = redirect(f"{BASE}/login")
    answer.delete_cookie(_cookie(), path="/", samesite="Strict", httponly=True)
    return answer


def _cookie() -> str:
    return sessions.cookie_of(current_app.config["BATON"].engine)


def next_of(path: str) -> str:
    """The view that follows: one of the page, whatever the URL says."""
    # A path that begins with the base path has neither a scheme nor a host.
    is_ours = path.startswith(f"{BASE}/")
    # Browsers take a backslash for a slash, so that `/ui/\host` or a line break could lead
    # elsewhere.
    return path if is_ours and "\\" not in path and path.isprintable() else f"{BASE}/"


def _form(there: str, failure: str = "", user_id: str = "") -> Response:
    return page(
        "login.html",
        title="Log in",
        status=HTTPStatus.UNAUTHORIZED if failure else HTTPStatus.OK,
        has_navigation=False,
        failure=failure,
        next=there,
        user=user_id,
    )
