"""A database in which a lot has happened: running instances, open tasks, history, made with SQL."""

import psycopg
from psycopg import sql

INSTANCES, HISTORY, TASKS = 100_000, 1_000_000, 200_000

EXECUTIONS = """
INSERT INTO execution (id, process_instance_id, root_process_instance_id, process_definition_id,
    process_definition_key, is_scope, is_concurrent, is_active, is_event_scope, is_suspended,
    parent_id, activity_id, activity_instance_id, scope_activity_id, scope_activity_instance_id,
    business_key)
SELECT 'i' || n, 'i' || n, 'i' || n, pg_temp.definition(n), pg_temp.key(n), true, false, false,
    false, false, NULL, NULL, NULL, NULL, 'i' || n, 'b' || n
FROM generate_series(1, %(instances)s) n
UNION ALL
SELECT 'i' || (n / 2 + 1) || 'e' || n, 'i' || (n / 2 + 1), 'i' || (n / 2 + 1),
    pg_temp.definition(n / 2 + 1), pg_temp.key(n / 2 + 1), true, false, true, false, false,
    'i' || (n / 2 + 1), 'check', 'check:' || n, 'check', 'check:' || n, NULL
FROM generate_series(0, %(tasks)s - 1) n
"""
OPEN = """
INSERT INTO external_task (id, lock_count, priority, create_time, execution_id, activity_id,
    activity_instance_id, process_instance_id, root_process_instance_id, process_definition_id,
    process_definition_key, is_locked, is_suspended, topic_name, worker_id, lock_expiration_time)
SELECT 't' || n, 0, n %% 10, now() - (n || ' seconds')::interval,
    'i' || (n / 2 + 1) || 'e' || n, 'check', 'check:' || n, 'i' || (n / 2 + 1),
    'i' || (n / 2 + 1), pg_temp.definition(n / 2 + 1), pg_temp.key(n / 2 + 1), n %% 2 = 0, false,
    'other-' || n %% 50, CASE WHEN n %% 2 = 0 THEN 'w' END,
    CASE WHEN n %% 2 = 0 THEN now() + interval '1 day' END
FROM generate_series(0, %(tasks)s - 1) n
"""
WAITING = """
INSERT INTO task (id, priority, create_time, is_suspended, name, assignee, task_definition_key,
    execution_id, process_instance_id, root_process_instance_id, process_definition_id)
SELECT 'u' || n, 50, now() - (n || ' seconds')::interval, false, 'Check',
    CASE WHEN n %% 3 = 0 THEN 'user' || n END, 'look', 'i' || (n + 1), 'i' || (n + 1),
    'i' || (n + 1), pg_temp.definition(n + 1)
FROM generate_series(0, %(instances)s - 1) n
"""
CANDIDATES = """
INSERT INTO identity_link (id, task_id, type, user_id, group_id, process_instance_id,
    root_process_instance_id)
SELECT 'q' || n, 'u' || n, 'candidate', CASE WHEN n %% 2 = 0 THEN 'user' || n END,
    CASE WHEN n %% 2 = 1 THEN 'group' || n END, 'i' || (n + 1), 'i' || (n + 1)
FROM generate_series(0, %(instances)s - 1) n
"""
VARIABLES = """
INSERT INTO variable (id, revision, name, type, execution_id, process_instance_id,
    activity_instance_id, text_value, create_time, detail_time, is_initial)
SELECT 'v' || n, 0, (ARRAY['approved', 'amount', 'note'])[n %% 3 + 1], 'String', 'i' || (n / 3 + 1),
    'i' || (n / 3 + 1), '', 'text ' || n, now(), now(), true
FROM generate_series(0, %(instances)s - 1) n
UNION ALL
SELECT 'p' || n, 0, (ARRAY['amount', 'note'])[n %% 2 + 1], 'String', 'h' || (n / 2 + 1),
    'h' || (n / 2 + 1), '', 'text', now(), now(), true
FROM generate_series(0, %(history)s / 5 - 1) n
"""
ENDED = """
INSERT INTO historic_process_instance (id, process_definition_id, process_definition_key,
    start_time, root_process_instance_id, state, business_key, end_time, removal_time)
SELECT 'h' || n, pg_temp.definition(n), pg_temp.key(n),
    now() - (n || ' seconds')::interval, 'h' || n,
    'COMPLETED', 'old' || n, now(), now() + interval '30 days'
FROM generate_series(1, %(history)s / 10) n
"""
VISITS = """
INSERT INTO historic_activity_instance (id, activity_id, activity_type, process_definition_key,
    process_definition_id, process_instance_id, root_process_instance_id, execution_id, sequence,
    start_time, is_canceled, is_complete_scope, end_time)
SELECT 'a' || n, (ARRAY['start', 'check', 'gate', 'ship', 'end'])[n %% 5 + 1], 'serviceTask',
    pg_temp.key(n / 5 + 1), pg_temp.definition(n / 5 + 1), 'h' || (n / 5 + 1), 'h' || (n / 5 + 1),
    'x' || (n / 5 + 1), n,
    now() - (n || ' seconds')::interval, false, false, now()
FROM generate_series(0, %(history)s / 2 - 1) n
"""
VALUES = """
INSERT INTO historic_variable_instance (id, name, type, state, revision, create_time,
    process_definition_key, process_definition_id, process_instance_id, root_process_instance_id,
    execution_id, text_value, detail_time, is_initial)
SELECT 'w' || n || '-0000', (ARRAY['approved', 'amount'])[n %% 2 + 1], 'String', 'CREATED', 0,
    now(), pg_temp.key(n / 2 + 1), pg_temp.definition(n / 2 + 1), 'h' || (n / 2 + 1),
    'h' || (n / 2 + 1), 'h' || (n / 2 + 1),
    'text', now(), true
FROM generate_series(0, %(history)s / 5 - 1) n
"""
LASTING = """
INSERT INTO variable (id, name, type, revision, create_time, process_instance_id, execution_id,
    text_value, detail_time, is_initial, activity_instance_id)
SELECT 'r' || n || '-0000', (ARRAY['approved', 'amount'])[n %% 2 + 1], 'String', 0, now(),
    'h' || (n / 2 + 1), 'h' || (n / 2 + 1), 'text ' || n, now(), true, ''
FROM generate_series(0, %(history)s / 5 - 1) n
"""
ENDS = """
INSERT INTO historic_external_task_log (id, timestamp, state, external_task_id, priority,
    topic_name, process_instance_id, creation_time, creation_priority)
SELECT 'm' || n, now() - (n || ' seconds')::interval, 2, 'past' || n, 0, 'check', 'h' || n,
    now() - (n || ' minutes')::interval, 0
FROM generate_series(1, %(history)s / 10) n
"""
LOG = """
INSERT INTO historic_external_task_log (id, timestamp, state, external_task_id, priority,
    topic_name, process_instance_id, root_process_instance_id, process_definition_id,
    process_definition_key)
SELECT 'l' || n, now() - (n || ' seconds')::interval, n %% 2 * 2, 'old' || n / 2, 0,
    'check', 'h' || (n / 2 + 1), 'h' || (n / 2 + 1), pg_temp.definition(n / 2 + 1),
    pg_temp.key(n / 2 + 1)
FROM generate_series(0, %(history)s / 5 - 1) n
"""
DONE = """
INSERT INTO historic_task (id, priority, start_time, name, task_definition_key, end_time,
    process_instance_id, root_process_instance_id, process_definition_id, process_definition_key)
SELECT 'k' || n, 50, now(), 'Check', 'check', now(), 'h' || n, 'h' || n,
    pg_temp.definition(n), pg_temp.key(n)
FROM generate_series(1, %(history)s / 20) n
"""
LINKS = """
INSERT INTO historic_identity_link (id, time, type, operation_type, user_id, group_id, task_id,
    process_instance_id, root_process_instance_id)
SELECT 'y' || n, now(), 'candidate', 'add', CASE WHEN n %% 2 = 0 THEN 'user' || n END,
    CASE WHEN n %% 2 = 1 THEN 'group' || n END, 'k' || (n / 2), 'h' || (n / 2), 'h' || (n / 2)
FROM generate_series(2, %(history)s / 10) n
"""
JOBS_DONE = """
INSERT INTO historic_job_log (id, timestamp, state, job_id, job_kind, priority, retries,
    process_instance_id, root_process_instance_id)
SELECT 'z' || n, now() - (n || ' minutes')::interval, n %% 2 * 2, 'j' || (n / 2),
    'async-continuation', 0, 3, 'h' || (n / 2 + 1), 'h' || (n / 2 + 1)
FROM generate_series(0, %(history)s / 20) n
"""
DECIDED = """
INSERT INTO historic_decision_instance (id, decision_definition_id, decision_definition_key,
    evaluation_time, has_own_removal_time, inputs, outputs, process_definition_id,
    process_definition_key, process_instance_id, root_process_instance_id,
    root_decision_instance_id, decision_requirements_definition_id,
    decision_requirements_definition_key)
SELECT 'x' || n, 'rules:1', 'rules', now() - (n || ' minutes')::interval, n %% 3 = 0, '[]', '[]',
    CASE WHEN n %% 3 > 0 THEN pg_temp.definition(n) END,
    CASE WHEN n %% 3 > 0 THEN pg_temp.key(n) END,
    CASE WHEN n %% 3 > 0 THEN 'h' || n END, CASE WHEN n %% 3 > 0 THEN 'h' || n END,
    CASE WHEN n %% 2 = 0 THEN 'x' || (n + 1) END, 'graph:1', 'graph'
FROM generate_series(1, %(history)s / 20) n
"""


