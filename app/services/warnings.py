"""The warnings of a deployment: what will not run as the model says, or not at all.

Source: semantics 11.11; Camunda 7 ``ResourceReport``, ``ProblemImpl``.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from app.bpmn import model as bpmn
from app.bpmn.delegates import Delegates, decision_name
from app.bpmn.reader import Parsed
from app.engine.events.timers import TimerError, due_of
from app.errors import ParseProblem
from app.expressions import Expression

_NAMESPACE = b"http://www.omg.org/spec/BPMN/20100524/MODEL"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)  # any time: only whether a text can be read is asked


class Warned(NamedTuple):
    """A warning, and the file that it is about.

    Attributes:
        is_answered: the answer of a deployment says it. What models have on purpose, as drafts
            that are not executable, is only logged: the recorded answers have nothing of it.
    """

    resource: str
    problem: ParseProblem
    is_answered: bool = True


def of_model(resource: str, parsed: Parsed, delegates: Delegates) -> Iterator[Warned]:
    """The warnings about a file of processes, but for what other files decide.

    Args:
        delegates: what stands in for Java.
    """
    for problem in parsed.warnings:
        yield Warned(resource, problem)
    # A need that is not met is reported at the deployment, not when the first instance reaches it.
    for need in parsed.needs:
        if not need.is_met(delegates):
            yield Warned(resource, need.problem, is_answered=bool(need.name))
    for process_id in parsed.left_out:
        message = f"The process '{process_id}' is left out: its isExecutable is not true."
        yield Warned(resource, _at(parsed, process_id, message), is_answered=False)
    for process in parsed.processes:
        if process.history_time_to_live is None:
            message = f"The process '{process.id}' has no historyTimeToLive: its history is kept."
            yield Warned(resource, _at(parsed, process.id, message))
        for node_id, timer in _timers(process):
            reason = unreadable(timer)
            if reason is not None:
                yield Warned(resource, _at(parsed, node_id, reason))


def of_calls(models: Mapping[str, Parsed], known: frozenset[str]) -> Iterator[Warned]:
    """The warnings about processes that call what is not deployed.

    Args:
        models: the files of the deployment.
        known: the keys of processes that are deployed, or are with these files.
    """
    for resource, parsed in models.items():
        for activity_id, key in calls(parsed):
            if key not in known:
                message = f"The process '{key}' that it calls is not deployed."
                yield Warned(resource, _at(parsed, activity_id, message))


def calls(parsed: Parsed) -> Iterator[tuple[str, str]]:
    """The activities that call a process by its key, with the key."""
    for node_id, detail in _details(parsed):
        if isinstance(detail, bpmn.CallActivity):
            yield from _key(node_id, detail.called_element)


def of_decisions(
    models: Mapping[str, Parsed], known: frozenset[str], delegates: Delegates
) -> Iterator[Warned]:
    """The warnings about tasks whose decisions are not deployed, and that nobody stands in for.

    Args:
        models: the files of the deployment.
        known: the keys of decisions that are deployed, or are with these files.
    """
    for resource, parsed in models.items():
        for activity_id, key in decisions(parsed):
            if key not in known and delegates.of(decision_name(key)) is None:
                message = f"The decision '{key}' that it asks for is not deployed."
                yield Warned(resource, _at(parsed, activity_id, message))


def decisions(parsed: Parsed) -> Iterator[tuple[str, str]]:
    """The activities that ask for a decision by its key, with the key."""
    for node_id, detail in _details(parsed):
        if isinstance(detail, bpmn.Decision):
            yield from _key(node_id, detail.reference)


def _details(parsed: Parsed) -> Iterator[tuple[str, bpmn.Detail]]:
    for process in parsed.processes:
        for node in process.nodes.values():
            yield node.id, node.detail


def _key(node_id: str, reference: Expression | None) -> Iterator[tuple[str, str]]:
    """The reference of an activity; nothing where only a running instance knows."""
    if reference is not None and reference.is_literal and reference.text:
        yield node_id, reference.text


def of_names(resources: Sequence[tuple[str, bytes]], endings: tuple[str, ...]) -> Iterator[Warned]:
    """The warnings about files of which no process is read, for their names."""
    for name, content in resources:
        # Bytes, not a parse: any file may be deployed, of any size.
        is_model = _NAMESPACE in content[:10_000] and b"<" in content[:1_000]
        if is_model and not name.endswith(endings):
            message = f"No process is read from it: its name must end in {' or '.join(endings)}."
            yield Warned(name, ParseProblem(message))


def _at(parsed: Parsed, element_id: str, message: str) -> ParseProblem:
    line, column = parsed.places().get(element_id, (0, 0))
    return ParseProblem(message, line, column, (element_id,))


def _timers(process: bpmn.ProcessModel) -> Iterator[tuple[str, bpmn.Timer]]:
    for node in process.nodes.values():
        if isinstance(node.detail, bpmn.Timer):
            yield node.id, node.detail
        elif isinstance(node.detail, bpmn.UserTask):
            for listener in node.detail.listeners:
                if listener.timer is not None:
                    yield node.id, listener.timer


def unreadable(timer: bpmn.Timer) -> str | None:
    """Why the text of a timer gives no due date; None where it does, or is computed."""
    value: Expression = timer.value
    if not value.is_literal:
        return None
    try:
        due_of(timer.kind, value.text, _NOW)
    except TimerError as error:
        return f"The timer cannot be read: {error}"
    return None
