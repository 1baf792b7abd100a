"""The engines of a server as ``BATON_ENGINES`` names them, each with its database.

Source: decision 23; contract 4.9.
"""

import re
from collections.abc import Mapping
from typing import Any

from config import object_in

DEFAULT = "default"
MOST = 32  # each has threads and connections of its own, and is a label of the metrics
OWN = (  # settings that an engine may have of its own; all others are those of the server
    "DATABASE_URL",
    "DATABASE_READ_URL",
    "DATABASE_READ_WAIT",
    "DATABASE_POOLER",
    "DATABASE_DIRECT_URL",
    "POOL_SIZE",
    "POOL_TIMEOUT",
    "STATEMENT_TIMEOUT",
    "BATON_JOB_EXECUTOR",
    "BATON_HISTORY_LEVEL",
    "BATON_HISTORY_TTL",
    "BATON_REQUIRE_HISTORY_TTL",
    "BATON_CLEANUP_WINDOW",
    "BATON_CLEANUP_RATE",
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
# hosts of one URL have commas between them too: an entry begins where a name and a URL do
_ENTRY = re.compile(r"[,\s]+(?=[^,\s=]+=[a-z+]+://)")


def read(text: str) -> dict[str, dict[str, str]]:
    """The settings of each engine by its name, in the order in which they are named.

    Args:
        text: ``name=URL,name=URL``, or the path of a JSON file: an object with a URL, or an object
            of settings, for each name.

    Raises:
        ValueError: in one line, what is wrong; URLs are not repeated, for they hold passwords.
    """
    text = text.strip()
    is_file = text.startswith(("/", "./")) or text.endswith(".json")
    found = _of_file(text) if is_file else _of_entries(text)
    if len(found) > MOST:
        raise ValueError(f"there are {len(found)} engines, and at most {MOST} may be")
    for name in found:
        if name == DEFAULT:
            raise ValueError(f"'{DEFAULT}' is the engine of DATABASE_URL")
        if not _NAME.fullmatch(name):
            raise ValueError(f"a name has letters, digits, '_', '.' and '-', not '{name[:40]}'")
    return found


def environment(server: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The settings of one engine: its own, beside those of the server that are not about a
    database.
    """
    # A setting of the default engine's database must not become one of another's by being left out.
    apart = {name: value for name, value in server.items() if not name.startswith("DATABASE_")}
    apart.pop("BATON_ENGINES", None)
    return {**apart, **own}


def _of_entries(text: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in filter(None, _ENTRY.split(text)):
        name, mark, url = entry.strip().partition("=")
        if not mark or "://" not in url:
            raise ValueError("it must be name=URL,name=URL, or name a JSON file")
        if name in found:
            raise ValueError(f"'{name[:40]}' is named twice")
        found[name] = {"DATABASE_URL": url.strip().rstrip(",")}
    return found


def _of_file(path: str) -> dict[str, dict[str, str]]:
    read = object_in(path, "names and databases")
    return {name: _settings(name, value) for name, value in read.items()}


def _settings(name: str, value: Any) -> dict[str, str]:
    given = {"DATABASE_URL": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or not given.get("DATABASE_URL"):
        raise ValueError(f"'{name[:40]}' must have a URL, or an object with DATABASE_URL")
    for setting, content in given.items():
        if setting not in OWN:
            raise ValueError(f"{setting[:40]} is no setting of an engine, but {', '.join(OWN)} are")
        if not isinstance(content, (str, int)) or isinstance(content, bool):
            raise ValueError(f"{setting} of '{name[:40]}' must be a text or a number")
    return {setting: str(content) for setting, content in given.items()}
