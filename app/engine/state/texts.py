"""Texts that no column can hold."""

REPLACEMENT = "\ufffd"  # what Unicode has for a character that could not be read


def readable(text: str) -> str:
    """A text for people to read, without the characters that no column can hold."""
    # NUL is the one character that PostgreSQL's texts cannot hold.
    return text.replace("\x00", REPLACEMENT)
