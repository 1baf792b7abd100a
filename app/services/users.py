"""Users: their profiles, and the passwords that they log in with.

Source: contract 11.5; Camunda 7 ``IdentityServiceImpl``, ``DbIdentityServiceProvider``.
"""

from datetime import timedelta
from typing import Any

from app.engine.state.identity import User
from app.errors import (
    BadUserRequestError,
    ConflictError,
    EngineError,
    NotFoundError,
    NullValueError,
    PasswordPolicyError,
)
from app.logging import log
from app.security import passwords
from app.security.needs import USER
from app.security.permissions import Resource
from app.store import Snapshot, Store, Transaction
from app.store.commands import identity as commands

from . import permits
from .grants import give
from .identity_ids import require_valid_id
from .memberships import note_party, remove
from .permits import Subject
from .retrying import repeated

# The reference's defaults.
LOCK, LONGEST_LOCK, MOST_ATTEMPTS = timedelta(seconds=3), timedelta(seconds=60), 10
PROFILE = ("first_name", "last_name", "email")


class UnknownUserError(NotFoundError):
    """No user has the id."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"User with id {user_id} does not exist")


def _hash_of(password: str | None, names: tuple[str | None, ...], has_policy: bool) -> str | None:
    """The stored hash of a password; None for none.

    Raises:
        PasswordPolicyError: it breaks a rule.
    """
    if password is None:
        return None
    # Before the hash: a password that is refused must not cost one.
    if has_policy and not all(ok for _, ok in passwords.judged(password, _given(names))):
        raise PasswordPolicyError("Password does not match policy")
    return passwords.hashed(password)


def _given(names: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name)


@repeated
def create(
    store: Store,
    *,
    user_id: str,
    first_name: str | None = None,
    last_name: str | None = None,
    email: str | None = None,
    password: str | None = None,
    has_policy: bool = False,
) -> None:
    """Make a user.

    Raises:
        EngineError: the id has other characters than it may have.
        BadUserRequestError: there is a user of the id.
        PasswordPolicyError: `has_policy`, and the password breaks it.
    """
    require_valid_id("User", user_id)
    # Outside of the transaction: a hash is made to take long.
    kept = _hash_of(password, (user_id, first_name, last_name, email), has_policy)
    with store.transaction() as tx:
        if commands.row(tx, User, user_id) is not None:
            raise BadUserRequestError("The user already exists")
        tx.records.add(User(user_id, first_name, last_name, email, kept))
        note_party(tx, "Create", User, user_id)
        # Of oneself: users change their own profile and password without being granted that.
        give(tx, store, "ALL", Resource.USER, user_id, user_id=user_id)


@repeated
def update_profile(
    store: Store, user_id: str, *, new_id: str | None, **profile: str | None
) -> None:
    """Replace the profile of a user.

    Args:
        new_id: must be the user's own.
        profile: each is set, also to None.

    Raises:
        UnknownUserError: no such user.
        NullValueError: the profile has no id.
        EngineError: its id could be none of a user.
        ConflictError: its id is another.
    """
    with store.transaction() as tx:
        user = commands.known_row(tx, User, user_id, UnknownUserError)
        wanted = require_valid_id("User", new_id)
        if wanted != user_id:
            raise ConflictError.of_id("User", wanted)
        for name in PROFILE:
            setattr(user, name, profile[name])
        note_party(tx, "Update", User, user_id)


@repeated
def set_credentials(
    store: Store, user_id: str, *, password: str | None, has_policy: bool = False
) -> None:
    """Change the password of a user; None leaves it as it is.

    Raises:
        UnknownUserError: no such user.
        PasswordPolicyError: `has_policy`, and the password breaks it.
    """
    with store.snapshot() as snapshot:
        user = commands.seen(snapshot, User, user_id)
    if user is None:
        raise UnknownUserError(user_id)
    names = (user_id, *(getattr(user, name) for name in PROFILE))
    kept = _hash_of(password, names, has_policy)  # before the row is locked, for it takes a while
    with store.transaction() as tx:
        user = commands.known_row(tx, User, user_id, UnknownUserError)
        # A session may have been opened with the old password.
        if kept is not None:
            user.password_hash = kept
            commands.end_sessions_of(tx, user_id)
        note_party(tx, "Update", User, user_id)


@repeated
def delete(store: Store, user_id: str) -> None:
    """Delete a user with its memberships and what authorizations say about it; none is no error."""
    with store.transaction() as tx:
        remove(tx, User, Resource.USER, user_id)
        commands.end_sessions_of(tx, user_id)


@repeated
def unlock(store: Store, user_id: str) -> None:
    """Let a user log in again at once; none is no error."""
    with store.transaction() as tx:
        user = commands.row(tx, User, user_id)
        if user is not None:
            user.attempts, user.lock_expiration_time = 0, None


# -- log-in --------------------------------------------------------------------------------------


@repeated
def verify(store: Store, user_id: str, password: str) -> bool:
    """Whether a password is that of a user, who is not locked; a wrong one locks.

    The first failure locks for three seconds, each further one twice as long up to a minute, ten
    of them until an administrator unlocks the user.
    """
    with store.snapshot() as snapshot:
        user = commands.seen(snapshot, User, user_id)
        if user is not None and _is_locked(snapshot, user):
            return False  # without a hash: guessing would cost us more than the one who guesses
    # outside of any transaction, for it takes a while
    is_right = passwords.matches(password, None if user is None else user.password_hash)
    known = None if user is None else user.password_hash
    renewed = passwords.hashed(password) if is_right and passwords.is_brought_along(known) else None
    # The usual log-in writes nothing: many at once would wait for one row.
    if user is None or (is_right and user.attempts == 0 and renewed is None):
        return is_right
    with store.transaction() as tx:
        # Locked and read again: of many guesses at once each has to count.
        found = commands.row(tx, User, user_id)
        if found is None or _is_locked(tx, found):
            return False
        if is_right:
            found.attempts, found.lock_expiration_time = 0, None
            if renewed is not None and found.password_hash == known:  # not changed meanwhile
                found.password_hash = renewed
        else:
            _note_failure(tx, found)
    return is_right


def require_seen(store: Store, user_id: str) -> None:
    """Refuse to say anything of a user that the one who asks does not see.

    Raises:
        AuthorizationError: the permission is missing.
    """
    if store.asked is not None:
        with store.snapshot() as snapshot:
            permits.demand(snapshot, USER["read"], [Subject({Resource.USER: user_id})])


def kept_password(store: Store, user_id: str) -> str | None:
    """The stored password hash of a user who may log in; None where none may."""
    with store.snapshot() as snapshot:
        user = commands.seen(snapshot, User, user_id)
        return None if user is None or _is_locked(snapshot, user) else user.password_hash


def is_known(store: Store, user_id: str) -> bool:
    """Whether there is a user of an id."""
    with store.snapshot() as snapshot:
        return commands.seen(snapshot, User, user_id) is not None


def _is_locked(tx: Transaction | Snapshot, user: User) -> bool:
    until = user.lock_expiration_time
    return user.attempts >= MOST_ATTEMPTS or (until is not None and until > tx.now)


def _note_failure(tx: Transaction, user: User) -> None:
    user.attempts += 1
    user.lock_expiration_time = tx.now + min(LOCK * 2 ** (user.attempts - 1), LONGEST_LOCK)
    log.warning("log-in failed", user=user.id, attempts=user.attempts)


# -- policy --------------------------------------------------------------------------------------


def policy(has_policy: bool) -> list[dict[str, Any]]:
    """The rules that passwords have to keep.

    Raises:
        NoPolicyError: there are none.
    """
    _require(has_policy)
    return [_rule(rule) for rule in passwords.POLICY]


def judge(has_policy: bool, password: str | None, names: tuple[str | None, ...]) -> dict[str, Any]:
    """Each rule, and whether a password keeps it.

    Raises:
        NoPolicyError: there are no rules.
        NullValueError: there is no password.
    """
    _require(has_policy)
    if password is None:
        raise NullValueError("password is null")
    found = [{**_rule(r), "is_valid": ok} for r, ok in passwords.judged(password, _given(names))]
    return {"rules": found, "is_valid": all(rule["is_valid"] for rule in found)}


class NoPolicyError(EngineError):
    """Passwords have no rules."""


def _require(has_policy: bool) -> None:
    if not has_policy:
        raise NoPolicyError("There is no password policy")


def _rule(rule: passwords.Rule) -> dict[str, Any]:
    parameter = None
    if rule.parameter is not None:
        name, number = rule.parameter
        parameter = {name: str(number)}
    return {"placeholder": rule.placeholder, "parameter": parameter}
