"""Bodies of the commands that delete history, or set when it is to be removed.

Source: contract 10.2, 10.6.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from .base import (
    BoxedInteger,
    CamundaDateTime,
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
    JsonMap,
    StringList,
)

TIME_TO_LIVE = "historyTimeToLive"


class TimeToLiveSchema(CamundaSchema):
    """Body of ``PUT …/history-time-to-live``: a number of days."""

    example: ClassVar[Mapping[str, Any]] = {"historyTimeToLive": 30}

    history_time_to_live = BoxedInteger()


class HistoryDeletionSchema(CamundaSchema):
    """Body of ``POST /history/process-instance/delete``."""

    example: ClassVar[Mapping[str, Any]] = {
        "historicProcessInstanceIds": ["aFinishedProcessInstanceId"],
        "deleteReason": "tidied up",
    }

    historic_process_instance_ids = StringList()
    historic_process_instance_query = JsonMap()
    delete_reason = JacksonString()
    # Read, so that one that is no boolean is refused; a batch passes unknown instances over anyway.
    fail_if_not_exists = JacksonBoolean()


class _ModeSchema(CamundaSchema):
    """One of three ways to a removal time."""

    absolute_removal_time = CamundaDateTime()
    calculated_removal_time = JacksonBoolean()
    cleared_removal_time = JacksonBoolean()


class InstanceRemovalTimeSchema(_ModeSchema):
    """Body of ``POST /history/process-instance/set-removal-time``."""

    example: ClassVar[Mapping[str, Any]] = {
        "historicProcessInstanceIds": ["aFinishedProcessInstanceId"],
        "absoluteRemovalTime": "2031-01-21T10:00:00.000+0000",
    }

    historic_process_instance_ids = StringList()
    historic_process_instance_query = JsonMap()
    hierarchical = JacksonBoolean()
    update_in_chunks = JacksonBoolean()
    update_chunk_size = BoxedInteger()


class DecisionDeletionSchema(CamundaSchema):
    """Body of ``POST /history/decision-instance/delete``."""

    example: ClassVar[Mapping[str, Any]] = {
        "historicDecisionInstanceIds": ["aDecisionInstanceId"],
        "deleteReason": "tidied up",
    }

    historic_decision_instance_ids = StringList()
    historic_decision_instance_query = JsonMap()
    delete_reason = JacksonString()


class DecisionRemovalTimeSchema(_ModeSchema):
    """Body of ``POST /history/decision-instance/set-removal-time``."""

    example: ClassVar[Mapping[str, Any]] = {
        "historicDecisionInstanceIds": ["aDecisionInstanceId"],
        "absoluteRemovalTime": "2031-01-21T10:00:00.000+0000",
    }

    historic_decision_instance_ids = StringList()
    historic_decision_instance_query = JsonMap()
    hierarchical = JacksonBoolean()


class BatchRemovalTimeSchema(_ModeSchema):
    """Body of ``POST /history/batch/set-removal-time``."""

    example: ClassVar[Mapping[str, Any]] = {
        "historicBatchIds": ["aBatchId"],
        "clearedRemovalTime": True,
    }

    historic_batch_ids = StringList()
    historic_batch_query = JsonMap()
