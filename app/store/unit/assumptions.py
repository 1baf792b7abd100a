"""The assumptions of a transaction, which its commit makes sure of at no statement's cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)  # hashed by identity, in the key of a statement
class Assumption:
    """A condition: where it does not hold any more, the commit is a conflict and is repeated.

    Attributes:
        sql: with ``{}`` for each of its values, which are texts.
    """

    sql: str


Assumptions = list[tuple[Assumption, tuple[str, ...]]]  # each with the values
