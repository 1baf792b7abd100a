"""The outcome of an evaluation: the result, and a record of every decision evaluated."""

from dataclasses import dataclass

from .model import Decision
from .values import Value

# The only output of a table may have no name, so None is a key.
Row = dict[str | None, Value]  # one result: the outputs by name, in their order


@dataclass(frozen=True, slots=True)
class InputRecord:
    """The value of an input, as it was tested.

    Attributes:
        clause_id, clause_name: id and label of the input.
    """

    clause_id: str
    clause_name: str | None
    value: Value


@dataclass(frozen=True, slots=True)
class OutputRecord:
    """One output of one rule; of a literal expression, the result.

    Attributes:
        clause_id, clause_name: id and label of the output; None for a literal expression.
        rule_order: the place of the rule among those that match and count, counted from 1; None
            for a literal expression, as the rule is.
        variable_name: the name of the output.
    """

    clause_id: str | None
    clause_name: str | None
    rule_id: str | None
    rule_order: int | None
    variable_name: str | None
    value: Value


@dataclass(frozen=True, slots=True)
class Record:
    """One evaluated decision, for the history.

    Attributes:
        collect_result: what an aggregator made of the outputs.
    """

    decision: Decision
    inputs: tuple[InputRecord, ...]
    outputs: tuple[OutputRecord, ...]
    collect_result: float | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluated decision with those that it required.

    Attributes:
        rows: the results, one for each rule that counts.
        root: the record of the decision itself.
        required: the records of the others, in the order in which they were evaluated.
    """

    rows: tuple[Row, ...]
    root: Record
    required: tuple[Record, ...] = ()

    @property
    def answered(self) -> list[dict[str, Value]]:
        """The results as the REST API answers them.

        An output without name cannot be answered: the reference engine breaks off there, so its
        row is the last one.
        """
        answered = []
        for row in self.rows:
            answered.append({name: value for name, value in row.items() if name is not None})
            if None in row:
                break
        return answered
