"""Conflicts between files: the same keys, or the same messages that start processes.

Source: contract 4.1; Camunda 7 ``DeployCmd``, ``BpmnDeployer.addMessageStartEventSubscriptions``.
"""

from collections.abc import Iterator, Sequence

from app.bpmn.delegates import Delegates
from app.bpmn.model import Message
from app.errors import ParseProblem
from app.services import warnings

from .findings import REFUSED, File, Finding


def compare(files: Sequence[File], delegates: Delegates) -> None:
    """Warn of keys in two files, of decisions in none; refuse a message that starts two processes.

    Args:
        delegates: what stands in for decisions.
    """
    decisions = frozenset(key for file in files for key in file.decisions)
    keys: dict[tuple[str, str], File] = {}
    starts: dict[str, tuple[str, File]] = {}
    for file in files:
        if file.status == REFUSED:
            continue
        for kind, key in _keys(file):
            other = keys.setdefault((kind, key), file)
            if other is not file:
                message = (
                    f"The {kind} '{key}' is in '{other.path.name}' as well: a deployment that has "
                    "both is refused."
                )
                file.warnings.append(Finding(ParseProblem(message, element_ids=(key,))))
        _compare_starts(file, starts)
        if file.parsed is not None:
            missing = warnings.of_decisions({file.path.name: file.parsed}, decisions, delegates)
            file.warnings += [Finding(w.problem) for w in missing]


def _keys(file: File) -> Iterator[tuple[str, str]]:
    yield from (("process", key) for key in file.processes)
    yield from (("decision", key) for key in file.decisions)


def _compare_starts(file: File, starts: dict[str, tuple[str, File]]) -> None:
    """Refuse a file whose process starts with a message that another process starts with."""
    # A newer version takes the messages of its process over.
    for message, (key, _) in list(starts.items()):
        if key in file.processes:
            del starts[message]
    for element_id, key, message in _message_starts(file):
        other_key, other = starts.setdefault(message, (key, file))
        if other_key != key:
            place = "it" if other is file else f"'{other.path.name}'"
            reason = f"The message '{message}' starts the process '{other_key}' of {place} already."
            line, column = file.parsed.places().get(element_id, (0, 0)) if file.parsed else (0, 0)
            file.refusals.append(Finding(ParseProblem(reason, line, column, (element_id,))))
            file.status = REFUSED


def _message_starts(file: File) -> Iterator[tuple[str, str, str]]:
    """Start event, process and message of each start of a process by a message."""
    for process in file.parsed.processes if file.parsed is not None else ():
        for node in process.nodes.values():
            is_start = node.is_start_event and node.scope_id == process.id
            if is_start and isinstance(node.detail, Message):
                yield node.id, process.id, node.detail.name.text
