"""Every error of the domain, with the message that Camunda 7 gives it.

HTTP is unknown here: `api.problems` maps these classes to status codes and body types.
"""

from collections.abc import Sequence
from typing import Self


class EngineError(Exception):
    """The root of all errors that a command may raise on purpose.

    Attributes:
        code: Camunda's numeric error code; 0 where it has no specific one, None where no engine
            error is involved.
    """

    # On the class: the number belongs to the kind of error, and not to one of them.
    code: int | None = 0


class NullValueError(EngineError):
    """A value that must be given is missing."""


class BadUserRequestError(EngineError):
    """The request contradicts the state of the engine or breaks a rule of its arguments."""


class RequestTooLargeError(BadUserRequestError):
    """A request has more conditions, values or sortings than one statement can hold."""

    def __init__(self) -> None:
        # Not the database's words, which differ and tell of its parameters.
        super().__init__("The request has more parts than one statement of the database can hold")


class NotValidError(BadUserRequestError):
    """A query or an argument is put together in a way that has no meaning."""


# The reference has no HTTP status for what is missing: the resource that asks gives it one.
class NotFoundError(BadUserRequestError):
    """The entity that the request names does not exist."""


class AuthorizationError(EngineError):
    """The user may not do what is asked for.

    Args:
        user_id: who asks, where a permission is missing.
        permissions: of which one would have been enough: name, type and id of the resource.
    """

    def __init__(
        self,
        message: str,
        user_id: str | None = None,
        permissions: Sequence[tuple[str, str, str | None]] = (),
    ) -> None:
        super().__init__(message)
        self.user_id = user_id
        self.permissions = permissions

    @classmethod
    def missing(
        cls, user_id: str, permissions: Sequence[tuple[str, str, str | None]]
    ) -> "AuthorizationError":
        """None of some permissions is held."""
        texts = []
        for name, kind, key in permissions:
            # As contract 11.7 has it: no id is a permission on all of the type.
            place = f"'{kind}'" if key is None else f"'{key}' of type '{kind}'"
            texts.append(f"'{name}' permission on resource {place}")
        # Alternatives have no full stop (recorded).
        text = f"{texts[0]}." if len(texts) == 1 else " or ".join(texts)
        several = "" if len(texts) == 1 else "one of the following permissions: "
        return cls(
            f"The user with id '{user_id}' does not have {several}{text}", user_id, permissions
        )


class NotAllowedError(BadUserRequestError):
    """The requested operation is not allowed."""


class SuspendedEntityInteractionError(BadUserRequestError):
    """The request would move something that is suspended."""


class InvalidRequestError(EngineError):
    """A request that the HTTP layer refuses before the engine sees it."""

    code = None


class UnstorableTextError(InvalidRequestError):
    """A text that no column can hold: the message is the same, whatever made it."""

    # SQLite would take it; what PostgreSQL has no text for is refused on both.
    MESSAGE = "A text with the character NUL cannot be stored"

    def __init__(self) -> None:
        super().__init__(self.MESSAGE)


class UnsupportedTypeError(InvalidRequestError):
    """A typed value names a type that does not exist."""


class ExpressionError(EngineError):
    """An expression could not be evaluated."""


class ExpressionSyntaxError(EngineError):
    """An expression could not be parsed."""


# Both: a parser catches it as a text that is none, and a client is told that it is at fault.
class ExpressionTooLargeError(ExpressionSyntaxError, BadUserRequestError):
    """An expression is longer, or nested deeper, than what is read."""


class PersistenceError(EngineError):
    """The entity to be stored exists already; clients are not told which one."""

    def __init__(self) -> None:
        super().__init__(
            "An exception occurred in the persistence layer. Please check the server logs for a "
            "detailed message and the entire exception stack trace."
        )


class PasswordPolicyError(EngineError):
    """A password breaks the rules that passwords have to keep."""


class ConflictError(EngineError):
    """Another transaction got in the way and repeating did not help."""

    # Camunda's number of an optimistic lock that failed: clients repeat a request by it.
    code = 1

    @classmethod
    def of_id(cls, kind: str, key: str) -> Self:
        """The error of a change of an id, which finds no row to update.

        Args:
            kind: "User", "Group" or "Tenant".
        """
        return cls(
            f"ENGINE-03005 Execution of 'UPDATE {kind}Entity[{key}]' failed. "
            "Entity was updated by another transaction concurrently."
        )


class UnavailableError(EngineError):
    """The database could not be reached, or no connection was free; nothing was changed."""

    code = None


# No EngineError: it ends a start, and is never the answer to a command.
class SchemaOutdatedError(Exception):
    """The database schema is not the one that this version needs."""


class ParseProblem:
    """One thing wrong in a deployed model.

    Attributes:
        line, column: where the element's start tag ends, counted from 1.
        element_ids: the elements that the problem is about; the first one is the main element.
    """

    # A model may have thousands of problems, each of which is one of these.
    __slots__ = ("column", "element_ids", "line", "message")

    def __init__(
        self, message: str, line: int = 0, column: int = 0, element_ids: tuple[str, ...] = ()
    ) -> None:
        self.message = message
        self.line = line
        self.column = column
        self.element_ids = element_ids

    @property
    def place(self) -> str:
        """Line and column as messages tell them; nothing where there is no element."""
        return f" | line {self.line} | column {self.column}" if self.line else ""

    def __repr__(self) -> str:
        return f"ParseProblem({self.message!r}, line={self.line}, column={self.column})"


