"""``--check``: what would come over, what would not, which models need something.

Source: contract 16.8.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.bpmn.delegates import Delegates, DelegatesError
from app.check import report as model_report
from app.check.findings import NEEDS, REFUSED, File, check_contents

from . import survey
from .batches import BATCHES_UNDER_WAY
from .decisions import INSTANCES
from .definitions import DEFINITIONS
from .history import HISTORY
from .identity import PEOPLE
from .models import Models
from .problems import TakeoverError
from .report import Report
from .runtime import EXECUTIONS, OF_INSTANCES
from .source import Source

_OTHERS = ("act_re_procdef", "act_ru_jobdef", "act_ru_filter")
_MAPPED = (*DEFINITIONS, *PEOPLE, EXECUTIONS, *OF_INSTANCES, BATCHES_UNDER_WAY, *HISTORY, INSTANCES)
TABLES = tuple(dict.fromkeys((*(mapped.source for mapped in _MAPPED), *_OTHERS)))
_RUNNING = (
    "SELECT proc_def_id_, count(*) FROM {act_ru_execution} s WHERE parent_id_ IS NULL "
    "GROUP BY proc_def_id_"
)


def run(source: Source, delegates: str | None) -> int:
    """Print what a takeover would find; returns the exit status."""
    known = _read(delegates)
    models, report = Models(source), Report()
    survey.look(source, models, report)
    files = list(_files(source, models, known))
    print(f"Tables of version {source.version}; timestamps are read as {source.zone}.")
    print("\n".join(_counts(source)))
    print()
    print(model_report.as_text(files, []))
    print("\n".join(report.reasons()))
    locked = survey.running(source)
    if locked is not None:
        print(f"\nNow it would be refused: {locked}")
    needs = any(file.status in (NEEDS, REFUSED) for file in files)
    return 1 if needs or not report.is_complete else 0


def _read(delegates: str | None) -> Delegates:
    if delegates is None:
        return Delegates({})
    try:
        return Delegates(json.loads(Path(delegates).read_bytes()))
    except (ValueError, DelegatesError, AttributeError) as error:
        raise TakeoverError(f"--delegates: {delegates} cannot be read: {error}") from error


def _counts(source: Source) -> Iterator[str]:
    for table in TABLES:
        if source.has(table):
            count = source.value(f"SELECT count(*) FROM {{{table}}} s")
            if count:
                yield f"{table.upper().ljust(24)} {count:>10}"


def _files(source: Source, models: Models, delegates: Delegates) -> Iterator[File]:
    """The findings in the model of each definition, with the number of running instances."""
    running = Counter(dict(source.rows(_RUNNING)))
    known = frozenset(definition.key for definition in models.definitions.values())
    for definition in models.definitions.values():
        content = models.content(definition)
        if content is None:
            continue
        name = f"{definition.id} ({running[definition.id]} running) {definition.resource_name}"
        (file,) = check_contents([(Path(name), content)], delegates, known)
        file.parsed = None  # or the models of all versions would be in memory at once
        yield file
