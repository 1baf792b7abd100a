"""The tables. Records of `engine.state` have the same fields in the same order."""

from . import history, repository, runtime, tasks
from .base import metadata

__all__ = ["history", "metadata", "repository", "runtime", "tasks"]
