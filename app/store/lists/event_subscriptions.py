"""The list of event subscriptions.

Source: contract 4.3.
"""

from app.filters import TEXT
from app.models.runtime import event_subscription

from .base import Filter, Listing
from .conditions import equals, tenants_or_none

s = event_subscription.c
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
)
