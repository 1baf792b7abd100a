"""Programs that tests start load the compiled modules of the program before."""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "bytecode"


def keep():
    """Keep what Python compiles, also where the environment says to write nothing.

    Compiling all modules again takes longer than everything else that a server does at its start.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(FOLDER))
