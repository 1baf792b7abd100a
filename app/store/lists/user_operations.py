"""The log of what users did.

Source: contract 11; Camunda 7 ``UserOperationLogQueryImpl``.
"""

from app.filters import DATE, SET, TEXT
from app.models.monitoring import user_operation
from app.security.permissions import Resource

from .base import Filter, Listing
from .conditions import among, at_least, at_most, cases, equals
from .history import removal, with_root
from .rules import HISTORY_READERS, either, permitted

o = user_operation.c
_EQUAL = (
    "deployment_id",
    "process_definition_id",
    "process_definition_key",
    "process_instance_id",
    "execution_id",
    "task_id",
    "job_id",
    "job_definition_id",
    "batch_id",
    "user_id",
    "operation_id",
    "external_task_id",
    "operation_type",
    "entity_type",
    "category",
    "property",
)
USER_OPERATIONS = Listing(
    "user_operation",
    with_root(user_operation),
    [*o, removal],
    {
        **{name: Filter(TEXT, equals(o[name])) for name in _EQUAL},
        **cases(TEXT, "case_definition_id", "case_instance_id", "case_execution_id"),
        # In addition to the single type and category; given together, both must hold.
        "entity_type_in": Filter(SET, among(o.entity_type)),
        "category_in": Filter(SET, among(o.category)),
        "after_timestamp": Filter(DATE, at_least(o.timestamp)),
        "before_timestamp": Filter(DATE, at_most(o.timestamp)),
    },
    # The time alone: entries of one operation come in the order of their ids.
    {"timestamp": o.timestamp},
    order=[o.id],
    seen_by=either(permitted("READ", Resource.OPERATION_LOG_CATEGORY, "category"), HISTORY_READERS),
)
