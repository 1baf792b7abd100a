"""The server: its version, its settings without their secrets, its health, its connections."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app

from app.api.engine import VERSION
from app.pages.rendering import page
from app.services import server as service
from app.shown_urls import without_password

from .administration import administrating

server = Blueprint("server", __name__)
MASK = "\u2022\u2022\u2022\u2022"
_SECRETS = ("password", "secret")  # in the names of settings


@server.get("/server")
def show() -> Response:
    """Show the state of the server, for when something is slow or wrong."""
    # Hosts, paths and connections are for administrators alone.
    store = administrating()
    config = current_app.config["BATON"]
    return page(
        "server.html",
        title="Server",
        section="server",
        is_live=True,
        state=service.state(store, VERSION, is_pooled=config.is_pooled),
        version=VERSION,
        has_metrics=config.metrics != "off",
        settings=list(settings_of(config)),
    )


def settings_of(config: Any, inside: str = "") -> Iterator[tuple[str, str]]:
    """The settings with their values; of secrets only whether they are set.

    Args:
        inside: which setting they are the parts of, with a dot.
    """
    for setting in fields(config):
        value = getattr(config, setting.name)
        name = inside + setting.name
        # Part by part: as a whole it would be shown with the secrets among them.
        if is_dataclass(value):
            yield from settings_of(value, f"{name}.")
            continue
        # Fields without `repr` are secret, and fields with a name like a secret: a new setting is
        # hidden by default.
        is_secret = not setting.repr or any(word in setting.name for word in _SECRETS)
        # A flag that is about passwords is none.
        if is_secret and isinstance(value, str):
            yield name, MASK if value else "not set"
        else:
            yield name, _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g} s"
    if isinstance(value, dict | tuple | list | frozenset):
        return without_password(", ".join(sorted(map(str, value))), MASK) or "none"
    return without_password(str(value), MASK) if value not in ("", None) else "not set"
