"""The tables. Records of `engine.state` have the same fields in the same order."""

from . import decisions, history, monitoring, repository, runtime, tasks
from .base import metadata

__all__ = ["decisions", "history", "metadata", "monitoring", "repository", "runtime", "tasks"]
