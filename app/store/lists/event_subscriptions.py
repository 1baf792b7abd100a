"""The list of event subscriptions.

Source: contract 4.3.
"""

from sqlalchemy import and_, or_

from app.filters import TEXT
from app.models.runtime import event_subscription
from app.security.permissions import ANY, Resource

from .base import Condition, Filter, Listing
from .conditions import equals, tenants_or_none
from .rules import Columns, User, holds, instance_readers

s = event_subscription.c


def _seen_by(user: User, columns: Columns) -> Condition:
    """Those of start events belong to no instance: users that see all instances see them."""
    return or_(
        and_(s.process_instance_id.is_not(None), instance_readers()(user, columns)),
        # Of all instances: there is no instance on which a permission could be granted.
        holds(user, "READ", Resource.PROCESS_INSTANCE, ANY),
        holds(user, "READ_INSTANCE", Resource.PROCESS_DEFINITION, ANY),
    )


EVENT_SUBSCRIPTIONS = Listing(
    "event_subscription",
    event_subscription,
    list(event_subscription.c),
    {
        "event_subscription_id": Filter(TEXT, equals(s.id)),
        "event_name": Filter(TEXT, equals(s.event_name)),
        "event_type": Filter(TEXT, equals(s.event_type)),
        "execution_id": Filter(TEXT, equals(s.execution_id)),
        "process_instance_id": Filter(TEXT, equals(s.process_instance_id)),
        "activity_id": Filter(TEXT, equals(s.activity_id)),
        **tenants_or_none(s.tenant_id, "include_event_subscriptions_without_tenant_id"),
    },
    # Few ways to sort: the reference has no more.
    {"created": s.created_date, "tenantId": s.tenant_id},
    order=[s.id],
    seen_by=_seen_by,
)
