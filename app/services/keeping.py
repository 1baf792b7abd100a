"""Long lists, read to their end before anything is done about them.

Completing the rows of a list takes a connection. While the list holds one that is another: so
many requests at once as there are connections would wait for each other.
"""

import pickle
from collections.abc import Iterable, Iterator
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any

from app.errors import UnavailableError

MOST_IN_MEMORY = 2**20  # bytes; what is longer waits in a temporary file
Chunk = list[dict[str, Any]]


def kept(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The same chunks, the first of them once the last one was read; few are in memory at once.

    Args:
        chunks: at least one; where there is only one, it is handed on as it is.

    Raises:
        UnavailableError: there is no room for a temporary file.
    """
    parts = iter(chunks)
    # Two at most are read ahead: only then it is known whether a file is needed.
    first, second = next(parts), next(parts, None)
    if second is None:
        yield first
        return
    with SpooledTemporaryFile(MOST_IN_MEMORY) as file:
        try:
            count = 0
            for part in chain([first, second], parts):
                pickle.dump(part, file, pickle.HIGHEST_PROTOCOL)
                count += 1
            file.seek(0)
        except OSError as error:
            raise UnavailableError("There is no room for the answer.") from error
        # They are in the file; two chunks less are in memory while the rest is read.
        del first, second
        for _ in range(count):
            yield pickle.load(file)  # what nobody else has written
