"""How log lines look: one line an event, as text or as JSON, on standard error.

Input of a client can neither end a line nor control the terminal of its reader.
"""

import functools
import json
import logging
import os
import re
import time
from collections.abc import MutableMapping
from typing import Any

from .origin import origin

MOST = 4_000  # characters of a value; the end of a longer one is cut off
MOST_OF_TRACE = 20_000  # characters of a stack trace
FIRST = ("timestamp", "level", "event")
_PLAIN = re.compile(r"[\w.:/+@~<>{}()*,;-]+", re.ASCII).fullmatch
# control characters, separators of lines, what turns the direction of writing, halves of pairs
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_encoded = json.JSONEncoder(default=str).encode
_NUMBERS = (int, float, bool)
_form = "text"
_least = logging.NOTSET  # the level from which on lines are written
_is_told = True  # False from `configure_logging` to the first line, which hands it on


def _named(found: re.Match[str]) -> str:
    character = found[0]
    return _NAMES.get(character) or f"\\u{ord(character):04x}"


def _quoted(value: object) -> str:
    """A value of a text line: as it is where nothing in it could be taken for something else."""
    text = str(value)
    if _PLAIN(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_CONTROLS.sub(_named, escaped)}"'


def render(fields: MutableMapping[str, Any]) -> str:
    """A line without its end; values that are None are left out."""
    if _form == "json":
        return _encoded({k: v for k, v in fields.items() if v is not None})
    return " ".join(
        [
            # most values are plain; a call for each would take half of the time
            f"{k}={v if type(v) in _NUMBERS or (type(v) is str and _PLAIN(v)) else _quoted(v)}"
            for k, v in fields.items()
            if v is not None
        ]
    )


@functools.lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def now() -> str:
    """The time as log lines have it."""
    milliseconds = time.time_ns() // 1_000_000
    return f"{_second(milliseconds // 1000)}.{milliseconds % 1000:03}Z"


def write(fields: MutableMapping[str, Any]) -> None:
    """Write a line past structlog: for the one of each request, which counts its microseconds."""
    os.write(2, f"{render(fields)}\n".encode(errors="backslashreplace"))


def _render_event(_: Any, __: str, fields: MutableMapping[str, Any]) -> str:
    """The last processor: what every line begins with, cut values, the request that it is of."""
    ordered = {name: fields.pop(name) for name in FIRST if name in fields}
    if origin.request_id is not None:
        fields.setdefault("request_id", origin.request_id)
    for name, value in fields.items():
        if isinstance(value, str):
            most = MOST_OF_TRACE if name == "exception" else MOST
            value = value if len(value) <= most else f"{value[:most]}…"
        ordered[name] = value
    return render(ordered)


class Log:
    """The log of a module for its operators, by structlog.

    It is loaded with the first line: most processes write none before their first answer, and it
    takes as long to load as the parser of models.

    Args:
        fields: that each line has.
    """

    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    def bind(self, **fields: Any) -> "Log":
        """The same log with more fields."""
        return Log(**self._fields, **fields)

    def info(self, event: str, **fields: Any) -> None:
        """Tell what has happened."""
        self._tell(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        """Tell what somebody should look at."""
        self._tell(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        """Tell what must not be."""
        self._tell(logging.ERROR, event, fields)

    def _tell(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if level >= _least:
            _structlog().log(level, event, **self._fields, **fields)


log = Log()


def _structlog() -> Any:
    """The logger of structlog, which is told how lines look before it writes the first one."""
    global _is_told
    import structlog

    if not _is_told:
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                _render_event,
            ],
            wrapper_class=structlog.make_filtering_bound_logger(_least),
            logger_factory=structlog.PrintLoggerFactory(file=open(2, "w", closefd=False)),  # noqa: SIM115
        )
        _is_told = True
    return structlog.get_logger()


def configure_logging(level: str, form: str = "text") -> None:
    """Log from this level on.

    Args:
        form: ``text`` for key=value pairs, or ``json``.
    """
    global _form, _least, _is_told
    _form, _least, _is_told = form, logging.getLevelName(level.upper()), False
