"""The revisions of a variable count transactions; each change has a detail with its own id.

Source: semantics 11.10; Camunda 7 ``VariableInstanceEntity.getRevision``, which a flush counts up.
"""

from app.engine.state import Records, Variable

from .history_records import detail_id


def is_changed(records: Records, variable: Variable) -> bool:
    """Whether this transaction has made the variable, or has set it already."""
    # By the revision and not by the value: to set an equal value is a change, too (semantics 3.2).
    before = records.before(variable)
    return before is None or before.revision != variable.revision


def overwritten_id(variable_instance_id: str, revision: int, number: int) -> str:
    """The id of the detail of a value that the same transaction overwrites.

    It is longer than that of the transaction's last value, which `detail_id` gives: by their
    lengths they are reported in their order.

    Args:
        number: of the value among those of the transaction.
    """
    return f"{detail_id(variable_instance_id, revision)}z{number:04x}"
