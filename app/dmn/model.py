"""The model of a DMN file: decisions and their requirements.

Source: Camunda 7 ``DmnDecisionRequirementsGraph``, ``DmnDecision``, ``DmnDecisionTableImpl``.
"""

from collections.abc import Mapping
from enum import Enum

from app.dataclasses import dataclass


# PRIORITY and OUTPUT ORDER are words of the standard that the reference does not evaluate.
class HitPolicy(Enum):
    """Which of the matching rules make the result."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    RULE_ORDER = "RULE ORDER"
    COLLECT = "COLLECT"


class Aggregator(Enum):
    """The aggregation of COLLECT over the values of the matching rules."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class Text:
    """An expression as it stands in the file.

    Attributes:
        language: as it is written, without blanks around it; None for FEEL by default.
        content: None where the file has no text, which is not the same as an empty one.
    """

    content: str | None
    language: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to evaluate."""
        return self.content is None or not self.content.strip()


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions.

    Attributes:
        type_name: the ``typeRef`` of its expression.
        variable: how cells name the value.
    """

    id: str
    label: str | None
    expression: Text
    type_name: str | None = None
    variable: str = "cellInput"


@dataclass(frozen=True, slots=True)
class Output:
    """A column of conclusions; the only one of a table may have no name."""

    id: str
    label: str | None
    name: str | None
    type_name: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one condition an input, one conclusion an output."""

    id: str
    conditions: tuple[Text, ...]
    conclusions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision that is a table."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregator: Aggregator | None = None


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """A decision that is one expression; its variable names and types the result."""

    expression: Text
    variable: str
    type_name: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that can be evaluated.

    Attributes:
        key: its id in the file.
        required: the keys of the decisions whose results it reads, in document order.
        history_time_to_live: days that evaluations are kept; None for ever.
    """

    key: str
    name: str
    logic: DecisionTable | LiteralExpression
    required: tuple[str, ...] = ()
    version_tag: str | None = None
    history_time_to_live: int | None = None

    @property
    def elements(self) -> int:
        """How much an evaluation counts for in the metrics: the cells of its table, or one."""
        # As the reference counts `executed-decision-elements`.
        if isinstance(self.logic, LiteralExpression):
            return 1
        return (len(self.logic.inputs) + len(self.logic.outputs)) * len(self.logic.rules)


@dataclass(frozen=True, slots=True)
class Definitions:
    """A DMN file.

    Attributes:
        decisions: those that can be evaluated, by key, in document order.
        has_requirements: whether a decision requirements definition comes of it; only files with
            more than one decision make one.
    """

    key: str
    name: str
    namespace: str
    decisions: Mapping[str, Decision]

    @property
    def has_requirements(self) -> bool:
        return len(self.decisions) > 1
