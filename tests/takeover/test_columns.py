"""How rows are read, gathered, counted and told: without a database."""

import io

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, Text

from app.takeover import portions as portions_module
from app.takeover import progress as progress_module
from app.takeover import target as target_module
from app.takeover.instances import Problem
from app.takeover.mapping import Mapped, same
from app.takeover.places import root
from app.takeover.portions import portions
from app.takeover.progress import Progress
from app.takeover.report import Left, Report
from app.takeover.target import Target
from app.takeover.times import first_time, timestamp, timestamps
from app.takeover.values import long_text

pytestmark = pytest.mark.no_database
TABLE = Table("things", MetaData(), Column("id", Text), Column("name", Text))
OTHER = Table("others", MetaData(), Column("id", Text))


# -- columns ----------------------------------------------------------------------------------


def test_columns_are_called_alike_but_for_an_underscore_or_by_another_name():
    assert same("id", "name", topic="topic_name") == {
        "id": "s.id_",
        "name": "s.name_",
        "topic": "s.topic_name_",
    }


def test_times_are_columns_as_well():
    found = timestamps("start", end="end_time")

    assert found == {"start": timestamp("s.start_"), "end": timestamp("s.end_time_")}


def test_a_time_is_one_of_the_zone_and_within_the_years_that_there_are():
    found = timestamp("s.a_")

    assert found.endswith("AT TIME ZONE {zone}")
    assert "least(greatest(s.a_, '0001-01-03'), '9999-12-29')" in found
    assert "CASE WHEN s.a_ IS NOT NULL" in found  # `least` passes over NULL


def test_the_first_time_that_is_known_counts_and_there_is_always_one():
    found = first_time("s.a_", "p.b_")

    assert found == f"coalesce({timestamp('s.a_')}, {timestamp('p.b_')}, now())"


@pytest.mark.parametrize("table", ["act_hi_procinst", "act_ru_execution"])
def test_a_root_that_is_not_named_is_looked_for_without_turning_in_a_circle(table):
    found = root(table, own="s.own_", known="s.known_")

    assert found.startswith("coalesce(s.known_, (WITH RECURSIVE")
    assert found.endswith(", s.own_)")
    assert " UNION SELECT" in found
    assert "UNION ALL" not in found
    assert f"{{{table}}}" in found


# -- mapped tables ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "statement"),
    [
        ({}, "SELECT s.id_ AS id FROM {act} s  WHERE (true) AND true"),
        ({"where": "a OR b"}, "SELECT s.id_ AS id FROM {act} s  WHERE (a OR b) AND true"),
        (
            {"order": "s.id_"},
            "SELECT s.id_ AS id FROM {act} s  WHERE (true) AND true ORDER BY s.id_",
        ),
        (
            {"joins": "JOIN {b} b ON b.id_ = s.b_"},
            "SELECT s.id_ AS id FROM {act} s JOIN {b} b ON b.id_ = s.b_ WHERE (true) AND true",
        ),
    ],
    ids=str,
)
def test_a_table_is_read_by_one_statement(options, statement):
    assert Mapped(TABLE, "act", same("id"), **options).statement == statement


def test_a_condition_holds_beside_that_of_the_table():
    mapped = Mapped(TABLE, "act", same("id"), where="a OR b")

    assert "WHERE (a OR b) AND s.id_ = 1" in mapped.only("s.id_ = 1")


def test_a_row_has_the_names_of_its_columns():
    mapped = Mapped(TABLE, "act", same("id", "name"))

    assert mapped.row(("1", "tea")) == {"id": "1", "name": "tea"}
    with pytest.raises(ValueError, match=r"shorter|longer"):
        mapped.row(("1",))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, None),
        (b"", ""),
        ("Fehler: ü".encode(), "Fehler: ü"),
        (b"a\xffb", "a\ufffdb"),
    ],
)
def test_a_long_text_is_readable_whatever_its_bytes_are(content, text):
    row = {"details_": content, "id": "1"}

    long_text(row, "details_", "details")

    assert row == {"details": text, "id": "1"}


# -- portions ---------------------------------------------------------------------------------


class Cursor:
    """Rows of a size; notes how many were asked for at once."""

    def __init__(self, rows):
        self.rows, self.asked = list(rows), []

    def fetchmany(self, size):
        self.asked.append(size)
        found, self.rows = self.rows[:size], self.rows[size:]
        return found


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.lists(st.integers(0, 5_000), max_size=200))
def test_every_row_comes_once_and_in_order_whatever_its_size(sizes):
    rows = [(number, "x" * size) for number, size in enumerate(sizes)]

    assert list(portions(Cursor(rows))) == rows


def test_small_rows_are_asked_for_in_ever_larger_portions_up_to_a_limit():
    cursor = Cursor([("x",)] * 5_000)

    list(portions(cursor))

    assert cursor.asked[:4] == [20, 80, 320, 1_000]
    assert max(cursor.asked) == 1_000


