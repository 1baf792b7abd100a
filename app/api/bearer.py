"""Credentials that an issuer of tokens has signed.

A module of its own: the cryptography below it is loaded only where tokens are asked for, for it
takes as long as the whole of Flask.

Source: contract 11.10; RFC 6750 (Bearer).
"""

from app.errors import UnavailableError
from app.logging import log
from app.security.callers import Caller
from app.security.keys import KeysError
from app.security.tokens import TokenError, Tokens


class Bearer:
    """Whom an issuer of tokens knows."""

    word = "bearer"

    def __init__(self, tokens: Tokens, engine: str = "default") -> None:
        self.challenge = f'Bearer realm="{engine}"'
        self.refused = f'{self.challenge}, error="invalid_token"'
        self._tokens = tokens

    def caller(self, credentials: str) -> Caller | None:
        """The user of a token.

        Raises:
            UnavailableError: the issuer's keys cannot be had just now.
        """
        try:
            return self._tokens.caller(credentials)
        except TokenError as error:
            log.warning("log-in failed: a token was refused", reason=str(error))
            return None
        except KeysError as error:
            raise UnavailableError(str(error)) from error

    def forget(self, user_id: str) -> None:
        """Nothing: the issuer knows its users, we do not."""
