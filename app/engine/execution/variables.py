"""The visibility of variables: scopes, the walk outwards, and what is kept of each.

Source: semantics 3; Camunda 7 ``AbstractVariableScope``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from app.engine.state import Execution, Variable
from app.engine.state.values import TypedValue, from_columns
from app.expressions import Documents

from .objects import Objects
from .variable_rows import Change, VariableRows
from .writable import CHECKED, TransientVariableError, check_writable, refuse_java

if TYPE_CHECKING:
    from app.engine.history.history import History

    from .host import Host


_VALUE = attrgetter("type", "text_value", "long_value", "double_value", "bytes_value", "value_info")


def value_of(variable: Variable) -> TypedValue:
    """The value that a variable holds."""
    return from_columns(*_VALUE(variable))


class Variables(VariableRows):
    """The variables that one transaction sees, loaded by scope and name when they are asked for."""

    __slots__ = (
        "_all",
        "_ended",
        "_expected",
        "_known",
        "_objects",
        "_transient",
    )

    def __init__(self, host: "Host", history: "History", documents: Documents) -> None:
        super().__init__(host, history)
        self._objects = Objects(documents)
        self._transient: dict[str, dict[str, TypedValue]] = {}
        self._known: dict[str, set[str]] = {}  # names asked for, by execution
        self._ended: dict[str, dict[str, TypedValue]] = {}  # what instances held at their end
        self._all: set[str] = set()  # executions of which everything is here
        self._expected: frozenset[str] = frozenset()

    # -- loading ------------------------------------------------------------------

    def expect(self, names: frozenset[str]) -> None:
        """Take in what was read ahead; when more has to be read, read these names along."""
        executions, ahead = self._host.read_ahead
        for execution_id in executions:
            self._known.setdefault(execution_id, set()).update(ahead)
        self._take(v for v in self._host.records.of(Variable) if v.execution_id in executions)
        self._expected = names

    def prefetch(self, execution: Execution, names: Iterable[str]) -> None:
        """Read these names of all scopes that the execution sees, in one statement."""
        self._prefetch([e.id for e in self._chain(execution)], names)

    def _prefetch(self, chain: list[str], names: Iterable[str]) -> None:
        stored = [e for e in chain if e not in self._all]
        wanted = set(names)
        missing = [e for e in stored if not wanted <= self._known.get(e, wanted - wanted)]
        if missing and wanted:
            # A statement is under way anyhow: what the model's expressions may ask for next comes
            # along.
            wanted |= self._expected
            self._take(self._host.variables_of(missing, sorted(wanted)))
            for execution_id in missing:
                # Known to be absent is knowledge, too: names without a row are not asked for again.
                self._known.setdefault(execution_id, set()).update(wanted)

    def load_all(self, executions: Iterable[Execution]) -> None:
        """Read every variable of these scopes, in one statement."""
        missing = [e.id for e in executions if e.id not in self._all]
        if missing:
            self._take(self._host.variables_of(missing, None))
            self._all.update(missing)

    def mark_new(self, execution: Execution) -> None:
        """Note that a scope was just made: nothing of it is in the database."""
        self._all.add(execution.id)

    def _take(self, found: Iterable[Variable]) -> None:
        for variable in found:
            self._index.setdefault(variable.execution_id, {})[variable.name] = variable

    def _chain(self, execution: Execution) -> list[Execution]:
        chain = [execution]
        while (parent_id := chain[-1].parent_id) is not None:
            chain.append(self._host.execution(parent_id))
        return chain

    # -- reading ------------------------------------------------------------------

    def find(self, execution: Execution, name: str) -> TypedValue | None:
        """The value of the nearest scope that has the name."""
        found = self._nearest(execution, name)
        return None if found is None else found[1]

    def _nearest(self, execution: Execution, name: str) -> tuple[Execution, TypedValue] | None:
        chain = self._chain(execution)
        self._prefetch([e.id for e in chain], (name,))
        for scope in chain:
            typed = self._here(scope.id, name)
            if typed is not None:
                return scope, typed
        return None

    def object(
        self, execution: Execution, name: str, read: Callable[[TypedValue], object]
    ) -> object:
        """The nearest value as expressions see it; KeyError when no scope has the name."""
        found = self._nearest(execution, name)
        if found is None:
            raise KeyError(name)
        scope, typed = found
        return self._objects.hand_out(scope, name, typed, read)

    def keep_changes(self) -> None:
        """Store what expressions have changed in place of the values that are still there."""
        for scope, name, old, new in self._objects.changes():
            # Set to something else since: what the expression changed is no longer the variable's.
            if self._here(scope.id, name) != old:
                continue
            if old.is_transient:
                self._transient[scope.id][name] = new
            else:
                place = self.places.of_kept(scope) if self._history.has_details else None
                self._write(self._index[scope.id][name], scope, new, detail_place=place)

    def find_local(self, execution: Execution, name: str) -> TypedValue | None:
        """The value of the name in this scope alone."""
        self._ensure(execution, name)
        return self._here(execution.id, name)

    def visible(self, execution: Execution) -> dict[str, TypedValue]:
        """Every value that the execution sees; inner names hide outer ones."""
        chain = self._chain(execution)
        self.load_all(chain)
        found: dict[str, TypedValue] = {}
        for scope in reversed(chain):
            found.update(self.local(scope))
        return found

    def local(self, execution: Execution) -> dict[str, TypedValue]:
        """Every value of this scope alone."""
        self.load_all((execution,))
        return self._known_here(execution.id)

    def _known_here(self, execution_id: str) -> dict[str, TypedValue]:
        stored = {n: value_of(v) for n, v in self._index.get(execution_id, {}).items()}
        return {**stored, **self._transient.get(execution_id, {})}

    def _ensure(self, execution: Execution, name: str) -> None:
        known = self._known.setdefault(execution.id, set())
        if execution.id not in self._all and name not in known:
            self._take(self._host.variables_of([execution.id], [name]))
            known.add(name)

    def _here(self, execution_id: str, name: str) -> TypedValue | None:
        variable = self._index.get(execution_id, {}).get(name)
        if variable is not None:
            return value_of(variable)
        return self._transient.get(execution_id, {}).get(name)

    def _owner(self, scopes: Sequence[Execution], name: str) -> Execution | None:
        """The first of some scopes that has the name."""
        index, transient = self._index, self._transient
        for scope in scopes:
            if name in index.get(scope.id, ()) or name in transient.get(scope.id, ()):
                return scope
        return None

    # -- writing ------------------------------------------------------------------

    def set(self, execution: Execution, name: str, typed: TypedValue) -> None:
        """Set a value where the name is nearest, else at the process instance."""
        self.set_all(execution, {name: typed})

    def set_all(self, execution: Execution, values: Mapping[str, TypedValue]) -> None:
        """Set many values, each where its name is nearest."""
        chain = self._chain(execution)
        self._prefetch([e.id for e in chain], values)
        place = self._changed_at(execution, values.values())
        for name, typed in values.items():
            # Never beyond the instance: the chain does not lead to a caller (semantics 3.2).
            self._set(self._owner(chain, name) or chain[-1], name, typed, place)

    def set_local(
        self, execution: Execution, name: str, typed: TypedValue, *, is_placed: bool = True
    ) -> None:
        """Set a value in this scope.

        Args:
            is_placed: the history names the activity instance that a new variable belongs to.

        Raises:
            TransientVariableError: the name is stored and the value transient, or the reverse.
            AbstractNumberError: the value is of the abstract type number.
            UnwritableObjectError: the value is an Object that could not be read again.
        """
        place = self._changed_at(execution, (typed,))
        self._set(execution, name, typed, place, is_placed=is_placed)

    def _set(
        self,
        execution: Execution,
        name: str,
        typed: TypedValue,
        detail_place: str | None,
        *,
        is_placed: bool = True,
    ) -> None:
        self._ensure(execution, name)
        if typed.info:  # for transient values as well: scripts and expressions would see them
            refuse_java(name, typed)
        stored = self._index.get(execution.id, {}).get(name)
        transient = self._transient.get(execution.id, {})
        if (typed.is_transient and stored) or (not typed.is_transient and name in transient):
            raise TransientVariableError(name)
        is_known = stored is not None or name in transient
        # An equal value is a change, too: conditions are looked at (semantics 3.2).
        self.changed.append(Change(execution, name, "update" if is_known else "create"))
        if typed.is_transient:
            self._transient.setdefault(execution.id, {})[name] = typed
            return
        if typed.type in CHECKED:
            check_writable(name, typed)
        if stored is not None:
            self._write(stored, execution, typed, detail_place=detail_place)
            return
        where = self.places.of_creation(execution, detail_place, is_placed=is_placed)
        around = execution.scope_activity_instance_id or self.places.of_new(execution)
        stored = self._create(execution, name, typed.type, around)
        self._write(stored, execution, typed, is_new=True, **where)

    def set_kept(
        self, scope: Execution, values: Mapping[str, TypedValue], place: str | None, source: str
    ) -> None:
        """Set the values of an event scope that is made.

        Args:
            place: where the history says that they are.
            source: where their details say that they were set.
        """
        self.places.keeping = place
        for name, typed in values.items():
            self._set(scope, name, typed, source)
        self.places.keeping = None

    def set_beside(
        self, scopes: Sequence[Execution], values: Sequence[Sequence[tuple[str, TypedValue]]]
    ) -> None:
        """Set values in each of some scopes that were made side by side just now.

        As `set_all_local` does it for each, but their place is asked for once: all are in the same.

        Args:
            values: of each scope; a name that comes again is set over.
        """
        place = self.places.of_change(scopes[0]) if self._history.has_details else None
        around = self.places.of_new(scopes[0])
        for scope, of_scope in zip(scopes, values, strict=True):
            for name, typed in of_scope:
                if typed.is_transient or typed.info or name in self._index.get(scope.id, ()):
                    self.set_local(scope, name, typed)
                    continue
                self.changed.append(Change(scope, name, "create"))
                stored = self._create(scope, name, typed.type, around)
                self._write(stored, scope, typed, is_new=True, place=around, detail_place=place)

    def set_all_local(
        self, execution: Execution, values: Mapping[str, TypedValue], *, is_placed: bool = True
    ) -> None:
        """Set many values in this scope; ``is_placed`` as in `set_local`."""
        if values and execution.id not in self._all:
            known = self._known.setdefault(execution.id, set())
            # One statement for all of them, where `set_local` would ask for each.
            missing = [n for n in values if n not in known]
            if missing:
                self._take(self._host.variables_of([execution.id], missing))
                known.update(missing)
        place = self._changed_at(execution, values.values())
        for name, typed in values.items():
            self._set(execution, name, typed, place, is_placed=is_placed)

    def remove(self, execution: Execution, *names: str) -> None:
        """Remove values from this scope; an unknown name is no error."""
        self._prefetch([execution.id], names)
        self._remove([execution], names)

    def remove_nearest(self, execution: Execution, *names: str) -> None:
        """Remove values, each from the nearest scope that has it."""
        self.prefetch(execution, names)
        self._remove(self._chain(execution), names)

    def _remove(self, scopes: Sequence[Execution], names: Sequence[str]) -> None:
        """Remove values, each from the first of some scopes that has it, through the first one."""
        is_noted = self._history.has_details and any(
            name in self._index.get(scope.id, ()) for scope in scopes for name in names
        )
        place = self.places.of_change(scopes[0]) if is_noted else None
        for name in names:
            scope = self._owner(scopes, name)
            if scope is None:
                continue
            self._transient.get(scope.id, {}).pop(name, None)
            variable = self._index.get(scope.id, {}).pop(name, None)
            if variable is not None:
                self.changed.append(Change(scope, name, "delete"))
                self._history.variable_removed(variable, scope, place)
                self._host.records.remove(variable)

    def activity_instance_begun(
        self, execution: Execution, activity_instance_id: str | None
    ) -> None:
        """Let what one of several tokens has brought along belong to its activity instance."""
        for variable in self._index.get(execution.id, {}).values():
            variable.activity_instance_id = activity_instance_id

    def activity_instance_over(self, execution: Execution) -> None:
        """Let what a token has that goes nowhere any more belong to no activity instance."""
        self.load_all((execution,))
        self.activity_instance_begun(execution, None)

    def forget(self, execution: Execution) -> None:
        """Drop a scope that is gone; its rows are deleted with the execution's."""
        self.keep_changes()
        if execution.parent_id is None:
            # A start that has come to its end at once answers with the variables of the ended
            # instance.
            self._ended[execution.id] = self._known_here(execution.id)
        self._drop_all(execution)

    def _drop_all(self, execution: Execution) -> None:
        for variable in self._index.pop(execution.id, {}).values():
            self._host.records.drop(variable)
        self._transient.pop(execution.id, None)

    def clear(self, execution: Execution) -> None:
        """Drop all variables of an execution that goes on; its history stays as it is."""
        self.keep_changes()
        self._drop_all(execution)
        if not self._host.records.is_new(execution):
            # By its id, with those of the executions that go: most are not loaded.
            self._host.clear_variables(execution.id)
        self._all.add(execution.id)

    def at_end_of(
        self, instance: Execution, given: Mapping[str, TypedValue]
    ) -> dict[str, TypedValue]:
        """The variables of an instance after its start; once it has ended, those it was given."""
        if self._host.records.is_removed(Execution, instance.id):
            return self._ended.get(instance.id, dict(given))
        return {**{n: t for n, t in given.items() if t.is_transient}, **self.local(instance)}

    def move(self, source: Execution, target: Execution) -> None:
        """Hand all variables of an execution to another; same names are overwritten.

        Source: Camunda 7 ``ExecutionEntity.replace``.
        """
        self.keep_changes()
        self.load_all((source,))
        moved = self._index.pop(source.id, {})
        if moved and target.id not in self._all:
            self._take(self._host.variables_of([target.id], list(moved)))
        for name, variable in moved.items():
            hidden = self._index.get(target.id, {}).get(name)
            if hidden is not None:
                # One row a name in each scope: a second one would be found or not, by chance. The
                # history of the one that goes ends here.
                place = self.places.of_change(target) if self._history.has_details else None
                self._write(hidden, target, value_of(variable), detail_place=place)
                self._host.records.remove(variable)
                continue
            variable.execution_id = target.id
            self._index.setdefault(target.id, {})[name] = variable
        for name, typed in self._transient.pop(source.id, {}).items():
            self._transient.setdefault(target.id, {})[name] = typed