def given(connection, definitions):
    """Let instance n be of the definition that is n'th in turn, with its key."""
    for name, values in (("definition", definitions), ("key", definitions.values())):
        array = sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(map(sql.Literal, values)))
        chosen = sql.SQL("SELECT ({})[n % {} + 1]").format(array, len(definitions))
        connection.execute(
            sql.SQL(
                "CREATE FUNCTION pg_temp.{} (n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS {}"
            ).format(sql.Identifier(name), chosen.as_string(connection))
        )


def fill(url, definitions, share=1.0, *more, is_analyzed=True):
    """Fill a database with what refers to definitions.

    Args:
        definitions: the key of each, by its id; the instances are of all of them in turn.
        share: of `INSTANCES`, `TASKS` and `HISTORY`.
        more: statements that are carried out as well.
        is_analyzed: the database knows how much there is.
    """
    values = {
        "instances": int(INSTANCES * share),
        "tasks": int(TASKS * share),
        "history": int(HISTORY * share),
    }
    everything = (
        *(EXECUTIONS, OPEN, WAITING, CANDIDATES, VARIABLES, ENDED, VISITS, VALUES, LOG),
        *(DONE, LINKS, JOBS_DONE, DECIDED, *more),
    )
    with psycopg.connect(url, autocommit=True) as connection:
        given(connection, definitions)
        for statement in everything:
            connection.execute(statement, values)
        if is_analyzed:
            connection.execute("VACUUM ANALYZE")
