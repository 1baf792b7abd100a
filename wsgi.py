"""Serves Baton: ``wsgi:app`` for gunicorn, ``python wsgi.py`` for everybody else."""

import gc
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from config import Config, ConfigError

if TYPE_CHECKING:
    from flask import Flask

APP_LOAD_ERROR = 4  # gunicorn's master ends on this status, in place of trying for ever


def make_app() -> "Flask":
    """The application for the environment; a schema that is behind is an error at once."""
    from app import create_app
    from app.errors import SchemaOutdatedError
    from app.logging import configure_logging
    from app.server.sockets import addresses, require_near

    try:
        config = Config.from_environ()
        if not config.is_auth_said:
            require_near(addresses())
        configure_logging(config.log_level, config.log_format)
        if "app.server.settings" not in sys.modules:
            warn_of_plain_gunicorn()
        app = create_app(config)
        open_engines(app)
    except (ConfigError, SchemaOutdatedError) as error:
        print(f"baton: {error}", file=sys.stderr)
        sys.exit(APP_LOAD_ERROR)
    return app


def open_engines(app: "Flask") -> None:
    """See that each engine can be used.

    Raises:
        SchemaOutdatedError: the schema of one is not that of this version.
    """
    from sqlalchemy.exc import OperationalError

    from app.errors import SchemaOutdatedError
    from app.logging import log
    from app.runtime import open_engine

    engines = app.extensions["engines"]
    for config, baton in engines:
        try:
            open_engine(config, baton)
        except OperationalError as error:  # it may come back; until then answers are 503
            baton.is_open = len(engines) == 1
            named = {} if len(engines) == 1 else {"engine": config.engine}
            reason = str(error.orig)
            log.warning("the database cannot be used", reason=reason, **named)
        except SchemaOutdatedError as error:
            raise SchemaOutdatedError(of_engine(config, str(error))) from error


def of_engine(config: Config, text: str) -> str:
    """The text, with the engine's name in front unless it is the default one."""
    return text if config.engine == "default" else f"the engine {config.engine}: {text}"


def warn_of_plain_gunicorn() -> None:
    """Say what is missing where gunicorn was not told of our settings."""
    from app.server import usage

    print(
        "baton: without -c python:app.server.settings there are no threads, no job executor, no "
        "wake-ups across processes, no clean-up and no common metrics, and waiting polls are cut "
        "off at the end: run python wsgi.py, or gunicorn -c python:app.server.settings wsgi:app",
        file=sys.stderr,
    )
    for warning in usage.warnings(os.environ):
        print(f"baton: {warning}", file=sys.stderr)


def __getattr__(name: str) -> Any:
    """Make the application when gunicorn asks for it, not when this module is imported."""
    if name == "app":
        globals()["app"] = found = make_app()
        return found
    raise AttributeError(name)


def prepare(config: Config) -> None:
    """Bring the schemas up to date, unless the server could not start anyhow.

    Of several engines one whose database is away does not keep the others from starting; it is
    brought up to date when it is back.
    """
    from app.server.checks import fault

    if (found := fault(config)) is not None:
        sys.exit(f"baton: {found}")
    missing = {each.engine: reason for each in config.every if (reason := bring_up_to_date(each))}
    if len(missing) == len(config.every):
        sys.exit(f"baton: {next(iter(missing.values()))}")
    for reason in missing.values():
        print(f"baton: {reason}", file=sys.stderr)
    os.environ["BATON_MIGRATE"] = "on"


def bring_up_to_date(config: Config) -> str:
    """Migrate the database of an engine; returns why it cannot be used, if that is so."""
    from sqlalchemy.exc import DBAPIError

    from app.errors import SchemaOutdatedError
    from app.store.connections.database import direct_engine
    from app.store.connections.schema import migrate

    try:
        engine = direct_engine(config.database_url, config.direct_url, is_pooled=config.is_pooled)
        if migrate(engine):
            text = "The database schema was brought up to date."
            print(of_engine(config, text), flush=True)
    except SchemaOutdatedError as error:
        sys.exit(f"baton: {of_engine(config, str(error))}")
    except DBAPIError as error:
        reason = re.sub(r"\s+", " ", str(error.orig)).strip()
        setting = "DATABASE_URL" if config.engine == "default" else config.engine
        return f"the database of {setting} cannot be used: {reason}"
    return ""


def prepare_test() -> None:
    """Make an empty database that goes when the server does, and let the clock be moved.

    It is a file in memory; where ``DATABASE_URL`` names a PostgreSQL, a database beside that one.
    """
    from app.store.connections.temporary import make

    os.environ |= {
        "DATABASE_URL": make(os.environ.get("DATABASE_URL", "")),
        "PORT": os.environ.get("PORT", "0"),
        "WEB_CONCURRENCY": "1",
        "BATON_TEST": "on",
        "BATON_ENGINES": "",
        "BATON_JOB_EXECUTOR": "off",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "warning"),
    }


def main() -> None:
    """Migrate the database, then serve.

    With ``--demo`` an example worker shows what it does; with ``--test`` the engine is one for
    tests, with a database of its own that is empty. With ``--help`` the settings are listed.
    """
    if sys.argv[1:] not in ([], ["--demo"], ["--test"], ["--help"]):
        sys.exit("usage: python wsgi.py [--demo | --test | --help]")
    gc.disable()  # until the server is ready: what is loaded stays
    from app.server import shared

    # before anything of the application is loaded, which looks whether the folder is there
    shared.make_folder()
    try:
        make_ready()
    except BaseException:
        shared.remove_folder()
        raise
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "-c", "python:app.server.settings", "wsgi:app"]
    WSGIApplication("%(prog)s [OPTIONS] wsgi:app", prog="baton").run()


def make_ready() -> None:
    """See that the server can start, as far as its settings tell; list them for ``--help``."""
    if "--test" in sys.argv:
        prepare_test()
    try:
        config = Config.from_environ()
    except ConfigError as error:
        sys.exit(f"baton: {error}")
    if "--help" in sys.argv:
        from app.server import usage

        print(usage.of(config))
        sys.exit()
    if not config.is_test:
        prepare(config)
    if "--demo" in sys.argv:
        os.environ["BATON_DEMO"] = "on"  # the server starts it, once the port is its own


if __name__ == "__main__":
    main()
