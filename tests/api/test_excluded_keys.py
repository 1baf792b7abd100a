"""Keys of definitions whose instances are left out of a list."""

import pytest


@pytest.mark.parametrize(
    ("keys", "in_history"),
    [("one", 0), ("other,one", 0), ("other", 1), ("on%25", 0), ("o_e", 0), ("ONE", 1), ("n%25", 1)],
)
def test_they_are_patterns_in_the_history_alone(calls, keys, in_history):
    calls.start()
    query = f"processDefinitionKeyNotIn={keys}"

    assert calls.get(f"/history/process-instance/count?{query}") == {"count": in_history}
    running = 0 if "one" in keys.split(",") else 1
    assert calls.get(f"/process-instance/count?{query}") == {"count": running}
