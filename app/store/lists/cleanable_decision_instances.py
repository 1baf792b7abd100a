"""The report of how much every decision has decided, and of how much the time has come.

Source: semantics 12.10; Camunda 7 ``CleanableHistoricDecisionInstanceReportImpl``.
"""

from typing import Any

from sqlalchemy import func, select

from app.filters import SET, set_of
from app.models.decisions import decision_definition, historic_decision_instance
from app.security.permissions import Resource
from app.store.connections.dialects import StatementClock

from .base import Condition, Filter, Listing, flag
from .conditions import among, tenants
from .historic_decision_instances import removal
from .history import with_root
from .rules import permitted

d = decision_definition.c


def _counted(*conditions: Condition) -> Any:
    """How many instances of the definition fulfil some conditions."""
    return (
        select(func.count())
        .select_from(with_root(historic_decision_instance))
        .where(historic_decision_instance.c.decision_definition_id == d.id, *conditions)
        # One count a definition, by ix_hi_decision_definition; definitions are few.
        .correlate(decision_definition)
        .scalar_subquery()
    )


# An evaluation has no duration: each that is there has finished.
_finished = _counted()

CLEANABLE_DECISION_INSTANCES = Listing(
    "cleanable_decision_instance",
    decision_definition,
    [
        d.id.label("decision_definition_id"),
        d.key.label("decision_definition_key"),
        d.name.label("decision_definition_name"),
        d.version.label("decision_definition_version"),
        d.history_time_to_live,
        _finished.label("finished_decision_instance_count"),
        _counted(removal <= StatementClock()).label("cleanable_decision_instance_count"),
        d.tenant_id,
    ],
    {
        "decision_definition_id_in": Filter(SET, among(d.id)),
        "decision_definition_key_in": Filter(SET, among(d.key)),
        "compact": flag(_finished > 0),
        **tenants(d.tenant_id, set_of("tenantIds")),
    },
    {"finished": _finished},
    order=[d.id],
    seen_by=permitted("READ_HISTORY", Resource.DECISION_DEFINITION, "decision_definition_key"),
)
