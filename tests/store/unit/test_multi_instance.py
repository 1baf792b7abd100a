"""A thousand parallel instances cost each completion what ten cost, and start in one statement."""

import sys
import time

import pytest

from app.engine.state.values import TypedValue
from app.store import Store
from app.store.connections.sessions import SqliteSession
from app.store.unit import reads
from tests.models import flows, process, task
from tests.store.driving import complete, deploy, fetch, start

LOOP = (
    "<multiInstanceLoopCharacteristics><loopCardinality>${n}</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)
MODEL = process(
    '<startEvent id="s"/>'
    + task("each", inner=LOOP)
    + '<endEvent id="e"/>'
    + flows("s", "each", "e"),
    "many",
)


def statements_and_time(store, counter, count):
    """The statements of each completion but the last, and the mean time of all in seconds."""
    start(store, "many", n=TypedValue("Integer", count))
    tasks = []
    while found := fetch(store, "each", 100):
        tasks += found
    assert len(tasks) == count
    counter.mark()
    began = time.thread_time()
    for done in tasks[:-1]:
        complete(store, done)
    took = time.thread_time() - began
    statements = counter.count()
    assert statements % (count - 1) == 0
    began = time.thread_time()
    complete(store, tasks[-1])
    return statements // (count - 1), (took + time.thread_time() - began) / count


def test_completions_of_a_thousand_need_as_many_statements_as_of_ten(pg_store, counter):
    deploy(pg_store, MODEL)
    statements_and_time(pg_store, counter, 10)

    few, quick = statements_and_time(pg_store, counter, 10)
    many, slow = statements_and_time(pg_store, counter, 1_000)

    print(
        f"{few} and {many} statements; the mean time of 1,000 is {slow / quick:.2f} of that of 10"
    )
    assert few == many
    assert slow < 20 * quick


MOST_CALLS = 130  # of Python functions, to start one instance of many
MOST_MORE = 20  # statements, whatever the number of instances


class Watch:
    """Counts of one operation: calls of Python functions, rows that are read, statements."""

    def __init__(self, monkeypatch):
        self.calls = self.rows = self.statements = 0
        rows, commit = SqliteSession.rows, SqliteSession.commit

        def reading(session, *query):
            found = rows(session, *query)
            self.rows += len(found)
            return found

        def committing(session, *changes):
            commit(session, *changes)
            self.statements += session.count

        monkeypatch.setattr(SqliteSession, "rows", reading)
        monkeypatch.setattr(SqliteSession, "commit", committing)

    def _note(self, _frame, event, _argument):
        self.calls += event == "call"

    def of(self, operate, *arguments):
        self.calls = self.rows = self.statements = 0
        sys.setprofile(self._note)
        try:
            operate(*arguments)
        finally:
            sys.setprofile(None)
        return self.calls, self.rows, self.statements


@pytest.fixture
def lite_store(sqlite_url):
    store = Store(sqlite_url)
    deploy(store, MODEL)
    yield store
    store.close()


def many(store, count):
    start(store, "many", n=TypedValue("Integer", count))


def test_a_completion_of_a_thousand_reads_and_calls_what_one_of_ten_does(lite_store, monkeypatch):
    watch, found = Watch(monkeypatch), []
    for count in (10, 10, 1_000):  # the first ones warm up
        many(lite_store, count)
        tasks = fetch(lite_store, "each", count)
        # the cheapest: what the interpreter does meanwhile is in some of them
        found.append(min(watch.of(complete, lite_store, done) for done in tasks[:5]))
        for done in tasks[5:] if count == 10 else ():
            complete(lite_store, done)

    _, of_ten, of_a_thousand = found

    print(of_ten, of_a_thousand)
    assert of_a_thousand[1:] == of_ten[1:]
    assert of_a_thousand[0] <= 1.05 * of_ten[0]


def test_each_instance_of_many_adds_few_calls_and_no_statement_to_the_start(
    lite_store, monkeypatch
):
    watch = Watch(monkeypatch)
    many(lite_store, 10)

    calls_of_ten, _, of_ten = watch.of(many, lite_store, 10)
    calls_of_many, _, of_many = watch.of(many, lite_store, 510)

    print((calls_of_many - calls_of_ten) / 500)
    # on SQLite one for each kind of rows that are alike, another for those that are left over
    assert of_many <= of_ten + MOST_MORE
    assert (calls_of_many - calls_of_ten) / 500 <= MOST_CALLS


def test_looking_for_others_that_wait_sorts_none_of_them(lite_store):
    engine = lite_store.engine
    sql, parameters = reads.SOME_CHILDREN.bound(engine.dialect, {"id": "body", "ids": "[]"})

    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(parameters)).all()

    steps = [row[3] for row in plan]
    assert any("ix_execution_children" in step for step in steps)
    assert not [step for step in steps if "TEMP B-TREE" in step]
