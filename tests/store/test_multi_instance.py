"""A thousand parallel instances cost each completion what ten cost."""

import time

from app.engine.state.values import TypedValue
from tests.models import flows, process, task

from .test_statements import complete, deploy, fetch, start

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
