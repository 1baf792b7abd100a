"""Sessions: a browser logs in once, and is known until it logs out or its time is over.

Source: decision 27.
"""

from datetime import timedelta

from app.engine.state.identity import Session
from app.logging import log
from app.security import sessions
from app.store import Store
from app.store.commands import identity as commands

from . import users
from .retrying import repeated


def begin(store: Store, user_id: str, password: str, time_to_live: timedelta) -> str | None:
    """Log a user in.

    Returns:
        the text that the browser keeps; None where the password is not that of the user.
    """
    # Outside of the transaction that keeps the session: a hash takes a while.
    if not users.verify(store, user_id, password):
        return None
    token = sessions.new_token()
    _keep(store, token, user_id, time_to_live)
    log.info("log-in", user=user_id, by="session")
    return token


@repeated
def _keep(store: Store, token: str, user_id: str, time_to_live: timedelta) -> None:
    with store.transaction() as tx:
        # Now and then is enough, and a log-in is rare: no thread is needed for it.
        commands.end_expired_sessions(tx)
        # The digest: who reads the table cannot take over a session.
        tx.records.add(Session(sessions.digest(token), user_id, tx.now + time_to_live))


@repeated
def user_of(store: Store, token: str) -> str | None:
    """The user of a session; None if there is no such session, or it has expired."""
    with store.snapshot() as snapshot:
        found = commands.seen(snapshot, Session, sessions.digest(token))
        # By the time and not by the row: rows past their time are removed when somebody logs in.
        return None if found is None or found.expiration_time <= snapshot.now else found.user_id


@repeated
def end(store: Store, token: str) -> None:
    """Log out; no session is no error."""
    with store.transaction() as tx:
        found = commands.row(tx, Session, sessions.digest(token))
        if found is not None:
            tx.records.remove(found)
