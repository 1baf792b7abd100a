"""Deployed decisions: which one is meant, and what they are compiled to, once in a process.

Source: semantics 12.9; Camunda 7 ``DecisionDefinitionCache``, ``CallableElementUtil``.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, cast, select, update

from app.engine.state import DecisionDefinition, DeployedDecision
from app.errors import EngineError, NullValueError
from app.models.decisions import decision_definition
from app.store.connections.dialects import Compiled, Given, Variants, same
from app.store.unit.assumptions import Assumption

if TYPE_CHECKING:
    from app.dmn.evaluation import CompiledDecisions
    from app.store.unit.statements import Statements

CAPACITY = 32 * 2**20  # bytes of the files that are kept compiled; those used longest ago go first
MOST_LATEST = 10_000  # decisions of which the newest version is remembered
_ID = bindparam("id", type_=Text)
_WANTED = bindparam("wanted", type_=Text)
d = decision_definition.c


Place = tuple[str, str]  # a deployment, and the name of a resource
Wanted = tuple[str, str | None]  # the key of a decision, and a tenant


class _File(NamedTuple):
    """A DMN file with the definitions that its deployment has made of it."""

    compiled: "CompiledDecisions"
    definitions: dict[str, DecisionDefinition]
    size: int


class Decisions:
    """The files that this process has compiled so far; a deployed file never changes."""

    def __init__(self) -> None:
        self._files: OrderedDict[Place, _File] = OrderedDict()
        self._places: dict[tuple[str, str], Place] = {}  # by deployment and key of a decision
        self._latest: dict[Wanted, str] = {}  # the deployment of the newest version seen last
        self._size = 0
        # For the dictionaries alone: files are compiled outside of it, or one would stop all
        # threads.
        self._lock = threading.Lock()

    def deployed(
        self,
        definition: DecisionDefinition,
        read_file: Callable[[str, str], tuple[bytes, Sequence[DecisionDefinition]]],
    ) -> DeployedDecision:
        """A decision as it can be evaluated; its file is compiled when it is asked for first.

        Args:
            read_file: the content of a deployed file, and the definitions that come of it.
        """
        place = definition.deployment_id, definition.resource_name
        file = self._known(place)
        if file is None:
            # Two threads may compile the same file; the first one to keep it wins, see `_keep`.
            file = _compile(definition.resource_name, *read_file(*place))
            with self._lock:
                self._keep(place, file)
        return DeployedDecision(definition, file.compiled, file.definitions)

    def of_deployment(self, deployment_id: str, key: str) -> DeployedDecision | None:
        """A decision of a deployment if its file is here; how long to keep it may have changed."""
        place = self._places.get((deployment_id, key))
        file = None if place is None else self._known(place)
        if file is None:
            return None
        return DeployedDecision(file.definitions[key], file.compiled, file.definitions)

    def latest(self, wanted: Wanted) -> DeployedDecision | None:
        """The newest version as last known, if its file is here; there may be a newer one."""
        deployment_id = self._latest.get(wanted)
        return None if deployment_id is None else self.of_deployment(deployment_id, wanted[0])

    def note_latest(self, definition: DecisionDefinition) -> None:
        """Remember a newest version."""
        with self._lock:
            # All at once: it is a guess that is checked in the transaction (`STILL_LATEST_…`), so
            # that losing it costs one query each.
            if len(self._latest) >= MOST_LATEST:
                self._latest.clear()
            self._latest[definition.key, definition.tenant_id] = definition.deployment_id

    def forget_latest(self, wanted: Iterable[Wanted]) -> None:
        """Ask anew which versions are the newest."""
        with self._lock:
            for key in wanted:
                self._latest.pop(key, None)

    def _known(self, place: Place) -> _File | None:
        with self._lock:
            file = self._files.get(place)
            if file is not None:
                self._files.move_to_end(place)
            return file

    def _keep(self, place: Place, file: _File) -> None:
        if place not in self._files:  # another thread may have been faster
            self._files[place] = file
            self._places.update(((place[0], key), place) for key in file.definitions)
            self._size += file.size
        # One always stays, however large: it is about to be used.
        while self._size > CAPACITY and len(self._files) > 1:
            self._drop(next(iter(self._files)))

    def _drop(self, place: Place) -> None:
        file = self._files.pop(place)
        self._size -= file.size
        for key in file.definitions:
            self._places.pop((place[0], key), None)

    def forget(self, deployment_id: str) -> None:
        """Drop the files of a deployment that was deleted."""
        with self._lock:
            for place in [known for known in self._files if known[0] == deployment_id]:
                self._drop(place)


def _compile(name: str, content: bytes, definitions: Sequence[DecisionDefinition]) -> _File:
    from app.dmn.evaluation import CompiledDecisions  # most processes evaluate no decisions
    from app.dmn.reader import read

    # Checked at its deployment, by the setting of that day.
    compiled = CompiledDecisions(read(name, content, require_history_time_to_live=False))
    known = {definition.key: definition for definition in definitions}
    return _File(compiled, known, len(content))


# -- which one ------------------------------------------------------------------------------


# By the primary key.
DECISION_BY_ID = Compiled(lambda: select(*d).where(d.id == _ID))
# By ix_decision_definition_deployment.
DECISIONS_OF_FILE = Compiled(
    lambda: select(*d).where(
        d.deployment_id == bindparam("deployment_id", type_=Text),
        d.resource_name == bindparam("name", type_=Text),
    )
)


def _of_key(given: Given, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The definitions of a key and a tenant, newest first; an index has the versions of a key.

    No lock: a decision is evaluated at once, and may be deleted by the time that it is written.
    """
    return (
        select(*d)
        .where(
            d.key == bindparam("key", type_=Text),
            same(d.tenant_id, "tenant_id", given),
            *conditions,
        )
        .order_by(d.version.desc())
    )


