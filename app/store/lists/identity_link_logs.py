"""The log of who came to user tasks, and who left them.

Source: Camunda 7 ``HistoricIdentityLinkLogQueryImpl``.
"""

from app.filters import DATE, TEXT
from app.models.history import historic_identity_link

from .base import Filter, Listing
from .conditions import at_least, at_most, equals, tenants
from .history import removal, with_root
from .rules import HISTORY_READERS_OR_NO_DEFINITION

link = historic_identity_link.c
IDENTITY_LINK_LOGS = Listing(
    "historic_identity_link",
    with_root(historic_identity_link),
    [*link, removal],
    {
        # Ends included, unlike those of tasks.
        "date_before": Filter(DATE, at_most(link.time)),
        "date_after": Filter(DATE, at_least(link.time)),
        "type": Filter(TEXT, equals(link.type)),
        "user_id": Filter(TEXT, equals(link.user_id)),
        "group_id": Filter(TEXT, equals(link.group_id)),
        "task_id": Filter(TEXT, equals(link.task_id)),
        "process_definition_id": Filter(TEXT, equals(link.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(link.process_definition_key)),
        "operation_type": Filter(TEXT, equals(link.operation_type)),
        "assigner_id": Filter(TEXT, equals(link.assigner_id)),
        **tenants(link.tenant_id),
    },
    {
        "time": link.time,
        "type": link.type,
        "userId": link.user_id,
        "groupId": link.group_id,
        "taskId": link.task_id,
        "processDefinitionId": link.process_definition_id,
        "processDefinitionKey": link.process_definition_key,
        "operationType": link.operation_type,
        "assignerId": link.assigner_id,
        "tenantId": link.tenant_id,
    },
    order=[link.id],
    seen_by=HISTORY_READERS_OR_NO_DEFINITION,
)
