"""The ids that users, groups and tenants may have.

Source: contract 11.5; Camunda 7 ``ProcessEngineConfiguration.getGeneralResourceWhitelistPattern``.
"""

import re

from app.errors import EngineError, NullValueError

# The reference's default pattern: the ids stand in paths and in authorizations.
_VALID = re.compile(r"[a-zA-Z0-9]+|camunda-admin", re.ASCII)


def require_valid_id(kind: str, key: str | None) -> str:
    """The id, which has only letters and digits.

    Raises:
        NullValueError: there is none.
        EngineError: it has other characters.
    """
    if key is None:
        raise NullValueError(f"{kind.lower()}Id is null")
    # `fullmatch`, for `$` would let a line feed at the end pass.
    if _VALID.fullmatch(key) is None:
        raise EngineError(f"{kind} has an invalid id: '{key}' is not a valid resource identifier.")
    return key
