"""Triggers by which PostgreSQL itself refuses what is written without the lock of its hierarchy.

Each change of a row that belongs to an instance asks whether this transaction holds the row at the
top of the call hierarchy: as its locker (``xmax``) or its maker (``xmin``). What goes in the same
statement as its top is noted before it goes. The top itself is locked by its own change, so that
of its changes nothing can be said.
"""

import psycopg

CLAIMS = {  # what workers, executors and job definitions change with a lock of the row alone
    "external_task": (
        "worker_id",
        "lock_expiration_time",
        "lock_count",
        "is_locked",
        "priority",
    ),
    "job": ("lock_owner", "lock_expiration_time", "retries", "due_date", "priority"),
}
TABLES = (
    "execution",
    "variable",
    "external_task",
    "task",
    "identity_link",
    "job",
    "event_subscription",
    "incident",
)
FUNCTIONS = """
CREATE TABLE gone (transaction xid8, id text);
CREATE FUNCTION is_held(top text) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (SELECT 1 FROM gone WHERE id = top AND transaction = pg_current_xact_id())
        OR EXISTS (SELECT 1 FROM execution WHERE id = top
            AND (xmax = pg_current_xact_id()::xid OR xmin = pg_current_xact_id()::xid))
$$;
CREATE FUNCTION check_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found jsonb := CASE WHEN TG_OP = 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    top text := found ->> 'root_process_instance_id';
    owner text := found ->> 'process_instance_id';
BEGIN
    IF TG_TABLE_NAME = 'variable' THEN
        SELECT root_process_instance_id INTO top FROM execution WHERE id = owner;
        IF TG_OP = 'DELETE' AND top IS NULL AND found ->> 'create_time' IS NOT NULL THEN
            RETURN OLD; -- the history of an instance that has ended
        END IF;
        top := coalesce(top, owner);
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV::text[] = found - TG_ARGV::text[] THEN
        RETURN NEW;
    END IF;
    IF top IS NOT NULL AND NOT is_held(top)
        AND NOT (TG_OP = 'INSERT' AND TG_TABLE_NAME = 'execution' AND found ->> 'id' = top) THEN
        RAISE EXCEPTION '% of % % without the lock of %', TG_OP, TG_TABLE_NAME, found ->> 'id', top;
    END IF;
    IF TG_TABLE_NAME = 'execution' AND TG_OP = 'DELETE' THEN
        INSERT INTO gone VALUES (pg_current_xact_id(), found ->> 'id');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


def install(url):
    """Let a database check every change from now on."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FUNCTIONS)
        for table in TABLES:
            names = ", ".join(f"'{name}'" for name in CLAIMS.get(table, ()))
            when = "AFTER INSERT" if table != "execution" else "BEFORE INSERT"
            connection.execute(
                f"CREATE TRIGGER made {when} ON {table} FOR EACH ROW"
                f" EXECUTE FUNCTION check_row({names})"
            )
            connection.execute(
                f"CREATE TRIGGER changed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
                f" EXECUTE FUNCTION check_row({names})"
            )
