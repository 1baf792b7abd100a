"""The server: its version, its settings without their secrets, its health, its connections."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app

from app.api.engine import VERSION
from app.pages.rendering import page
from app.services import server as service

from .administration import administrating

server = Blueprint("server", __name__)
MASK = "\u2022\u2022\u2022\u2022"
_SECRETS = ("password", "secret", "token", "key")  # in the names of settings


@server.get("/server")
def show() -> Response:
    """What one asks first when something is slow or wrong."""
    store = administrating()
    config = current_app.config["BATON"]
    return page(
        "server.html",
        title="Server",
        section="server",
        is_live=True,
        state=service.state(store, VERSION),
        version=VERSION,
        settings=list(settings_of(config)),
    )


def settings_of(config: Any) -> Iterator[tuple[str, str]]:
    """The settings with their values; of secrets only whether they are set."""
    for setting in fields(config):
        value = getattr(config, setting.name)
        is_secret = not setting.repr or any(word in setting.name for word in _SECRETS)
        if is_secret and isinstance(value, str):
            yield setting.name, MASK if value else "not set"
        else:
            yield setting.name, _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.0f} s"
    if isinstance(value, dict):
        return ", ".join(sorted(map(str, value))) or "none"
    if isinstance(value, str) and "://" in value:
        return without_password(value)
    return str(value) if value not in ("", None) else "not set"


def without_password(url: str) -> str:
    """A URL whose password and parameters, which may hold one, are not shown."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    netloc = f"{name}{colon and colon + MASK}{at}{place}"
    query = f"?{MASK}" if parts.query else ""
    return f"{parts.scheme}://{netloc}{parts.path}{query}"