def test_large_rows_are_asked_for_in_small_portions(monkeypatch):
    monkeypatch.setattr(portions_module, "_PORTION", 1_000)
    cursor = Cursor([("x" * 400,)] * 50)

    list(portions(cursor))

    assert cursor.asked[1:] == [2] * (len(cursor.asked) - 1)


def test_rows_that_are_larger_than_a_portion_come_one_by_one(monkeypatch):
    monkeypatch.setattr(portions_module, "_PORTION", 1_000)
    cursor = Cursor([(b"x" * 4_000,)] * 25)

    assert len(list(portions(cursor))) == 25
    assert set(cursor.asked[1:]) == {1}


# -- what is gathered -------------------------------------------------------------------------


class Gathered(Target):
    """Notes what is written."""

    def __init__(self):
        super().__init__()
        self.written = []

    def write(self, table, rows):
        self.written.append((table.name, len(rows)))

    def count(self, table):
        return sum(count for name, count in self.written if name == table.name)

    def commit(self): ...

    def close(self): ...


def test_rows_are_gathered_until_there_are_enough_of_a_table(monkeypatch):
    monkeypatch.setattr(target_module, "_AT_ONCE", 3)
    target = Gathered()

    target.add(OTHER, ("x",))
    for number in range(7):
        target.add(TABLE, (str(number), None))

    assert target.written == [("things", 3), ("things", 3)]
    target.flush()
    assert sorted(target.written[2:]) == [("others", 1), ("things", 1)]


def test_large_rows_are_written_sooner(monkeypatch):
    monkeypatch.setattr(target_module, "_BYTES", 10)
    target = Gathered()

    for size in (4, 5, 1, 3):
        target.add(TABLE, ("x" * size, None))

    assert target.written == [("things", 3)]


def test_what_was_written_is_not_written_again():
    target = Gathered()
    target.add(TABLE, ("1", "x"))

    target.flush()
    target.flush()

    assert target.written == [("things", 1)]


# -- what is told -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "named", "text"),
    [
        (0, 10, ""),
        (1, 10, "0"),
        (3, 3, "0, 1, 2"),
        (4, 3, "0, 1, 2, …"),
    ],
)
def test_the_first_rows_of_a_reason_are_named_and_the_others_counted(count, named, text):
    left = Left()

    for number in range(count):
        left.note(number, named)

    assert (left.count, left.named_ids) == (count, text)


def test_one_note_may_stand_for_several_rows():
    left = Left()

    left.note("a", count=5)

    assert (left.count, left.named_ids) == (5, "a, …")


def test_a_report_without_gaps_is_complete():
    report = Report()
    moved = report.of("act_ru_task", "task")
    moved.read = moved.written = 3
    report.notes.append("The history level is full.")

    assert report.is_complete
    assert list(report.lines()) == [
        "ACT_RU_TASK           3  ->  task  3",
        "",
        "The history level is full.",
    ]


def test_the_counts_of_a_table_are_those_of_both_sides_together():
    report = Report()

    report.of("a", "b").read += 1
    report.of("a", "b").read += 1
    report.of("a", "c").read += 1

    assert [moved.read for moved in report.moved.values()] == [2, 1]


def test_rows_that_are_left_out_stand_together_by_their_reason():
    report = Report()

    for row_id in ("1", "2"):
        report.leave_out("act_ru_job", "nothing does it here", row_id)
    report.leave_out("act_ru_job", "its instance is gone", "3")

    assert not report.is_complete
    assert list(report.reasons()) == [
        "",
        "Left out:",
        "  ACT_RU_JOB: 2: nothing does it here (1, 2)",
        "  ACT_RU_JOB: 1: its instance is gone (3)",
    ]


def test_instances_that_stay_stand_together_by_where_the_model_is_mended():
    report = Report()

    for instance in ("i1", "i2"):
        report.stays(Problem(instance, "root", "order:1:x", "pack", "no place"))
    report.stays(Problem("i3", "i3", None, None, "no model"))

    assert report.left_out_roots == {"root", "i3"}
    assert list(report.reasons())[1:] == [
        "3 instances cannot run here; they and those that they call, or that have",
        "called them, stay behind with all of their history:",
        "  order:1:x, activity 'pack': no place",
        "    2 instances: i1, i2",
        "  None: no model",
        "    1 instances: i3",
    ]


def test_rows_go_by_and_are_counted_over_all_tables():
    progress = Progress(io.StringIO())

    assert list(progress.of("a", "xyz")) == ["x", "y", "z"]
    assert list(progress.of("b", range(4))) == [0, 1, 2, 3]
    assert progress.rows == 7


def test_a_line_is_printed_now_and_then_and_not_for_each_row(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: now[0])
    out = io.StringIO()
    progress = Progress(out)

    for number, _ in enumerate(progress.of("jobs", range(2_000))):
        now[0] = 10.0 if number >= 999 else 0.0

    assert out.getvalue() == "1000 rows, jobs: 1000\n"
