"""Bodies and answers of jobs and incidents.

Source: contract 4.6 and 4.7.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.errors import JavaRuntimeError

from .answers import Answer, boolean, date, integer, text
from .base import (
    BoxedInteger,
    BoxedLong,
    CamundaDateTime,
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
)

job = Answer(
    "Job",
    text("id", is_nullable=False),
    text("job_definition_id", "process_instance_id", "process_definition_id"),
    text("process_definition_key", "execution_id", "exception_message", "failed_activity_id"),
    integer("retries"),
    date("due_date"),
    boolean("is_suspended"),
    integer("priority"),
    text("tenant_id"),
    date("create_time"),
    text("batch_id"),
)
incident = Answer(
    "Incident",
    text("id", is_nullable=False),
    text("process_definition_id", "process_instance_id", "execution_id"),
    date("incident_timestamp"),
    text("incident_type", "activity_id", "failed_activity_id", "cause_incident_id"),
    text("root_cause_incident_id", "configuration", "incident_message", "tenant_id"),
    text("job_definition_id", "annotation"),
)


job_definition = Answer(
    "JobDefinition",
    text("id", is_nullable=False),
    text("process_definition_id", "process_definition_key", "job_type", "job_configuration"),
    text("activity_id"),
    boolean("is_suspended"),
    integer("overriding_job_priority"),
    text("tenant_id", "deployment_id"),
)


class DatedRetriesSchema(CamundaSchema):
    """A number of retries, and a due date, which an explicit null clears."""

    retries = BoxedInteger()
    due_date = CamundaDateTime()

    def load(self, data: Any, **options: Any) -> Any:
        """The body, with whether it names a due date at all."""
        # The one field of which null and absence differ; what is no object is refused by now.
        return {**super().load(data, **options), "sets_due_date": "dueDate" in data}


class JobRetriesSchema(DatedRetriesSchema):
    """Body of ``PUT /job/{id}/retries``."""

    example: ClassVar[Mapping[str, Any]] = {"retries": 3, "dueDate": "2031-01-21T10:00:00.000+0000"}

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a missing number in the way that Java does."""
        if body["retries"] is None:
            raise JavaRuntimeError("NullPointerException", "The number of retries is null")
        return body


class DueDateSchema(CamundaSchema):
    """Body of ``PUT /job/{id}/duedate``."""

    example: ClassVar[Mapping[str, Any]] = {
        "duedate": "2031-01-21T10:00:00.000+0000",
        "cascade": False,
    }

    # In one word, where all other bodies write `dueDate`.
    due_date = CamundaDateTime(data_key="duedate")
    cascade = JacksonBoolean()


class JobPrioritySchema(CamundaSchema):
    """Body of ``PUT /job/{id}/priority``."""

    example: ClassVar[Mapping[str, Any]] = {"priority": 7}

    priority = BoxedLong()


class SuspensionSchema(CamundaSchema):
    """Body of ``PUT …/suspended``."""

    example: ClassVar[Mapping[str, Any]] = {"suspended": True}

    suspended = JacksonBoolean()


class JobSuspensionSchema(SuspensionSchema):
    """Body of ``PUT /job/{id}/suspended``."""

    job_definition_id = JacksonString()
    process_instance_id = JacksonString()
    process_definition_id = JacksonString()
    process_definition_key = JacksonString()
    process_definition_tenant_id = JacksonString()
    process_definition_without_tenant_id = JacksonBoolean()


class JobsSuspensionSchema(JobSuspensionSchema):
    """Body of ``PUT /job/suspended``."""

    example: ClassVar[Mapping[str, Any]] = {
        "suspended": True,
        "processInstanceId": "aProcessInstanceId",
    }

    job_id = JacksonString()


class JobDefinitionSuspensionSchema(SuspensionSchema):
    """Body of ``PUT /job-definition/{id}/suspended``."""

    example: ClassVar[Mapping[str, Any]] = {"suspended": True, "includeJobs": True}

    include_jobs = JacksonBoolean()
    # No date of Jackson's: it is ISO 8601, and what is none has an error of its own (contract
    # 10.5).
    execution_date = JacksonString()
    process_definition_id = JacksonString()
    process_definition_key = JacksonString()
    process_definition_tenant_id = JacksonString()
    process_definition_without_tenant_id = JacksonBoolean()


class JobDefinitionsSuspensionSchema(JobDefinitionSuspensionSchema):
    """Body of ``PUT /job-definition/suspended``."""

    example: ClassVar[Mapping[str, Any]] = {
        "suspended": True,
        "includeJobs": True,
        "processDefinitionKey": "order",
    }

    job_definition_id = JacksonString()


class JobDefinitionPrioritySchema(CamundaSchema):
    """Body of ``PUT /job-definition/{id}/jobPriority``."""

    example: ClassVar[Mapping[str, Any]] = {"priority": 7, "includeJobs": True}

    priority = BoxedLong()
    include_jobs = JacksonBoolean()


class IncidentSchema(CamundaSchema):
    """Body of ``POST /execution/{id}/create-incident``."""

    example: ClassVar[Mapping[str, Any]] = {
        "incidentType": "delivery",
        "configuration": "truck-7",
        "message": "The truck is late",
    }

    incident_type = JacksonString()
    configuration = JacksonString()
    message = JacksonString()


class AnnotationSchema(CamundaSchema):
    """Body of ``PUT /incident/{id}/annotation``."""

    example: ClassVar[Mapping[str, Any]] = {"annotation": "The driver knows"}

    annotation = JacksonString()
