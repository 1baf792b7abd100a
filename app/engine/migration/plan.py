"""The target of each activity when an instance goes over to another definition.

Source: contract 10.4; Camunda 7 ``MigrationPlan``, ``ValidatingMigrationInstructions``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.engine.graph.graph import Activity, Graph


@dataclass(frozen=True, slots=True)
class Instruction:
    """One activity of the source, and what it becomes.

    Attributes:
        updates_trigger: the event waits for what the target's model says.
    """

    source_id: str | None
    target_id: str | None
    updates_trigger: bool = False

    def __str__(self) -> str:
        updates = "true" if self.updates_trigger else "false"
        source, target = self.source_id or "null", self.target_id or "null"
        return (
            f"MigrationInstructionImpl{{sourceActivityId='{source}', targetActivityId='{target}', "
            f"updateEventTrigger='{updates}'}}"
        )


# By identity: a plan may have the same instruction twice, and then has to say so of both.
@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """An instruction whose activities are there."""

    source: Activity
    target: Activity
    instruction: Instruction


class Plan:
    """The instructions from one definition to another.

    Attributes:
        instructions: as they were given.
        mapped: those of activities that exist.
    """

    __slots__ = ("_by_source", "instructions", "mapped", "source", "target")

    def __init__(self, source: Graph, target: Graph, instructions: Iterable[Instruction]) -> None:
        self.source = source
        self.target = target
        self.instructions = list(instructions)
        # Those that name nothing are reported by `validation`, and map nothing.
        self.mapped = [
            Mapped(source.activities[i.source_id], target.activities[i.target_id], i)
            for i in self.instructions
            if i.source_id in source.activities and i.target_id in target.activities
        ]
        # Reversed, so that the first instruction for an activity wins; a second one is refused
        # anyhow.
        self._by_source = {m.source.id: m for m in reversed(self.mapped)}

    def of(self, activity_id: str | None) -> Mapped | None:
        """The instruction for an activity of the source."""
        return self._by_source.get(activity_id or "")

    def target_of(self, activity_id: str | None) -> Activity | None:
        """The target of an activity of the source."""
        found = self.of(activity_id)
        return None if found is None else found.target

    def sources_of(self, target: Activity) -> list[Mapped]:
        """The instructions that lead to an activity of the target."""
        return [m for m in self.mapped if m.target is target]
