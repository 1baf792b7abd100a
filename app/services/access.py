"""The permissions that an operation needs, checked in one place before anything is done.

An operation on something that lasts is checked once that is locked: see `Guard`. Lists
answer what the user sees and ask nothing here. An operation of which nothing is said is one for
administrators.

Source: contract 11.7; Camunda 7 ``AuthorizationCommandChecker``, ``TenantCommandChecker``.
"""

import functools
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from app.engine import state
from app.errors import AuthorizationError, EngineError, InvalidRequestError, NotFoundError
from app.security.callers import Caller
from app.security.judging import Said, holds
from app.security.needs import (
    ANYONE,
    ASSIGN,
    AUTHORIZATION,
    BY_SERVICE,
    DELETE_SYSTEM,
    DEPLOYMENT,
    GROUP,
    NEEDS,
    READ,
    READ_DEFINITION,
    READ_HISTORY,
    READ_SYSTEM,
    READ_TASK,
    START,
    TENANT,
    USER,
    WORK,
    Need,
)
from app.security.permissions import Resource
from app.store import Snapshot, Store
from app.store.commands import permissions
from app.store.connections.dialects import Compiled, Parameters, Rows
from app.store.unit.statements import Statements

from . import subjects
from .decisions import UnknownDecisionKeyError, UnknownRequirementsKeyError
from .permits import Subject, alternatives, demand_of, is_open, of_place
from .process_definitions import UnknownKeyError

ADMINISTRATOR_ONLY = "ENGINE-03029 Required admin authenticated group or user."
START_BY_KEY = "POST /process-definition/key/{}/start"
_VERBS = {"GET": "read", "DELETE": "delete"}
_LOCKED = {  # the first segment of a path, and the records that what it names is locked as
    "external-task": state.ExternalTask,
    "task": state.Task,
    "job": state.Job,
    "incident": state.Incident,
    "execution": state.Execution,
    "process-instance": state.Execution,
}
_BEFORE = (  # of those, what says by itself that something is not there, or locks many things
    "* /task/{}/comment*",
    "* /task/{}/attachment*",
    "DELETE /task/{}",
    "DELETE /process-instance/{}",
    "* /process-instance/{}/suspended",
    "* /process-instance/{}/modification-async",
)


class Guard:
    """Asks for a need of one operation, once what it is about is locked.

    Args:
        kind, key: of the record that is locked.
    """

    def __init__(self, caller: Caller, need: Need, kind: type, key: str, verb: str) -> None:
        self._caller, self._need, self._verb = caller, need, verb
        self._kind, self._key = kind, key

    def is_about(self, record: Any) -> bool:
        """Whether a record is what the operation is about."""
        return record.id == self._key and type(record) is self._kind

    def ahead(
        self, sql: Statements, kind: type, record_id: str
    ) -> Sequence[tuple[Compiled, Parameters]]:
        """The statements sent with the lock of a record: the one about an external task."""
        if kind is not state.ExternalTask or kind is not self._kind or record_id != self._key:
            return ()
        return (permissions.about_external_task(sql, self._caller, record_id),)

    def check(self, sql: Statements, record: Any | None, answer: Rows | None = None) -> None:
        """Refuse the operation, unless the user may do it.

        Args:
            record: what it is about; None where it was not locked.
            answer: the answer to what was asked ahead.

        Raises:
            AuthorizationError: a permission is missing.
            EngineError: it is about something of another tenant.
        """
        place: Any = record
        if record is None:
            # Where the transaction has loaded no record: what it belongs to is read by its id.
            place = permissions.place(sql, self._kind, self._key)
            if place is None:
                return  # the operation has said, or says, that it is not there
        task_id = self._key if self._kind is state.Task else None
        subject = self._named(of_place(sql, place, task_id, verb=self._verb))
        said = None if answer is None else [Said(*row) for row in answer]
        demand_of(sql, self._caller, self._need, [subject], said)

    def _named(self, subject: Subject) -> Subject:
        """The subject as messages name it: what is done with a task has its own words."""
        if self._need == WORK:
            return replace(subject, verb="work on", called=f"task '{self._key}'")
        if self._need == ASSIGN:
            return replace(subject, verb="assign")
        if self._kind is state.Job:
            return replace(subject, called=f"the job '{self._key}'")
        return subject


