"""The statements of one transaction."""

from collections.abc import Iterable
from typing import NoReturn

from sqlalchemy.engine import Dialect

from app.store.connections.dialects import Compiled, Parameters, Rows, Variants, list_parameter
from app.store.connections.sessions import Session


class Statements:
    """Executes statements with named parameters over the transaction's session."""

    __slots__ = ("_dialect", "_session")

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._dialect.name == "postgresql"

    def rows(self, statement: Compiled, **parameters: object) -> Rows:
        """The rows of a query."""
        return self._session.rows(statement, parameters)

    def rows_given(self, statement: Variants, **parameters: object) -> Rows:
        """The rows of a query in the variant for those of its parameters that are not None."""
        given = (name for name, value in parameters.items() if value is not None)
        return self._session.rows(statement.given(given), parameters)

    def rows_of(self, *queries: tuple[Compiled, Parameters]) -> list[Rows]:
        """The rows of several queries, none of which needs another's, in one round trip."""
        return self._session.rows_of(*queries)

    def run(self, statement: Compiled, **parameters: object) -> int:
        """Execute a statement without rows; returns how many it touched."""
        return self._session.run(statement, parameters)

    def defer(self, statement: Compiled, **parameters: object) -> None:
        """Execute a statement at the latest just before the next one; its result is dropped."""
        self._session.defer(statement, parameters)

    def listed(self, values: Iterable[str]) -> object:
        """Values as the list parameter of a statement."""
        return list_parameter(self._dialect, values)


class Queries(Statements):
    """The statements of a transaction that only reads."""

    __slots__ = ()

    def run(self, statement: Compiled, **parameters: object) -> NoReturn:
        """Refuse a statement that writes.

        Raises:
            AssertionError: always; SQLite would execute it, for its transactions know no mode.
        """
        raise AssertionError("a look writes nothing")

    # Refused at once: deferred, it would fail with a later statement, which is not to blame.
    defer = run
