"""The names of files: in forms, in all the ways that clients write them, and in our answers.

Source: RFC 7578, 4.2; RFC 5987, 3.2 (``filename*``); RFC 2047 (encoded words, as .NET sends them).
"""

import re
from binascii import Error as Base64Error
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import unquote_to_bytes

_EXTENDED = re.compile(
    r""";\s*filename\*\s*=\s*"?(?P<charset>[\w.:+-]*)'[^'";]*'(?P<text>[^";]*)"?""",
    re.ASCII | re.IGNORECASE,
)
BYTES = 255  # that file systems take
_EXTENSION_BYTES = 32
_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?[^?]*\?=", re.IGNORECASE)


def file_name(disposition: str | None, plain: str | None) -> str | None:
    """The name of a file.

    Args:
        disposition: the header ``Content-Disposition`` of its part.
        plain: the name as it stands there; None when the part is no file.
    """
    if plain is None:
        return None
    extended = _EXTENDED.search(disposition or "")
    if extended is not None:
        # The extended name counts where both are there (RFC 6266, 4.3).
        return _decoded(extended["text"], extended["charset"], plain)
    if _WORD.search(plain):
        return _from_words(plain)
    return plain


def _decoded(text: str, charset: str, plain: str) -> str:
    try:
        return unquote_to_bytes(text).decode(charset or "utf-8", "replace")
    # An unknown charset, or a codec such as `idna` that does not leave out what it cannot read.
    except (LookupError, ValueError):
        return plain


def _from_words(plain: str) -> str:
    try:
        return str(make_header(decode_header(plain)))
    except (HeaderParseError, Base64Error, LookupError, ValueError):
        return plain


def shortened(name: str) -> str:
    """As much of a name as file systems take, with its extension."""
    if len(name.encode()) <= BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = (dot + extension).encode()
    if not stem or len(ending) > _EXTENSION_BYTES:
        stem, ending = name, b""
    # A character that is cut in two is left out.
    return stem.encode()[: BYTES - len(ending)].decode(errors="ignore") + ending.decode()
