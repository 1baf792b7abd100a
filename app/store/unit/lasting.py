"""Variables whose row is that of their history as well.

What the history says of a variable of an instance's own execution is what its row says, and when it
was made and last set. The row has these as well, and lasts: it stays when the instance ends, and a
value is written once. A variable that is deleted by itself gets a row of its own in the history, as
do those of other scopes, and all that were there before rows had these columns.
"""

from collections.abc import Callable, Collection
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar

from app.dataclasses import dataclass
from app.engine.history import building
from app.engine.history.amendments import VariableInstanceEnd
from app.engine.history.history_records import HistoricVariableInstance, HistoricVariableUpdate
from app.engine.migration.records import ProcessInstanceMoved, VariableMoved
from app.engine.state import Change, Execution, Variable
from app.engine.state.unit import Records, as_view
from app.models.history import historic_variable_instance

from .narrowing import IN_INSTANCE

CREATED = "CREATED"
# The columns of a variable's row that are of its history; the first one says that it lasts.
OF_HISTORY = ("create_time", "detail_time", "is_initial", "detail_activity_instance_id")
_OTHERWISE = {  # columns of the history that the variable's row has under another name, or not
    "state": f"'{CREATED}'",
    "process_definition_key": "NULL",
    "process_definition_id": "NULL",
    "process_instance_id": "execution_id",
    "root_process_instance_id": "NULL",
    "execution_id": "execution_id",
    "activity_instance_id": f"'{IN_INSTANCE}'",
    "task_id": "NULL",
}
# A row of the history as SQL that a row of `variable` is asked for.
AS_HISTORY = {c.name: _OTHERWISE.get(c.name, c.name) for c in historic_variable_instance.c}


@dataclass(slots=True)
class LastingValue:
    """The last value of a variable whose instance has ended, for its row."""

    amends: ClassVar[type] = Variable
    id: str
    revision: int
    type: str
    text_value: str | None
    long_value: int | None
    double_value: float | None
    bytes_value: bytes | None
    value_info: str | None
    detail_time: datetime | None
    is_initial: bool | None
    detail_activity_instance_id: str | None


_VALUE = attrgetter(*(field.name for field in fields(LastingValue)))


