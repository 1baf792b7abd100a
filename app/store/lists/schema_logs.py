"""The log of the schema: since when the tables are as they are.

Source: contract 10.7; Camunda 7 ``SchemaLogQueryImpl``.
"""

from app.filters import TEXT
from app.models.monitoring import schema_log
from app.security.permissions import Resource

from .base import Filter, Listing
from .conditions import equals
from .rules import permitted_on_all

log = schema_log.c
SCHEMA_LOGS = Listing(
    "schema_log",
    schema_log,
    list(log),
    # The version of the reference engine whose tables clients take ours for.
    {"version": Filter(TEXT, equals(log.version))},
    {"timestamp": log.timestamp},
    order=[log.id],
    seen_by=permitted_on_all("READ", Resource.SYSTEM),
)
