"""The runtime tables of instances, each declared by its columns.

Rows of one instance are put together by `instances`, which knows its tree.

Source: contract 16.4 and 16.5.
"""

from app.models import runtime as r
from app.models import tasks

from . import values
from .mapping import Mapped, Row, same
from .places import AT_ACTIVITY, PLACE, root
from .times import first_time, timestamp, timestamps

# an instance that was left when its caller was deleted names a root that is gone
_ROOT = root("act_ru_execution", known="x.id_")
_SUSPENDED = "coalesce(s.suspension_state_ = 2, false)"
_OF_EXECUTION = "LEFT JOIN {act_ru_execution} e ON e.id_ = s.execution_id_"
INSTANCE = 's.proc_inst_id_ COLLATE "C"'  # the order of bytes, which is also Python's

EXECUTIONS = Mapped(
    r.execution,
    "act_ru_execution",
    {
        **same("id", "parent_id", "is_scope", "is_event_scope", "business_key"),
        **same(
            process_instance_id="proc_inst_id",
            process_definition_id="proc_def_id",
            super_execution_id="super_exec",
            activity_id="act_id",
            activity_instance_id="act_inst_id",
            case_instance_id="case_inst_id",
            tenant_id="tenant_id",
        ),
        "root_process_instance_id": _ROOT,
        "process_definition_key": "coalesce(s.proc_def_key_, d.key_)",
        "is_concurrent": "coalesce(s.is_concurrent_, false)",
        "is_active": "coalesce(s.is_active_, false)",
        "is_suspended": _SUSPENDED,
        # a call inside of a multi-instance is no scope there, see `tree`
        "is_moved": "coalesce(c.id_ IS NOT NULL AND c.act_inst_id_ IS NOT NULL"
        " AND NOT c.is_scope_, false)",
        "super_case": "s.super_case_exec_",
    },
    joins="LEFT JOIN {act_re_procdef} d ON d.id_ = s.proc_def_id_"
    " LEFT JOIN {act_ru_execution} c ON c.id_ = s.super_exec_"
    " LEFT JOIN {act_ru_execution} x ON x.id_ = s.root_proc_inst_id_",
    order=f'{INSTANCE}, s.id_ COLLATE "C"',
)
VARIABLES = Mapped(
    r.variable,
    "act_ru_variable",
    {
        **same("id", "name", "execution_id", "task_id", "tenant_id", "batch_id"),
        **same(process_instance_id="proc_inst_id"),
        "process_definition_id": "coalesce(s.proc_def_id_, e.proc_def_id_)",
        # The history counts from 0, the runtime from 1; lists here show the history's.
        "revision": "coalesce(h.rev_, greatest(s.rev_ - 1, 0))",
        "activity_instance_id": "e.act_inst_id_",
        **values.columns("type_"),
    },
    joins=f"{values.BYTES} {_OF_EXECUTION} LEFT JOIN {{act_hi_varinst}} h ON h.id_ = s.id_",
    where="s.case_execution_id_ IS NULL AND s.case_inst_id_ IS NULL",
    order=INSTANCE,
)


def _refine_task(row: Row) -> Row:
    values.long_text(row, "details_", "error_details")
    return row


