"""Bodies of the commands that are done to many process instances, or many jobs, by a batch.

Source: contract 10.6.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from .base import CamundaSchema, JacksonBoolean, JacksonString, JsonMap, StringList
from .jackson import is_blank
from .jobs import DatedRetriesSchema
from .typed_values import TypedValues


class _SelectionSchema(CamundaSchema):
    """Instances that are named, or that queries find."""

    process_instance_ids = StringList()
    process_instance_query = JsonMap()
    historic_process_instance_query = JsonMap()


class UnboxedBoolean(JacksonBoolean):
    """A boolean that may be missing but not null: its setter in Java cannot unbox one."""

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        if is_blank(value) and attr in (data or {}):
            raise ValidationError("null")
        return super().deserialize(value, attr, data, **options)


class DeletionSchema(_SelectionSchema):
    """Body of ``POST /process-instance/delete`` and ``…/delete-historic-query-based``."""

    example: ClassVar[Mapping[str, Any]] = {
        "processInstanceIds": ["aProcessInstanceId"],
        "deleteReason": "ordered twice",
    }

    delete_reason = JacksonString()
    skip_custom_listeners = JacksonBoolean()
    skip_io_mappings = JacksonBoolean()
    skip_subprocesses = UnboxedBoolean()


class SuspensionBatchSchema(_SelectionSchema):
    """Body of ``POST /process-instance/suspended-async``."""

    example: ClassVar[Mapping[str, Any]] = {
        "processInstanceIds": ["aProcessInstanceId"],
        "suspended": True,
    }

    suspended = JacksonBoolean()


class VariablesBatchSchema(_SelectionSchema):
    """Body of ``POST /process-instance/variables-async``."""

    example: ClassVar[Mapping[str, Any]] = {
        "processInstanceIds": ["aProcessInstanceId"],
        "variables": {"amount": {"value": 120, "type": "Integer"}},
    }

    variables = TypedValues()

    def load(self, data: Any, **options: Any) -> Any:
        """The body; variables that are null or missing are None, not an empty map."""
        loaded = super().load(data, **options)
        # An empty map is refused in other words than none at all (contract 10.6).
        return {**loaded, "variables": loaded["variables"] or data.get("variables")}


class MessageBatchSchema(_SelectionSchema):
    """Body of ``POST /process-instance/message-async``."""

    example: ClassVar[Mapping[str, Any]] = {
        "processInstanceIds": ["aProcessInstanceId"],
        "messageName": "paid",
        "variables": {"amount": {"value": 120, "type": "Integer"}},
    }

    message_name = JacksonString()
    variables = TypedValues()


class InstanceRetriesSchema(DatedRetriesSchema):
    """Body of ``POST /process-instance/job-retries`` and ``…-historic-query-based``."""

    example: ClassVar[Mapping[str, Any]] = {
        "processInstances": ["aProcessInstanceId"],
        "retries": 3,
    }

    process_instance_ids = StringList(data_key="processInstances")
    process_instance_query = JsonMap()
    historic_process_instance_query = JsonMap()


class JobsRetriesSchema(DatedRetriesSchema):
    """Body of ``POST /job/retries``."""

    example: ClassVar[Mapping[str, Any]] = {"jobIds": ["aJobId"], "retries": 3}

    job_ids = StringList()
    job_query = JsonMap()
