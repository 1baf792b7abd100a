"""The context of an expression: the variables of a scope, and objects with names of their own.

Source: semantics 7.3; Camunda 7 ``VariableScopeElResolver``.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from app.bpmn.model import Script
from app.engine.state import Execution
from app.errors import ClassCastError, EngineError, ExpressionError, NullValueError
from app.expressions import Documents, Expression
from app.expressions.failures import UnknownPropertyError
from app.expressions.values import java_class

from . import scripting
from .execution_object import ExecutionObject

if TYPE_CHECKING:
    from .protocol import Run


class ConditionError(EngineError):
    """A condition is no Boolean."""


class Evaluation:
    """The context of an expression that is evaluated at an execution.

    Attributes:
        execution: the scope whose variables are seen.
    """

    __slots__ = ("_special", "execution", "run")

    def __init__(self, run: "Run", execution: Execution, special: dict[str, object]) -> None:
        self.run = run
        self.execution = execution
        self._special = special

    @property
    def activity_id(self) -> str | None:
        """The activity that a failure names: for a listener of a flow the one that it leaves."""
        execution_object = self._special.get("execution")
        if not isinstance(execution_object, ExecutionObject):
            return self.execution.activity_id
        flow = execution_object.occasion.flow
        return execution_object.execution.activity_id if flow is None else flow.source.id

    def of(self, value: Expression | Script) -> object:
        """The value of an expression or a script.

        Raises:
            ExpressionError: it cannot be evaluated.
            EngineError: what `scripting.value_of` raises.
        """
        if isinstance(value, Script):
            return scripting.value_of(value, self.run, self.execution, self)
        return value.evaluate(self)

    def text_of(self, value: Expression) -> str | None:
        """The text that an expression gives.

        Raises:
            ClassCastError: it gives something else.
        """
        found = self.of(value)
        # No conversion: the reference casts where it wants a text, and Java's message goes to the
        # client.
        if found is not None and not isinstance(found, str):
            name, text = java_class(found), "java.lang.String"
            raise ClassCastError(
                f"class {name} cannot be cast to class {text} ({name} and {text} are in module "
                "java.base of loader 'bootstrap')"
            )
        return found

    def holds(self, condition: Expression | Script) -> bool:
        """Whether a condition holds.

        Raises:
            EngineError: it cannot be evaluated.
            NullValueError: it gives null.
            ConditionError: it gives something else than a Boolean.
        """
        value = self.of(condition)
        # Identity: 1 and "true" are no Booleans here (semantics 2.6).
        if value is True or value is False:
            return value
        kind = "script" if isinstance(condition, Script) else "expression"
        if value is None:
            raise NullValueError(f"condition {kind} returns null: result is null")
        raise ConditionError(
            f"condition {kind} returns non-Boolean: result has class "
            f"{self.class_of(value)} and not java.lang.Boolean"
        )

    def holds_already(self, condition: Expression | Script) -> bool:
        """Whether a condition holds; a name that is not known yet means that it does not.

        Source: Camunda 7 ``UelExpressionCondition.tryEvaluate``.
        """
        try:
            return self.holds(condition)
        except ExpressionError as error:
            # Variables may come later, so that unknown is not yet; any other failure stays one.
            if isinstance(error.__cause__, UnknownPropertyError):
                return False
            raise

    @staticmethod
    def class_of(value: object) -> str:
        """The name of the Java class of a value, for messages."""
        return java_class(value)

    @property
    def now(self) -> datetime:
        return self.run.host.local_now

    @property
    def documents(self) -> Documents:
        return self.run.documents

    def variable(self, name: str) -> object:
        """The value of the nearest scope that has the name; KeyError when none has it."""
        # Not shared: a list that an expression changes in place is stored (see `objects`).
        return self.run.variables.object(self.execution, name, self.run.own_object_of)

    def special(self, name: str) -> object:
        """``execution`` and what else the caller has named; KeyError for other names."""
        # Before variables are asked: a listener's `execution` hides one of that name.
        if name in self._special:
            return self._special[name]
        if name == "execution":
            return ExecutionObject(self.run, self.execution)
        if name == "authenticatedUserId":
            return self.run.host.user_id
        if name == "authenticatedGroupIds":
            return self.run.host.user_groups()
        raise KeyError(name)
