"""How values stand in the text of the statements that SQLAlchemy builds."""

from psycopg import adapters
from psycopg.adapt import AdaptersMap, Dumper


class Integer(Dumper):
    """A whole number; a negative one in parentheses.

    A cast binds closer than a sign: ``-9223372036854775808::bigint`` is out of range.
    """

    def dump(self, obj: int) -> bytes:
        # By way of int: an enumeration of numbers may show itself by its name.
        return str(int(obj)).encode()

    def quote(self, obj: int) -> bytes:
        text = self.dump(obj)
        return b"(" + text + b")" if obj < 0 else text


def literals() -> AdaptersMap:
    """The ways of psycopg, with ours for whole numbers."""
    found = AdaptersMap(adapters)
    found.register_dumper(int, Integer)
    return found
