"""The report of a check, as text for people and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from .findings import NEEDS, NOTHING, REFUSED, RUNS, File, Finding, entries
from .outcomes import Outcome

_WORDS = {RUNS: "runs", NEEDS: "needs a mapping", REFUSED: "refused", NOTHING: "nothing to run"}


def as_text(files: Sequence[File], outcomes: Sequence[Outcome]) -> str:
    """A line for each file, what there is to say about it, a summary."""
    width = max((len(str(file.path)) for file in files), default=0)
    lines: list[str] = []
    for file in files:
        lines.append(f"{str(file.path).ljust(width)}  {_word(file)}")
        lines += _findings(file)
    if outcomes:
        lines += ["", "Played:"]
        lines += [f"  {outcome.key}: {outcome.as_text}" for outcome in outcomes]
    return "\n".join([*lines, "", *_summary(files)])


def _word(file: File) -> str:
    # Another word where no line of a file can help: the model has to be changed.
    if file.status == NEEDS and not any(need.entry for need in file.needs):
        return "needs what nothing stands in for"
    return _WORDS[file.status]


def _findings(file: File) -> Iterator[str]:
    for kind, found in (("", file.refusals), ("", file.needs), ("warning: ", file.warnings)):
        for finding in found:
            yield f"    {_place(finding)}{kind}{finding.problem.message}{_help(finding)}"


def _place(finding: Finding) -> str:
    problem = finding.problem
    # Line 0 is a problem of the whole file, which has no place.
    place = f"{problem.line}:{problem.column} " if problem.line else ""
    ids = f"{', '.join(problem.element_ids)}: " if problem.element_ids else ""
    return place + ids


def _help(finding: Finding) -> str:
    if finding.entry is None:
        return ""
    name, value = finding.entry
    return f"\n        {json.dumps(name)}: {json.dumps(value)}"


def _summary(files: Sequence[File]) -> Iterator[str]:
    counts = Counter(file.status for file in files)
    # In the order of the words, and only those that there are.
    counted = ", ".join(f"{counts[s]} {word}" for s, word in _WORDS.items() if counts[s])
    yield f"{len(files)} files: {counted or 'none'}"
    proposal = entries(files)
    if proposal:
        yield ""
        yield "A file for BATON_DELEGATES, to be looked at:"
        yield json.dumps(proposal, indent=2, ensure_ascii=False)


def as_json(files: Sequence[File], outcomes: Sequence[Outcome]) -> str:
    """The same for programs."""
    report: dict[str, Any] = {
        "files": [_file(file) for file in files],
        "summary": dict(Counter(file.status for file in files)),
        "delegates": entries(files),
    }
    if outcomes:
        report["played"] = [outcome.as_json() for outcome in outcomes]
    return json.dumps(report, indent=2, ensure_ascii=False)


def _file(file: File) -> dict[str, Any]:
    return {
        "file": str(file.path),
        "status": file.status,
        "processes": file.processes,
        "decisions": file.decisions,
        "needs": [_finding(finding) for finding in file.needs],
        "warnings": [_finding(finding) for finding in file.warnings],
        "refusals": [_finding(finding) for finding in file.refusals],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    found: dict[str, Any] = {
        "message": problem.message,
        "line": problem.line,
        "column": problem.column,
        "elementIds": list(problem.element_ids),
    }
    if finding.entry is not None:
        found["delegates"] = dict([finding.entry])
    return found
