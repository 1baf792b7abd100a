"""The databases of Camunda 7 that the tests take over: rows of a real engine, in bare tables.

``data/`` has them as JSON: the cuts, each the whole database in the middle of a recorded case; a
house with everything in it, and the answers that its own engine gave; the columns of all tables.
"""

import base64
import functools
import json
import lzma
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

HERE = Path(__file__).parent
NEAR = timedelta(days=60)  # farther away are dates that people wrote down
_CYCLE = re.compile(r"(?<=/)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=/)")
_PER_DATABASE = ("ACT_GE_PROPERTY", "ACT_GE_SCHEMA_LOG")  # which every cut has


@functools.cache
def data(name):
    """The content of a file in `data`."""
    return json.loads(lzma.open(HERE / "data" / f"{name}.json.xz").read())


def columns(version="7.24"):
    """The columns of each table, with their types, in a version of the schema."""

    def is_there(name):
        since = data("tables")["since"].get(name, "7.0")
        return int(since.partition(".")[2]) <= int(version.split(".")[1])

    return {
        table: {name: kind for name, kind in found if is_there(f"{table}.{name}")}
        for table, found in data("tables")["tables"].items()
        if is_there(table)
    }


def create(url, version="7.24"):
    """Make the tables, without rows."""
    with psycopg.connect(url) as connection:
        for table, found in columns(version).items():
            listed = ", ".join(f"{name} {kind}" for name, kind in found.items())
            connection.execute(f"CREATE TABLE {table.lower()} ({listed})")
        if version != "7.24":
            note_version(connection, version)


def note_version(connection, version):
    """Let the schema say which version it is of."""
    connection.execute("DELETE FROM act_ge_schema_log")
    connection.execute("INSERT INTO act_ge_schema_log VALUES ('0', now(), %s)", [version])


def fill(url, *dumps, version="7.24", shift=None):
    """Put the rows of some databases into one.

    Args:
        shift: how much later everything happens; None lets it happen just now.
    """
    known = columns(version)
    with psycopg.connect(url) as connection:
        for number, dump in enumerate(dumps):
            taken = datetime.fromisoformat(dump["taken"])
            passed = datetime.now(UTC).replace(tzinfo=None) - taken if shift is None else shift
            later = timedelta(seconds=passed // timedelta(seconds=1))
            for table, content in dump["tables"].items():
                is_again = table in _PER_DATABASE and (number or version != "7.24")
                if table in known and not is_again:
                    _copy(connection, table, content, known[table], taken, later)


def _copy(connection, table, content, known, taken, later):
    places = [(n, name) for n, (name, _) in enumerate(content["columns"]) if name in known]
    listed = ", ".join(name for _, name in places)
    with connection.cursor().copy(f"COPY {table.lower()} ({listed}) FROM STDIN") as copy:
        for row in content["rows"]:
            copy.write_row([_value(row[n], name, known[name], taken, later) for n, name in places])


def _value(value, name, kind, taken, later):
    if value is None:
        return None
    if kind == "bytea":
        return base64.b64decode(value)
    if kind == "timestamp":
        return _moved(datetime.fromisoformat(value), taken, later)
    if name == "repeat_":
        start = lambda found: _moved(datetime.fromisoformat(found[0]), taken, later)  # noqa: E731
        return _CYCLE.sub(lambda found: start(found).isoformat(), value)
    return value


def _moved(time, taken, later):
    return time + later if abs(time - taken) < NEAR else time
