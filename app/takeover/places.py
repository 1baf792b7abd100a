"""Where a row of the source belongs, as SQL: its instance, its activity, the root above."""

from .mapping import same

PLACE = same(
    process_instance_id="proc_inst_id",
    process_definition_id="proc_def_id",
    process_definition_key="proc_def_key",
    execution_id="execution_id",
)
AT_ACTIVITY = same(activity_id="act_id", activity_instance_id="act_inst_id")


def root(
    table: str = "act_hi_procinst",
    own: str = "s.proc_inst_id_",
    known: str = "s.root_proc_inst_id_",
) -> str:
    """The root process instance: rows of old versions name none, and their callers are followed.

    Args:
        table: says who has called whom.
        own: the process instance of the row.
        known: the root that is named.
    """
    upper = {
        "act_hi_procinst": (
            "SELECT p.proc_inst_id_ AS id, p.super_process_instance_id_ AS above "
            "FROM {act_hi_procinst} p WHERE p.proc_inst_id_ = "
        ),
        "act_ru_execution": (
            "SELECT p.id_ AS id, c.proc_inst_id_ AS above FROM {act_ru_execution} p "
            "LEFT JOIN {act_ru_execution} c ON c.id_ = p.super_exec_ WHERE p.id_ = "
        ),
    }[table]
    chain = (
        f"WITH RECURSIVE up AS ({upper}{own} UNION SELECT n.id, n.above FROM up, "
        f"LATERAL ({upper}up.above) n) SELECT up.id FROM up WHERE up.above IS NULL LIMIT 1"
    )
    # UNION in the chain, not UNION ALL: a circle of callers in broken data would never end.
    return f"coalesce({known}, ({chain}), {own})"
