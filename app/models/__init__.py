"""The tables. Records of `engine.state` have the same fields in the same order."""

from . import decisions, history, repository, runtime, tasks
from .base import metadata

__all__ = ["decisions", "history", "metadata", "repository", "runtime", "tasks"]
