"""Characters that no XML has, not even as references: texts of clients may hold them.

Source: XML 1.0, 2.2 "Characters".
"""

import re

# three small sets: one of all that XML may hold takes ten milliseconds to compile, at each start
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]|[\ufffe\uffff]")


def writable(text: str) -> str:
    """A text with U+FFFD for each character that XML has no way to write."""
    return _UNWRITABLE.sub("\ufffd", text)
