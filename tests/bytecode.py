"""Tests, and the programs that they start, load what was compiled before."""

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "bytecode"


def keep():
    """Keep what Python compiles, also where the environment says to write nothing.

    Compiling all modules again takes longer than everything else that a server does at its start,
    and to rewrite the assertions of all tests takes longer than to collect them.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(FOLDER))
    sys.dont_write_bytecode, sys.pycache_prefix = False, os.environ["PYTHONPYCACHEPREFIX"]
