"""Scripts of a model: which text is meant, who runs it, what its failure is called.

Source: semantics 11; Camunda 7 ``ScriptUtil``, ``SourceExecutableScript``, ``ResourceUtil``.
"""

from typing import TYPE_CHECKING

from app import scripts
from app.bpmn.delegates import Substitute, script_name
from app.bpmn.model import Script
from app.engine.state import Execution
from app.engine.state.values import TypedValue
from app.errors import (
    EngineError,
    ExpressionError,
    ExpressionSyntaxError,
    ExpressionTooLargeError,
    NullValueError,
    ScriptCompilationError,
    ScriptEvaluationError,
    UncaughtBpmnError,
)
from app.expressions import parse
from app.expressions.failures import EvaluationFailure, UnknownIdentifierError
from app.scripts.java import Throwable

if TYPE_CHECKING:
    from .protocol import Evaluation, Run

DEPLOYMENT = "deployment://"
SOURCE = ("script", "scriptFormat")  # the variables of the worker that runs a script in our place


class ScriptLanguageError(NullValueError):
    """A script was reached whose language is not run."""

    def __init__(self, language: str | None) -> None:
        super().__init__(
            f"Can't find scripting engine for '{language or 'null'}': scriptEngine is null"
        )


class ScriptResourceError(EngineError):
    """There is no such file to read a script from."""

    def __init__(self, path: str) -> None:
        super().__init__(f"ENGINE-09024 Unable to find resource at path {path}")


class BpmnErrorThrown(UncaughtBpmnError):
    """A script has thrown a BPMN error; it reaches a caller when nothing catches it.

    Attributes:
        code: its error code.
        text: its message.
        execution: where it was thrown, when that is known.
        has_left_scope: the listener of a flow has thrown it behind an activity with a scope.
    """

    def __init__(self, code: str, text: str | None) -> None:
        super().__init__(text or "")
        self.error_code = code
        self.text = text
        self.execution: Execution | None = None
        self.has_left_scope = False


def value_of(script: Script, run: "Run", execution: Execution, names: "Evaluation") -> object:
    """The result of a script.

    Raises:
        ScriptLanguageError: its language is not run.
        ScriptResourceError: the file that it stands in is not there.
        ScriptCompilationError: it is no script.
        ScriptEvaluationError: it has failed.
        BpmnErrorThrown: it has thrown a BPMN error.
        ExpressionTooLargeError: it is an expression that is not read.
    """
    text = script.text if script.text is not None else _resource(script, run, execution, names)
    if scripts.is_juel(script.format):
        return _juel(text, names)
    if not scripts.is_javascript(script.format):
        raise ScriptLanguageError(script.format)
    try:
        return scripts.evaluate(text, names, run.script_budget)
    except scripts.Thrown as error:
        thrown = error.value
        # Only a BpmnError made by the script has a code; any other value thrown is a failure.
        if isinstance(thrown, Throwable) and thrown.code is not None:
            raise BpmnErrorThrown(thrown.code, thrown.message) from error
        raise ScriptEvaluationError(_failed("evaluate", names, f" {error}")) from error
    except scripts.ScriptSyntaxFailure as error:
        raise ScriptCompilationError(_failed("compile", names, f" {error}")) from error
    except scripts.ScriptFailure as error:
        raise ScriptEvaluationError(_failed("evaluate", names, f" {error}")) from error


def _juel(text: str, names: "Evaluation") -> object:
    """The result of a script that is an expression, which fails as scripts do."""
    try:
        return parse(text).evaluate(names)
    except ExpressionTooLargeError:
        raise
    except (ExpressionError, ExpressionSyntaxError) as error:
        raise ScriptEvaluationError(_failed("evaluate", names, _thrown(error))) from error


def _thrown(error: Exception) -> str:
    """The exception of JUEL as a language of scripts: no sentence of expressions is before it."""
    failure = error.__cause__
    if not isinstance(failure, EvaluationFailure):
        return f" {error}"
    message = str(failure)
    if isinstance(failure, UnknownIdentifierError):
        message = f"Cannot find property {failure.name}"
    return f"org.camunda.bpm.impl.juel.jakarta.el.{failure.exception}: {message}"


def substitute_of(run: "Run", script: Script) -> Substitute | None:
    """The substitute for a script in a language that is not run."""
    if scripts.is_juel(script.format) or scripts.is_javascript(script.format):
        return None
    return run.host.delegates.of(script_name(script.format))


def source_of(script: Script, run: "Run", execution: Execution) -> dict[str, TypedValue]:
    """The variables with which a script goes to the worker that runs it."""
    text = script.text
    if text is None:
        text = _resource(script, run, execution, run.evaluation(execution))
    values = TypedValue("String", text), TypedValue("String", script.format)
    return dict(zip(SOURCE, values, strict=True))


def _failed(what: str, names: "Evaluation", error: str) -> str:
    place = "in the process definition with id"
    activity = "" if names.activity_id is None else f" activity '{names.activity_id}'"
    where = f" while executing{activity} {place} '{names.execution.process_definition_id}'"
    return f"Unable to {what} script{where}:{error}"


def _resource(script: Script, run: "Run", execution: Execution, names: "Evaluation") -> str:
    """The text of a script that is a file of the deployment; there are no others."""
    path = None if script.resource is None else names.text_of(script.resource)
    if path is None:
        raise NullValueError("Script source is null")
    graph = run.graph_of(execution)
    # Kept at the graph: a deployment's files never change, and reading one is a statement.
    found = graph.resources.get(path)
    if found is None and path.startswith(DEPLOYMENT):
        deployment_id = graph.definition.deployment_id
        content = run.host.resource(deployment_id, path.removeprefix(DEPLOYMENT))
        if content is not None:
            # Two threads may read it at once; they write the same.
            found = graph.resources[path] = content.decode("utf-8", "replace")
    if found is None:
        raise ScriptResourceError(path)
    return found
