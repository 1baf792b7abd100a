"""Evaluating decisions for clients, and what is changed and read of their definitions.

Source: semantics 12.2 to 12.4; Camunda 7 ``EvaluateDecisionByKeyCmd``,
``DecisionDefinitionResourceImpl``, ``UpdateDecisionDefinitionHistoryTimeToLiveCmd``.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from app.engine.history.decisions import decision_evaluated, is_kept
from app.engine.state import DeployedDecision
from app.engine.state.conversion import to_object
from app.engine.state.values import TypedValue
from app.errors import (
    BadUserRequestError,
    ConflictError,
    EngineError,
    JavaRuntimeError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)
from app.store import Store, Transaction
from app.store.commands import decisions as commands

from . import user_operations
from .retrying import repeated

if TYPE_CHECKING:
    from app.dmn.results import Evaluation


class UnknownDecisionError(NotFoundError):
    """No decision definition has the id."""

    def __init__(self, definition_id: str) -> None:
        super().__init__(
            f"no deployed decision definition found with id '{definition_id}': "
            "decisionDefinition is null"
        )


class UnknownDecisionKeyError(NotFoundError):
    """No decision definition has the key, for this tenant or for none."""

    code = None
    what = "decision definition"

    def __init__(self, key: str, tenant_id: str | None) -> None:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        super().__init__(f"No matching {self.what} with key: {key} and {tenant}")


class UnknownRequirementsKeyError(UnknownDecisionKeyError):
    """No decision requirements definition has the key, for this tenant or for none."""

    what = "decision requirements definition"


class EvaluationRefusedError(EngineError):
    """A decision cannot be evaluated; the reference engine never says which, nor why."""

    def __init__(self, definition_id: str) -> None:
        super().__init__(
            f"Cannot evaluate decision {definition_id}: Exception while evaluating decision with "
            "key 'null'"
        )


class UnreadObjectError(EngineError):
    """A decision asks for an Object that a client has sent, which is not read here."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The object of variable '{name}' is not deserialized.")


class Answered(NamedTuple):
    """A value of a result; the type is None for what is not typed, and for null."""

    type: str | None
    value: object


class Given(Mapping[str, object]):
    """The variables of a request as decisions see them, each read when it is asked for.

    Raises:
        UnreadObjectError: it is an Object in a serialized form.
    """

    def __init__(self, variables: Mapping[str, TypedValue]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> object:
        typed = self._variables[name]
        if typed.type != "Object":
            return to_object(typed)
        if isinstance(typed.value, str):
            # Reading it would take the class; a decision that does not ask for it is evaluated.
            raise UnreadObjectError(name)
        return typed.value

    def __contains__(self, name: object) -> bool:
        return name in self._variables

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def evaluate(
    store: Store,
    *,
    definition_id: str | None = None,
    key: str | None = None,
    tenant_id: str | None = None,
    variables: Mapping[str, TypedValue],
) -> list[dict[str, Answered]]:
    """Evaluate a decision and note it in the history.

    Nothing is locked and no connection is held while it is evaluated.

    Args:
        definition_id: which definition; or else `key`, of which the newest version is taken.
        variables: an Object that has been read already is not a text.

    Returns:
        the results, each with its outputs by name.

    Raises:
        UnknownDecisionError, UnknownDecisionKeyError: there is no such definition.
        EvaluationRefusedError: it fails, for whatever reason.
    """
    # Given back before the evaluation: a table may compute for seconds.
    with store.snapshot() as snapshot:
        deployed = (
            snapshot.latest_decision(key or "", tenant_id)
            if definition_id is None
            else snapshot.decision(definition_id)
        )
        # In the zone of the engine, by which `now()` and `today()` of FEEL are answered.
        now = snapshot.local_now
    if deployed is None:
        raise _unknown(definition_id, key or "", tenant_id)
    try:
        found = deployed.file.evaluate(deployed.definition.key, Given(variables), now=now)
        _note(store, deployed, found)
    # Of the database, not of the decision: a client may repeat.
    except (ConflictError, UnavailableError):
        raise
    except EngineError as error:  # also of a value that the history cannot keep
        raise EvaluationRefusedError(deployed.definition.id) from error
    return [{name: Answered(*value) for name, value in row.items()} for row in found.answered]


def _unknown(definition_id: str | None, key: str, tenant_id: str | None) -> NotFoundError:
    if definition_id is None:
        return UnknownDecisionKeyError(key, tenant_id)
    return UnknownDecisionError(definition_id)


@repeated
def _note(store: Store, deployed: DeployedDecision, found: "Evaluation") -> None:
    # Without history an evaluation writes nothing, and takes no turn to write on SQLite.
    if is_kept(store.history_level):
        with store.transaction() as tx:
            decision_evaluated(tx, deployed, found)
            definition = deployed.definition
            _note_definition(tx, "Evaluate", definition.id, definition.key)


def _note_definition(
    tx: Transaction, operation: str, definition_id: str, key: str, **changes: tuple[object, object]
) -> None:
    known: dict[str | None, tuple[object, object]] = {
        "decisionDefinitionId": (None, definition_id),
        "decisionDefinitionKey": (None, key),
    }
    known.update(changes)
    user_operations.note(tx, operation, "DecisionDefinition", known)


@repeated
def set_time_to_live(
    store: Store,
    *,
    definition_id: str | None = None,
    key: str | None = None,
    tenant_id: str | None = None,
    history_time_to_live: int | None,
) -> None:
    """Set for how many days evaluations from now on are kept.

    Raises:
        UnknownDecisionKeyError: no definition has the key.
        NotAllowedError: none is given, and there has to be one.
        BadUserRequestError: it is negative.
        JavaRuntimeError: no definition has the id.
    """
    with store.transaction() as tx:
        found = definition_id or commands.latest_id(tx.sql, key or "", tenant_id)
        if found is None:
            raise UnknownDecisionKeyError(key or "", tenant_id)
        # Behind the key and before the id: so the reference engine misses them.
        if history_time_to_live is None and store.require_history_time_to_live:
            raise NotAllowedError("Null historyTimeToLive values are not allowed")
        if history_time_to_live is not None and history_time_to_live < 0:
            raise BadUserRequestError("historyTimeToLive is not greater than or equal to 0")
        known = commands.key_and_time_to_live(tx.sql, found)
        if known is None:
            # The reference engine looks at what it has not found (recorded).
            raise JavaRuntimeError("NullPointerException", str(UnknownDecisionError(found)))
        commands.set_time_to_live(tx.sql, found, history_time_to_live)
        change = (known[1], history_time_to_live)
        operation = "UpdateHistoryTimeToLive"
        _note_definition(tx, operation, found, known[0], historyTimeToLive=change)
