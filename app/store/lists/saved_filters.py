"""The list of filters that are kept under a name.

Source: contract 11.6; Camunda 7 ``FilterQueryImpl``.
"""

from app.filters import TEXT, Flag
from app.models.identity import saved_filter
from app.security.permissions import Resource

from .base import Filter, Listing
from .conditions import equals, like
from .rules import permitted

f = saved_filter.c

FILTERS = Listing(
    "filter",
    saved_filter,
    list(f),
    {
        "filter_id": Filter(TEXT, equals(f.id)),
        "resource_type": Filter(TEXT, equals(f.resource_type)),
        "name": Filter(TEXT, equals(f.name)),
        "name_like": Filter(TEXT, like(f.name)),
        # The query of a filter is no column: it is kept as JSON, and never searched.
        "owner": Filter(TEXT, equals(f.owner)),
        # Adds to each filter how many tasks it finds.
        "item_count": Filter(Flag(is_primitive=True)),
    },
    {"filterId": f.id, "resourceType": f.resource_type, "name": f.name, "owner": f.owner},
    order=[f.id],
    seen_by=permitted("READ", Resource.FILTER),
)
