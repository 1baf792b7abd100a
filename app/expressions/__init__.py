"""The expression language of models: ``${…}``, parsed once, evaluated often."""

from .context import Context, Documents, HostObject
from .template import Expression, parse

__all__ = ["Context", "Documents", "Expression", "HostObject", "parse"]
