"""A transaction on PostgreSQL in few round trips.

The hot statements go past the driver's cursors to its wrapper of libpq (``psycopg.pq``): each is
prepared once a connection, its parameters are encoded here, and statements that do not need each
other's answers travel together, as a pipeline: ``BEGIN`` with the locks, the writes with
``COMMIT``. A cursor costs the process several times as much as the statement itself.

Source: PostgreSQL 15 manual, 34.5 "Pipeline Mode"; psycopg 3, "libpq wrapper module".
"""

import itertools
import select
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, Error, OperationalError, pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from sqlalchemy.engine import Dialect

from app.engine.state import Change
from app.errors import UnstorableTextError
from app.store.connections.dialects import Compiled, Parameters, Rows
from app.store.connections.faults import CommitUnknownError, TransactionConflictError
from app.store.unit.assumptions import Assumptions
from app.store.unit.sweeps import Swept

from .values import BINARY, TEXT, encoded
from .writing import Written, write

MOST_PREPARED = 400  # statements of a connection; the one used longest ago goes first
SENDING_MILLISECONDS = 5  # in which a server that reads has taken more
_DIVISION_BY_ZERO = "22012"  # of an assumption that does not hold
_DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_SYNC, _OK, _BAD = pq.ExecStatus.PIPELINE_SYNC, pq.ConnStatus.OK, pq.ConnStatus.BAD


class Statement(NamedTuple):
    """A statement as libpq takes it, with ``$1`` for the first parameter.

    Attributes:
        formats: of the parameters; a text goes as BINARY, or it would end at its first NUL.
        types: OIDs of the parameters where the database cannot tell them.
    """

    sql: str
    values: Sequence[Any] = ()  # bytes or None
    formats: Sequence[int] = ()
    types: Sequence[int] | None = None


Sent = Statement | Callable[[], Written]  # what is made when it is to be sent
BEGIN, COMMIT = Statement("BEGIN"), Statement("COMMIT")
BEGIN_READING = Statement("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")