class ParseError(EngineError):
    """A deployed model breaks the rules of BPMN or of the engine.

    Args:
        resource: the name of the file in its deployment.
        problems: every problem found, in document order.
    """

    def __init__(
        self, resource: str, problems: list[ParseProblem], warnings: list[ParseProblem]
    ) -> None:
        self.resource = resource
        self.problems = problems
        # Warnings are told together with the problems, though they alone refuse nothing.
        self.warnings = warnings
        # With the blank behind `Errors:`, which clients may have in a pattern.
        lines = [f"* {p.message} | resource {resource}{p.place}" for p in problems]
        super().__init__("\n".join(["ENGINE-09005 Could not parse BPMN process. Errors: ", *lines]))


class EndlessRunError(EngineError):
    """A model went round without ever reaching a wait state."""

    def __init__(self, steps: int) -> None:
        super().__init__(f"The process instance did not reach a wait state within {steps} steps.")


class TooManyTokensError(EngineError):
    """A model made more tokens in one transaction than a process should hold."""

    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} branches or instances were to be made at once.")


class TooManyRecordsError(EngineError):
    """A model made more records in one transaction than a process should hold."""

    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} records were to be written at once.")


class TooSlowRunError(EngineError):
    """A model computed for too long without reaching a wait state."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The process instance did not reach a wait state within {seconds} seconds."
        )


class ScriptCompilationError(EngineError):
    """A text is no script."""


class ScriptEvaluationError(EngineError):
    """A script has failed."""


class UncaughtBpmnError(EngineError):
    """A BPMN error was thrown where nothing can catch it."""


class JavaRuntimeError(EngineError):
    """An error that the reference engine reports as an exception of the JVM's own.

    Args:
        java_type: the simple name of the exception, which clients see as the type.
    """

    code = None

    def __init__(self, java_type: str, message: str) -> None:
        super().__init__(message)
        self.java_type = java_type


class ClassCastError(JavaRuntimeError):
    """A value is of another Java class than the one that the reference engine takes for granted."""

    def __init__(self, message: str) -> None:
        super().__init__("ClassCastException", message)


class LockedByAnotherWorkerError(BadUserRequestError):
    """A worker acted on an external task whose lock it does not hold.

    Args:
        refused: what was refused, as the message begins.
        holder: the worker that holds the lock; None when the task is not locked.
    """

    def __init__(self, refused: str, worker_id: str | None, holder: str | None) -> None:
        super().__init__(
            f"{refused} '{worker_id}'. "
            # As Java writes what is not there, in quotes, too.
            f"It is locked by worker '{'null' if holder is None else holder}'."
        )


class StartRefusedError(EngineError):
    """A process instance could not be started.

    Args:
        cause: what the engine said; its code is kept.
    """

    def __init__(self, definition_id: str, cause: EngineError) -> None:
        self.cause = cause
        # Of this instance: clients go by the number of what was wrong, not of the refusal.
        self.code = cause.code
        super().__init__(f"Cannot instantiate process definition {definition_id}: {cause}")


class MismatchingCorrelationError(EngineError):
    """A message meets no execution, or more than one.

    The message names the exception's class, as the reference engine's REST layer hands it on.
    """

    # Clients tell the three cases apart by the text alone, so that it is word for word the same.
    _CLASS = "org.camunda.bpm.engine.MismatchingMessageCorrelationException"

    @classmethod
    def unmatched(cls, name: str) -> "MismatchingCorrelationError":
        """No execution or definition matches the message."""
        return cls(
            f"{cls._CLASS}: Cannot correlate message '{name}': No process definition or execution "
            "matches the parameters"
        )

    @classmethod
    def ambiguous(cls, name: str, count: int, keys: str) -> "MismatchingCorrelationError":
        """More than one execution waits for the message."""
        return cls(
            f"{cls._CLASS}: ENGINE-13031 Cannot correlate a message with name '{name}' to a single "
            f"execution. {count} executions match the correlation keys: {keys}"
        )

    @classmethod
    def ambiguous_start(cls, name: str, count: int, keys: str) -> "MismatchingCorrelationError":
        """No execution waits for the message, and more than one definition starts with it."""
        return cls(
            f"{cls._CLASS}: ENGINE-13030 Cannot correlate a message with name '{name}' to a single "
            f"process definition. {count} process definitions match the correlations keys: {keys}"
        )


class PagingError(EngineError):
    """``firstResult`` or ``maxResults`` is no number."""

    code = None


class IdempotencyConflictError(EngineError):
    """An idempotency key was used before, with another body."""

    code = None

    def __init__(self, key: str) -> None:
        super().__init__(f"The Idempotency-Key '{key}' was used for another body")


class LockTokenError(BadUserRequestError):
    """The lock that a token stands for has been taken anew since."""

    code = None

    def __init__(self, task_id: str) -> None:
        super().__init__(
            f"The lock of External Task {task_id} has been taken anew: the lockToken is not valid "
            "any more"
        )


class LockExpiredError(BadUserRequestError):
    """A lock has expired, and expired locks are refused."""

    code = None

    def __init__(self, task_id: str) -> None:
        super().__init__(f"The lock of External Task {task_id} has expired")


# No EngineError: a wait has ended, and no command has failed.
class PollCancelledError(Exception):
    """A newer poll of the same worker has taken the place of this one."""
