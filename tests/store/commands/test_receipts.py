"""Receipts of commands: found by their key, and removed some at a time when they are old."""

from datetime import timedelta

from app.engine.state import Receipt
from app.models.runtime import receipt
from app.store.commands import receipts


def keep(store, *ages):
    """Receipts of these ages in hours; the key of each is its place."""
    with store.transaction() as tx:
        now = tx.now
        for number, hours in enumerate(ages):
            tx.records.add(Receipt(f"k{number}", f"f{number}", now - timedelta(hours=hours)))
    return now


def left(store):
    with store.reading() as connection:
        return sorted(row.id for row in connection.execute(receipt.select()))


def test_a_receipt_is_found_by_its_key_alone(store):
    keep(store, 0, 5)

    with store.transaction() as tx:
        assert receipts.find(tx, "k1") == "f1"
        assert receipts.find(tx, "f1") is None
        assert receipts.find(tx, "") is None


def test_only_older_ones_are_removed(store):
    now = keep(store, 1, 2, 3)

    with store.transaction() as tx:
        assert receipts.remove_before(tx, now - timedelta(hours=2), limit=10) == 1

    assert left(store) == ["k0", "k1"]


def test_no_more_are_removed_than_the_limit_says(store):
    now = keep(store, 1, 2, 3, 4)

    removed = []
    for _ in range(3):
        with store.transaction() as tx:
            removed.append(receipts.remove_before(tx, now, limit=2))

    assert removed == [2, 2, 0]
    assert left(store) == []
