"""The mapping of a decision's result to the variable of a business rule task.

Source: Camunda 7 ``SingleEntryDecisionResultMapper`` and the other ``DecisionResultMapper``
classes, ``DmnDecisionResultImpl``.
"""

from collections.abc import Callable, Mapping, Sequence

from app.errors import EngineError, JavaRuntimeError

from .results import Row
from .values import NULL, Value, shown


class ResultMappingError(EngineError):
    """A result has not the shape that the mapper needs."""

    def __init__(self, number: int, mapper: str, rows: Sequence[Row], rest: str = "") -> None:
        super().__init__(
            f"ENGINE-2200{number} The decision result mapper '{mapper}DecisionResultMapper{{}}' "
            f"failed to process '{shown_rows(rows)}'{rest}"
        )


def shown_rows(rows: Sequence[Row]) -> str:
    """A result as the messages of the reference engine show it."""
    return f"[{', '.join(map(shown_row, rows))}]"


def shown_row(row: Row) -> str:
    """One result, as `shown_rows` shows it."""
    return "{" + ", ".join(f"{_name(key)}={shown(value)}" for key, value in row.items()) + "}"


def single_entry(rows: Sequence[Row]) -> Value:
    """The only output of the only result; null where there is none."""
    # Several outputs fail even where the others are null.
    if len(rows) > 1 or (rows and len(rows[0]) > 1):
        raise ResultMappingError(1, "SingleEntry", rows)
    return next(iter(rows[0].values()), NULL) if rows else NULL


def single_result(rows: Sequence[Row]) -> Value:
    """The only result as a map; null where there is none."""
    if len(rows) > 1:
        raise ResultMappingError(1, "SingleResult", rows)
    return Value(None, plain(rows[0])) if rows else NULL


def collect_entries(rows: Sequence[Row]) -> Value:
    """The values of the only output that the results have."""
    if not rows:
        return Value(None, [])
    # In the order in which they are met, which the message shows.
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > 1:
        rest = (
            ". The decision outputs should only contains values for one output name but found "
            f"'[{', '.join(map(_name, names))}]'."
        )
        raise ResultMappingError(2, "CollectEntries", rows, rest)
    if not names:
        # The reference asks an empty set for its first element here; its message has no text
        # either.
        raise JavaRuntimeError("NoSuchElementException", "")
    return Value(None, [row[names[0]].value for row in rows if names[0] in row])


def result_list(rows: Sequence[Row]) -> Value:
    """All results, each as a map."""
    return Value(None, [plain(row) for row in rows])


MAPPERS: Mapping[str, Callable[[Sequence[Row]], Value]] = {
    "singleEntry": single_entry,
    "singleResult": single_result,
    "collectEntries": collect_entries,
    "resultList": result_list,
}


def plain(row: Row) -> dict[str, object]:
    """A result as a map of values without types; an output without name has no place in it."""
    return {name: value.value for name, value in row.items() if name is not None}


def _name(name: str | None) -> str:
    return "null" if name is None else name
