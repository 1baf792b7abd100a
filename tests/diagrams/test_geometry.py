"""Points, boxes and lines: what is drawn is where it is said to be."""

import math
import re

import hypothesis
import pytest
from hypothesis import strategies as st

from app.diagrams.geometry import (
    Box,
    Point,
    around,
    middle,
    number,
    pair,
    polygon,
    rounded,
)

pytestmark = pytest.mark.no_database
COORDINATES = st.floats(-100_000, 100_000)
POINTS = st.builds(Point, COORDINATES, COORDINATES)
SIZES = st.floats(0, 1_000)
BOXES = st.builds(Box, COORDINATES, COORDINATES, SIZES, SIZES)
LINES = st.lists(POINTS, min_size=2, max_size=8)


def near(one, other):
    return math.dist(one, other) < 1e-5


def numbers_of(path):
    return [float(n) for n in re.findall(r"-?[0-9.]+", path)]


# -- points -----------------------------------------------------------------------------------


def test_a_point_on_the_way_to_another_is_at_its_distance():
    assert Point(0, 0).towards(Point(30, 40), 5) == (3, 4)


def test_the_way_to_itself_leads_nowhere():
    assert Point(3, 4).towards(Point(3, 4), 5) == (3, 4)
    assert Point(3, 4).offset(Point(3, 4), 5) == (3, 4)


@pytest.mark.parametrize(
    ("to", "left"),
    [((10, 0), (0, -2)), ((-10, 0), (0, 2)), ((0, 10), (2, 0)), ((0, -10), (-2, 0))],
)
def test_left_of_the_way_is_left_where_y_grows_downwards(to, left):
    assert Point(0, 0).offset(Point(*to), 2) == left


@hypothesis.settings(max_examples=30)
@hypothesis.given(POINTS, POINTS, st.floats(0.1, 1_000))
def test_towards_and_offset_keep_their_distance(one, other, distance):
    hypothesis.assume(math.dist(one, other) > 1)

    assert math.dist(one, one.towards(other, distance)) == pytest.approx(distance, abs=1e-6)
    assert math.dist(one, one.offset(other, distance)) == pytest.approx(distance, abs=1e-6)


# -- boxes ------------------------------------------------------------------------------------


@hypothesis.settings(max_examples=30)
@hypothesis.given(BOXES, st.floats(-600, 600))
def test_a_box_that_grows_keeps_its_middle_and_is_never_less_than_empty(box, by):
    grown = box.grown(by)

    assert near(grown.center, box.center)
    assert grown.width >= 0
    assert grown.height >= 0
    if by >= 0:
        assert grown.width == pytest.approx(box.width + 2 * by)


def test_a_box_that_is_moved_keeps_its_size():
    assert Box(1, 2, 30, 40).moved(10, -5) == Box(11, -3, 30, 40)


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.lists(POINTS, min_size=1), st.lists(BOXES))
def test_all_that_is_within_lies_in_the_box_around_it(points, boxes):
    found = around(points, boxes)

    for x, y in [*points, *((b.x, b.y) for b in boxes), *((b.right, b.bottom) for b in boxes)]:
        assert found.x - 1e-6 <= x <= found.right + 1e-6
        assert found.y - 1e-6 <= y <= found.bottom + 1e-6


def test_the_box_around_one_point_is_empty():
    assert around([Point(3, 4)], []) == Box(3, 4, 0, 0)


# -- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-0.001, "0"),
        (1, "1"),
        (10, "10"),
        (100.0, "100"),
        (1.5, "1.5"),
        (1.25, "1.25"),
        (1.239, "1.24"),
        (-7.10, "-7.1"),
        (1e5, "100000"),
    ],
)
def test_a_number_is_written_as_short_as_it_can_be(value, expected):
    assert number(value) == expected


@hypothesis.settings(max_examples=30)
@hypothesis.given(COORDINATES)
def test_a_number_is_written_to_a_hundredth_and_without_exponent(value):
    written = number(value)

    assert re.fullmatch(r"-?[0-9]+([.][0-9]{1,2})?", written)
    assert float(written) == pytest.approx(value, abs=0.00501)


def test_a_point_in_a_path_is_two_numbers():
    assert pair(Point(1.50, -2)) == "1.5 -2"


def test_a_figure_is_closed():
    assert polygon([Point(0, 0), Point(1, 0), Point(1, 1)]) == "M0 0 1 0 1 1Z"


# -- lines ------------------------------------------------------------------------------------


def test_a_straight_line_has_no_corner():
    assert rounded([Point(0, 0), Point(9, 0)], 5) == "M0 0L9 0"


def test_a_corner_is_round_by_its_radius():
    path = rounded([Point(0, 0), Point(20, 0), Point(20, 20)], 5)

    assert path == "M0 0L15 0Q20 0 20 5L20 20"


def test_a_short_side_makes_a_small_corner():
    path = rounded([Point(0, 0), Point(4, 0), Point(4, 20)], 5)

    assert path == "M0 0L2 0Q4 0 4 2L4 20"


@hypothesis.settings(max_examples=30)
@hypothesis.given(LINES, st.floats(0, 50))
def test_a_line_begins_and_ends_where_it_should_whatever_its_corners(points, radius):
    found = numbers_of(rounded(points, radius))

    assert found[:2] == pytest.approx(points[0], abs=0.01)
    assert found[-2:] == pytest.approx(points[-1], abs=0.01)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param([(0, 0), (10, 0)], (5, 0), id="one piece"),
        pytest.param([(0, 0), (10, 0), (10, 10)], (10, 0), id="at the corner"),
        pytest.param([(0, 0), (2, 0), (2, 10)], (2, 4), id="in the longer piece"),
        pytest.param([(3, 4), (3, 4)], (3, 4), id="no length"),
        pytest.param([(0, 0), (0, 0), (8, 0)], (4, 0), id="a point twice"),
    ],
)
def test_the_middle_of_a_line_is_at_half_of_its_length(points, expected):
    assert middle([Point(*p) for p in points]) == expected


@hypothesis.settings(max_examples=30)
@hypothesis.given(LINES)
def test_the_middle_of_a_line_lies_in_the_box_around_it(points):
    box = around(points, []).grown(1e-3)

    x, y = middle(points)

    assert box.x <= x <= box.right
    assert box.y <= y <= box.bottom
