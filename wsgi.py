"""Serves Baton: ``wsgi:app`` for gunicorn, ``python wsgi.py`` for everybody else."""

import sys
from typing import TYPE_CHECKING, Any

from config import Config, ConfigError

if TYPE_CHECKING:
    from flask import Flask


def make_app() -> "Flask":
    """The application for the environment; a schema that is behind is an error at once."""
    from app import create_app
    from app.errors import SchemaOutdatedError
    from app.store.schema import require_head

    try:
        app = create_app(Config.from_environ())
        require_head(app.extensions["baton"].store.engine)
    except (ConfigError, SchemaOutdatedError) as error:
        print(f"baton: {error}", file=sys.stderr)
        sys.exit(4)  # gunicorn's master gives up on this status, in place of trying for ever
    app.extensions["baton"].store.engine.dispose()
    return app


def __getattr__(name: str) -> Any:
    """Make the application when gunicorn asks for it, not when this module is imported."""
    if name == "app":
        globals()["app"] = found = make_app()
        return found
    raise AttributeError(name)


def greet(config: Config, *, migrated: bool) -> None:
    """Say where the server listens, and what to try."""
    base = f"http://{config.host}:{config.port}/engine-rest"
    if migrated:
        print("The database schema was brought up to date.")
    if config.host not in ("127.0.0.1", "localhost", "::1"):
        print(
            f"Warning: {config.host} can be reached from other machines, and there is no "
            "authentication yet.",
            file=sys.stderr,
        )
    print(f"Baton listens on {base}\nTry:")
    print(f"  curl {base}/engine")
    print(f"  curl {base}/process-definition")
    print(
        f"  curl -H 'Content-Type: application/json' {base}/external-task/fetchAndLock -d "
        '\'{"workerId": "me", "maxTasks": 1, "topics": '
        '[{"topicName": "check", "lockDuration": 60000}]}\'',
        flush=True,
    )


def main() -> None:
    """Migrate the database, then serve; with ``--demo`` show an example worker as well."""
    try:
        config = Config.from_environ()
    except ConfigError as error:
        sys.exit(f"baton: {error}")
    if set(sys.argv[1:]) - {"--demo"}:
        sys.exit("usage: python wsgi.py [--demo]")
    from app.store.engine import create_engine
    from app.store.schema import migrate

    engine = create_engine(config.database_url, pool_size=2)
    migrated = migrate(engine)
    engine.dispose()
    greet(config, migrated=migrated)
    if "--demo" in sys.argv:
        from app.demo import worker

        worker.start(config)
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "-c", "python:app.server", "wsgi:app"]
    WSGIApplication("%(prog)s [OPTIONS] wsgi:app", prog="baton").run()


if __name__ == "__main__":
    main()
