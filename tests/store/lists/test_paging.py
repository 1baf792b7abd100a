"""Pages of a list: where they begin and end, and that long ones are read in parts."""

import pytest

from app.models.runtime import external_task
from app.store.lists import CHUNK, LISTINGS
from app.store.lists.base import COUNTS, LARGEST_PAGE
from tests.store.rows import day

# Reports of few rows, which are grouped: what they are grouped by is no two times there.
REPORTS = {"cleanable_process_instance_report", "cleanable_batch_report"}
LISTING = LISTINGS["external_task"]
NUMBER = CHUNK + 3  # more than are read at once, and no multiple of it
IDS = [f"t{number:04}" for number in range(NUMBER)]


def fill(rows):
    """Tasks more than a chunk, of which every second is of another topic."""
    for number, row_id in enumerate(IDS):
        rows.add(
            external_task,
            row_id,
            topic_name=("even", "odd")[number % 2],
            priority=number // 100,
            create_time=day(1),
        )


def ids(views):
    return [view["id"] for view in views]


@pytest.mark.parametrize(
    ("first", "most", "expected"),
    [
        pytest.param(None, None, IDS, id="all"),
        pytest.param(0, 2, IDS[:2], id="first page"),
        pytest.param(2, 2, IDS[2:4], id="second page"),
        pytest.param(NUMBER - 1, 5, IDS[-1:], id="last row"),
        pytest.param(NUMBER, 5, [], id="behind the end"),
        pytest.param(500, None, IDS[500:], id="without an end"),
        pytest.param(None, 0, [], id="nothing"),
        pytest.param(0, -1, [], id="less than nothing"),
        pytest.param(-1, 5, [], id="before the beginning"),
        pytest.param(-1, None, [], id="before the beginning, without an end"),
        pytest.param(1, LARGEST_PAGE, IDS[1:], id="as many as Java has"),
        pytest.param(1, 2**70, IDS[1:], id="more than a database has"),
        pytest.param(0, CHUNK, IDS[:CHUNK], id="a chunk"),
        pytest.param(0, CHUNK + 1, IDS[: CHUNK + 1], id="one more"),
    ],
)
def test_a_page_is_the_same_in_one_piece_and_in_parts(world, first, most, expected):
    with world.reading() as connection:
        whole = LISTING.find(connection, {}, (), first, most)
        parts = list(LISTING.chunks(connection, {}, (), first, most))

    assert ids(whole) == expected
    assert [row_id for part in parts for row_id in ids(part)] == expected
    assert parts, "an empty page is a part, too"
    assert all(len(part) <= CHUNK for part in parts)
    assert [row for part in parts for row in part] == whole


def test_a_long_page_comes_in_parts_with_its_filters_and_its_order(world):
    with world.reading() as connection:
        wanted = ({"topic_name": "odd"}, [("taskPriority", "desc")])
        parts = list(LISTING.chunks(connection, *wanted))

    expected = sorted(IDS[1::2], key=lambda row_id: (-(int(row_id[1:]) // 100), row_id))
    assert [row_id for part in parts for row_id in ids(part)] == expected


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_of_rows_that_are_alike_neither_overlap_nor_leave_one_out(world, direction):
    # A hundred rows have one priority, and two thirds of a page's end lie within them.
    wanted = ({}, [("taskPriority", direction)])
    with world.reading() as connection:
        whole = ids(LISTING.find(connection, *wanted))
        pages = [ids(LISTING.find(connection, *wanted, at, 73)) for at in range(0, NUMBER, 73)]

    assert [row_id for page in pages for row_id in page] == whole
    assert sorted(whole) == IDS


@pytest.mark.parametrize("filters", [{}, {"topic_name": "odd"}, {"topic_name": "none"}])
def test_the_ids_for_a_command_and_the_number_are_those_of_the_page(world, filters):
    with world.reading() as connection:
        page = ids(LISTING.find(connection, filters))

        assert LISTING.ids(connection, filters) == page
        assert LISTING.count(connection, filters) == len(page)
        assert LISTING.counts(connection, [filters]) == [len(page)]


def test_a_reader_who_stops_early_leaves_the_connection_usable(world):
    with world.reading() as connection:
        parts = LISTING.chunks(connection, {})
        assert ids(next(parts)) == IDS[:CHUNK]
        parts.close()

        assert LISTING.count(connection, {}) == NUMBER


@pytest.mark.parametrize("number", [0, 1, COUNTS, COUNTS + 1])
def test_many_counts_are_those_of_their_queries_in_their_order(world, number):
    queries = [{"topic_name": ("even", "odd", "none")[n % 3]} for n in range(number)]

    with world.reading() as connection:
        found = LISTING.counts(connection, queries)

    half = NUMBER // 2
    assert found == [(NUMBER - half, half, 0)[n % 3] for n in range(number)]


def test_a_count_that_is_bounded_stops_there(world):
    with world.reading() as connection:
        found = [len(connection.execute(LISTING.limited({}, most)).all()) for most in (0, 1, 7)]

    assert found == [0, 1, 7]


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_every_list_has_an_order_that_leaves_no_two_rows_alike(name):
    last = LISTINGS[name].order[-1]
    key = getattr(last, "primary_key", False) or getattr(last, "name", "") == "id"

    # Pages of rows that are alike would overlap, or leave one out.
    assert key or name in REPORTS


@pytest.mark.parametrize("name", sorted(LISTINGS.keys() - REPORTS))
def test_an_unknown_row_of_every_list_is_none(world, name):
    with world.reading() as connection:
        assert LISTINGS[name].one(connection, "no such row") is None
