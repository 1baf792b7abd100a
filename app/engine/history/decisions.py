"""The history records of evaluations of decisions: one for each decision.

Inputs and outputs are texts in JSON, so that an evaluation costs one row however many rules match.

Source: semantics 12.10; Camunda 7 ``DefaultDmnHistoryEventProducer``,
``HistoricDecisionInstanceEntity``.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

from app.engine.state import Execution
from app.engine.state.conversion import from_object
from app.engine.state.values import TypedValue, from_columns, to_columns

from . import metrics
from .removal import removal_time

if TYPE_CHECKING:
    from app.dmn.results import Evaluation, InputRecord, OutputRecord, Record
    from app.engine.execution.host import Host
    from app.engine.state.decisions import DeployedDecision


@dataclass(slots=True)
class HistoricDecisionInstance:
    """One decision that was evaluated.

    Attributes:
        has_own_removal_time: without it the removal time is that of the root process instance.
        inputs, outputs: see `values_of`.
        root_decision_instance_id: of a decision that another one required, the record of the one
            that was asked for.
    """

    id: str
    decision_definition_id: str
    decision_definition_key: str
    evaluation_time: datetime
    has_own_removal_time: bool
    inputs: str
    outputs: str
    decision_definition_name: str | None = None
    removal_time: datetime | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    activity_id: str | None = None
    activity_instance_id: str | None = None
    user_id: str | None = None
    collect_result_value: float | None = None
    root_decision_instance_id: str | None = None
    decision_requirements_definition_id: str | None = None
    decision_requirements_definition_key: str | None = None
    tenant_id: str | None = None


def is_kept(history_level: str) -> bool:
    """Whether evaluations are noted at all."""
    # At lower levels the reference keeps none either.
    return history_level == "full"


def decision_evaluated(
    host: "Host",
    deployed: "DeployedDecision",
    evaluation: "Evaluation",
    execution: Execution | None = None,
) -> None:
    """Note an evaluation, with all decisions that it required.

    Args:
        execution: stands at the task that has asked for it; None where a client has.
    """
    for record in (evaluation.root, *evaluation.required):
        # Counted at every level: metrics do not depend on the history (contract 10.7).
        host.counts[metrics.DECISIONS] += 1
        host.counts[metrics.DECISION_ELEMENTS] += record.decision.elements
    if not is_kept(host.history_level):
        return
    root = host.records.add(_instance(host, deployed, evaluation.root, execution))
    for record in evaluation.required:
        instance = host.records.add(_instance(host, deployed, record, execution))
        instance.root_decision_instance_id = root.id
        # With the one that was asked for, so that an evaluation goes as a whole.
        instance.removal_time = root.removal_time


def _instance(
    host: "Host", deployed: "DeployedDecision", record: "Record", execution: Execution | None
) -> HistoricDecisionInstance:
    definition = deployed.definitions[record.decision.key]
    instance = HistoricDecisionInstance(
        id=host.new_id(),
        decision_definition_id=definition.id,
        decision_definition_key=definition.key,
        evaluation_time=host.now,
        # In a process it is derived from the root instance when it is read (decision 9).
        has_own_removal_time=execution is None,
        inputs=_written(map(_input, record.inputs)),
        outputs=_written(map(_output, record.outputs)),
        decision_definition_name=definition.name,
        collect_result_value=record.collect_result,
        decision_requirements_definition_id=definition.decision_requirements_definition_id,
        decision_requirements_definition_key=definition.decision_requirements_definition_key,
        # Of the process, which may be of no tenant while it asks the decision of one.
        tenant_id=definition.tenant_id if execution is None else execution.tenant_id,
    )
    if execution is not None:
        _place(instance, execution)
    else:
        instance.user_id = host.user_id  # of the user who has asked; a process has none
        days = deployed.definition.history_time_to_live
        instance.removal_time = removal_time(host.now, days)
    return instance


def _place(instance: HistoricDecisionInstance, execution: Execution) -> None:
    """Say in which activity instance the decision was evaluated."""
    instance.process_definition_id = execution.process_definition_id
    instance.process_definition_key = execution.process_definition_key
    instance.process_instance_id = execution.process_instance_id
    instance.root_process_instance_id = execution.root_process_instance_id
    instance.activity_id = execution.activity_id
    instance.activity_instance_id = execution.activity_instance_id


# -- inputs and outputs -----------------------------------------------------------------------


def _input(record: "InputRecord") -> dict[str, object]:
    clause = {"clause_id": record.clause_id, "clause_name": record.clause_name}
    return {**clause, **_columns(record.value.value)}


def _output(record: "OutputRecord") -> dict[str, object]:
    return {
        "clause_id": record.clause_id,
        "clause_name": record.clause_name,
        "rule_id": record.rule_id,
        "rule_order": record.rule_order,
        "variable_name": record.variable_name,
        **_columns(record.value.value),
    }


def _columns(value: object) -> dict[str, object]:
    """A value by the names of the columns that variables have."""
    typed = from_object(value)
    columns: dict[str, object] = {"type": typed.type, **to_columns(typed)._asdict()}
    # Bytes are no JSON.
    content = columns["bytes_value"]
    if isinstance(content, bytes):
        columns["bytes_value"] = base64.b64encode(content).decode()
    return columns


def _written(records: Iterable[Mapping[str, object]]) -> str:
    """Records as JSON, without what has no value."""
    # Most columns of a value are empty: written out, they would be the larger part of the text.
    given = [{k: v for k, v in record.items() if v is not None} for record in records]
    return json.dumps(given, separators=(",", ":"))


_NAMES = ("clause_id", "clause_name", "rule_id", "rule_order", "variable_name")


def values_of(instance: Mapping[str, Any], which: str) -> list[dict[str, Any]]:
    """The inputs or the outputs of an instance as views, each with its typed ``value``.

    They have ids that follow from the instance's, for they are no rows of their own; those that
    were brought along keep theirs.
    """
    views = []
    for number, kept in enumerate(json.loads(instance[which])):
        view = {name: kept.get(name) for name in _NAMES}
        # From the instance's id, so that each reading gives the same.
        view["id"] = kept.get("id") or str(
            uuid5(NAMESPACE_OID, f"{instance['id']} {which} {number}")
        )
        view["decision_instance_id"] = instance["id"]
        view["value"] = _value(kept)
        views.append(view)
    return views


def _value(kept: Mapping[str, Any]) -> TypedValue:
    content = kept.get("bytes_value")
    return from_columns(
        kept["type"],
        kept.get("text_value"),
        kept.get("long_value"),
        kept.get("double_value"),
        None if content is None else base64.b64decode(content),
        kept.get("value_info"),
    )
