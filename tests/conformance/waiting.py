"""Recorded cases that are not expected to agree yet, with the capability that each waits for.

A case that agrees must leave the list: a listed one that does fails the run. The length only ever
goes down.
"""

WAITING: dict[str, str] = {}
LENGTH = 0
