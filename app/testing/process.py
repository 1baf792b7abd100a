"""The server of an engine for tests, as a program of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class EngineProcess:
    """A server with an empty database, which is gone when this ends.

    Args:
        settings: environment variables of the server, such as ``BATON_HISTORY_LEVEL``.

    Attributes:
        url: up to and including ``/engine-rest``.

    Raises:
        RuntimeError: the server does not start; what it says stands in its standard error.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "wsgi.py", "--test"],
            cwd=ROOT,
            env={**os.environ, **(settings or {})},
            stdin=subprocess.PIPE,  # its end tells the server that we have ended
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        # The server says its address when it listens: no port is guessed, and nothing is asked
        # until then.
        first = self._process.stdout.readline()
        if not first:
            raise RuntimeError(f"the engine has ended with status {self._process.wait()}")
        self.url: str = json.loads(first)["url"]

    def close(self) -> None:
        """End the server."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            # Nothing is lost: its database is for the tests, and is gone with it.
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
