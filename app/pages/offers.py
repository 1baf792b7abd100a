"""The acts that a user may carry out: one that would be refused is shown with the reason.

Source: decision 26.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from flask import request
from werkzeug.exceptions import HTTPException

from app.api.application import application
from app.api.authentication import operation_of
from app.api.decorators import current_store
from app.services import foreseen

API = "/engine-rest"
_KNOWN = "baton.refusals"  # in the environment of a request: rows often ask for the same


def refusal_of(method: str, path: str, body: Mapping[str, Any] | None = None) -> str:
    """Why the user may not send a call of the API; empty where it may, or only a try can tell.

    Args:
        path: below the base path; fields that are not filled in yet stand in braces.
        body: as far as it is known.
    """
    store = current_store()
    # Permissions are not checked, or the path depends on a field that is still empty.
    if store.asked is None or "{" in path:
        return ""
    operation, keys = _operation(method, path)
    if not operation:
        return ""
    known: dict[tuple[Any, ...], str] = request.environ.setdefault(_KNOWN, {})
    if body:  # two acts of one view may differ in their bodies alone
        return foreseen.refusal(store, operation, keys, body)
    if (operation, keys) not in known:
        known[operation, keys] = foreseen.refusal(store, operation, keys)
    return known[operation, keys]


def _operation(method: str, path: str) -> tuple[str, tuple[str, ...]]:
    """The operation that a path leads to; empty for none."""
    # By the routes themselves, so that what is offered and what is refused cannot differ.
    adapter = application().adapter(method, API + unquote(path))
    try:
        rule, values = adapter.match(return_rule=True)
    except HTTPException:
        return "", ()
    return operation_of(method, rule.rule.removeprefix(API), values)
