"""Batches that each filter finds, with how far they are.

Source: contract 3.19 and 10.6.
"""

from app.models.history import (
    historic_batch,
)
from app.models.runtime import batch, job
from app.store.lists import batches
from tests.store.rows import day

from .cases import Lines, OfEachList, case, ordered


def fill(rows):
    rows.add(batch, "b1", type="del", start_time=day(1), total_jobs=10, jobs_created=4)
    rows.add(
        batch,
        "b2",
        type="set",
        start_time=day(2),
        total_jobs=2,
        jobs_created=2,
        is_suspended=True,
        tenant_id="red",
        create_user_id="anna",
    )
    for number, (kind, retries) in enumerate([("del", 0), ("del", 3), ("batch-monitor-job", 0)]):
        rows.add(job, f"bj{number}", batch_id="b1", kind=kind, retries=retries)
    rows.add(historic_batch, "b0", type="del", start_time=day(0), end_time=day(3))
    rows.add(historic_batch, "b1", type="del", start_time=day(1))
    rows.add(historic_batch, "b2", type="set", start_time=day(2), tenant_id="red")


OF_BATCHES = [
    case("b1 b2"),
    case("b2", batch_id="b2"),
    case("b1", type="del"),
    case("b2", suspended=True),
    # A value and no flag: those that are not.
    case("b1", suspended=False),
    case("b2", tenant_id_in=["red"]),
    case("b1", without_tenant_id=True),
]
BATCHES = [
    *OF_BATCHES,
    *(
        case("b1 b2", **{name: "any"})
        for name in (
            *("created_by", "started_before", "started_after"),
            *("with_failures", "without_failures"),
        )
    ),
]
STATISTICS = [
    *OF_BATCHES,
    case("b2", created_by="anna"),
    case("b1", started_before=day(2)),
    case("b2", started_after=day(1)),
    # The monitor that has failed is no job of the batch's own kind.
    case("b1", with_failures=True),
    case("b2", without_failures=True),
]
BATCH_ORDERS = [ordered("b2 b1", "batchId desc"), ordered("b2 b1", "tenantId desc")]
PAST_BATCHES = [
    case("b0 b1 b2"),
    case("b0", batch_id="b0"),
    case("b0 b1", type="del"),
    case("b0", completed=True),
    case("b1 b2", completed=False),
    case("b2", tenant_id_in=["red"]),
    case("b0 b1", without_tenant_id=True),
]
PAST_BATCH_ORDERS = [
    ordered("b2 b1 b0", "batchId desc"),
    ordered("b2 b1 b0", "startTime desc"),
    ordered("b1 b2 b0", "endTime asc"),
    ordered("b0 b1 b2", "tenantId asc"),
]
LISTS = {
    "batch": Lines(BATCHES, BATCH_ORDERS),
    "batch_statistics": Lines(STATISTICS, [*BATCH_ORDERS, ordered("b2 b1", "startTime desc")]),
    "historic_batch": Lines(PAST_BATCHES, PAST_BATCH_ORDERS),
}


class TestLists(OfEachList):
    """Each list of the table."""


def test_a_batch_tells_how_far_it_is(world):
    with world.reading() as connection:
        found = batches.BATCH_STATISTICS.find(connection, {})

    shown = [
        [row[f"{what}_jobs"] for what in ("remaining", "completed", "failed")] for row in found
    ]
    # Of ten, six are not made; of the four that were, two are left, of which one has failed.
    assert shown == [[8, 2, 1], [0, 2, 0]]
