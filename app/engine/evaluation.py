"""What an expression sees: the variables of a scope, and ``execution`` with its methods.

Source: engine semantics 7.3; Camunda 7 ``VariableScopeElResolver``, ``DelegateExecution``.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from app.bpmn.model import Script
from app.errors import EngineError, ExpressionError, NullValueError
from app.expressions import Expression, parse
from app.expressions.failures import UnknownPropertyError
from app.expressions.values import java_class

from .conversion import TypedObject, from_object, to_object
from .state import Execution

if TYPE_CHECKING:
    from .run import Run


class ScriptLanguageError(EngineError):
    """A script was reached whose language we do not run."""

    def __init__(self, language: str | None) -> None:
        super().__init__(
            "Unable to evaluate script: Can't find scripting engine for "
            f"'{language}'. Scripts in other languages than juel are not run."
        )


class ConditionError(EngineError):
    """A condition is no Boolean."""


class Evaluation:
    """The context of an expression that is evaluated at an execution."""

    __slots__ = ("_execution", "_run", "_special")

    def __init__(self, run: "Run", execution: Execution, special: dict[str, object]) -> None:
        self._run = run
        self._execution = execution
        self._special = special

    def of(self, value: Expression | Script) -> object:
        """The value of an expression, or of a script in juel.

        Raises:
            ExpressionError: it cannot be evaluated.
            ScriptLanguageError: a script in another language.
        """
        if isinstance(value, Script):
            if (value.format or "").lower() not in ("juel", "el") or value.text is None:
                raise ScriptLanguageError(value.format)
            value = parse(value.text)
        return value.evaluate(self)

    def holds(self, condition: Expression | Script) -> bool:
        """Whether a condition holds.

        Raises:
            ExpressionError, ScriptLanguageError: it cannot be evaluated.
            NullValueError: it gives null.
            ConditionError: it gives something else than a Boolean.
        """
        value = self.of(condition)
        if value is True or value is False:
            return value
        if value is None:
            raise NullValueError("condition expression returns null: result is null")
        raise ConditionError(
            "condition expression returns non-Boolean: result has class "
            f"{self.class_of(value)} and not java.lang.Boolean"
        )

    def holds_already(self, condition: Expression | Script) -> bool:
        """Whether a condition holds; a name that is not known yet means that it does not.

        Source: Camunda 7 ``UelExpressionCondition.tryEvaluate``.
        """
        try:
            return self.holds(condition)
        except ExpressionError as error:
            if isinstance(error.__cause__, UnknownPropertyError):
                return False
            raise

    @staticmethod
    def class_of(value: object) -> str:
        """The name of the Java class of a value, for messages."""
        return java_class(value)

    @property
    def now(self) -> datetime:
        return self._run.host.now

    def variable(self, name: str) -> object:
        """The value of the nearest scope that has the name; KeyError when none has it."""
        typed = self._run.variables.find(self._execution, name)
        if typed is None:
            raise KeyError(name)
        return to_object(typed)

    def special(self, name: str) -> object:
        """``execution`` and what else the caller has named; KeyError for other names."""
        if name == "execution":
            return ExecutionObject(self._run, self._execution)
        if name == "authenticatedUserId":
            return None
        return self._special[name]


class ExecutionObject:
    """The ``execution`` of an expression."""

    __slots__ = ("_execution", "_run")

    def __init__(self, run: "Run", execution: Execution) -> None:
        self._run = run
        self._execution = execution

    def juel_property(self, name: str) -> object:
        """A property by its name, as in ``execution.businessKey``; AttributeError for others."""
        execution = self._execution
        if name in ("id", "processInstanceId", "processDefinitionId", "parentId", "tenantId"):
            return getattr(execution, _FIELDS[name])
        if name in ("businessKey", "processBusinessKey"):
            return self._run.instance_of(execution).business_key
        if name == "currentActivityId":
            return execution.activity_id
        if name == "currentActivityName":
            return self._run.activity_of(execution).name if execution.activity_id else None
        if name == "activityInstanceId":
            return execution.activity_instance_id
        if name == "variables":
            return self.juel_call("getVariables", [])
        if name == "processInstance":
            return ExecutionObject(self._run, self._run.instance_of(execution))
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method with its arguments; AttributeError when there is none of that arity."""
        variables, execution = self._run.variables, self._execution
        match name, arguments:
            case "getVariable", [str(key)]:
                typed = variables.find(execution, key)
                return None if typed is None else to_object(typed)
            case "getVariableLocal", [str(key)]:
                typed = variables.find_local(execution, key)
                return None if typed is None else to_object(typed)
            case "getVariableTyped", [str(key)] | [str(key), bool()]:
                typed = variables.find(execution, key)
                return None if typed is None else TypedObject(typed)
            case "getVariableLocalTyped", [str(key)] | [str(key), bool()]:
                typed = variables.find_local(execution, key)
                return None if typed is None else TypedObject(typed)
            case "hasVariable", [str(key)]:
                return variables.find(execution, key) is not None
            case "hasVariableLocal", [str(key)]:
                return variables.find_local(execution, key) is not None
            case "setVariable", [str(key), value]:
                variables.set(execution, key, from_object(value))
                return None
            case "setVariableLocal", [str(key), value]:
                variables.set_local(execution, key, from_object(value))
                return None
            case "removeVariable", [str(key)]:
                variables.remove_nearest(execution, key)
                return None
            case "getVariables", []:
                return {k: to_object(v) for k, v in variables.visible(execution).items()}
            case "getVariablesLocal", []:
                return {k: to_object(v) for k, v in variables.local(execution).items()}
            case "getVariableNames", []:
                return list(variables.visible(execution))
        if not arguments and name.startswith("get") and len(name) > 3:
            return self.juel_property(name[3].lower() + name[4:])
        raise AttributeError(name)


_FIELDS = {
    "id": "id",
    "processInstanceId": "process_instance_id",
    "processDefinitionId": "process_definition_id",
    "parentId": "parent_id",
    "tenantId": "tenant_id",
}
