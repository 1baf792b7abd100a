"""Multi-instance activities: the body, and the instances that it starts.

A finished parallel instance stays as an inactive execution until the body ends, so that the end
of one instance costs the same whatever their number.

Source: BPMN 2.0.2 §13.3.7; semantics 2.11; Camunda 7 ``MultiInstanceActivityBehavior``.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.events import compensation
from app.engine.execution import cancellation, tree
from app.engine.state import Execution
from app.engine.state.conversion import from_object
from app.engine.state.values import TypedValue
from app.errors import EngineError, JavaRuntimeError
from app.expressions.coercion import CoercionError, to_integer
from app.expressions.values import Integer

from .base import Behavior

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run

MOST = 100_000  # instances of one body


class MultiInstanceError(EngineError):
    """A multi-instance activity cannot tell how often, or over what, it runs."""


class CardinalityError(JavaRuntimeError):
    """A text is no number; the reference engine lets Java's own error through."""


class Body(Behavior[bpmn.Loop]):
    """The base class of both kinds.

    Source: BPMN 2.0.2 §13.3.7; Camunda 7 ``MultiInstanceActivityBehavior``. Ours: no more than
    `MOST` instances.
    """

    ends_with_instance = True

    def start(self, body: Execution, count: int, run: "Run") -> None:
        raise NotImplementedError

    def execute(self, execution: Execution, run: "Run") -> None:
        activity = run.scope_activity_of(execution)
        # While instances run, the body has no token of its own that could be canceled or counted.
        execution.activity_id = execution.activity_instance_id = None
        count = _count(run, execution, self.detail)
        if count == 0:
            # Left as if it had run: by its flows, with its end listeners and its history.
            execution.activity_id = activity.id
            run.leave(execution)
            return
        # Ours, the reference has no limit: a cardinality is untrusted input, and the limits of the
        # run would see it only once the rows are in memory.
        if count > MOST:
            raise MultiInstanceError(f"More than {MOST} instances of '{activity.id}'")
        _set(run, execution, "nrOfInstances", count)
        _set(run, execution, "nrOfCompletedInstances", 0)
        self.start(execution, count, run)

    def first_token(self, scope: Execution, run: "Run") -> Execution:
        """Start with a single instance, whatever the loop says."""
        _set(run, scope, "nrOfInstances", 1)
        _set(run, scope, "nrOfCompletedInstances", 0)
        _set(run, scope, "nrOfActiveInstances", 1)
        return self._single(scope, run)

    def _single(self, scope: Execution, run: "Run") -> Execution:
        raise NotImplementedError

    def token_ended(self, scope: Execution, run: "Run") -> bool:
        """End with the last token: only the compensation of a body has tokens that end."""
        if not run.host.children_of(scope.id, at_most=2):
            run.end_scope(scope)
        return True

    def scope_ended(self, scope: Execution, run: "Run") -> None:
        """Be compensated."""
        compensation.end_scope(run, scope, run.scope_activity_of(scope))

    def leave(self, body: Execution, run: "Run") -> None:
        """Go on behind all instances."""
        activity = run.scope_activity_of(body)
        # Behind its instances the body stands where the token of a single activity would.
        body.activity_id = activity.id
        body.is_active = True
        run.later(run.leave, body)


class Parallel(Body):
    """All instances at once.

    Source: Camunda 7 ``ParallelMultiInstanceActivityBehavior``.
    """

    def start(self, body: Execution, count: int, run: "Run") -> None:
        activity = run.scope_activity_of(body)
        # Once, where a sequential body reads the collection in each round (semantics 2.11).
        items = _items(run, body, self.detail)
        _set(run, body, "nrOfActiveInstances", count)
        body.is_active = False
        # All tokens before the first one runs: an instance that ends at once must not take itself
        # for the last. The agenda is last in first out, so the first instance goes on top.
        tokens = [tree.add_child(run, body, is_concurrent=True) for _ in range(count)]
        run.variables.set_beside(
            tokens, [_item(self.detail, items, index) for index in range(count)]
        )
        inner = activity.inner
        for token in reversed(tokens):
            run.later(run.enter, token, inner)

    def _single(self, scope: Execution, run: "Run") -> Execution:
        scope.is_active = False
        token = tree.add_child(run, scope, is_concurrent=True)
        _set(run, token, "loopCounter", 0)
        return token

    def add_token(self, scope: Execution, run: "Run") -> Execution:
        """Add an instance; it has a number, but no item of the collection."""
        count = _get(run, scope, "nrOfInstances")
        token = tree.add_child(run, scope, is_concurrent=True)
        _set(run, scope, "nrOfInstances", count + 1)
        _set(run, scope, "nrOfActiveInstances", _get(run, scope, "nrOfActiveInstances") + 1)
        # The count only grows, so that a number is never given twice, whatever has ended meanwhile.
        _set(run, token, "loopCounter", count)
        return token

    def token_canceled(self, scope: Execution, run: "Run") -> None:
        """Count an instance down that has not completed."""
        _set(run, scope, "nrOfActiveInstances", _get(run, scope, "nrOfActiveInstances") - 1)

    def instance_finished(self, token: Execution, run: "Run") -> None:
        body = run.parent_of(token)
        # It stays, with its variables, until the body ends (semantics 2.11).
        token.is_active = False
        token.activity_id = None
        _count_down(run, body)
        # On the instance that has finished, whose variables it may read; and even for the last one,
        # so that a condition that fails does so then, too.
        is_complete = _is_complete(run, token, self.detail)
        if _have_all_ended(run, body):
            # By one statement: most were made by earlier transactions, and are not loaded for this.
            run.host.collect_children(body.id)
            self.leave(body, run)
        elif is_complete:
            # Those that still run are canceled: deleted in their log, canceled in the history.
            cancellation.cancel_content(run, body)
            self.leave(body, run)
        else:
            run.variables.activity_instance_over(token)


