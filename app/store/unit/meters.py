"""The counts of this process that are not written down yet."""

import threading
from collections import Counter
from collections.abc import Mapping


class Meters:
    """Counts of committed transactions, shared by the threads of a process."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, counts: Mapping[str, int]) -> None:
        """Add what a transaction has counted."""
        if counts:
            with self._lock:
                for name, number in counts.items():
                    if number:  # what is zero needs no row
                        self._counts[name] += number

    def of(self, name: str) -> int:
        """The count under a name."""
        # Without the lock: one read of a dictionary is atomic.
        return self._counts[name]

    def take(self) -> dict[str, int]:
        """All counts, which begin anew."""
        with self._lock:
            # Taken and emptied at once: what is counted meanwhile belongs to the next time.
            found, self._counts = dict(self._counts), Counter()
        return found
