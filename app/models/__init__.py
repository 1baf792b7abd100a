"""The tables. Records of `engine.state` have the same fields in the same order."""

from . import decisions, history, identity, monitoring, repository, runtime, tasks
from .base import metadata

__all__ = [
    "decisions",
    "history",
    "identity",
    "metadata",
    "monitoring",
    "repository",
    "runtime",
    "tasks",
]
