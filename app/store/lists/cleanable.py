"""How much has finished, and how much of it the clean-up would remove.

Source: contract 10.7; Camunda 7 ``CleanableHistoricProcessInstanceReportImpl``,
``CleanableHistoricBatchReportImpl``.
"""

from sqlalchemy import case, func, or_, select, union_all

from app.filters import SET, set_of
from app.models.history import historic_batch, historic_process_instance
from app.models.repository import process_definition
from app.security.permissions import Resource
from app.store.connections.dialects import StatementClock

from .base import Filter, Listing, flag
from .conditions import among, tenants
from .rules import HISTORY_READERS, permitted_on_all

d, b = process_definition.c, historic_batch.c
h = historic_process_instance.c
NOW = StatementClock()

# counted for all definitions at once: one by one, each would read its share of a large history
_counted = (
    select(h.process_definition_id, func.count().label("instances"))
    .where(h.end_time.is_not(None))
    .group_by(h.process_definition_id)
    .subquery("counted")
)
# from those whose time has come, which are few where the clean-up runs: by a removal time of
# their own, which each root has, or by that of their root
_root = historic_process_instance.alias("root")
_own = select(h.process_definition_id).where(
    # A called instance goes with its root, so that no half of a call hierarchy is left.
    or_(h.has_own_removal_time.is_(True), h.super_process_instance_id.is_(None)),
    h.removal_time <= NOW,
)
_of_root = (
    select(h.process_definition_id)
    .join_from(_root, historic_process_instance, h.root_process_instance_id == _root.c.id)
    .where(
        h.has_own_removal_time.is_not(True),
        h.super_process_instance_id.is_not(None),
        _root.c.removal_time <= NOW,
    )
)
# Each half begins at ix_hi_process_instance_removal; an OR over the two would use no index.
_due = union_all(*(query.where(h.end_time.is_not(None)) for query in (_own, _of_root)))
_due_rows = _due.subquery("due")
_expired = (
    select(_due_rows.c.process_definition_id, func.count().label("instances"))
    .group_by(_due_rows.c.process_definition_id)
    .subquery("expired")
)
_finished = func.coalesce(_counted.c.instances, 0)
CLEANABLE_INSTANCES = Listing(
    "cleanable_process_instance_report",
    process_definition.outerjoin(_counted, _counted.c.process_definition_id == d.id).outerjoin(
        _expired, _expired.c.process_definition_id == d.id
    ),
    [
        d.id.label("process_definition_id"),
        d.key.label("process_definition_key"),
        d.name.label("process_definition_name"),
        d.version.label("process_definition_version"),
        d.history_time_to_live,
        _finished.label("finished_process_instance_count"),
        func.coalesce(_expired.c.instances, 0).label("cleanable_process_instance_count"),
        d.tenant_id,
    ],
    {
        "process_definition_id_in": Filter(SET, among(d.id)),
        "process_definition_key_in": Filter(SET, among(d.key)),
        **tenants(d.tenant_id, set_of("tenantIds")),
        "compact": flag(_counted.c.instances.is_not(None)),
    },
    {"finished": _finished},
    order=[d.id],
    seen_by=HISTORY_READERS,
)

_of_type = (
    select(
        b.type.label("batch_type"),
        # Counts rows that have one: batches that run have no end.
        func.count(b.end_time).label("finished_batches_count"),
        func.count(case((b.end_time.is_not(None) & (b.removal_time <= NOW), 1))).label(
            "cleanable_batches_count"
        ),
    )
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
    # Its rows are sums over batches of a type, so a right on single ones says nothing of them.
    seen_by=permitted_on_all("READ_HISTORY", Resource.BATCH),
)
