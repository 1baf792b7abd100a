"""URLs of databases as they may be shown."""

import re

_PASSWORD = re.compile(r"(//[^:/@?#\s]*):[^/?#\s]*@")
_PARAMETERS = re.compile(r"\?[^\s,]+")


def without_password(urls: str, mask: str) -> str:
    """A URL, or several, without passwords and parameters, which may hold one as well.

    Args:
        mask: stands for what is hidden.
    """
    hidden = _PASSWORD.sub(lambda found: f"{found[1]}:{mask}@", urls)
    return _PARAMETERS.sub(lambda _: f"?{mask}", hidden)
