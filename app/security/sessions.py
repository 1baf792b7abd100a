"""The sessions of browsers: what a cookie holds, and what is kept of it.

A session is known by a text that only the browser has; the database has its digest, so that nobody
who reads the database can go on with a session.

Source: RFC 6265, 4.1.2; decision 27.
"""

import hashlib
import hmac
import secrets

COOKIE = "baton_session"
HEADER = "X-CSRF-Token"  # on writes: other sites can make a browser send the cookie, not this


def cookie_of(engine: str) -> str:
    """The name of the cookie: who has logged in at one engine is not known to the others."""
    return COOKIE if engine == "default" else f"{COOKIE}_{engine}"


def new_token() -> str:
    """The text of a new session."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The stored digest of a session."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def write_token(token: str) -> str:
    """The token that a write has to name in addition to the cookie."""
    data = token.encode("utf-8", "surrogatepass")
    # Computed from the cookie, so that nothing has to be kept for it, and of no use to find the
    # cookie out: scripts of the page see this, and never the `HttpOnly` cookie.
    return hmac.digest(data, b"write", hashlib.sha256).hex()


def may_write(token: str, named: str) -> bool:
    """Whether a write names what it has to."""
    return hmac.compare_digest(write_token(token).encode(), named.encode("utf-8", "replace"))