# By ix_decision_definition_key: the last entry of a key and tenant.
LATEST_DECISION = Variants(lambda given: _of_key(given).limit(1))
_STILL_LATEST = (
    "(SELECT id FROM decision_definition WHERE key = {{}} AND tenant_id {tenant} "
    "ORDER BY version DESC LIMIT 1) = {{}}"
)
# By the same index, in the statement that commits.
STILL_LATEST_OF_TENANT = Assumption(_STILL_LATEST.format(tenant="= {}"))
# The same, by ix_decision_definition_key.
STILL_LATEST_OF_NONE = Assumption(_STILL_LATEST.format(tenant="IS NULL"))
# By the primary key.
_SET_TIME_TO_LIVE = Compiled(
    lambda: (
        update(decision_definition)
        .where(d.id == _ID)
        .values(history_time_to_live=bindparam("days", type_=Integer))
    )
)


# By the primary key.
_KEY_AND_TIME_TO_LIVE = Compiled(lambda: select(d.key, d.history_time_to_live).where(d.id == _ID))


def latest_id(sql: "Statements", key: str, tenant_id: str | None) -> str | None:
    """The id of the newest version of a key, of this tenant or of none."""
    rows = sql.rows_given(LATEST_DECISION, key=key, tenant_id=tenant_id)
    return rows[0][0] if rows else None


def key_and_time_to_live(sql: "Statements", definition_id: str) -> tuple[str, int | None] | None:
    """The key of a definition and for how long its evaluations are kept; None without any."""
    rows = sql.rows(_KEY_AND_TIME_TO_LIVE, id=definition_id)
    return (rows[0][0], rows[0][1]) if rows else None


def set_time_to_live(sql: "Statements", definition_id: str, days: int | None) -> bool:
    """Set for how long evaluations are kept; whether there is such a definition."""
    return bool(sql.run(_SET_TIME_TO_LIVE, id=definition_id, days=days))


# By ix_decision_definition_key: of a key there are as many rows as versions.
_CALLED_BY_BINDING = {
    "latest": LATEST_DECISION,
    # no condition on the tenant: all of a deployment is of one
    "deployment": Variants(
        lambda _: select(*d).where(
            d.key == bindparam("key", type_=Text), d.deployment_id == _WANTED
        )
    ),
    # as text: an expression may give something that is no number
    "version": Variants(lambda given: _of_key(given, cast(d.version, Text) == _WANTED).limit(1)),
    # Two rows are enough to know that the tag is not unique.
    "versionTag": Variants(lambda given: _of_key(given, d.version_tag == _WANTED).limit(2)),
}
_MISSING = {
    "latest": "no decision definition deployed with key '{key}' and tenant-id '{tenant}'",
    "deployment": "no decision definition deployed with key = '{key}' in deployment = '{wanted}'",
    "version": "no decision definition deployed with key = '{key}', version = '{wanted}' and "
    "tenant-id '{tenant}'",
    "versionTag": "no decision definition deployed with key = '{key}', versionTag = '{wanted}' "
    "and tenant-id '{tenant}'",
}


class CalledDecisionMissingError(NullValueError):
    """A business rule task refers to a decision that is not deployed."""

    def __init__(self, binding: str, key: str, wanted: str | None, tenant: str | None) -> None:
        text = _MISSING[binding].format(
            key=key,
            wanted="null" if wanted is None else wanted,
            tenant="null" if tenant is None else tenant,
        )
        super().__init__(f"{text}: decisionDefinition is null")


class SameDecisionTagError(EngineError):
    """A business rule task names a version tag that several versions have."""

    def __init__(self, key: str, tag: str | None) -> None:
        super().__init__(
            f"ENGINE-03085 Found more than one decision definition for key '{key}' and versionTag "
            f"'{tag}'"
        )


def find_called(
    sql: "Statements", key: str, binding: str, wanted: str | None, tenant_id: str | None
) -> DecisionDefinition:
    """The definition that a business rule task refers to.

    Args:
        wanted: the deployment, version or version tag, as the binding says.
        tenant_id: of the definition; one without a tenant does not stand in.

    Raises:
        CalledDecisionMissingError: no such definition is deployed.
        SameDecisionTagError: several versions have the tag.
    """
    rows = sql.rows_given(_CALLED_BY_BINDING[binding], key=key, wanted=wanted, tenant_id=tenant_id)
    if not rows:
        raise CalledDecisionMissingError(binding, key, wanted, tenant_id)
    if len(rows) > 1:
        raise SameDecisionTagError(key, wanted)
    return DecisionDefinition(*rows[0])
