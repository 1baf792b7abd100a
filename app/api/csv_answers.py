"""Reports as comma-separated values.

Source: RFC 4180; Camunda 7 ``ReportResultToCsvConverter``.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from .json import uncached

MEDIA_TYPES = ("text/csv", "application/csv")


def csv_response(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], media_type: str
) -> Response:
    """Rows as CSV below the names of their columns; what has no value is the word ``null``.

    Args:
        columns: the name of each column by the key that a row has it under.
    """
    text = io.StringIO()
    # Not the CR LF of RFC 4180: as the reference engine has it.
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns.values())
    for row in rows:
        writer.writerow("null" if row[key] is None else row[key] for key in columns)
    # As recorded: the charset of a text is named, that of an application is not.
    charset = ";charset=UTF-8" if media_type == "text/csv" else ""
    # without an end of the last line, as the reference engine has it
    return uncached(Response(text.getvalue().rstrip("\n"), content_type=media_type + charset))
