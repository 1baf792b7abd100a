"""The tables. Records of `engine.state` have the same fields in the same order."""

from . import history, monitoring, repository, runtime
from .base import metadata

__all__ = ["history", "metadata", "monitoring", "repository", "runtime"]
