"""``python -m tests.benchmarks`` prints every figure of the README, with its goal.

It starts its own PostgreSQL, with ``fsync`` on. ``--quick`` takes a tenth of the time.
"""

import argparse
import os
import statistics

from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from tests import bytecode
from tests.postgres import Postgres

from . import budgets, measures, pages, polls, wal

GOALS = {"start": 0.25, "complete-first": 0.25, "complete-last": 0.25}
FETCHED, SECONDS, MEGABYTES, FLAT, MILLISECONDS = 2_000, 1.5, 100, 0.8, 50
WAL = {"start": 6_500, "complete-first": 9_500, "complete-last": 9_500}  # whole pages included
POLLS, POLLS_MEGABYTES, HAND_OUT = 2_000, 250, 20
GUARDED = {"basic": 0.9, "authorization": 0.8}  # of the speed without
IDLE = 0.5  # percent of a core
LIST, STATISTICS, SLOWEST = 100, 300, 5  # milliseconds of a page, of the statistics
VIEW = 500  # milliseconds of a view of the operator's page


def line(name, value, goal=""):
    print(f"{name:56} {value:>22}   {goal}", flush=True)


def migrated(postgres, name):
    """The URL of a new database with the schema."""
    url = postgres.create(name)
    migrate(create_engine(url))
    return url


def show_throughput(url, count):
    figures = measures.throughput(url, count)
    top = figures["ceiling"]
    line("ceiling: bare Flask and gunicorn", f"{top:.0f}/s")
    for name, goal in GOALS.items():
        value = figures[name]
        line(name, f"{value:.0f}/s = {value / top:.3f}", f"share of the ceiling, goal {goal}")
    for name in ("lock-check", "lock-ship"):
        line(name, f"{figures[name]:.0f} tasks/s", f"goal {FETCHED}, 20 a fetch")
    line("memory of the larger worker", f"{figures['memory']:.0f} MB", f"goal {MEGABYTES}")


def show_access(urls, count):
    figures = measures.access(urls, count)
    for name, share in GUARDED.items():
        for phase, plain in figures["none"].items():
            value = figures[name][phase] / plain
            line(f"{name} to none: {phase}", f"{value:.2f}", f"of the medians, goal {share}")


def show_flat(urls, pairs, count, share):
    ratios = measures.flat(urls, pairs, count, share)
    for name, ratio in ratios.items():
        line(f"filled to empty: {name}", f"{ratio:.2f}", f"of the medians, goal {FLAT}")
    empty, full = map(measures.buffers, urls)
    for name, touched in full.items():
        line(f"pages: {name}", f"{empty[name]} empty, {touched} filled", "a few more at most")


def show_budgets(url, share):
    store = budgets.filled_store(url, share)
    try:
        for name, median in budgets.of_statistics(store).items():
            line(f"statistics: {name}", f"{median:.1f} ms", f"median, goal {STATISTICS}")
        found = budgets.of_lists(store)
        viewed = pages.of_views(url, store)
    finally:
        store.close()
    slowest = sorted(found.items(), key=lambda one: -one[1])
    over = [name for name, median in slowest if median > LIST]
    line("pages of lists over their budget", f"{len(over)} of {len(found)}", f"goal 0 of {LIST} ms")
    for name, median in slowest[: max(SLOWEST, len(over))]:
        line(f"list: {name}", f"{median:.1f} ms", f"median, goal {LIST}")
    for name, (median, size) in sorted(viewed.items(), key=lambda one: -one[1][0]):
        line(f"page: {name}", f"{median:.0f} ms, {size / 1000:.0f} kB", f"goal {VIEW} ms, 200 kB")


def show_log(url, count):
    for name, sizes in wal.bytes_of_operations(url, count).items():
        line(f"bytes of WAL: {name}", f"{statistics.mean(sizes):.0f}", f"mean, goal {WAL[name]}")


def show_round_trips(url, count):
    for name, value in measures.round_trips(url, count).items():
        line(f"one worker: {name}", f"{value:.0f} tasks/s")


def show_polls(url, count):
    found = polls.measure(url, count, **({} if count >= POLLS else {"tries": 20, "rounds": 1}))
    memory = f"{found['memory']:.0f} MB, {found['memory_without']:.0f} without"
    line(f"memory of 2 processes with {count} polls", memory, f"goal {POLLS_MEGABYTES}")
    line("their threads", found["threads"])
    line("hand-out of a new task", f"{found['hand_out']:.1f} ms", f"median, goal {HAND_OUT}")
    line("completes beside the polls", f"{found['completes']:.2f}", "of those alone, goal 0.9")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    is_quick = parser.parse_args().quick
    bytecode.keep()
    count, pairs, share = (200, 2, 0.05) if is_quick else (2_000, 5, 1.0)
    print(f"{os.cpu_count()} cores, 2 processes, history full, PostgreSQL\n")
    postgres = Postgres(is_durable=True)
    try:
        url = migrated(postgres, "speed")
        show_log(migrated(postgres, "log"), count // 2)
        show_throughput(url, count)
        show_round_trips(migrated(postgres, "trips"), 100)
        share = measures.idle(url, 5 if is_quick else 30)
        line("idle process, all its threads", f"{share:.2f} %", f"of a core, goal {IDLE}")
        line("first 200 after wsgi.py", f"{measures.start_seconds(url):.2f} s", f"goal {SECONDS}")
        median = measures.wake_up(migrated(postgres, "wake"), 5 if is_quick else 50)
        line("wake-up across processes", f"{median:.1f} ms", f"median, goal {MILLISECONDS}")
        show_polls(migrated(postgres, "polls"), 200 if is_quick else POLLS)
        guarded = [migrated(postgres, f"access_{name}") for name in measures.ACCESS]
        show_access(guarded, max(100, count // 5))
        urls = migrated(postgres, "empty"), migrated(postgres, "filled")
        show_flat(urls, pairs, max(100, count // 5), share)
        show_budgets(migrated(postgres, "budgets"), 0.1 if is_quick else 1.0)
    finally:
        postgres.close()


if __name__ == "__main__":
    main()