EXTERNAL_TASKS = Mapped(
    r.external_task,
    "act_ru_ext_task",
    {
        **same("id", "topic_name", "worker_id", "retries", "tenant_id", "last_failure_log_id"),
        **same(error_message="error_msg"),
        **PLACE,
        **AT_ACTIVITY,
        # as often as the row was changed: no worker can have been given a higher number
        "lock_count": "coalesce(s.rev_, 1)",
        "priority": "coalesce(s.priority_, 0)",
        "create_time": first_time("s.create_time_", "a.start_time_"),
        # Also one that has expired: the next fetch clears it, as it does here.
        "is_locked": "s.lock_exp_time_ IS NOT NULL",
        "is_suspended": _SUSPENDED,
        "lock_expiration_time": timestamp("s.lock_exp_time_"),
        "details_": "b.bytes_",
    },
    joins="LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.error_details_id_"
    " LEFT JOIN {act_hi_actinst} a ON s.create_time_ IS NULL AND a.id_ = s.act_inst_id_",
    order=INSTANCE,
    refine=_refine_task,
)
TASKS = Mapped(
    r.task,
    "act_ru_task",
    {
        **same("id", "name", "description", "assignee", "owner", "parent_task_id", "execution_id"),
        **same(
            "tenant_id",
            task_definition_key="task_def_key",
            process_instance_id="proc_inst_id",
            process_definition_id="proc_def_id",
            delegation_state="delegation",
            case_instance_id="case_inst_id",
        ),
        "activity_instance_id": "e.act_inst_id_",
        "priority": "coalesce(s.priority_, 50)",
        "is_suspended": _SUSPENDED,
        "task_state": "coalesce(s.task_state_, 'Created')",
        "create_time": first_time("s.create_time_"),
        **timestamps("due_date", "follow_up_date", "last_updated"),
    },
    joins=_OF_EXECUTION,
    where="s.case_execution_id_ IS NULL",
    order=INSTANCE,
)
LINKS = Mapped(
    tasks.identity_link,
    "act_ru_identitylink",
    {
        **same("id", "task_id", "user_id", "group_id"),
        "type": "coalesce(s.type_, 'candidate')",
        "process_instance_id": "t.proc_inst_id_",
    },
    joins="JOIN {act_ru_task} t ON t.id_ = s.task_id_",
    where="t.case_execution_id_ IS NULL",
    order='t.proc_inst_id_ COLLATE "C"',
)
JOBS = Mapped(
    r.job,
    "act_ru_job",
    {
        **same("id", "retries", "repeat", "repeat_offset", "deployment_id", "tenant_id"),
        **same("execution_id", "process_instance_id"),
        **same(
            kind="handler_type",
            configuration="handler_cfg",
            process_definition_id="process_def_id",
            process_definition_key="process_def_key",
            exception_message="exception_msg",
            job_definition_id="job_def_id",
        ),
        # The column is of late versions; before, the job definition's configuration named the
        # batch.
        "batch_id": "coalesce(s.batch_id_,"
        " CASE WHEN j.proc_def_id_ IS NULL THEN j.job_configuration_ END)",
        "activity_id": "j.act_id_",
        "failed_activity_id": "CASE WHEN s.exception_msg_ IS NOT NULL THEN s.failed_act_id_ END",
        "priority": "coalesce(s.priority_, 0)",
        "is_exclusive": "coalesce(s.exclusive_, true)",
        "is_suspended": _SUSPENDED,
        "create_time": first_time("s.create_time_"),
        "due_date": timestamp("s.duedate_"),
        "place": "coalesce(v.activity_id_, e.act_id_)",
        "trace_": "b.bytes_",
        "content": "g.bytes_",
    },
    joins="LEFT JOIN {act_ru_jobdef} j ON j.id_ = s.job_def_id_"
    " LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.exception_stack_id_"
    " LEFT JOIN {act_ge_bytearray} g ON g.id_ = s.handler_cfg_"
    " LEFT JOIN {act_ru_event_subscr} v"
    " ON s.handler_type_ = 'event' AND v.id_ = split_part(s.handler_cfg_, '$', 1)"
    f" {_OF_EXECUTION}",
    order='s.process_instance_id_ COLLATE "C"',
)
SUBSCRIPTIONS = Mapped(
    r.event_subscription,
    "act_ru_event_subscr",
    {
        **same("id", "event_type", "event_name", "activity_id", "configuration", "execution_id"),
        **same("tenant_id", process_instance_id="proc_inst_id"),
        "created_date": first_time("s.created_"),
        # A subscription that starts instances has no execution, and its definition as
        # configuration.
        "process_definition_id": "coalesce(e.proc_def_id_,"
        " CASE WHEN s.execution_id_ IS NULL THEN s.configuration_ END)",
    },
    joins=_OF_EXECUTION,
    where="s.event_type_ IN ('message', 'signal', 'conditional', 'compensate')",
    # Of one instance in the order of their making, in which compensation goes back.
    order=f"{INSTANCE}, s.created_, s.rev_, s.id_",
)
INCIDENTS = Mapped(
    r.incident,
    "act_ru_incident",
    {
        **same("id", "incident_type", "configuration", "activity_id", "failed_activity_id"),
        **same("annotation", "execution_id", "tenant_id"),
        **same(
            incident_message="incident_msg",
            job_definition_id="job_def_id",
            process_instance_id="proc_inst_id",
            process_definition_id="proc_def_id",
        ),
        "incident_timestamp": first_time("s.incident_timestamp_"),
        "cause_incident_id": "coalesce(s.cause_incident_id_, s.id_)",
        "root_cause_incident_id": "coalesce(s.root_cause_incident_id_, s.id_)",
        "history_configuration": "h.history_configuration_",
    },
    joins="LEFT JOIN {act_hi_incident} h ON h.id_ = s.id_",
    order=INSTANCE,
)
OF_INSTANCES = (VARIABLES, EXTERNAL_TASKS, TASKS, LINKS, JOBS, SUBSCRIPTIONS, INCIDENTS)
