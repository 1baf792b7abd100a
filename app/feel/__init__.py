"""FEEL, the language of decisions, as the reference engine reads it.

Source: DMN 1.3 §10; where Camunda 7.24's FEEL engine differs, it is followed.
"""

from app.feel.budget import Budget
from app.feel.errors import FeelEvaluationError, FeelLimitError, FeelSyntaxError
from app.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    input_scope,
)
from app.feel.values import Function, Range, YearsMonths, from_python, to_python

__all__ = [
    "Budget",
    "Expression",
    "FeelEvaluationError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "from_python",
    "input_scope",
    "to_python",
]