class Folding:
    """Leaves out of the changes of the history what the rows of variables say.

    Attributes:
        overwritten: the variables whose newest detail gets a row of its own.
        rows: those that the history gets of variables whose own do not last, by id.

    Args:
        changes: as they are written, see `narrowing`.
        records: of the transaction.
        cleared: executions that lose their variables and go on.
    """

    def __init__(
        self, changes: dict[type, Change], records: Records, cleared: Collection[str]
    ) -> None:
        self.overwritten: list[str] = []
        self.rows: dict[str, HistoricVariableInstance] = {}
        self._changes = changes
        self._records = records
        self._cleared = cleared
        self._variables = changes.get(Variable) or Change([], [], [])
        self._removed = frozenset(self._variables.removed)
        self._values: list[LastingValue] = []
        self._noted: set[str] = set()
        self._are_moved = ProcessInstanceMoved in changes

    def fold(self) -> None:
        """Change the changes, and note what is to be done beside them."""
        changes = self._changes
        if (made := changes.get(HistoricVariableInstance)) is not None:
            new = {variable.id: variable for variable in self._variables.added}
            made.added = [row for row in made.added if not _takes_in(new.get(row.id), row)]
        for kind, fold in (
            (HistoricVariableUpdate, self._set),
            (VariableInstanceEnd, self._ended),
            (VariableMoved, self._moved),
        ):
            if (change := changes.get(kind)) is not None:
                change.added = [row for row in change.added if not self._folds(row, fold)]
        self._look_at_others()
        if self._are_moved and VariableMoved not in changes:
            self._leave_behind(changes.setdefault(Variable, self._variables))
        if self._values:
            changes[LastingValue] = Change(list(self._values), [], [])
        if self.rows:
            kept = changes.setdefault(HistoricVariableInstance, Change([], [], []))
            kept.added += self.rows.values()

    def _folds(self, row: Any, fold: Callable[[Any, Variable], None]) -> bool:
        before = self._lasting(row.id)
        if before is None:
            return False
        self._noted.add(row.id)
        fold(row, before)
        return True

    def _lasting(self, variable_id: str) -> Variable | None:
        """A variable whose row is that of its history, as it was loaded."""
        before = self._records.loaded(Variable, variable_id)
        return None if before is None or before.create_time is None else before

    def _still_lasting(self, variable_id: str) -> Variable | None:
        """The same variable as it is now; None where its history needs a row of its own."""
        variable = self._records.get(Variable, variable_id)
        if variable is None or variable.execution_id == variable.process_instance_id:
            return variable
        _part(variable)
        return None

    def _lasts(self, before: Variable) -> bool:
        """Whether the row of a variable is its history still."""
        if self._records.get(Variable, before.id) is not None:
            return self._still_lasting(before.id) is not None
        # Else its instance has ended, and the record has gone with it.
        return before.id not in self._removed and before.execution_id not in self._cleared

    def _set(self, row: HistoricVariableUpdate, before: Variable) -> None:
        if before.detail_time is not None:
            self.overwritten.append(row.id)
        if not self._lasts(before):
            own = HistoricVariableInstance(**as_view(row))
            own.create_time = before.create_time or own.create_time
            own.activity_instance_id = IN_INSTANCE
            self._give(own, before)
        elif (variable := self._records.get(Variable, row.id)) is not None:
            _note_detail(variable, row)
        else:
            self._values.append(LastingValue(*_VALUE(row)))

    def _ended(self, patch: VariableInstanceEnd, before: Variable) -> None:
        self._give(_row_of(before), before).state = patch.state

    def _moved(self, patch: VariableMoved, before: Variable) -> None:
        own = self.rows.get(patch.id)
        # Mostly it follows its instance to the other definition.
        if own is None and not self._lasts(before):
            own = self._give(_row_of(before), before)
            own.execution_id = patch.execution_id
        if own is not None:
            own.process_definition_id = patch.process_definition_id
            own.process_definition_key = patch.process_definition_key

    def _give(self, own: HistoricVariableInstance, before: Variable) -> HistoricVariableInstance:
        """Give the history a row of its own of a variable."""
        self.rows[own.id] = own
        instance = self._records.loaded(Execution, before.execution_id)
        if self._are_moved and instance is not None:
            # Unless it has been taken along, its history stays of the definition that it was of.
            own.process_definition_id = instance.process_definition_id
            own.process_definition_key = instance.process_definition_key
        return own

    def _leave_behind(self, variables: Change) -> None:
        """Let the history of variables stay of the definition that their instances have left."""
        updated = {variable.id for variable in variables.updated}
        for variable in self._records.of(Variable):
            before = self._lasting(variable.id)
            if before is not None and variable.create_time is not None:
                _part(variable)
                self._give(_row_of(before), before)
                if variable.id not in updated:
                    variables.updated.append(variable)

    def _look_at_others(self) -> None:
        """Find what has changed without a note of it, for the history's level is lower now."""
        gone = [i for i in self._variables.removed if i not in self._noted]
        for variable in self._variables.updated:
            if variable.create_time is None or variable.id in self._noted:
                continue
            before = self._lasting(variable.id)
            if before is None:
                continue
            if variable.revision != before.revision:
                _part(variable)
                gone.append(variable.id)
            elif self._still_lasting(variable.id) is None:
                gone.append(variable.id)
        for variable_id in gone:
            if (before := self._lasting(variable_id)) is not None:
                self._give(_row_of(before), before)


def _row_of(variable: Variable) -> HistoricVariableInstance:
    """The row of the history that a variable's row was."""
    made = variable.create_time, None, None, None, IN_INSTANCE
    detail = variable.detail_time, variable.is_initial, variable.detail_activity_instance_id
    row = building.VARIABLE(variable, CREATED, *made, *detail)
    row.process_definition_id = None
    return row


def _takes_in(variable: Variable | None, row: HistoricVariableInstance) -> bool:
    """Whether the row of a new variable takes in that of its history."""
    if variable is None or variable.execution_id != row.process_instance_id:
        return False
    is_same = (
        row.state == CREATED
        and row.activity_instance_id == IN_INSTANCE
        and row.execution_id is None
        and row.task_id is None
        and row.process_definition_id is None
    )
    if is_same:
        variable.create_time = row.create_time
        _note_detail(variable, row)
    return is_same


def _part(variable: Variable) -> None:
    """Let the history of a variable have its own row from here on."""
    for name in OF_HISTORY:
        setattr(variable, name, None)


def _note_detail(variable: Variable, row: HistoricVariableInstance) -> None:
    variable.detail_time, variable.is_initial = row.detail_time, row.is_initial
    variable.detail_activity_instance_id = row.detail_activity_instance_id
