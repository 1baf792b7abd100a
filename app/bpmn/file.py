"""The declarations of a file outside of its processes, and the collection of its problems."""

from dataclasses import dataclass

from app.errors import ExpressionSyntaxError
from app.expressions import Expression, parse

from .source import Element, Problems, children, extension, reference


@dataclass(frozen=True, slots=True)
class DeclaredError:
    """An ``error`` element."""

    code: str | None
    message: Expression | None


class File:
    """A BPMN file while it is read.

    Attributes:
        messages: the names by id; None for a message without a name.
        signals: the names by id.
        errors, escalations: by id; an escalation is its code or None.
        names: of the variables that what was read so far may look up.
        bean_calls: the methods of beans that they call, each as ``bean.method``.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.problems = Problems()
        self.names: set[str] = set()
        self.bean_calls: set[str] = set()
        # Of all elements: references may point to what has no effect here, as lanes.
        self.ids = {e.get("id") for e in root.iter() if e.get("id") is not None}
        self.messages = self._read_messages()
        self.signals = self._read_signals()
        self.errors = self._read_errors()
        self.escalations = self._read_escalations()

    def expression(self, text: str) -> Expression:
        """Parse a text that may hold expressions.

        Raises:
            ExpressionSyntaxError: it holds one that does not follow the grammar.
        """
        try:
            expression = parse(text)
        except ExpressionSyntaxError as error:
            # The same type, for its status: too large is not the same as wrong.
            raise type(error)(f"ENGINE-01009 Error while parsing process. {error}.") from error
        self.names.update(expression.names)
        self.bean_calls.update(call.name for call in expression.bean_calls)
        return expression

    def optional(self, text: str | None) -> Expression | None:
        """Parse an attribute that may be absent."""
        return None if text is None else self.expression(text)

    def message_name(self, definition: Element, event_id: str | None) -> Expression | None:
        """The name of the message that an event or a receive task waits for."""
        ref = definition.get("messageRef")
        if ref is None:
            self.problems.add("attribute 'messageRef' is required", definition, event_id)
            return None
        if reference(ref) not in self.messages:
            self.problems.add(
                f"Invalid 'messageRef': no message with id '{ref}' found.", definition, event_id
            )
            return None
        name = self.messages[reference(ref) or ""]
        if name is None or not name.text:
            self.problems.add(
                "Cannot have a message event subscription with an empty or missing name",
                definition,
                event_id,
            )
            return None
        # Declarations are parsed once for the file; the process that uses one reads its names.
        self.names.update(name.names)
        return name

    def signal_name(self, definition: Element, event_id: str | None) -> Expression | None:
        """The name of the signal that an event waits for or throws."""
        ref = definition.get("signalRef")
        if ref is None:
            self.problems.add(
                "signalEventDefinition does not have required property 'signalRef'",
                definition,
                event_id,
            )
            return None
        name = self.signals.get(reference(ref) or "")
        if name is None:
            self.problems.add(f"Could not find signal with id '{ref}'", definition, event_id)
            return None
        self.names.update(name.names)
        return name

    def declared_error(self, ref: str) -> DeclaredError | None:
        """The ``error`` element that an ``errorRef`` means."""
        return self.errors.get(reference(ref) or "")

    def error_code(self, ref: str) -> str | None:
        """The code that an ``errorRef`` means; one that refers to nothing is the code itself."""
        declared = self.declared_error(ref)
        # The reference lets `errorRef` be the code itself.
        return ref if declared is None else declared.code

    def has_escalation(self, ref: str) -> bool:
        """Whether an ``escalationRef`` refers to something."""
        return reference(ref) in self.escalations

    def escalation_code(self, ref: str) -> str | None:
        """The code that an ``escalationRef`` means."""
        return self.escalations.get(reference(ref) or "")

    def _read_messages(self) -> dict[str, Expression | None]:
        return {
            e.get("id"): self.optional(e.get("name"))
            for e in children(self.root, "message")
            if e.get("id") is not None
        }

    def _read_signals(self) -> dict[str, Expression]:
        signals: dict[str, Expression] = {}
        names: set[str] = set()
        for element in children(self.root, "signal"):
            id_, name = element.get("id"), element.get("name")
            # By name and not by id: a signal is known by its name at run time.
            if name in names:
                self.problems.add(f"duplicate signal name '{name}'.", element)
            elif name is not None:
                names.add(name)
            if id_ is None:
                self.problems.add("signal must have an id", element)
            elif name is None:
                self.problems.add(f"signal with id '{id_}' has no name", element)
            else:
                signals[id_] = self.expression(name)
        return signals

    def _read_errors(self) -> dict[str, DeclaredError]:
        errors = {}
        for element in children(self.root, "error"):
            id_ = element.get("id")
            if id_ is None:
                self.problems.add("'id' is mandatory on error definition", element)
                continue
            message = self.optional(extension(element, "errorMessage"))
            errors[id_] = DeclaredError(element.get("errorCode"), message)
        return errors

    def _read_escalations(self) -> dict[str, str | None]:
        escalations = {}
        for element in children(self.root, "escalation"):
            id_ = element.get("id")
            if id_ is None:
                self.problems.add("escalation must have an id", element)
                continue
            escalations[id_] = element.get("escalationCode") or None
        return escalations
