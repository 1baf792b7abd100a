"""Relations between points and ranges.

Source: DMN 1.3 §10.3.2.7, table 78: each example of the table is a case here.
"""

import pytest

from ..evaluating import value_of

pytestmark = pytest.mark.no_database

RELATIONS = {
    "before": [
        ("1, 10", True),
        ("10, 1", False),
        ("1, 1", False),
        ("1, [1..10]", False),
        ("1, (1..10]", True),
        ("1, [5..10]", True),
        ("[1..10], 10", False),
        ("[1..10), 10", True),
        ("[1..10], 15", True),
        ("[1..10], [15..20]", True),
        ("[1..10], [10..20]", False),
        ("[1..10), [10..20]", True),
        ("[1..10], (10..20]", True),
    ],
    "after": [
        ("10, 5", True),
        ("5, 10", False),
        ("12, [1..10]", True),
        ("10, [1..10)", True),
        ("10, [1..10]", False),
        ("[11..20], 12", False),
        ("[11..20], 10", True),
        ("(11..20], 11", True),
        ("[11..20], 11", False),
        ("[11..20], [1..10]", True),
        ("[1..10], [11..20]", False),
        ("[11..20], [1..11)", True),
        ("(11..20], [1..11]", True),
    ],
    "meets": [
        ("[1..5], [5..10]", True),
        ("[1..5), [5..10]", False),
        ("[1..5], (5..10]", False),
        ("[1..5], [6..10]", False),
    ],
    "met by": [
        ("[5..10], [1..5]", True),
        ("[5..10], [1..5)", False),
        ("(5..10], [1..5]", False),
        ("[6..10], [1..5]", False),
    ],
    "overlaps": [
        ("[1..5], [3..8]", True),
        ("[3..8], [1..5]", True),
        ("[1..8], [3..5]", True),
        ("[3..5], [1..8]", True),
        ("[1..5], [6..8]", False),
        ("[6..8], [1..5]", False),
        ("[1..5], [5..8]", True),
        ("[1..5], (5..8]", False),
        ("[1..5), [5..8]", False),
        ("[1..5), (5..8]", False),
        ("[5..8], [1..5]", True),
        ("(5..8], [1..5]", False),
    ],
    "overlaps before": [
        ("[1..5], [3..8]", True),
        ("[1..5], [6..8]", False),
        ("[1..5], [5..8]", True),
        ("[1..5], (5..8]", False),
        ("[1..5), [5..8]", False),
        ("[1..5), (1..5]", True),
        ("[1..5], (1..5]", True),
        ("[1..5), [1..5]", False),
        ("[1..5], [1..5]", False),
    ],
    "overlaps after": [
        ("[3..8], [1..5]", True),
        ("[6..8], [1..5]", False),
        ("[5..8], [1..5]", True),
        ("(5..8], [1..5]", False),
        ("[5..8], [1..5)", False),
        ("(1..5], [1..5)", True),
        ("(1..5], [1..5]", True),
        ("[1..5], [1..5)", False),
        ("[1..5], [1..5]", False),
    ],
    "finishes": [
        ("10, [1..10]", True),
        ("10, [1..10)", False),
        ("[5..10], [1..10]", True),
        ("[5..10), [1..10]", False),
        ("[5..10), [1..10)", True),
        ("[1..10], [1..10]", True),
        ("(1..10], [1..10]", True),
        ("[1..10], [5..10]", False),
    ],
    "finished by": [
        ("[1..10], 10", True),
        ("[1..10), 10", False),
        ("[1..10], [5..10]", True),
        ("[1..10], [5..10)", False),
        ("[1..10), [5..10)", True),
        ("[1..10], [1..10]", True),
        ("[1..10], (1..10]", True),
    ],
    "includes": [
        ("[1..10], 5", True),
        ("[1..10], 12", False),
        ("[1..10], 1", True),
        ("[1..10], 10", True),
        ("(1..10], 1", False),
        ("[1..10), 10", False),
        ("[1..10], [4..6]", True),
        ("[1..10], [1..5]", True),
        ("(1..10], (1..5]", True),
        ("[1..10], (1..10)", True),
        ("[1..10), [5..10)", True),
        ("[1..10], [1..10)", True),
        ("[1..10], (1..10]", True),
        ("[1..10], [1..10]", True),
        ("(1..10), [1..5]", False),
        ("[4..6], [1..10]", False),
    ],
    "during": [
        ("5, [1..10]", True),
        ("12, [1..10]", False),
        ("1, [1..10]", True),
        ("10, [1..10)", False),
        ("[4..6], [1..10]", True),
        ("[1..5], [1..10]", True),
        ("(1..5], (1..10]", True),
        ("(1..10), [1..10]", True),
        ("[1..10], [1..10]", True),
        ("[1..10], [4..6]", False),
    ],
    "starts": [
        ("1, [1..10]", True),
        ("1, (1..10]", False),
        ("2, [1..10]", False),
        ("[1..5], [1..10]", True),
        ("(1..5], (1..10]", True),
        ("(1..5], [1..10]", False),
        ("[1..5], (1..10]", False),
        ("[1..10], [1..10]", True),
        ("[1..10), [1..10]", True),
        ("(1..10), (1..10)", True),
        ("[1..10], [1..5]", False),
    ],
    "started by": [
        ("[1..10], 1", True),
        ("(1..10], 1", False),
        ("[1..10], 2", False),
        ("[1..10], [1..5]", True),
        ("(1..10], (1..5]", True),
        ("[1..10], (1..5]", False),
        ("(1..10], [1..5]", False),
        ("[1..10], [1..10]", True),
        ("[1..10], [1..10)", True),
        ("(1..10), (1..10)", True),
    ],
    "coincides": [
        ("5, 5", True),
        ("3, 4", False),
        ("[1..5], [1..5]", True),
        ("(1..5), [1..5]", False),
        ("[1..5], [2..6]", False),
        ("[1..5), [1..5)", True),
    ],
}
CASES = [
    pytest.param(f"{name}({arguments})", expected, id=f"{name}({arguments})")
    for name, cases in RELATIONS.items()
    for arguments, expected in cases
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_relation_holds_as_the_table_of_the_standard_says(text, expected):
    assert value_of(text) is expected


@pytest.mark.parametrize("name", RELATIONS)
def test_dates_are_related_as_numbers_are(name):
    for arguments, expected in RELATIONS[name]:
        shifted = arguments
        for number in ("20", "15", "12", "11", "10", "8", "6", "5", "4", "3", "2", "1"):
            # From the longest, so that the 1 of 10 is not taken by itself.
            shifted = shifted.replace(number, f"<{'abcdefghijklmnopqrst'[int(number) - 1]}>")
        for day in range(1, 21):
            mark = f"<{'abcdefghijklmnopqrst'[day - 1]}>"
            shifted = shifted.replace(mark, f'date("2024-01-{day:02}")')
        assert value_of(f"{name}({shifted})") is expected, arguments


@pytest.mark.parametrize("name", sorted(RELATIONS))
@pytest.mark.parametrize("ends", ["[]", "()", "[)", "(]"])
def test_ends_without_a_common_order_are_null_whether_open_or_not(name, ends):
    opening, closing = ends
    ranges = f'{opening}1..3{closing}, [date("2024-01-01")..date("2024-02-01")]'
    assert value_of(f"{name}({ranges})") is None


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_of_what_has_no_common_order_is_null(name):
    arguments = RELATIONS[name][0][0]
    left, right = arguments.split(", ")

    assert value_of(f"{name}({left}, null)") is None
    assert value_of(f"{name}(null, {right})") is None
    assert value_of(f'{name}(["a".."b"], ["c".."d"])') is None