class StartGuard:
    """Asks whether a user may start a definition that is named by its key, once that is found.

    One that the user does not see is as if it were not there.
    """

    def __init__(self, caller: Caller, key: str) -> None:
        self._caller, self._key = caller, key

    def is_about(self, record: Any) -> bool:
        """Whether a record is a version of the definition."""
        return type(record) is state.ProcessDefinition and record.key == self._key

    def ahead(
        self, sql: Statements, kind: type, record_id: str
    ) -> Sequence[tuple[Compiled, Parameters]]:
        """The statement about the definition, sent with the search for its newest version."""
        if kind is not state.ProcessDefinition or record_id != self._key:
            return ()
        return (permissions.about_key(sql, self._caller, self._key),)

    def check(self, sql: Statements, record: Any | None, answer: Rows | None = None) -> None:
        """Refuse the start, unless the user may do it.

        Raises:
            UnknownKeyError: the user does not see the definition.
            AuthorizationError: a permission is missing.
        """
        del record  # by its key alone, whatever version it is
        if answer is None:
            said = permissions.said(sql, self._caller, [self._key])
        else:
            said = [Said(*row) for row in answer]
        subject = Subject({Resource.PROCESS_DEFINITION: self._key})
        if not any(holds(said, one) for one in alternatives(READ_DEFINITION[0], subject)):
            raise UnknownKeyError(self._key, None)
        demand_of(sql, self._caller, START, [subject], said)


def admit(store: Store, operation: str, keys: tuple[str, ...]) -> Guard | StartGuard | None:
    """Refuse an operation that the user, for whom the store acts, may not do.

    Args:
        operation: as `NEEDS` has it.
        keys: what stands in the path for the braces.

    Returns:
        what the operation's transactions have to ask; None where all has been asked.

    Raises:
        AuthorizationError: a permission is missing.
        EngineError: it is about something of another tenant, or for administrators alone.
    """
    caller = store.asked
    if caller is None:
        return None
    need = NEEDS.get(operation)
    # The service asks about names in the body: here only the path is known, and the body may
    # name something else.
    if need == ANYONE or operation in BY_SERVICE:
        return None
    if operation == START_BY_KEY:
        return StartGuard(caller, keys[0])
    # A reading locks nothing that could be waited for: it is asked about at once.
    kind = _locked(operation) if keys else None
    if kind is not None and need is not None:
        # A resource that the user does not see is refused at once: a refusal behind the
        # lock tells that it is there.
        if _hidden(operation) is not None:
            subject = subjects.find(store, operation, keys)
            with store.snapshot() as snapshot:
                if subject is not None:
                    said = permissions.said(snapshot.sql, caller, subject.ids.values())
                    _require_seen(snapshot, caller, operation, keys, subject, said)
        verb = _VERBS.get(operation.partition(" ")[0], "update")
        return Guard(caller, need, kind, keys[0], verb)
    require(store, operation, keys)
    return None


@functools.cache  # there are as many as routes
def _locked(operation: str) -> type | None:
    """The type by which an operation's subject is locked; None where it is asked for before."""
    method, _, path = operation.partition(" /")
    if method == "GET" or any(fnmatchcase(operation, pattern) for pattern in _BEFORE):
        return None
    return _LOCKED.get(path.partition("/{}")[0])


def is_allowed(store: Store, operation: str, keys: tuple[str, ...]) -> bool:
    """Whether `require` lets the user do something."""
    try:
        require(store, operation, keys)
    except EngineError:
        return False
    return True


def require(store: Store, operation: str, keys: tuple[str, ...]) -> None:
    """Refuse an operation at once that the user, for whom the store acts, may not do.

    Args:
        operation, keys: as `admit` takes them.

    Raises:
        AuthorizationError: a permission is missing.
        EngineError: it is about something of another tenant, or for administrators alone.
    """
    caller = store.asked
    need = NEEDS.get(operation)
    if caller is None or need == ANYONE or operation in BY_SERVICE:
        return
    subject = None if need is None else subjects.find(store, operation, keys)
    with store.snapshot() as snapshot:
        if need is None:
            if not permissions.is_administrator(snapshot.sql, caller):
                raise AuthorizationError(ADMINISTRATOR_ONLY)
            return
        if need in (READ_SYSTEM, DELETE_SYSTEM):
            _require_system(snapshot, caller, need)
            return
        # Before the permission: another tenant's key must look like one that nobody has.
        if "/tenant-id/" in operation and permissions.hidden_tenants(
            snapshot.sql, caller, [keys[1]]
        ):
            raise _unknown(operation, keys)
        if subject is None:
            return  # the operation says itself that it is not there
        said = permissions.said(snapshot.sql, caller, subject.ids.values())
        _require_seen(snapshot, caller, operation, keys, subject, said)
        demand_of(snapshot.sql, caller, need, [subject], said)


def _require_system(snapshot: Snapshot, caller: Caller, need: Need) -> None:
    """Administrators may see the system without being granted that.

    Raises:
        AuthorizationError: the user is none, and is granted nothing.
    """
    ((name, resource),) = need[0]
    said = permissions.said(snapshot.sql, caller, ())
    if not holds(said, (name, resource, None)) and not permissions.is_administrator(
        snapshot.sql, caller
    ):
        raise AuthorizationError(
            "ENGINE-03110 Required admin authenticated group or user or any of the following "
            f"permissions: '{name}' permission on resource 'System'."
        )


