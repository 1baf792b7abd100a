"""The times of the source as SQL: it keeps them in the local time of its engine."""

from .mapping import same


def timestamps(*names: str, **others: str) -> dict[str, str]:
    """The same of times, which the source keeps in the local time of its engine."""
    return {name: timestamp(column) for name, column in same(*names, **others).items()}


def timestamp(column: str) -> str:
    """A local time as a point in time; what is not in the years 1 to 9999 is put at their end."""
    # Some days within, for the zone may move a time over either end.
    clipped = f"least(greatest({column}, '0001-01-03'), '9999-12-29')"
    return f"CASE WHEN {column} IS NOT NULL THEN {clipped} END AT TIME ZONE {{zone}}"


def first_time(*columns: str) -> str:
    """The first of several times that is known, else that of the takeover."""
    # The last resort is late rather than missing: lists sort by it.
    return f"coalesce({', '.join(map(timestamp, columns))}, now())"
