"""Rows that are written together keep each its own values, on both databases."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from app.engine.state.values import TypedValue
from app.services import lists, variables
from app.store.unit.writing import FEW
from tests.models import TWO_TASKS
from tests.store.driving import deploy, start

DAY = datetime(2026, 2, 28, 23, 59, 59, 999_000, tzinfo=UTC)
FILE = {"filename": "ä.txt", "mimeType": "text/plain"}
MIXED = {
    "zero": TypedValue("Double", 0.0),
    "below": TypedValue("Double", -0.0),
    "infinite": TypedValue("Double", -math.inf),
    "half": TypedValue("Double", 0.5),
    "text": TypedValue("String", 'grüße, "quoted" {x}\\,\n🙂'),
    "empty": TypedValue("String", ""),
    "nul": TypedValue("String", "a\0b"),
    "none": TypedValue("String", None),
    "null": TypedValue("Null", None),
    "yes": TypedValue("Boolean", True),
    "no": TypedValue("Boolean", False),
    "large": TypedValue("Long", -(2**63)),
    "small": TypedValue("Short", -1),
    "bytes": TypedValue("Bytes", b"\0\\x\xff"),
    "file": TypedValue("File", b"content", FILE),
    "date": TypedValue("Date", DAY),
}
ALIKE = {f"v{n}": TypedValue("Double", -0.0 if n else 0.0) for n in range(12)}
LATER = {**MIXED, "date": TypedValue("Date", DAY + timedelta(days=1))}
TURNED = dict(zip(LATER, reversed(LATER.values()), strict=True))


def shown(store, values):
    """Values in a form in which 0.0 and -0.0 differ, where the database keeps them apart."""
    kept = {} if store.dialect.name == "postgresql" else {"-0.0": "0.0"}
    texts = {name: repr(typed.value) for name, typed in values.items()}
    return {
        name: (typed.type, kept.get(texts[name], texts[name]), dict(typed.info or {}))
        for name, typed in values.items()
    }


@pytest.mark.parametrize(("first", "second"), [(MIXED, TURNED), (ALIKE, MIXED)])
def test_many_values_of_one_transaction_come_back_as_they_were(store, first, second):
    deploy(store, TWO_TASKS)
    instance = start(store, "two")
    assert len(first) > FEW

    found = []
    for values in (first, second):
        variables.modify(store, instance, modifications=values)
        present = variables.get_all(store, instance)
        found.append({name: present[name] for name in values})

    wanted = [shown(store, values) for values in (first, second)]
    assert [shown(store, values) for values in found] == wanted
    details = lists.find(store, "historic_detail", {"process_instance_id": instance})
    changed = [row for row in details if row["variable_name"] in second]
    assert len(changed) == len(second) + len(first.keys() & second.keys())


KINDS = [*MIXED.values(), *(TypedValue("String", text) for text in ("ß" * 3, "abc", "a\0c", "ab"))]


@pytest.mark.parametrize("most", [1, 3, len(KINDS)])
def test_hundreds_of_values_of_one_transaction_come_back_as_they_were(store, most):
    """As many values as that come one after the other, or are all alike."""
    deploy(store, TWO_TASKS)
    instance = start(store, "two")
    values = {f"v{n:03}": KINDS[-1 - n % most] for n in range(250)}

    variables.modify(store, instance, modifications=values)
    found = variables.get_all(store, instance)

    assert shown(store, {name: found[name] for name in values}) == shown(store, values)
