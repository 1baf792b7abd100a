"""A survey of the rows that would not come over, before one is written.

Source: contract 16.8.
"""

from .instances import Problem, instances, problem_of
from .models import Models
from .report import Report
from .source import Source

# A minute back, for the clocks of the two hosts may differ.
_LOCKED = (
    "SELECT count(*), max(lock_exp_time_)::text FROM {act_ru_job} s "
    "WHERE lock_exp_time_ > (now() AT TIME ZONE {zone}) - interval '1 minute'"
)
_CALLERS_OF_CASES = (
    "SELECT e.proc_inst_id_, coalesce(e.root_proc_inst_id_, e.proc_inst_id_), e.proc_def_id_, "
    "e.act_id_ FROM {act_ru_case_execution} s JOIN {act_ru_execution} e ON e.id_ = s.super_exec_"
)
_CASES = {  # what belongs to cases, and what to call it
    "act_re_case_def": ("SELECT id_ FROM {act_re_case_def} s", "the definition of a case (CMMN)"),
    "act_ru_case_execution": (
        "SELECT id_ FROM {act_ru_case_execution} s WHERE parent_id_ IS NULL",
        "a case (CMMN)",
    ),
    "act_ru_task": (
        "SELECT id_ FROM {act_ru_task} s WHERE case_execution_id_ IS NOT NULL",
        "the task of a case (CMMN)",
    ),
    "act_ru_variable": (
        "SELECT id_ FROM {act_ru_variable} s"
        " WHERE case_execution_id_ IS NOT NULL OR case_inst_id_ IS NOT NULL",
        "the variable of a case (CMMN)",
    ),
    "act_hi_caseinst": ("SELECT id_ FROM {act_hi_caseinst} s", "the history of a case (CMMN)"),
    "act_hi_caseactinst": (
        "SELECT id_ FROM {act_hi_caseactinst} s",
        "the history of a case (CMMN)",
    ),
    "act_id_info": ("SELECT id_ FROM {act_id_info} s", "what a user keeps in the old web pages"),
    "act_ru_filter": (
        "SELECT id_ FROM {act_ru_filter} s WHERE resource_type_ <> 'Task'",
        "a filter of something else than tasks",
    ),
    "act_hi_comment": (
        "SELECT id_ FROM {act_hi_comment} s WHERE type_ = 'event'",
        "what the old engine noted about a task by itself",
    ),
    "act_ru_event_subscr": (
        "SELECT id_ FROM {act_ru_event_subscr} s"
        " WHERE event_type_ NOT IN ('message', 'signal', 'conditional', 'compensate')",
        "a subscription of a kind that is not known",
    ),
}
_LEVELS = {"0": "none", "1": "activity", "2": "audit", "3": "full"}


def running(source: Source) -> str | None:
    """The words for an engine that seems to run on the source still; None for none."""
    count, until = next(source.rows(_LOCKED))
    if not count:
        return None
    return (
        f"{count} jobs are locked by a job executor until {until} ({source.zone}): the old engine "
        "runs, or was stopped a moment ago. Stop all of its nodes and wait until the locks are "
        "over, or say --running-ok."
    )


def look(source: Source, models: Models, report: Report) -> None:
    """Find what does not come along, and note it in a report."""
    for rows in instances(source):
        found = problem_of(rows, models)
        if found is not None:
            report.stays(found)
    # Without CMMN the old engine has no such tables.
    if source.has("act_ru_case_execution"):
        for instance_id, root_id, definition_id, activity_id in source.rows(_CALLERS_OF_CASES):
            reason = "it has called a case (CMMN)"
            report.stays(Problem(instance_id, root_id, definition_id, activity_id, reason))
    for table, (statement, reason) in _CASES.items():
        if source.has(table):
            for (row_id,) in source.rows(statement):
                # Named although they would not be read: a report without them would look complete.
                report.leave_out(table, reason, row_id)
    report.notes += _notes(source)


def _notes(source: Source) -> list[str]:
    level = next(
        (
            row[0]
            for row in source.rows(
                "SELECT value_ FROM {act_ge_property} s WHERE name_ = 'historyLevel'"
            )
        ),
        None,
    )
    name = _LEVELS.get(str(level), "unknown")
    return [
        f"The history level of the old engine is {name}; BATON_HISTORY_LEVEL is full unless it "
        "is set.",
        f"Timestamps of the source have no zone: they were read as {source.zone}.",
    ]
