"""The instructions of a modification, step by step.

Source: contract 10.1; Camunda 7 ``AbstractProcessInstanceModificationCommand``.
"""

from collections.abc import Mapping
from dataclasses import field

from app.dataclasses import dataclass
from app.engine.state.values import TypedValue

BEFORE, AFTER, TRANSITION = "startBeforeActivity", "startAfterActivity", "startTransition"
_VERBS = {BEFORE: "Start before activity", AFTER: "Start after activity"}


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel every instance of an activity, one of them, or a token that waits for a job.

    Attributes:
        activity_id, activity_instance_id, transition_instance_id: exactly one is given.
        is_only_current: what earlier instructions have started stays.
    """

    activity_id: str | None = None
    activity_instance_id: str | None = None
    transition_instance_id: str | None = None
    is_only_current: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """Start a token before or after an activity, or on a sequence flow.

    Attributes:
        kind: ``startBeforeActivity``, ``startAfterActivity`` or ``startTransition``.
        element_id: of the activity or the flow.
        ancestor_id: the activity instance inside which it starts.
        variables: each goes to the nearest scope that has the name, else to the instance.
        local_variables: of the execution that enters the activity.
    """

    kind: str
    element_id: str
    ancestor_id: str | None = None
    variables: Mapping[str, TypedValue] = field(default_factory=dict)
    local_variables: Mapping[str, TypedValue] = field(default_factory=dict)

    def failure(self, detail: str) -> str:
        """The message of an instruction that cannot be performed."""
        where = f"{_VERBS.get(self.kind, 'Start transition')} '{self.element_id}'"
        if self.ancestor_id is not None:
            where += f" with ancestor activity instance '{self.ancestor_id}'"
        return f"Cannot perform instruction: {where}; {detail}"


Instruction = Cancel | Start
