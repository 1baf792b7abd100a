"""The request that a thread serves, for its log lines and for what it starts."""

import itertools
import os
import re
import threading

# RFC 9110 tokens and what ids are mostly made of: nothing that ends a line or a field of a log
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@~-]{0,127}").fullmatch
# W3C Trace Context, 3.2: version 00; neither id is all zeros
_TRACEPARENT = re.compile(
    r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII
).fullmatch


class Origin(threading.local):
    """The request of a thread; a thread that serves none has no values.

    Attributes:
        request_id: as its client called it, else as we do.
        traceparent: as its client gave it (W3C Trace Context).
        process_instance_id: which instance a command was about, where its path does not say.
    """

    request_id: str | None = None
    traceparent: str | None = None
    process_instance_id: str | None = None

    def begin(self, request_id: str | None, traceparent: str | None) -> None:
        """A request begins; what its client says and cannot be logged as it is, is not taken over.

        Args:
            request_id: the header ``X-Request-Id``.
            traceparent: the header of that name.
        """
        is_known = request_id is not None and _REQUEST_ID(request_id)
        self.request_id = request_id if is_known else f"{_process()}{next(_NUMBERS):06x}"
        is_traced = traceparent is not None and _TRACEPARENT(traceparent)
        self.traceparent = traceparent if is_traced else None
        # It is set by the command, which may be about none.
        self.process_instance_id = None

    def leave(self) -> tuple[str | None, str | None, str | None]:
        """Its answer has to wait, and this thread does something else meanwhile."""
        found = self.request_id, self.traceparent, self.process_instance_id
        self.end()
        return found

    def resume(self, left: tuple[str | None, str | None, str | None]) -> None:
        """Go on with a request that was left."""
        self.request_id, self.traceparent, self.process_instance_id = left

    def end(self) -> None:
        """It has its answer; the thread may do something else now."""
        self.request_id = self.traceparent = self.process_instance_id = None


_NUMBERS = itertools.count(1)
_PREFIX: dict[int, str] = {}


def _process() -> str:
    """The prefix of this process's ids; a process that was forked has its own."""
    pid = os.getpid()
    found = _PREFIX.get(pid)
    if found is None:
        found = _PREFIX[pid] = f"{os.urandom(5).hex()}-"
    return found


origin = Origin()
