"""Historic decision instances: one row here with its inputs and outputs, which are rows there.

Source: contract 16.6.
"""

import base64
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from app.models.decisions import historic_decision_instance

from . import values
from .instances import Groups
from .mapping import Mapped, Row, same
from .places import AT_ACTIVITY, PLACE
from .problems import LeftOutError
from .source import Source
from .times import timestamps

# Three queries are merged by the ids, so all must be in the order of bytes, whatever the locale is.
_ORDER = 's.dec_inst_id_ COLLATE "C", s.id_'
_CLAUSE = {**same("id", "clause_id", "clause_name", owner_id="dec_inst_id"), **values.columns()}
INSTANCES = Mapped(
    historic_decision_instance,
    "act_hi_decinst",
    {
        **same("id", "user_id", "tenant_id"),
        **{name: PLACE[name] for name in PLACE if name.startswith("process_")},
        **AT_ACTIVITY,
        **same(
            decision_definition_id="dec_def_id",
            decision_definition_key="dec_def_key",
            decision_definition_name="dec_def_name",
            collect_result_value="collect_value",
            root_decision_instance_id="root_dec_inst_id",
            root_process_instance_id="root_proc_inst_id",
            decision_requirements_definition_id="dec_req_id",
            decision_requirements_definition_key="dec_req_key",
        ),
        **timestamps("removal_time", evaluation_time="eval_time"),
        "has_own_removal_time": "s.proc_inst_id_ IS NULL"
        " OR s.removal_time_ IS DISTINCT FROM r.removal_time_",
    },
    joins="LEFT JOIN {act_hi_procinst} r ON r.proc_inst_id_ = s.root_proc_inst_id_",
    where="s.case_inst_id_ IS NULL",
    root="s.root_proc_inst_id_",
    order='s.id_ COLLATE "C"',
)
_INPUTS = Mapped(
    historic_decision_instance, "act_hi_dec_in", _CLAUSE, joins=values.BYTES, order=_ORDER
)
_OUTPUTS = Mapped(
    historic_decision_instance,
    "act_hi_dec_out",
    {**_CLAUSE, **same("rule_id", "rule_order", variable_name="var_name")},
    joins=values.BYTES,
    order=_ORDER,
)
_KEPT = ("id", "clause_id", "clause_name", "rule_id", "rule_order", "variable_name", "type")


def with_clauses(source: Source, rows: Iterator[Row]) -> Iterator[Row]:
    """The instances with what went in and what came out."""
    inputs = Groups(source, _INPUTS, "owner_id")
    outputs = Groups(source, _OUTPUTS, "owner_id")
    for row in rows:
        for name, clauses in (("inputs", inputs), ("outputs", outputs)):
            for _ in clauses.before(row["id"]):
                pass  # of an instance that is gone
            row[name] = _written(clauses.take(row["id"]))
        yield row


def _written(rows: Sequence[Row]) -> str:
    return orjson.dumps([_clause(row) for row in rows]).decode()


def _clause(row: Row) -> dict[str, Any]:
    try:
        values.refine(row)
    except LeftOutError as error:  # better the evaluation without one value than none at all
        row.update(type="String", text_value=str(error))
    content = row.get("bytes_value")
    if content is not None:
        # The clauses are JSON in the row of their decision, and JSON has no bytes.
        row["bytes_value"] = base64.b64encode(content).decode()
    return {name: row[name] for name in (*_KEPT, *values.NAMES) if row.get(name) is not None}