class Link:
    """A connection with its prepared statements.

    Args:
        use: notes that a statement begins.

    Attributes:
        begins_with: the statements behind the ``BEGIN`` of each transaction.
    """

    begins_with: tuple[Statement, ...] = ()

    def __init__(self, connection: Connection[Any], use: Callable[[], None]) -> None:
        self._use = use
        self.pq = connection.pgconn
        self.loader = Transformer(connection)
        self._names: OrderedDict[str, bytes] = OrderedDict()
        self._numbers = itertools.count()
        self._readable = select.poll()
        self._readable.register(self.pq.socket, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(self.pq.socket, select.POLLOUT)

    def name_of(self, statement: Statement) -> bytes:
        """The name of the prepared statement.

        Raises:
            psycopg.Error: the statement is wrong, or the connection is lost.
        """
        name = self._names.get(statement.sql)
        if name is None:
            name = b"b%d" % next(self._numbers)
            # each prepared statement costs the server memory for as long as the connection lives
            if len(self._names) >= MOST_PREPARED:
                _, oldest = self._names.popitem(last=False)
                self._check(self.pq.exec_(b"DEALLOCATE " + oldest))
            self._check(self.pq.prepare(name, statement.sql.encode(), statement.types))
            self._names[statement.sql] = name
        self._names.move_to_end(statement.sql)
        return name

    def execute(self, statement: Statement) -> Any:
        """The result of one statement."""
        self._use()
        name = self.name_of(statement)
        return self._check(self.pq.exec_prepared(name, statement.values, statement.formats, BINARY))

    def _ready(self, statement: Statement) -> bytes:
        """The name of a statement that a pipeline sends: within one libpq refuses to prepare."""
        return self.name_of(statement)

    def _send(self, ready: bytes, statement: Statement) -> None:
        """Send a statement within a pipeline."""
        self.pq.send_query_prepared(ready, statement.values, statement.formats, BINARY)

    def execute_all(self, statements: Sequence[Sent]) -> list[Any]:
        """The results of several statements, sent at once.

        Raises:
            psycopg.Error: of the first that failed; those behind it were not carried out.
        """
        self._use()
        ready = [b"" if callable(one) else self._ready(one) for one in statements]
        self.pq.enter_pipeline_mode()
        try:
            self._send_all(ready, statements)
            self.pq.pipeline_sync()
            results = self._results()
        finally:
            # On a lost connection libpq refuses to leave the mode, and its error would hide the
            # cause.
            if self.pq.status == _OK:
                self.pq.exit_pipeline_mode()
        return results

    def _send_all(self, ready: list[bytes], statements: Sequence[Sent]) -> None:
        try:
            for text, one in zip(ready, statements, strict=True):
                if callable(one):
                    self._make_and_send(one)
                else:
                    self._send(text, one)
        except Exception:
            # Of a statement that could not be made: what is under way has to be heard first, or
            # the connection would be out of step.
            if self.pq.status == _OK:
                self.pq.pipeline_sync()
                self._results()
            raise

    def _make_and_send(self, make: Callable[[], Written]) -> None:
        """Send a large statement within a pipeline as soon as it is made.

        It is not prepared: its text hardly comes twice.
        """
        sql, values, formats, types, _ = make()
        self.pq.send_query_params(sql.encode(), values, types, formats, BINARY)
        # As far as the server reads; busy with the one before, it may stop in the middle.
        while self.pq.flush() and self._writable.poll(SENDING_MILLISECONDS):
            pass

    def _results(self) -> list[Any]:
        """The results until the pipeline is in step again; the wait lets other threads run."""
        link = self.pq
        found: list[Any] = []
        failed: Error | None = None
        while True:
            while link.is_busy():
                # Both directions at once: the server may stop reading until we have read its
                # answers.
                if link.flush():
                    self._readable.poll(10)
                else:
                    self._readable.poll()
                link.consume_input()
            result = link.get_result()
            status = None if result is None else result.status
            if status in _DONE:
                found.append(result)
            elif status == _SYNC:
                if failed is not None:
                    raise failed
                return found
            elif result is not None and failed is None:  # those behind it were skipped
                failed = error_from_result(result)
            if status not in _DONE and link.status == _BAD:
                raise failed or OperationalError("the connection is lost")

    @staticmethod
    def _check(result: Any) -> Any:
        if result.status in _DONE:
            return result
        raise error_from_result(result)

    def load(self, result: Any) -> Rows:
        """The rows of a result."""
        # The connection's own loader, which knows its encoding and has found its types before.
        self.loader.set_pgresult(result)
        return self.loader.load_rows(0, result.ntuples, tuple)


class PooledLink(Link):
    """A connection to a pooler, which gives each transaction another session of the server.

    No statement is prepared, for the next transaction's session would not know it, and each
    transaction begins with its settings.
    """

    def __init__(self, connection: Connection[Any], use: Callable[[], None], settings: str) -> None:
        super().__init__(connection, use)
        self.begins_with = (Statement(settings),)

    def execute(self, statement: Statement) -> Any:
        return self.execute_all([statement])[0]

    def _ready(self, statement: Statement) -> bytes:
        return statement.sql.encode()

    def _send(self, ready: bytes, statement: Statement) -> None:
        values, types, formats = statement.values, statement.types, statement.formats
        self.pq.send_query_params(ready, values, types, formats, BINARY)


class PostgresSession:
    """A transaction on PostgreSQL; ``BEGIN`` goes along with the first statement.

    Args:
        only_reads: the database refuses locks and changes, and shows one state of itself.
    """

    def __init__(self, link: Link, dialect: Dialect, *, only_reads: bool = False) -> None:
        self._dialect = dialect
        self._link = link
        self._begin = BEGIN_READING if only_reads else BEGIN
        self._waiting: list[Sent] = [self._begin, *link.begins_with]
        self.count = 0

    def defer(self, statement: Compiled, parameters: Parameters) -> None:
        self._waiting.append(_bound(statement, self._dialect, parameters))

    def rows(self, statement: Compiled, parameters: Parameters) -> Rows:
        return self._link.load(self._execute(_bound(statement, self._dialect, parameters)))

    def rows_of(self, *queries: tuple[Compiled, Parameters]) -> list[Rows]:
        bound = [_bound(statement, self._dialect, values) for statement, values in queries]
        waiting, self._waiting = [*self._waiting, *bound], []
        self.count += len(waiting)
        results = self._link.execute_all(waiting)
        return [self._link.load(result) for result in results[-len(bound) :]]

    def run(self, statement: Compiled, parameters: Parameters) -> int:
        return self._execute(_bound(statement, self._dialect, parameters)).command_tuples or 0

    def _execute(self, statement: Statement) -> Any:
        if not self._waiting:
            self.count += 1
            return self._link.execute(statement)
        waiting, self._waiting = [*self._waiting, statement], []
        self.count += len(waiting)
        return self._link.execute_all(waiting)[-1]

    def commit(
        self,
        changes: dict[type, Change],
        sweeps: Sequence[Swept],
        assumptions: Assumptions | None = None,
    ) -> None:
        try:
            self._commit(changes, sweeps, assumptions)
        except UnicodeEncodeError as error:  # half of a surrogate pair, in whichever statement
            raise UnstorableTextError from error

    def _commit(
        self, changes: dict[type, Change], sweeps: Sequence[Swept], assumptions: Assumptions | None
    ) -> None:
        written = write(changes, sweeps, assumptions)
        if written is not None:
            sql, values, formats, types, behind = written
            self._waiting += [Statement(sql, values, formats, types), *behind]
        elif self._waiting and self._waiting[0] is self._begin:
            return  # nothing was asked, nothing is to be written
        waiting, self._waiting = [*self._waiting, COMMIT], []
        self.count += len(waiting)
        try:
            done = self._link.execute_all(waiting)[-1]
        except Error as error:
            # without a state the server has not answered: it may have committed
            if error.sqlstate is None or self._link.pq.status == _BAD:
                raise CommitUnknownError(str(error)) from error
            if assumptions and error.sqlstate == _DIVISION_BY_ZERO:
                raise TransactionConflictError("what was taken for granted has changed") from error
            raise
        # the server answers COMMIT of a failed transaction with ROLLBACK, and no error
        if done.command_status != b"COMMIT":
            raise AssertionError("the transaction had failed before it was to be committed")


def _bound(statement: Compiled, dialect: Dialect, parameters: Parameters) -> Statement:
    sql, order = statement.text(dialect)
    values: list[bytes | None] = []
    formats: list[int] = []
    for name in order:
        value = parameters[name]
        values.append(encoded(value))
        formats.append(BINARY if isinstance(value, str) else TEXT)
    return Statement(sql, values, formats)
