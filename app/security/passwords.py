"""Passwords: how they are kept, and which are good enough.

Those that were brought along from Camunda 7 are checked as they are, and hashed anew at the next
log-in.

Source: RFC 7914 (scrypt); Camunda 7 ``DefaultPasswordPolicyImpl``, ``DefaultSaltGenerator``,
``PasswordManager``.
"""

import base64
import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COST, BLOCK, LANES = 2**14, 8, 1  # 16 MiB and some tens of milliseconds each
_SALT, _LENGTH, _MEMORY = 16, 32, 64 * 2**20
_AT_ONCE = threading.BoundedSemaphore(4)  # or a burst of log-ins would take the memory of the rest
_NOBODY = "scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def hashed(password: str) -> str:
    """The stored text of a password: algorithm, cost, salt and hash."""
    salt = os.urandom(_SALT)
    digest = _scrypt(password, salt, COST, BLOCK, LANES)
    texts = (base64.b64encode(part).decode() for part in (salt, digest))
    return "$".join(("scrypt", str(COST), str(BLOCK), str(LANES), *texts))


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one that is kept.

    It takes as long where none is kept, so that nobody can tell by the time who there is.
    """
    is_foreign = is_brought_along(kept)
    _, cost, block, lanes, salt, digest = (_NOBODY if is_foreign else kept or _NOBODY).split("$")
    # Also for a foreign hash: those are fast, and the time would tell which they are.
    found = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(lanes))
    if is_foreign:
        return _matches_brought_along(password, kept or "")
    return hmac.compare_digest(found, base64.b64decode(digest)) and kept is not None


_FOREIGN = {"{SHA-512}": "sha512", "{SHA}": "sha1"}  # prefixes of Camunda's encryptors


def brought_along(encrypted: str, salt: str | None) -> str | None:
    """The stored text of a password hashed by Camunda 7; None where it cannot be checked.

    Args:
        encrypted: the prefix of its algorithm, and the digest in base64.
    """
    for prefix, algorithm in _FOREIGN.items():
        digest = encrypted.removeprefix(prefix)
        if digest != encrypted and _is_digest(digest, algorithm):
            kept_salt = base64.b64encode((salt or "").encode()).decode()
            return "$".join(("camunda", algorithm, kept_salt, digest))
    return None


def _is_digest(text: str, algorithm: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == hashlib.new(algorithm).digest_size
    except ValueError:
        return False


def is_brought_along(kept: str | None) -> bool:
    """Whether what is kept should be hashed anew as soon as the password is known."""
    return kept is not None and kept.startswith("camunda$")


def _matches_brought_along(password: str, kept: str) -> bool:
    _, algorithm, salt, digest = kept.split("$")
    data = password.encode("utf-8", "surrogatepass") + base64.b64decode(salt)
    return hmac.compare_digest(hashlib.new(algorithm, data).digest(), base64.b64decode(digest))


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    with _AT_ONCE:
        return hashlib.scrypt(
            data, salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=_LENGTH
        )


# -- policy --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One thing that a password has to be.

    Attributes:
        placeholder: its name, which a front end translates.
        parameter: the name and the number that it speaks of; None where it has none.
        holds: of a password and of what its user is called.
    """

    placeholder: str
    parameter: tuple[str, int] | None
    holds: Callable[[str, tuple[str, ...]], bool]


def _at_least(number: int, is_one: Callable[[str], bool]) -> Callable[..., bool]:
    return lambda password, _: sum(map(is_one, password)) >= number


def _tells_nothing(password: str, names: tuple[str, ...]) -> bool:
    lowered = password.lower()
    return not any(name and name.lower() in lowered for name in names)


POLICY = (
    Rule("PASSWORD_POLICY_USER_DATA", None, _tells_nothing),
    Rule("PASSWORD_POLICY_LENGTH", ("minLength", 10), lambda password, _: len(password) >= 10),
    Rule("PASSWORD_POLICY_LOWERCASE", ("minLowerCase", 1), _at_least(1, str.islower)),
    Rule("PASSWORD_POLICY_UPPERCASE", ("minUpperCase", 1), _at_least(1, str.isupper)),
    Rule("PASSWORD_POLICY_DIGIT", ("minDigit", 1), _at_least(1, str.isdigit)),
    Rule("PASSWORD_POLICY_SPECIAL", ("minSpecial", 1), _at_least(1, lambda c: not c.isalnum())),
)


def judged(password: str, names: tuple[str, ...]) -> Iterator[tuple[Rule, bool]]:
    """Each rule of the policy, and whether a password keeps it.

    Args:
        names: of the user; none of them may be a part of the password.
    """
    for rule in POLICY:
        yield rule, rule.holds(password, names)