class UnseenError(NotFoundError):
    """A resource that the user does not see, answered as if it were not there."""

    code = None


_READ_DECISION = NEEDS["GET /decision-definition/{}/xml"]
_READ_REQUIREMENTS = NEEDS["GET /decision-requirements-definition/{}/xml"]
_HIDDEN: tuple[tuple[str, Need, str], ...] = (  # the pattern of operations, what seeing needs
    ("GET /process-instance/{}", READ, "Process instance with id {} does not exist"),
    ("DELETE /deployment/{}", DEPLOYMENT["read"], "Deployment with id '{}' do not exist"),
    (
        "POST /deployment/{}/redeploy",
        DEPLOYMENT["read"],
        "Deployment with id '{}' does not exist",
    ),
    (
        "GET /history/variable-instance/{}/data",
        READ_HISTORY,
        "Historic variable instance with Id '{}' does not exist.",
    ),
    (
        "GET /variable-instance/{}/data",
        READ,
        "Variable instance with Id '{}' does not exist.",
    ),
    ("PUT /group/{}", GROUP["read"], "Group with id {} does not exist"),
    ("PUT /tenant/{}", TENANT["read"], "Tenant with id {} does not exist"),
    ("* /decision-definition/key/{}/*", _READ_DECISION, ""),
    ("* /decision-requirements-definition/key/{}/*", _READ_REQUIREMENTS, ""),
    (
        "GET /history/detail/{}/data",
        READ_HISTORY,
        "Historic detail with Id '{}' does not exist.",
    ),
    ("* /authorization/{}", AUTHORIZATION["read"], "Authorization with id {} does not exist."),
    (
        "GET /execution/{}/messageSubscriptions/{}",
        READ,
        "Message event subscription for execution {} named {} does not exist",
    ),
    ("* /process-instance/{}/comment*", READ_HISTORY, "No process instance found for id {}"),
    ("PUT /task/{}", READ_TASK, "No matching task with id {}"),
    ("PUT /user/{}/*", USER["read"], "User with id {} does not exist"),
    ("* /task/{}/comment*", READ_HISTORY, "No task found for task id {}"),
    ("* /task/{}/attachment*", READ_HISTORY, "No task found for task id {}"),
    ("DELETE /process-definition/key/{}", READ_DEFINITION, ""),
    ("* /process-definition/key/{}/*", READ_DEFINITION, ""),
)


_HIDDEN_TENANTS = ("GET /process-instance/{}",)


def _require_seen(
    snapshot: Snapshot,
    caller: Caller,
    operation: str,
    keys: tuple[str, ...],
    subject: Subject,
    said: Sequence[Said],
) -> None:
    """Answer what is hidden from a user as if it were not there.

    Args:
        said: what authorizations say of the user and the subject.

    Raises:
        NotFoundError, InvalidRequestError: as the operation does of what is not there.
    """
    hidden = _hidden(operation)
    if hidden is None:
        return
    need, text = hidden
    # A resource without a tenant is everybody's, whatever tenants the user has.
    tenants = [tenant for tenant in (subject.tenant_id,) if tenant is not None]
    is_seen = is_open(need[0], subject) or any(
        holds(said, one) for one in alternatives(need[0], subject)
    )
    if is_seen and (
        operation not in _HIDDEN_TENANTS
        or not permissions.hidden_tenants(snapshot.sql, caller, tenants)
    ):
        return
    if not text:
        raise _unknown(operation, keys)
    message = text.format(*keys)
    # Comments and attachments are made at a task: what cannot be named is a bad request, not a
    # missing page (contract 11.1).
    is_bad = operation.startswith("POST /task/")
    raise (InvalidRequestError if is_bad else UnseenError)(message)


def _unknown(operation: str, keys: tuple[str, ...]) -> NotFoundError:
    """The error of an operation on a key that nobody has, so that it is the same to the letter."""
    tenant_id = keys[1] if "/tenant-id/" in operation else None
    if "/decision-requirements-definition/" in operation:
        return UnknownRequirementsKeyError(keys[0], tenant_id)
    if "/decision-definition/" in operation:
        return UnknownDecisionKeyError(keys[0], tenant_id)
    return UnknownKeyError(keys[0], tenant_id)


@functools.cache
def _hidden(operation: str) -> tuple[Need, str] | None:
    """The need to see an operation's subject, and the message where it is not seen."""
    found = (entry for entry in _HIDDEN if fnmatchcase(operation, entry[0]))
    return next(((need, text) for _, need, text in found), None)
