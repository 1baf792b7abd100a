"""The database that is taken over: one snapshot of it, read a portion at a time.

Source: contract 16.1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from .portions import portions
from .problems import TakeoverError

OLDEST, NEWEST = 13, 24  # of the versions 7.x whose tables are known
LATER = {  # what tables of these versions may lack, with its type
    "act_ru_variable": {"batch_id_": "varchar"},
    "act_ru_incident": {"annotation_": "varchar"},
    "act_hi_incident": {"annotation_": "varchar"},
    "act_ru_job": {
        "last_failure_log_id_": "varchar",
        "root_proc_inst_id_": "varchar",
        "batch_id_": "varchar",
    },
    "act_ru_ext_task": {"last_failure_log_id_": "varchar", "create_time_": "timestamp"},
    "act_ru_task": {"last_updated_": "timestamp", "task_state_": "varchar"},
    "act_ru_batch": {"start_time_": "timestamp", "exec_start_time_": "timestamp"},
    "act_hi_batch": {"exec_start_time_": "timestamp"},
    "act_hi_taskinst": {"task_state_": "varchar"},
    "act_hi_job_log": {"batch_id_": "varchar"},
    "act_hi_procinst": {"restarted_proc_inst_id_": "varchar"},
    "act_ru_execution": {"proc_def_key_": "varchar"},
}
# Tables that neither Activiti nor a Camunda before 7.11 has all of.
_NEEDED = ("act_ge_property", "act_ge_schema_log", "act_ru_execution", "act_ru_ext_task")
_NEWEST_COLUMN = "act_ru_execution", "proc_def_key_"  # of 7.23: forks began behind it
_TABLE = re.compile(r"\{(act_\w+)\}")


class Source:
    """A snapshot of the tables of Camunda 7, which reads and never writes.

    Args:
        url: ``postgresql://user@host/name``.
        zone: of the timestamps, which have none.
        schema: of the tables; the first of the search path if it is empty.
        prefix: of the names of the tables.

    Attributes:
        version: of the schema, as the database says it.

    Raises:
        TakeoverError: it cannot be reached, or is no database that can be taken over.
    """

    def __init__(self, url: str, zone: str, *, schema: str = "", prefix: str = "") -> None:
        self.zone = zone
        self._prefix = prefix.lower()
        self._connection = _connect(url)
        self._cursors = 0
        try:
            self._schema = schema or self._value("SELECT current_schema()")
            self._columns = self._read_columns()
            self._require_tables()
            self.version = self._read_version()
            self._require_version()
            self._require_zone()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the snapshot."""
        self._connection.close()

    def _value(self, statement: str) -> Any:
        row = self._connection.execute(statement.encode()).fetchone()
        return None if row is None else row[0]

    def _read_columns(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        rows = self._connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = %s",
            [self._schema],
        )
        for table, column in rows:
            # Of another prefix is another engine in the same schema.
            if table.startswith(self._prefix):
                found.setdefault(table.removeprefix(self._prefix), set()).add(column)
        return found

    def _require_tables(self) -> None:
        missing = [name for name in _NEEDED if name not in self._columns]
        if not missing:
            return
        others = ", ".join(f"{self._prefix}{name}".upper() for name in missing)
        hint = ""
        if "act_ru_execution" in self._columns:
            hint = ": it may be of Activiti, Flowable or a Camunda before 7.11"
        raise TakeoverError(
            f"The schema '{self._schema}' is none of Camunda 7: it lacks {others}{hint}. "
            "--schema and --prefix name other tables."
        )

    def _read_version(self) -> str:
        texts = [row[0] for row in self.rows("SELECT version_ FROM {act_ge_schema_log}") if row[0]]
        return max(texts, key=_numbers, default="")

    def _require_version(self) -> None:
        major, minor = (*_numbers(self.version), 0, 0)[:2]
        table, column = _NEWEST_COLUMN
        # Forks count their versions from 1; a column of 7.23 tells that the tables are as known.
        is_fork = major != 7 and column in self._columns[table]
        if not is_fork and (major != 7 or not OLDEST <= minor <= NEWEST):
            raise TakeoverError(
                f"The tables are of version {self.version or 'unknown'}; those of 7.{OLDEST} to "
                f"7.{NEWEST} can be taken over. Let the old engine's upgrade scripts bring others "
                "there first."
            )

    def _require_zone(self) -> None:
        try:
            # By Python as well as by the database: both read timestamps, and know different names.
            ZoneInfo(self.zone)
            self._value(self.text("SELECT now() AT TIME ZONE {zone}"))
        except (ValueError, LookupError, OSError, psycopg.DataError) as error:
            raise TakeoverError(
                f"--from-zone must name a time zone, as Europe/Berlin, not '{self.zone}'"
            ) from error

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        return table in self._columns

    def text(self, statement: str) -> str:
        """A statement with the names of tables in the place of ``{act_…}``, and the zone.

        Columns that older versions lack are there, without values.
        """
        found = statement.replace("{zone}", sql.Literal(self.zone).as_string(self._connection))
        return _TABLE.sub(lambda match: self._table(match[1]), found)

    def _table(self, name: str) -> str:
        quoted = sql.Identifier(self._schema, f"{self._prefix}{name}").as_string(self._connection)
        lacking = {
            column: kind
            for column, kind in LATER.get(name, {}).items()
            if column not in self._columns.get(name, ())
        }
        if not lacking:
            return quoted
        nulls = ", ".join(f"NULL::{kind} AS {column}" for column, kind in lacking.items())
        # So that each statement is written once, for the newest version.
        return f"(SELECT *, {nulls} FROM {quoted})"

    def rows(
        self, statement: str, parameters: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, read in portions of a bounded size; several may be open at once.

        Raises:
            TakeoverError: the connection is lost, or a column is not there.
        """
        self._cursors += 1
        try:
            # A named cursor stays on the server: the rows of a table never are in memory all at
            # once.
            with self._connection.cursor(name=f"takeover_{self._cursors}", binary=True) as cursor:
                cursor.execute(self.text(statement).encode(), parameters)
                yield from portions(cursor)
        except psycopg.errors.UndefinedColumn as error:
            raise TakeoverError(f"The tables are none of Camunda 7: {error}") from error
        except psycopg.Error as error:
            raise TakeoverError(f"The source cannot be read: {error}") from error

    def value(self, statement: str) -> Any:
        """The one value of a query."""
        return next(self.rows(statement))[0]


def _connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    if not url.startswith(("postgresql://", "postgres://")):
        raise TakeoverError("The source must be a PostgreSQL: postgresql://user@host/name")
    try:
        connection = psycopg.connect(
            url,
            application_name="baton takeover",
            connect_timeout=10,
            # Limits that an administrator has set are for applications; this may take hours.
            options="-c timezone=UTC -c statement_timeout=0 -c client_encoding=UTF8 "
            "-c idle_in_transaction_session_timeout=0",
        )
    except psycopg.Error as error:
        raise TakeoverError(f"The source cannot be reached: {error}") from error
    # One snapshot for all tables, whatever is written to them meanwhile.
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0]))
