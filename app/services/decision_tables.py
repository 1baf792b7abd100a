"""A decision as people look at it: its table, and the rules that match what it is given.

Source: semantics 12.2; decision 21.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.state import DeployedDecision
from app.engine.state.values import TypedValue
from app.store import Store

from . import access
from .decisions import Given, UnknownDecisionError

if TYPE_CHECKING:
    from app.dmn.results import Evaluation

EVALUATE = "POST /decision-definition/{}/evaluate"


def deployed(store: Store, definition_id: str) -> DeployedDecision:
    """A decision with the others of its file.

    Raises:
        UnknownDecisionError: no definition has the id.
    """
    with store.snapshot() as snapshot:
        found = snapshot.decision(definition_id)
    if found is None:
        raise UnknownDecisionError(definition_id)
    return found


def tried(store: Store, definition_id: str, variables: Mapping[str, TypedValue]) -> "Evaluation":
    """Evaluate a decision as a client would, without a note in the history.

    Returns:
        the results with a record of each decision that was evaluated: its inputs, and the rules
        that matched with their outputs.

    Raises:
        UnknownDecisionError: no definition has the id.
        AuthorizationError: the user may not evaluate it.
        EngineError: it fails; the message is the cause, which the API does not tell.
    """
    # By hand, for no route of the API leads here: the page must not let a user try more than the
    # API.
    access.require(store, EVALUATE, (definition_id,))
    found = deployed(store, definition_id)
    with store.snapshot() as snapshot:
        now = snapshot.local_now
    return found.file.evaluate(found.definition.key, Given(variables), now=now)
