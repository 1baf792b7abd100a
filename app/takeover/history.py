"""The tables of the history, each declared by its columns.

Source: contract 16.6.
"""

from app.models import history as h
from app.models import monitoring, tasks

from . import values
from .batches import JOB_DEFINITIONS
from .mapping import Mapped, Row, same
from .places import AT_ACTIVITY, PLACE, root
from .times import first_time, timestamp, timestamps

_ROOT = root()
_ROOTED = {"root_process_instance_id": _ROOT}
_TASK = "LEFT JOIN {act_hi_taskinst} t ON t.id_ = s.task_id_"


def _refine_detail(row: Row) -> Row:
    return values.refine(row, "variable_type")


def _refine_task_log(row: Row) -> Row:
    values.long_text(row, "details_", "error_details")
    return row


def _refine_job_log(row: Row) -> Row:
    values.long_text(row, "trace_", "exception_stacktrace")
    return row


def _refine_comment(row: Row) -> Row:
    if row["full_"] is not None:
        values.long_text(row, "full_", "message")
    return row


INSTANCES = Mapped(
    h.historic_process_instance,
    "act_hi_procinst",
    {
        **same("business_key", "start_user_id", "delete_reason", "tenant_id", "state"),
        **same(
            id="proc_inst_id",
            process_definition_id="proc_def_id",
            start_activity_id="start_act_id",
            end_activity_id="end_act_id",
            super_process_instance_id="super_process_instance_id",
            case_instance_id="case_inst_id",
            restarted_process_instance_id="restarted_proc_inst_id",
        ),
        "process_definition_key": "coalesce(s.proc_def_key_, d.key_)",
        "process_definition_name": "d.name_",
        "process_definition_version": "d.version_",
        **timestamps("start_time", "end_time", "removal_time"),
        **_ROOTED,
        "has_own_removal_time": "r.id_ IS NOT NULL AND r.id_ <> s.id_"
        " AND s.removal_time_ IS DISTINCT FROM r.removal_time_",
    },
    joins="LEFT JOIN {act_re_procdef} d ON d.id_ = s.proc_def_id_"
    " LEFT JOIN {act_hi_procinst} r ON r.proc_inst_id_ = s.root_proc_inst_id_",
    root=_ROOT,
)
# Numbers begin anew in each instance in Camunda; here they also order those of several.
_SEQUENCE = (
    "floor(extract(epoch FROM ({zoned})) * 1000)::bigint * 1000000"
    # Six digits below the milliseconds; a larger counter must not run into them.
    " + least(coalesce(s.sequence_counter_, 0), 999999)"
).replace("{zoned}", timestamp("s.start_time_"))
ACTIVITY_INSTANCES = Mapped(
    h.historic_activity_instance,
    "act_hi_actinst",
    {
        **same("id", "task_id", "assignee", "tenant_id"),
        **same(
            activity_id="act_id",
            activity_type="act_type",
            activity_name="act_name",
            parent_activity_instance_id="parent_act_inst_id",
            called_process_instance_id="call_proc_inst_id",
        ),
        **PLACE,
        **_ROOTED,
        **timestamps("start_time", "end_time"),
        "sequence": _SEQUENCE,
        "is_canceled": "coalesce(s.act_inst_state_ = 2, false)",
        "is_complete_scope": "coalesce(s.act_inst_state_ = 1, false)",
    },
    where="s.proc_inst_id_ IS NOT NULL",
    root=_ROOT,
)
VARIABLES = Mapped(
    h.historic_variable_instance,
    "act_hi_varinst",
    {
        **same("id", "name", "tenant_id", "task_id"),
        **PLACE,
        **_ROOTED,
        "activity_instance_id": "s.act_inst_id_",
        "state": "coalesce(s.state_, 'CREATED')",
        "revision": "coalesce(s.rev_, 0)",
        # The column is of 7.9 and later: older rows are as old as their instance.
        "create_time": first_time("s.create_time_", "p.start_time_"),
        **values.columns(),
    },
    joins=values.BYTES + " LEFT JOIN {act_hi_procinst} p ON s.create_time_ IS NULL"
    " AND p.proc_inst_id_ = s.proc_inst_id_",
    where="s.case_inst_id_ IS NULL AND s.case_execution_id_ IS NULL",
    root=_ROOT,
    refine=values.refine,
)
_DETAIL = {
    **same("id", "tenant_id", "task_id"),
    **PLACE,
    **_ROOTED,
    **timestamps("time"),
    "activity_instance_id": "s.act_inst_id_",
}
DETAILS = Mapped(
    h.historic_detail,
    "act_hi_detail",
    {
        **_DETAIL,
        **same(variable_instance_id="var_inst_id", variable_name="name"),
        "revision": "coalesce(s.rev_, 0)",
        "is_initial": "coalesce(s.initial_, false)",
        **values.columns(),
    },
    joins=values.BYTES,
    where="s.type_ = 'VariableUpdate' AND s.case_execution_id_ IS NULL",
    root=_ROOT,
    refine=_refine_detail,
)
FORM_FIELDS = Mapped(
    h.historic_form_field,
    "act_hi_detail",
    {**_DETAIL, **same(field_id="name", field_value="text")},
    where="s.type_ = 'FormProperty'",
    root=_ROOT,
)
TASK_LOGS = Mapped(
    h.historic_external_task_log,
    "act_hi_ext_task_log",
    {
        **same("id", "state", "topic_name", "worker_id", "retries", "tenant_id"),
        **same(external_task_id="ext_task_id", error_message="error_msg"),
        **PLACE,
        **AT_ACTIVITY,
        **_ROOTED,
        **timestamps("timestamp"),
        "priority": "coalesce(s.priority_, 0)",
        "details_": "b.bytes_",
    },
    joins="LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.error_details_id_",
    root=_ROOT,
    refine=_refine_task_log,
)
INCIDENTS = Mapped(
    h.historic_incident,
    "act_hi_incident",
    {
        **same("id", "incident_type", "activity_id", "failed_activity_id", "configuration"),
        **same("history_configuration", "annotation", "tenant_id"),
        **same(incident_message="incident_msg", job_definition_id="job_def_id"),
        **PLACE,
        "root_process_instance_id": f"CASE WHEN s.proc_inst_id_ IS NOT NULL THEN {_ROOT} END",
        "state": "coalesce(s.incident_state_, 0)",
        "cause_incident_id": "coalesce(s.cause_incident_id_, s.id_)",
        "root_cause_incident_id": "coalesce(s.root_cause_incident_id_, s.id_)",
        **timestamps("create_time", "end_time"),
    },
    root=_ROOT,
)
TASKS = Mapped(
    h.historic_task,
    "act_hi_taskinst",
    {
        **same("id", "name", "description", "assignee", "owner", "delete_reason"),
        **same("parent_task_id", "tenant_id", task_definition_key="task_def_key"),
        **PLACE,
        "root_process_instance_id": f"CASE WHEN s.proc_inst_id_ IS NOT NULL THEN {_ROOT} END",
        "activity_instance_id": "s.act_inst_id_",
        "priority": "coalesce(s.priority_, 50)",
        # The state is of late versions; before, the reason of the deletion told how a task had
        # ended.
        "task_state": "coalesce(s.task_state_, CASE WHEN s.end_time_ IS NULL THEN 'Created'"
        " WHEN s.delete_reason_ = 'completed' THEN 'Completed' ELSE 'Deleted' END)",
        **timestamps("start_time", "end_time", "due_date", "follow_up_date"),
    },
    where="s.case_execution_id_ IS NULL",
    root=_ROOT,
)
LINKS = Mapped(
    h.historic_identity_link,
    "act_hi_identitylink",
    {
        **same("id", "user_id", "group_id", "task_id", "assigner_id", "tenant_id"),
        **same("type", "operation_type", root_process_instance_id="root_proc_inst_id"),
        **same(process_definition_id="proc_def_id", process_definition_key="proc_def_key"),
        "process_instance_id": "t.proc_inst_id_",
        **timestamps(time="timestamp"),
    },
    joins=_TASK,
    root="s.root_proc_inst_id_",
)
JOB_LOGS = Mapped(
    h.historic_job_log,
    "act_hi_job_log",
    {
        **same("id", "job_id", "execution_id", "deployment_id", "batch_id", "tenant_id"),
        **same(
            "hostname",
            state="job_state",
            exception_message="job_exception_msg",
            activity_id="act_id",
            failed_activity_id="failed_act_id",
            process_instance_id="process_instance_id",
            process_definition_id="process_def_id",
            process_definition_key="process_def_key",
            job_definition_id="job_def_id",
            job_definition_configuration="job_def_configuration",
        ),
        # Jobs of batches have no instance, and so no root to look for.
        "root_process_instance_id": "CASE WHEN s.process_instance_id_ IS NOT NULL THEN "
        + root(own="s.process_instance_id_")
        + " END",
        "job_kind": "coalesce(s.job_def_type_, '')",
        "retries": "coalesce(s.job_retries_, 0)",
        "priority": "coalesce(s.job_priority_, 0)",
        **timestamps("timestamp", due_date="job_duedate"),
        "trace_": "b.bytes_",
    },
    joins="LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.job_exception_stack_id_",
    root=root(own="s.process_instance_id_"),
    refine=_refine_job_log,
)
OPERATIONS = Mapped(
    monitoring.user_operation,
    "act_hi_op_log",
    {
        **same("id", "deployment_id", "execution_id", "task_id", "job_id", "batch_id", "user_id"),
        **same("external_task_id", "operation_type", "operation_id", "entity_type", "property"),
        **same("org_value", "new_value", "category", "annotation", "tenant_id"),
        **PLACE,
        **same(job_definition_id="job_def_id", root_process_instance_id="root_proc_inst_id"),
        **timestamps("timestamp"),
    },
    root="s.root_proc_inst_id_",
)
COMMENTS = Mapped(
    tasks.comment,
    "act_hi_comment",
    {
        **same("id", "task_id", "user_id", named_instance_id="proc_inst_id"),
        **timestamps("time"),
        "process_instance_id": "t.proc_inst_id_",
        "root_process_instance_id": "coalesce(s.root_proc_inst_id_, t.root_proc_inst_id_)",
        "message": "coalesce(s.message_, '')",
        "full_": "s.full_msg_",
    },
    joins=_TASK,
    where="s.type_ IS DISTINCT FROM 'event'",  # what the old engine noted itself
    root="s.root_proc_inst_id_",
    refine=_refine_comment,
)
ATTACHMENTS = Mapped(
    tasks.attachment,
    "act_hi_attachment",
    {
        **same("id", "task_id", "name", "description", "type", "url", "user_id"),
        "create_time": first_time("s.create_time_", "t.start_time_"),
        "process_instance_id": "coalesce(s.proc_inst_id_, t.proc_inst_id_)",
        "root_process_instance_id": "coalesce(s.root_proc_inst_id_, t.root_proc_inst_id_)",
        "content": "b.bytes_",
    },
    joins=_TASK + " LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.content_id_",
    root="s.root_proc_inst_id_",
)
BATCHES = Mapped(
    h.historic_batch,
    "act_hi_batch",
    {
        **same("id", "type", "total_jobs", "tenant_id", "create_user_id"),
        **timestamps("start_time", "end_time", "removal_time"),
        "execution_start_time": timestamp("s.exec_start_time_"),
        "job_definition_ids": JOB_DEFINITIONS,
    },
)
METRICS = Mapped(
    monitoring.metric,
    "act_ru_meter_log",
    {
        **same("id", "name", "value"),
        "reporter": "coalesce(s.reporter_, '')",
        "timestamp": timestamp("coalesce(s.timestamp_, 'epoch')"),
    },
)
TASK_WORKERS = Mapped(
    monitoring.task_worker,
    "act_ru_task_meter_log",
    {**same("id", user_hash="assignee_hash"), **timestamps("timestamp")},
)
HISTORY = (
    *(
        INSTANCES,
        ACTIVITY_INSTANCES,
        VARIABLES,
        DETAILS,
        FORM_FIELDS,
        TASK_LOGS,
        INCIDENTS,
        TASKS,
        LINKS,
    ),
    *(JOB_LOGS, OPERATIONS, COMMENTS, ATTACHMENTS, BATCHES, METRICS, TASK_WORKERS),
)
