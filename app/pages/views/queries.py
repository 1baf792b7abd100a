"""Instances by what the URL asks for: state, business key, variable, activity, error."""

import json
import math
from collections.abc import Sequence
from typing import Any

from flask import request

from app.pages.paging import Page, listed
from app.services import lists, overview
from app.store import Store

STATES = (
    ("running", "Running"),
    ("failed", "With incidents"),
    ("suspended", "Suspended"),
    ("ended", "Ended"),
    ("completed", "Completed"),
    ("canceled", "Canceled"),
)
OPERATORS = (
    ("eq", "="),
    ("neq", "≠"),
    ("gt", ">"),
    ("gteq", "≥"),
    ("lt", "<"),
    ("lteq", "≤"),
    ("like", "like"),
)
_LONG = range(-(2**63), 2**63)
_RUNNING: dict[str, dict[str, Any]] = {
    "running": {},
    "failed": {"with_incident": True},
    "suspended": {"suspended": True},
}
_ENDED: dict[str, dict[str, Any]] = {
    "ended": {"finished": True},
    "completed": {"completed": True},
    "canceled": {"externally_terminated": True},
}


def wanted() -> dict[str, str]:
    """The filters of the URL, with the defaults of those that it does not have."""
    # Texts need no look for the character NUL: a URL that has it is refused before any view.
    names = ("business_key", "variable", "operator", "value", "activity", "message")
    found = {name: request.args.get(name, "") for name in names}
    # An unknown state is replaced by the default: an old link should still show something.
    state = request.args.get("state", "running")
    found["state"] = state if state in (*_RUNNING, *_ENDED) else "running"
    if found["operator"] not in dict(OPERATORS):
        found["operator"] = "eq"
    return found


def instances(store: Store, asked: dict[str, str], **owner: str) -> Page:
    """The page of instances that is asked for, with what a row shows.

    Args:
        owner: ``process_definition_id``, perhaps.
    """
    state = asked["state"]
    is_running = state in _RUNNING
    filters: dict[str, Any] = {**owner, **(_RUNNING if is_running else _ENDED)[state]}
    prefix = "" if is_running else "process_instance_"
    # Compared for equality unless it has a sign of patterns: only that can use the index.
    if key := asked["business_key"]:
        filters[f"{prefix}business_key_like" if "%" in key else f"{prefix}business_key"] = key
    if asked["variable"]:
        filters["variables"] = [(asked["variable"], asked["operator"], value_of(asked))]
    if asked["activity"]:
        # Where it stands now; of what has ended, where it has ever been.
        name = "activity_id_in" if is_running else "executed_activity_id_in"
        filters[name] = [asked["activity"]]
    if asked["message"]:
        filters["incident_message_like"] = f"%{literal(asked['message'])}%"
    kind = "process_instance" if is_running else "historic_process_instance"
    # Ids begin with the time (decision 7), by which running instances cannot be sorted otherwise.
    sorting = [("instanceId", "desc")] if is_running else [("startTime", "desc")]
    page = listed(store, kind, filters, sorting, name="instances")
    _complete(store, page.rows, is_running)
    return page


def _complete(store: Store, rows: Sequence[dict[str, Any]], is_running: bool) -> None:
    """Add incidents and times to rows, and names that both lists have in common."""
    ids = [row["id"] for row in rows]
    # For all rows of the page at once: one by one they would be fifty queries.
    incidents = overview.incidents_of(store, ids) if ids and is_running else {}
    known: dict[str, dict[str, Any]] = {}
    if ids and is_running:
        found = lists.find(store, "historic_process_instance", {"process_instance_ids": ids})
        known = {row["id"]: row for row in found}
    for row in rows:
        past = known.get(row["id"], row)
        row["incidents"] = incidents.get(row["id"], 0)
        row["start_time"], row["end_time"] = past.get("start_time"), past.get("end_time")
        # The two lists call it otherwise, and the template, which both share, knows one name.
        row.setdefault("process_definition_id", row.get("definition_id"))
        row.setdefault("is_suspended", False)
        row.setdefault("state", "ACTIVE")


def value_of(asked: dict[str, str]) -> Any:
    """The value that a variable is compared with: as JSON where it is a number or a boolean."""
    text = asked["value"]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    # A pattern of digits stays a text: `like` compares texts alone.
    return found if _is_plain(found) and asked["operator"] != "like" else text


def _is_plain(value: object) -> bool:
    """Whether a variable can have this value, which is none of an object or a list."""
    if isinstance(value, float):
        return math.isfinite(value)
    # Beyond a Long no database could even be asked for it.
    return value is None or (isinstance(value, int) and value in _LONG)


def literal(text: str) -> str:
    """A text that stands for itself in a pattern."""
    # The backslash first, or those that the others get would be doubled.
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return text
