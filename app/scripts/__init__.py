"""Scripts in JavaScript: run apart from this process, bounded, with Java's objects at hand."""

from .failures import ScriptFailure, ScriptSyntaxFailure, Thrown
from .javascript import Budget, evaluate
from .languages import is_javascript, is_juel, words_of

__all__ = [
    "Budget",
    "ScriptFailure",
    "ScriptSyntaxFailure",
    "Thrown",
    "evaluate",
    "is_javascript",
    "is_juel",
    "words_of",
]
