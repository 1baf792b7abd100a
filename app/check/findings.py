"""The findings about one file.

Source: semantics 11.11.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.bpmn import reader
from app.bpmn.delegates import Delegates
from app.bpmn.model import Timer
from app.bpmn.needs import ELSEWHERE, TASK, Need
from app.bpmn.source import NotXmlError
from app.errors import EngineError, ParseError, ParseProblem
from app.services import warnings

from .files import DECISIONS, PROCESSES

RUNS, NEEDS, REFUSED, NOTHING = "runs", "needs", "refused", "nothing"
MOST_ELEMENTS = 50_000


@dataclass
class Finding:
    """One thing to say about a file.

    Attributes:
        entry: the line of the delegates file that helps; None where none does.
    """

    problem: ParseProblem
    entry: tuple[str, object] | None = None


@dataclass
class File:
    """A file, and what is found.

    Attributes:
        status: ``runs``, ``needs`` (something has to stand in, or cannot), ``refused``, or
            ``nothing`` where no process and no decision is in it.
        processes, decisions: the keys of what it deploys.
        needs: what it needs that is not here.
        warnings: what deserves attention and does not keep it from running.
        refusals: why it is refused.
    """

    path: Path
    status: str = RUNS
    processes: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    needs: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)
    parsed: reader.Parsed | None = None


def check(paths: Sequence[Path], delegates: Delegates) -> list[File]:
    """Read files as one deployment would have them.

    Args:
        delegates: what stands in for Java already.
    """
    return check_contents([(path, path.read_bytes()) for path in paths], delegates)


def check_contents(
    contents: Sequence[tuple[Path, bytes]],
    delegates: Delegates,
    deployed: frozenset[str] = frozenset(),
) -> list[File]:
    """The same for files that are not on this machine's disk, by their names.

    Args:
        deployed: the keys of processes that are there already.
    """
    files = [_check(path, content, delegates) for path, content in contents]
    # Calls may go to any file of the deployment, so all are read before the first is judged.
    known = deployed.union(key for file in files for key in file.processes)
    for file in files:
        if file.parsed is not None:
            missing = warnings.of_calls({file.path.name: file.parsed}, known)
            file.warnings += [Finding(w.problem) for w in missing]
            file.warnings.sort(key=lambda finding: finding.problem.line)
    return files


def _check(path: Path, content: bytes, delegates: Delegates) -> File:
    file = File(path)
    try:
        # By the name, as a deployment decides: what it would not read is not checked either.
        if path.name.endswith(DECISIONS):
            _read_decisions(file, content)
        else:
            _read_processes(file, content, delegates)
    except EngineError as error:
        file.status = REFUSED
        file.refusals = [Finding(problem) for problem in _reasons(error)]
    return file


def _reasons(error: EngineError) -> list[ParseProblem]:
    if isinstance(error, ParseError):
        return error.problems
    found = getattr(error, "problems", None)  # of a file of decisions
    # An error without places is still the one reason that there is.
    return found if found else [ParseProblem(str(error))]


def _read_decisions(file: File, content: bytes) -> None:
    from app.dmn.analysis import analyse  # FEEL takes long to load
    from app.dmn.reader import read

    # Without a time to live: whether one is wanted is a setting of the server, not of the file.
    definitions = read(file.path.name, content, require_history_time_to_live=False)
    file.decisions = list(definitions.decisions)
    for found in analyse(definitions):
        problem = ParseProblem(
            f"Decision '{found.decision}': {found.message}", element_ids=(found.decision,)
        )
        file.warnings.append(Finding(problem))
    if not file.decisions:
        file.status = NOTHING


def _read_processes(file: File, content: bytes, delegates: Delegates) -> None:
    name = file.path.name
    try:
        parsed = reader.read(
            name, content, require_history_time_to_live=False, max_elements=MOST_ELEMENTS
        )
    except NotXmlError:
        # A file of another name that was named on the command line may be anything.
        if name.endswith(PROCESSES):
            raise
        parsed = None
    # A model without a process deploys, and runs nothing.
    if parsed is None or (not parsed.processes and not name.endswith(PROCESSES)):
        file.status = NOTHING
        return
    file.parsed = parsed
    file.processes = [process.id for process in parsed.processes]
    # Entries that are there already are no needs, or each run would repeat the whole list.
    unmet = [need for need in parsed.needs if not need.is_met(delegates)]
    file.needs = [Finding(need.problem, entry_of(need)) for need in unmet]
    # By identity: two places may have the same message.
    listed = {id(need.problem) for need in unmet}
    # As a warning it would stand there a second time.
    refused = {problem.message for problem in _refused_timers(parsed)}
    for warned in warnings.of_model(name, parsed, delegates):
        if id(warned.problem) not in listed and warned.problem.message not in refused:
            file.warnings.append(Finding(warned.problem))
    for warned in warnings.of_names([(name, content)], PROCESSES):
        file.warnings.append(Finding(warned.problem))
    file.status = NEEDS if file.needs else RUNS if file.processes else NOTHING
    file.refusals = [Finding(problem) for problem in _refused_timers(parsed)]
    if file.refusals:
        file.status = REFUSED


def _refused_timers(parsed: reader.Parsed) -> Iterator[ParseProblem]:
    """The timers that start processes: their jobs are made when they are deployed."""
    for process in parsed.processes:
        for node in process.nodes.values():
            timer, is_first = node.detail, node.is_start_event and node.scope_id == process.id
            reason = warnings.unreadable(timer) if is_first and isinstance(timer, Timer) else None
            if reason is not None:
                line, column = parsed.places().get(node.id, (0, 0))
                yield ParseProblem(reason, line, column, (node.id,))


def entry_of(need: Need) -> tuple[str, object] | None:
    """A line of the delegates file that would help: a proposal, to be looked at."""
    if need.place == ELSEWHERE or not need.name:
        return None
    # A listener can be left out and its process still runs; a task left out would lie about its
    # work.
    if need.place != TASK:
        return need.name, {"ignore": True}
    return need.name, topic_of(need.name)


def topic_of(name: str) -> str:
    """A topic for Java code: ``org.example.ChargeCard`` is ``charge-card``."""
    bare = name.strip("${}# ").removeprefix("script:")
    # `orders.check` is a method of a bean, `org.example.Check` a class.
    is_class = bare.count(".") > 1 or bare.rpartition(".")[2][:1].isupper()
    last = bare.rpartition(".")[2] if is_class else bare
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", last)
    return re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-").lower() or "work"


def entries(files: Sequence[File]) -> Mapping[str, object]:
    """The delegates file that these files need, in addition to the one that exists."""
    found: dict[str, object] = {}
    for file in files:
        for need in file.needs:
            if need.entry is not None:
                key, value = need.entry
                if not isinstance(found.get(key), str):  # a topic serves tasks, ignore does not
                    found[key] = value
    # Sorted, so that the file has no changes but those of the models.
    return dict(sorted(found.items()))
