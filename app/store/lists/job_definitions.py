"""The list of job definitions.

Source: contract 10.5; Camunda 7 ``JobDefinitionQueryImpl``.
"""

from sqlalchemy import not_

from app.filters import TEXT, set_of
from app.models.repository import job_definition
from app.security.permissions import Resource

from .base import Filter, Listing, flag
from .conditions import among, equals, tenants_or_none
from .rules import permitted

d = job_definition.c
JOB_DEFINITIONS = Listing(
    "job_definition",
    job_definition,
    list(d),
    {
        "job_definition_id": Filter(TEXT, equals(d.id)),
        "activity_id_in": Filter(set_of("Activity ids"), among(d.activity_id)),
        "process_definition_id": Filter(TEXT, equals(d.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(d.process_definition_key)),
        "job_type": Filter(TEXT, equals(d.job_type)),
        "job_configuration": Filter(TEXT, equals(d.job_configuration)),
        "active": flag(not_(d.is_suspended)),
        "suspended": flag(d.is_suspended),
        # By the presence: 0 is a priority that was set.
        "with_overriding_job_priority": flag(d.overriding_job_priority.is_not(None)),
        **tenants_or_none(d.tenant_id, "include_job_definitions_without_tenant_id"),
    },
    {
        "jobDefinitionId": d.id,
        "activityId": d.activity_id,
        "processDefinitionId": d.process_definition_id,
        "processDefinitionKey": d.process_definition_key,
        "jobType": d.job_type,
        "jobConfiguration": d.job_configuration,
        "tenantId": d.tenant_id,
    },
    order=[d.id],
    seen_by=permitted("READ", Resource.PROCESS_DEFINITION, "process_definition_key"),
)