def _count_down(run: "Run", body: Execution) -> None:
    _set(run, body, "nrOfActiveInstances", _get(run, body, "nrOfActiveInstances") - 1)
    _set(run, body, "nrOfCompletedInstances", _get(run, body, "nrOfCompletedInstances") + 1)


def _have_all_ended(run: "Run", body: Execution) -> bool:
    """Whether no parallel instance runs any more.

    The counters are variables that a worker may have overwritten. Where they contradict each
    other, the executions decide.
    """
    if _get(run, body, "nrOfActiveInstances") > 0:
        return False
    if _get(run, body, "nrOfCompletedInstances") == _get(run, body, "nrOfInstances"):
        return True
    # Only now the tree, whose size is the number of instances.
    below = run.host.tree_below(body.id)
    return not any(e.is_active or e.parent_id != body.id for e in below)


class Sequential(Body):
    """One instance after the other.

    Source: Camunda 7 ``SequentialMultiInstanceActivityBehavior``.
    """

    def start(self, body: Execution, count: int, run: "Run") -> None:
        _set(run, body, "nrOfActiveInstances", 1)
        self._next(body, 0, run)

    def _single(self, scope: Execution, run: "Run") -> Execution:
        _set(run, scope, "loopCounter", 0)
        return scope

    def add_token(self, scope: Execution, run: "Run") -> Execution:
        """Refuse: its instances run one after the other.

        Raises:
            MultiInstanceError: always.
        """
        raise MultiInstanceError(
            "Concurrent instantiation not possible for activities in scope "
            + run.scope_activity_of(scope).id
        )

    def _next(self, body: Execution, index: int, run: "Run") -> None:
        activity = run.scope_activity_of(body)
        for name, value in _item(self.detail, _items(run, body, self.detail), index):
            run.variables.set_local(body, name, value)
        body.is_active = True
        run.later(run.enter, body, activity.inner)

    def instance_finished(self, token: Execution, run: "Run") -> None:
        completed = _get(run, token, "nrOfCompletedInstances") + 1
        _set(run, token, "nrOfCompletedInstances", completed)
        index = _get(run, token, "loopCounter") + 1
        if index >= _get(run, token, "nrOfInstances") or _is_complete(run, token, self.detail):
            self.leave(token, run)
        else:
            self._next(token, index, run)


def _count(run: "Run", body: Execution, loop: bpmn.Loop) -> int:
    """How many instances there are."""
    if loop.cardinality is None:
        return len(_items(run, body, loop) or ())
    value = run.evaluation(body).of(loop.cardinality)
    if isinstance(value, str):
        try:
            # An empty text has to fail as in Java, where JUEL itself takes it for 0.
            number = int(to_integer(value or "-"))
        except CoercionError:
            raise CardinalityError(
                "NumberFormatException", f'For input string: "{value[:200]}"'
            ) from None
    # Decimals are cut off, as Java's `intValue` does it; a Boolean is a number to Python alone.
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        number = int(to_integer(value))
    else:
        raise MultiInstanceError(
            "ENGINE-02027 Could not resolve expression of type 'loopCardinality'. Expression "
            f"'{loop.cardinality.text}' needs to be a number or number String."
        )
    if number < 0:
        raise MultiInstanceError(
            "ENGINE-02023 Invalid number of 'instances': must be positive integer value or zero, "
            f"but was '{number}'."
        )
    return number


def _items(run: "Run", body: Execution, loop: bpmn.Loop) -> list[object] | None:
    """The collection that the activity runs over; None when it only counts."""
    if loop.collection is not None:
        value: object = run.evaluation(body).of(loop.collection)
        wrong = (
            f"ENGINE-02024 Expression '{loop.collection.text}' didn't resolve to type 'Collection'."
        )
    elif loop.collection_variable is not None:
        typed = run.variables.find(body, loop.collection_variable)
        value = None if typed is None else run.object_of(typed)
        wrong = (
            f"ENGINE-02025 Variable '{loop.collection_variable}' is not of the expected type "
            "'Collection'."
        )
    else:
        return None
    if not isinstance(value, list):
        raise MultiInstanceError(wrong)
    return value


def _item(loop: bpmn.Loop, items: list[object] | None, index: int) -> list[tuple[str, TypedValue]]:
    """The variables of one instance, in the order in which they are set.

    An element variable may have the counter's name; it is then set over it.
    """
    values = [("loopCounter", TypedValue("Integer", index))]
    if loop.element_variable is not None and items is not None:
        # The collection of a sequential body may have become shorter since the count was taken.
        value = items[index] if index < len(items) else None
        values.append((loop.element_variable, from_object(value)))
    return values


def _set(run: "Run", scope: Execution, name: str, value: int) -> None:
    run.variables.set_local(scope, name, from_object(Integer(value)))


def _get(run: "Run", scope: Execution, name: str) -> int:
    typed = run.variables.find_local(scope, name)
    # A worker may have removed it: then nothing has been counted.
    return int(typed.value) if typed is not None else 0  # type: ignore[call-overload]


def _is_complete(run: "Run", token: Execution, loop: bpmn.Loop) -> bool:
    """Whether the completion condition holds."""
    if loop.completion_condition is None:
        return False
    value = run.evaluation(token).of(loop.completion_condition)
    if not isinstance(value, bool):
        raise MultiInstanceError(
            "ENGINE-02028 Could not resolve expression of type 'completionCondition'. Expression "
            f"'{loop.completion_condition.text}' needs to evaluate to a boolean value."
        )
    return value
