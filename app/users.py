"""``python -m app.users``: the users of the identity API, from the machine that the server runs on.

Passwords are asked for, or read from the standard input where that is no terminal; they are no
arguments, which every process of the machine could read, and are never shown.
"""

import argparse
import contextlib
import getpass
import sys
from collections.abc import Callable, Sequence

from sqlalchemy.exc import OperationalError

from config import Config, ConfigError

from .errors import EngineError, SchemaOutdatedError
from .runtime import store_of
from .services import administrators, lists, users
from .store import Store
from .store.connections.schema import require_head


def _password() -> str:
    """The new password, which a terminal asks for twice.

    Raises:
        ConfigError: there is none, or the two differ.
    """
    # A pipe of a script, which does not mistype.
    if not sys.stdin.isatty():
        found = sys.stdin.readline().rstrip("\r\n")
    else:
        found = getpass.getpass("New password: ")
        if getpass.getpass("Again: ") != found:
            raise ConfigError("the passwords differ; nothing was changed")
    if not found:
        raise ConfigError("there is no password; nothing was changed")
    return found


def _require_known(store: Store, user_id: str) -> None:
    if not users.is_known(store, user_id):
        raise ConfigError(f"there is no user {user_id}")


def create_administrator(store: Store, config: Config, user_id: str) -> None:
    """Make a user who may do everything; one that is there becomes an administrator."""
    # No error: an operator who runs it again, or after the page has made the user, means the same.
    if users.is_known(store, user_id):
        administrators.ensure(store, user_id, "")
        print(f"{user_id} is an administrator now; the password stays as it is.")
        return
    users.create(
        store, user_id=user_id, password=_password(), has_policy=config.has_password_policy
    )
    administrators.ensure(store, user_id, "")
    print(f"{user_id} was made, and is an administrator.")


def set_password(store: Store, config: Config, user_id: str) -> None:
    """Give a user another password, and let it log in at once."""
    # Before the password is asked for: none is typed for a user who is not there.
    _require_known(store, user_id)
    policy = config.has_password_policy
    users.set_credentials(store, user_id, password=_password(), has_policy=policy)
    # A user who forgot the password has mostly failed too often by now.
    users.unlock(store, user_id)
    print(f"{user_id} has another password; processes that run forget the old one in seconds.")


def unlock(store: Store, _: Config, user_id: str) -> None:
    """Let a user log in again who has failed too often."""
    _require_known(store, user_id)
    users.unlock(store, user_id)
    print(f"{user_id} may log in again.")


def show(store: Store) -> None:
    """List the users; administrators have a star."""
    administrator = {"member_of_group": administrators.GROUP}
    # One list of them all, in place of a question for each user.
    above = {found["id"] for found in lists.find(store, "user", administrator)}
    for found in lists.find(store, "user", {}, [("userId", "asc")]):
        names = " ".join(filter(None, (found["first_name"], found["last_name"])))
        mark = "*" if found["id"] in above else " "
        print(f"{mark} {found['id']}  {names}  {found['email'] or ''}".rstrip())


ACTS: dict[str, Callable[[Store, Config, str], None]] = {
    "create-administrator": create_administrator,
    "set-password": set_password,
    "unlock": unlock,
}


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.users", description="Users of Baton.")
    parser.add_argument(
        "--engine", default="default", help="of BATON_ENGINES, whose users they are"
    )
    acts = parser.add_subparsers(dest="act", required=True)
    for name, act in ACTS.items():
        text = (act.__doc__ or "").rstrip(".")
        acts.add_parser(name, help=text, description=text).add_argument("user")
    acts.add_parser("list", help="list the users; administrators have a star")
    return parser.parse_args(given)


def _config_of(engine: str) -> Config:
    """The configuration of an engine.

    Raises:
        ConfigError: there is no such engine.
    """
    found = {each.engine: each for each in Config.from_environ().every}
    if engine not in found:
        raise ConfigError(f"there is no engine {engine}, but {', '.join(found)}")
    return found[engine]


def main(given: Sequence[str] | None = None) -> None:
    """Do one thing with the users of ``DATABASE_URL``, or of another engine."""
    arguments = _arguments(given)
    try:
        config = _config_of(arguments.engine)
        # A store of its own and no server: it works while the server is down, and beside it.
        with contextlib.closing(store_of(config)) as store:
            # It never migrates: a deployment changes the schema, at a time of its own.
            require_head(store.engine)
            if arguments.act == "list":
                show(store)
            else:
                ACTS[arguments.act](store, config, arguments.user)
    except (ConfigError, SchemaOutdatedError, EngineError) as error:
        sys.exit(f"baton: {error}")
    except OperationalError as error:
        sys.exit(f"baton: the database of DATABASE_URL cannot be used: {error.orig}".strip())


if __name__ == "__main__":
    main()
