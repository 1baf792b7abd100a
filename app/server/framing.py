"""Where a request ends in the bytes that a client has sent.

It only decides when a thread takes the request; what the bytes mean, and whether they are allowed,
is gunicorn's parser to say. What this module cannot read counts as complete, so that the parser
refuses it at once.

Source: RFC 9112, 6 "Message Body", 7.1 "Chunked Transfer Coding".
"""

import re

MOST_LINE = 16 * 1024  # bytes without an end of line; the parser refuses half of that
MOST_HEAD = 1024 * 1024  # bytes of a head; the parser refuses less
_FIELDS = re.compile(
    rb"\r\n(content-length|transfer-encoding|expect)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE
)


class Arrival:
    """The bytes of a connection's next request, as far as they are there.

    Attributes:
        data: what has arrived, and is not taken yet.
        is_complete: a thread can serve it without waiting for the client.
        wants_continue: the client waits for ``100 Continue`` before it sends the body.

    Args:
        most: bytes of a body; of a larger one the head, or the part that shows it, is enough.
    """

    __slots__ = (
        "_body",
        "_chunks",
        "_decoded",
        "_most",
        "_searched",
        "data",
        "is_complete",
        "wants_continue",
    )

    def __init__(self, most: int) -> None:
        self._most = most
        self.clear()

    def clear(self) -> None:
        """Begin with the next request."""
        self.data = bytearray()
        self.is_complete = self.wants_continue = False
        self._searched = self._chunks = self._decoded = 0
        self._body: int | None = None  # where the request ends, once the head has said so

    @property
    def has_head(self) -> bool:
        """Whether the head is there as a whole."""
        return self._body is not None or self._chunks > 0

    def take(self) -> bytes:
        """All that is there, for the parser."""
        data = bytes(self.data)
        self.clear()
        return data

    def add(self, data: bytes) -> None:
        """Note what has arrived."""
        self.data += data
        if not self.has_head:
            self._look_for_head()
        if self._chunks:
            self._follow_chunks()
        elif self._body is not None and len(self.data) >= self._body:
            self.is_complete = True
        if self.is_complete:
            self.wants_continue = False

    def _look_for_head(self) -> None:
        # The end may be split between two arrivals; what was searched before is not searched again.
        end = self.data.find(b"\r\n\r\n", max(0, self._searched - 3))
        self._searched = len(self.data)
        if end >= 0:
            self._read_head(end)
        elif len(self.data) > MOST_HEAD or (
            len(self.data) > MOST_LINE and self.data.find(b"\r\n", 0, MOST_LINE) < 0
        ):
            self.is_complete = True

    def _read_head(self, end: int) -> None:
        lengths: list[bytes] = []
        coding = b""
        for name, value in _FIELDS.findall(self.data, 0, end):
            # Of the three names that the pattern finds the first letter tells which.
            if name[:1] in b"eE":
                self.wants_continue = value.strip().lower() == b"100-continue"
            elif name[:1] in b"tT":
                coding = value.lower().rpartition(b",")[2].strip()
            else:
                lengths.append(value.strip())
        # Of several fields none is followed: the parser refuses them (RFC 9112, 6.3).
        length = lengths[0] if len(lengths) == 1 else b""
        # Where both are there chunks count (RFC 9112, 6.3); the parser refuses it anyway.
        if coding == b"chunked":
            self._chunks = end + 4
        # Any other coding is refused: nothing would say where such a body ends.
        elif coding:
            self._body = end + 4
        # Bounded before `int`, whose time grows with the square of the digits.
        elif length.isdigit() and len(length) < 20 and int(length) <= self._most:
            self._body = end + 4 + int(length)
        else:
            self._body = end + 4  # none, several, no number, or one that is refused unread

    def _follow_chunks(self) -> None:
        """Go from chunk to chunk as far as they are there."""
        # Past the limit the request counts as complete: the view refuses it.
        while self._decoded <= self._most:
            end = self.data.find(b"\r\n", self._chunks)
            if end < 0:
                self.is_complete = len(self.data) - self._chunks > MOST_LINE
                return
            try:
                size = int(self.data[self._chunks : end].partition(b";")[0], 16)
            except ValueError:
                break
            if size <= 0:
                self._look_for_trailer(end)
                return
            following = end + 2 + size + 2
            if following > len(self.data):
                if self._decoded + len(self.data) - end - 2 > self._most:
                    break
                return
            self._chunks, self._decoded = following, self._decoded + size
        self.is_complete = True

    def _look_for_trailer(self, end: int) -> None:
        is_there = self.data.find(b"\r\n\r\n", end) >= 0
        self.is_complete = is_there or len(self.data) - end > MOST_HEAD
