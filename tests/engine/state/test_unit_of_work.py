"""The unit of work: what a transaction has loaded, made, changed and removed."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.engine.state import (
    ExternalTaskLock,
    IdentityLink,
    Records,
    Task,
    as_view,
    snapshot,
)
from app.engine.state.coverage import Coverage


def link(key, type_="candidate", user=None):
    return IdentityLink(id=key, task_id="t", type=type_, user_id=user)


def written(records):
    """The changes to be written: ids that are added, updated and removed."""
    change = records.changes().get(IdentityLink)
    if change is None:
        return [], [], []
    return [r.id for r in change.added], [r.id for r in change.updated], change.removed


@pytest.fixture
def records():
    return Records()


def test_what_was_only_read_is_not_written(records):
    records.load(link("a"))

    assert written(records) == ([], [], [])


def test_what_has_another_value_is_updated(records):
    records.load(link("a")).user_id = "mary"

    assert written(records) == ([], ["a"], [])


def test_what_is_as_it_was_is_not_written_though_it_has_changed_meanwhile(records):
    loaded = records.load(link("a"))

    loaded.user_id = "mary"
    loaded.user_id = None

    assert written(records) == ([], [], [])


def test_what_is_new_is_added_with_its_last_value(records):
    records.add(link("a")).user_id = "mary"

    assert written(records) == (["a"], [], [])
    (added,) = records.changes()[IdentityLink].added
    assert added.user_id == "mary"


def test_what_is_new_and_gone_again_is_not_written(records):
    records.remove(records.add(link("a")))

    assert written(records) == ([], [], [])
    assert records.made == 1


def test_what_was_loaded_and_removed_is_deleted(records):
    records.remove(records.load(link("a")))

    assert written(records) == ([], [], ["a"])
    assert records.is_removed(IdentityLink, "a")
    assert records.get(IdentityLink, "a") is None


def test_what_was_dropped_is_not_deleted_by_itself_and_does_not_come_back(records):
    records.drop(records.load(link("a")))

    assert written(records) == ([], [], [])
    assert records.load(link("a")) is None


def test_a_row_that_is_read_again_does_not_overwrite_what_is_here(records):
    first = records.load(link("a"))
    first.user_id = "mary"

    again = records.load(link("a", user="old"))

    assert again is first
    assert again.user_id == "mary"


@pytest.mark.parametrize("is_loaded", [True, False])
def test_a_row_that_is_read_again_does_not_bring_back_what_was_removed(records, is_loaded):
    known = records.load(link("a")) if is_loaded else records.add(link("a"))
    records.remove(known)

    assert records.load(link("a")) is None
    assert records.load_all([link("a"), link("b")]) == [link("b")]


def test_the_record_as_it_was_is_known_until_the_end(records):
    loaded = records.load(link("a", user="old"))
    loaded.user_id = "new"

    assert records.before(loaded) == link("a", user="old")
    assert records.before(records.add(link("b"))) is None


def test_kinds_are_kept_apart(records):
    records.load(link("a"))
    records.add(Task(id="a", priority=1, create_time=None))

    assert records.get(Task, "a").priority == 1
    assert [type(r) for r in records.of(IdentityLink)] == [IdentityLink]
    assert records.knows(Task)
    assert not records.knows(Records)


def test_who_walks_the_records_may_change_them(records):
    for key in "abc":
        records.load(link(key))

    for record in records.of(IdentityLink):
        records.remove(record)
        records.add(link(record.id * 2))

    assert written(records) == (["aa", "bb", "cc"], [], ["a", "b", "c"])


def test_changes_come_in_the_order_in_which_kinds_were_used(records):
    records.add(Task(id="t", priority=1, create_time=None))
    records.add(link("a"))

    assert list(records.changes()) == [Task, IdentityLink]


def test_a_snapshot_has_the_fields_in_their_order():
    assert snapshot(link("a", user="mary")) == ("a", "t", "candidate", "mary", None, None, None)


class UnitOfWork(RuleBasedStateMachine):
    """After any sequence of changes to records, the rows that are written equal the records."""

    keys = st.sampled_from("abcd")

    def __init__(self):
        super().__init__()
        self.table = {"a": link("a"), "b": link("b", user="old")}
        self.records = Records()

    @rule(key=keys)
    def read(self, key):
        if key in self.table:
            row = self.table[key]
            self.records.load(IdentityLink(*snapshot(row)))

    @rule(key=keys)
    def make(self, key):
        is_known = key in self.table or self.records.get(IdentityLink, key) is not None
        if not is_known and not self.records.is_removed(IdentityLink, key):
            self.records.add(link(key))

    @rule(key=keys, user=st.sampled_from(["old", "mary", None]))
    def change(self, key, user):
        record = self.records.get(IdentityLink, key)
        if record is not None:
            record.user_id = user

    @rule(key=keys)
    def remove(self, key):
        record = self.records.get(IdentityLink, key)
        if record is not None:
            self.records.remove(record)

    @invariant()
    def what_is_written_is_what_the_records_say(self):
        table = {key: snapshot(row) for key, row in self.table.items()}
        change = self.records.changes().get(IdentityLink)
        if change is not None:
            for key in change.removed:
                del table[key]
            for record in change.added:
                assert record.id not in table
                table[record.id] = snapshot(record)
            for record in change.updated:
                assert table[record.id] != snapshot(record)
                table[record.id] = snapshot(record)
        for record in self.records.of(IdentityLink):
            assert table[record.id] == snapshot(record)
        for key in table:
            assert not self.records.is_removed(IdentityLink, key)


TestUnitOfWork = UnitOfWork.TestCase
TestUnitOfWork.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)


def test_coverage_counts_what_was_gone_through_by_definition():
    coverage = Coverage()

    coverage.add([("p:1", "a"), ("p:1", "a"), ("p:1", "b"), ("p:2", "a")])

    assert coverage.of("p:1") == {"a": 2, "b": 1}
    assert coverage.of("p:2") == {"a": 1}
    assert coverage.of("p:3") == {}


def test_coverage_that_was_read_does_not_follow_what_comes():
    coverage = Coverage()
    coverage.add([("p", "a")])
    found = coverage.of("p")

    coverage.add([("p", "a")])
    coverage.reset()

    assert found == {"a": 1}
    assert coverage.of("p") == {}


def test_a_view_has_a_records_fields_and_not_its_class_variables():
    until = datetime(2026, 1, 2, tzinfo=UTC)

    view = as_view(ExternalTaskLock("t", "w", until, True, 3))

    assert view == {
        "id": "t",
        "worker_id": "w",
        "lock_expiration_time": until,
        "is_locked": True,
        "lock_count": 3,
    }
