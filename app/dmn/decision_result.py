"""``decisionResult``: a result as expressions at a business rule task see it.

It is a list of maps of plain values, with more methods than lists and maps have.

Source: Camunda 7 ``DmnDecisionResultImpl``, ``DmnDecisionResultEntriesImpl``.
"""

from collections.abc import Sequence

from app.errors import EngineError
from app.expressions.containers import LIST_METHODS, MAP_METHODS
from app.expressions.signatures import TEXT_OR_NULL, Methods, table

from .mapping import plain, shown_row, shown_rows
from .results import Row

_IMPLEMENTATION = "org.camunda.bpm.dmn.engine.impl."


class DecisionResultError(EngineError):
    """A result has more than the one part that was asked for."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{_IMPLEMENTATION}DmnDecisionResultException: {message}")


class ResultEntries(dict[str, object]):
    """The outputs of one result by name."""

    __slots__ = ("row",)
    java_class = f"{_IMPLEMENTATION}DmnDecisionResultEntriesImpl"

    def __init__(self, row: Row) -> None:
        super().__init__(plain(row))
        self.row = row

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the result, or of a map."""
        return _call(self, (_ENTRIES, MAP_METHODS), name, arguments)


class DecisionResult(list[object]):
    """All results, in their order."""

    __slots__ = ("rows",)
    java_class = f"{_IMPLEMENTATION}DmnDecisionResultImpl"

    def __init__(self, rows: Sequence[Row]) -> None:
        # A list for JUEL: `decisionResult[0]`, `size()` and loops need no code of their own.
        super().__init__(map(ResultEntries, rows))
        self.rows = rows

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the result, or of a list."""
        return _call(self, (_RESULT, LIST_METHODS), name, arguments)


def _call(target: object, methods: Sequence[Methods], name: str, arguments: list[object]) -> object:
    # Its own methods first: Java's class overrides those of the list or map.
    for known in methods:
        method = known.get((name, len(arguments)))
        if method is not None:
            return method(target, arguments)
    raise AttributeError(name)


def _single_result(result: DecisionResult) -> object:
    if len(result) > 1:
        raise DecisionResultError(
            "DMN-01011 Unable to get single decision result as it has more than one result "
            f"'{shown_rows(result.rows)}'"
        )
    return _first(result)


def _first(result: DecisionResult) -> object:
    return result[0] if result else None


def _single_entry(result: DecisionResult) -> object:
    entries = _single_result(result)
    return _only_entry(entries) if isinstance(entries, ResultEntries) else None


def _only_entry(entries: ResultEntries) -> object:
    if len(entries) > 1:
        raise DecisionResultError(
            "DMN-01010 Unable to get single decision result entry as it has more than one entry "
            f"'{shown_row(entries.row)}'"
        )
    return _first_entry(entries)


def _first_entry(entries: ResultEntries) -> object:
    return next(iter(entries.values()), None)


def _collect(result: DecisionResult, name: str) -> list[object]:
    # Rows without the output are left out, not filled with null.
    return [row[name].value for row in result.rows if name in row]


_RESULT: Methods = table(
    {
        ("getFirstResult",): _first,
        ("getSingleResult",): _single_result,
        ("getSingleEntry",): _single_entry,
        ("getResultList",): lambda result: [plain(row) for row in result.rows],
        ("collectEntries", TEXT_OR_NULL): _collect,
        ("toString",): lambda result: shown_rows(result.rows),
    }
)
_ENTRIES: Methods = table(
    {
        ("getFirstEntry",): _first_entry,
        ("getSingleEntry",): _only_entry,
        ("getEntry", TEXT_OR_NULL): lambda entries, name: entries.get(name),
        ("getEntryMap",): lambda entries: plain(entries.row),
        ("toString",): lambda entries: shown_row(entries.row),
    }
)
