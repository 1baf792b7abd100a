"""The list of what was decided.

Source: semantics 12.10; Camunda 7 ``HistoricDecisionInstanceQueryImpl``.
"""

from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from app.filters import DATE, FLAG, SET, TEXT
from app.models.decisions import historic_decision_instance
from app.security.permissions import Resource

from .base import Filter, Listing, flag
from .conditions import among, at_least, at_most, cases, equals, like, tenants
from .history import removal as root_removal
from .history import with_root
from .rules import permitted

i = historic_decision_instance.c
# An evaluation outside of processes has a time of its own, and no root to take one from.
removal = case((i.has_own_removal_time, i.removal_time), else_=root_removal.element)

HISTORIC_DECISION_INSTANCES = Listing(
    "historic_decision_instance",
    with_root(historic_decision_instance),
    # both removal times: SQLite knows of columns alone that they hold a timestamp
    [*i, root_removal.element.label("root_removal_time")],
    {
        "decision_instance_id": Filter(TEXT, equals(i.id)),
        "decision_instance_id_in": Filter(SET, among(i.id)),
        "decision_definition_id": Filter(TEXT, equals(i.decision_definition_id)),
        "decision_definition_id_in": Filter(SET, among(i.decision_definition_id)),
        "decision_definition_key": Filter(TEXT, equals(i.decision_definition_key)),
        "decision_definition_key_in": Filter(SET, among(i.decision_definition_key)),
        "decision_definition_name": Filter(TEXT, equals(i.decision_definition_name)),
        "decision_definition_name_like": Filter(TEXT, like(i.decision_definition_name)),
        "process_definition_id": Filter(TEXT, equals(i.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(i.process_definition_key)),
        "process_instance_id": Filter(TEXT, equals(i.process_instance_id)),
        "activity_id_in": Filter(SET, among(i.activity_id)),
        "activity_instance_id_in": Filter(SET, among(i.activity_instance_id)),
        "evaluated_before": Filter(DATE, at_most(i.evaluation_time)),
        "evaluated_after": Filter(DATE, at_least(i.evaluation_time)),
        "user_id": Filter(TEXT, equals(i.user_id)),
        "root_decision_instance_id": Filter(
            # The root itself names no root, and belongs to the answer.
            TEXT,
            lambda root: or_(i.id == root, i.root_decision_instance_id == root),
        ),
        "root_decision_instances_only": flag(i.root_decision_instance_id.is_(None)),
        "decision_requirements_definition_id": Filter(
            TEXT, equals(i.decision_requirements_definition_id)
        ),
        "decision_requirements_definition_key": Filter(
            TEXT, equals(i.decision_requirements_definition_key)
        ),
        # these add to the answer and do not select rows
        "include_inputs": Filter(FLAG),
        "include_outputs": Filter(FLAG),
        "disable_binary_fetching": Filter(FLAG),
        "disable_custom_object_deserialization": Filter(FLAG),
        **cases(TEXT, "case_definition_id", "case_definition_key", "case_instance_id"),
        **tenants(i.tenant_id),
    },
    {"evaluationTime": i.evaluation_time, "tenantId": i.tenant_id},
    order=[i.id],
    seen_by=permitted("READ_HISTORY", Resource.DECISION_DEFINITION, "decision_definition_key"),
)


def statistics(
    connection: Connection, requirements_id: str, root_id: str | None
) -> list[dict[str, Any]]:
    """How often each decision of a file was evaluated; within one evaluation if it is named."""
    # By ix_hi_decision_requirements.
    wanted = (
        select(i.decision_definition_key, func.count().label("evaluations"))
        .where(i.decision_requirements_definition_id == requirements_id)
        .group_by(i.decision_definition_key)
        .order_by(i.decision_definition_key)
    )
    if root_id is not None:
        wanted = wanted.where(or_(i.id == root_id, i.root_decision_instance_id == root_id))
    return [dict(row) for row in connection.execute(wanted).mappings()]
