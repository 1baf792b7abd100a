"""The elements of each definition that tokens have reached, for an engine for tests."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable

Passed = tuple[str, str]  # the id of a definition, and of an activity or a flow of it


class Coverage:
    """The elements that committed transactions went through; threads share it."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._lock = threading.Lock()

    def add(self, passed: Iterable[Passed]) -> None:
        """Count what a transaction went through."""
        with self._lock:
            for definition_id, element_id in passed:
                # Under the lock: `+=` on a dictionary is two steps, and jobs run in threads.
                self._counts[definition_id][element_id] += 1

    def of(self, definition_id: str) -> Counter[str]:
        """How often each element of a definition was gone through."""
        with self._lock:
            # A copy, and no entry made by asking: others go on counting.
            return Counter(self._counts.get(definition_id, ()))

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()
