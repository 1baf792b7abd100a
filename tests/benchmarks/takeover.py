"""A takeover of a large installation: how long it takes, and what it needs.

``python -m tests.benchmarks.takeover`` makes the installation out of the one that the tests have:
each instance that runs there is copied with other ids, together with its history. Then a program of
its own takes it over, and the next completes are compared with those in a database of the same size
that Baton has filled itself.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

import psycopg

from app import create_app
from config import Config
from tests.local import Local
from tests.models import flows, process, task
from tests.postgres import Postgres
from tests.takeover import loading

from .filled import fill

OF_COPY = "95e8-02fc00000001"  # how all ids of the house end
RUNNING, HISTORY = 178, 9_200  # instances and rows of one copy
RUNTIME = (
    *("act_ru_execution", "act_ru_variable", "act_ru_ext_task", "act_ru_task", "act_ru_incident"),
    *("act_ru_job", "act_ru_event_subscr"),
)
PAST = (
    *("act_hi_procinst", "act_hi_actinst", "act_hi_varinst", "act_hi_detail", "act_hi_taskinst"),
    *("act_hi_ext_task_log", "act_hi_incident", "act_hi_job_log", "act_hi_identitylink"),
)
SAME = {  # texts that name nothing of an instance, or what all copies share
    *("proc_def_id_", "process_def_id_", "job_def_id_", "deployment_id_", "proc_def_key_"),
    *("batch_id_", "tenant_id_", "bytearray_id_", "exception_stack_id_", "error_details_id_"),
    *("job_exception_stack_id_", "text_", "text2_", "name_", "business_key_"),
}
MODEL = process(
    '<startEvent id="start"/><endEvent id="end"/>'
    + task("first", "benchmark")
    + task("second", "benchmark-later")
    + flows("start", "first", "second", "end"),
    "benchmark",
)
INDEXES = ("proc_inst_id_", "execution_id_")


def multiply(connection, table, kinds, copies):
    """Add copies of the rows of instances, whose ids end otherwise."""
    owner = next(
        name
        for name in ("proc_inst_id_", "process_instance_id_", "root_proc_inst_id_")
        if name in kinds
    )
    end = "lpad(to_hex(n), 4, '0') || '-02fc00000001'"
    columns = [
        f"replace({name}, '{OF_COPY}', {end})" if kind == "varchar" and name not in SAME else name
        for name, kind in kinds.items()
    ]
    connection.execute(
        f"INSERT INTO {table} ({', '.join(kinds)}) SELECT {', '.join(columns)} "
        f"FROM {table} CROSS JOIN generate_series(1, {copies - 1}) n WHERE {owner} IS NOT NULL"
    )


def install(url, instances, history):
    """Make an installation of so many running instances and rows of history."""
    loading.create(url)
    loading.fill(url, loading.data("house"))
    kinds = loading.columns()
    with psycopg.connect(url, autocommit=True) as connection:
        for tables, copies in ((RUNTIME, instances // RUNNING), (PAST, history // HISTORY)):
            for table in tables:
                multiply(connection, table, kinds[table.upper()], copies)
        for table, columns in kinds.items():  # as a real one has them
            if "id_" in columns:
                connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id_)")
            for column in INDEXES:
                if column in columns:
                    connection.execute(f"CREATE INDEX ON {table} ({column})")
        connection.execute("VACUUM ANALYZE")
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in (*RUNTIME, *PAST)
        ]
        running = connection.execute(
            "SELECT count(*) FROM act_ru_execution WHERE parent_id_ IS NULL"
        ).fetchone()[0]
    return running, sum(counts[len(RUNTIME) :]), sum(counts)


def take_over(source, target):
    """Seconds of a clock and of processors, and the largest memory in MiB."""
    began = time.monotonic()
    command = [sys.executable, "-m", "app.takeover", source, "--to", target]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def completes(url, count=200):
    """The median of completes, in milliseconds, in a database with much in it."""
    app = create_app(Config(database_url=url, has_job_executor=False))
    api = Local(app.test_client())
    api.deploy(MODEL)
    for _ in range(count):
        api.call("POST", "/process-definition/key/benchmark/start", {})
    lock = {"workerId": "w", "maxTasks": count}
    topics = [{"topicName": "benchmark", "lockDuration": 600_000}]
    tasks = api.call("POST", "/external-task/fetchAndLock", {**lock, "topics": topics})[1]
    spent = []
    for found in tasks:
        began = time.perf_counter()
        api.call("POST", f"/external-task/{found['id']}/complete", {"workerId": "w"})
        spent.append((time.perf_counter() - began) * 1000)
    app.extensions["baton"].store.close()
    return statistics.median(spent)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--instances", type=int, default=100_000)
    parser.add_argument("--history", type=int, default=1_000_000)
    options = parser.parse_args()
    server = Postgres()
    try:
        source, target = server.create("camunda"), server.create("baton")
        running, history, rows = install(source, options.instances, options.history)
        print(f"{running} running instances, {history} rows of history, {rows} rows in all")
        clock, cpu, memory = take_over(source, target)
        load = os.getloadavg()[0]
        print(f"taken over in {clock:.0f} s, {cpu:.0f} s of processors, {memory:.0f} MiB; {load=}")
        own = server.create("own")
        create_own(own, options)
        for name, url in (("taken over", target), ("own", own)) * 2:
            print(f"complete, {name}: {completes(url):.2f} ms")
    finally:
        server.close()


def create_own(url, options):
    """A database of the same size that Baton has filled."""
    from app.store.connections.database import create_engine
    from app.store.connections.schema import migrate

    migrate(create_engine(url))
    fill(url, {"a:1:1": "a", "b:1:1": "b"}, options.history / 1_000_000)


if __name__ == "__main__":
    main()
