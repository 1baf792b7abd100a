"""How much has finished, and how much of it the clean-up would remove.

Source: contract 10.7; Camunda 7 ``CleanableHistoricProcessInstanceReportImpl``,
``CleanableHistoricBatchReportImpl``.
"""

from typing import Any

from sqlalchemy import case, exists, func, select

from app.filters import LIST
from app.models.history import historic_batch, historic_process_instance
from app.models.repository import process_definition
from app.store.connections.dialects import StatementClock

from .base import Condition, Filter, Listing, flag
from .conditions import among, tenants
from .history import instances_with_root, removal

d, b = process_definition.c, historic_batch.c
h = historic_process_instance.c
NOW = StatementClock()
_is_finished = (h.process_definition_id == d.id) & h.end_time.is_not(None)


def _instances(*conditions: Condition) -> Any:
    """How many finished instances a definition has."""
    return (
        select(func.count())
        .select_from(instances_with_root())
        .where(_is_finished, *conditions)
        .correlate(process_definition)
        .scalar_subquery()
    )


_finished = _instances()
CLEANABLE_INSTANCES = Listing(
    "cleanable_process_instance_report",
    process_definition,
    [
        d.id.label("process_definition_id"),
        d.key.label("process_definition_key"),
        d.name.label("process_definition_name"),
        d.version.label("process_definition_version"),
        d.history_time_to_live,
        _finished.label("finished_process_instance_count"),
        _instances(removal.element <= NOW).label("cleanable_process_instance_count"),
        d.tenant_id,
    ],
    {
        "process_definition_id_in": Filter(LIST, among(d.id)),
        "process_definition_key_in": Filter(LIST, among(d.key)),
        **tenants(d.tenant_id),
        "compact": flag(exists().where(_is_finished)),
    },
    {"finished": _finished},
    order=[d.id],
)

_of_type = (
    select(
        b.type.label("batch_type"),
        func.count().label("finished_batches_count"),
        func.count(case((b.removal_time <= NOW, 1))).label("cleanable_batches_count"),
    )
    .where(b.end_time.is_not(None))
    .group_by(b.type)
    .subquery("of_type")
)
CLEANABLE_BATCHES = Listing(
    "cleanable_batch_report",
    _of_type,
    list(_of_type.c),
    {},
    {"finished": _of_type.c.finished_batches_count},
    order=[_of_type.c.batch_type],
)
