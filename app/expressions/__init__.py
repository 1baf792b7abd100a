"""The expression language of models: ``${…}``, parsed once, evaluated often."""

from .context import Context, HostObject
from .template import Expression, parse

__all__ = ["Context", "Expression", "HostObject", "parse"]
