"""gunicorn's settings as a worker reads them: each is looked up once.

Source: gunicorn, ``config.Config.__getattr__``.
"""

from typing import Any


class Kept:
    """The settings of a process that serves; nothing changes them any more.

    Gunicorn asks for some forty of them in each request, and each time two functions look for it.
    """

    def __init__(self, cfg: Any) -> None:
        self._cfg = cfg

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._cfg, name)
        self.__dict__[name] = found  # from now on this method is not asked
        return found
