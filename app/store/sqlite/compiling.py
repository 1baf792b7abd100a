"""How statements are written for SQLite where SQLAlchemy's way keeps an index from being used.

Source: SQLite manual, "Partial Indexes", 3: the terms of the index's condition have to be among
those of the query, written alike.
"""

from typing import Any

from sqlalchemy import UnaryExpression
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler


class Compiler(SQLiteCompiler):
    """Writes Booleans as conditions, as the partial indexes have them.

    SQLAlchemy compares them with 0 and 1, for old versions that know no Boolean; a query for free
    tasks would then read all tasks.
    """

    def visit_is_true_unary_operator(
        self, element: UnaryExpression[Any], operator: object, **options: Any
    ) -> str:
        """A column that is true."""
        del operator
        return str(self.process(element.element, **options))

    def visit_is_false_unary_operator(
        self, element: UnaryExpression[Any], operator: object, **options: Any
    ) -> str:
        """A column that is false."""
        del operator
        return f"NOT {self.process(element.element, **options)}"
