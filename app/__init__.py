"""Baton: a process engine for external tasks that speaks the Camunda 7 REST API."""

from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from app.errors import EngineError
from app.store import Store

if TYPE_CHECKING:
    from app.cleanup import Cleaner
    from app.job_executor import JobExecutor
    from config import Config

BASE = "/engine-rest"
ENGINE = "default"


class Baton:
    """What belongs to one application.

    Attributes:
        unforeseen: how many answers had the type ``InternalServerError``.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.unforeseen = 0
        self._executor: JobExecutor | None = None
        self._cleaner: Cleaner | None = None

    def start(self, config: "Config") -> None:
        """Start what runs beside the requests."""
        from app.cleanup import Cleaner

        self.store.wakeups.is_unique = config.unique_workers
        self.store.wakeups.most = max(1, config.threads - 8)
        self.store.listen()
        self._cleaner = Cleaner(self.store, config.receipt_time_to_live)
        self._cleaner.start()
        if config.has_job_executor:
            from app.job_executor import JobExecutor

            self._executor = JobExecutor(self.store, config.job_lock)
            self._executor.start()

    def stop(self) -> None:
        """End what runs beside the requests."""
        self.store.wakeups.stop()
        if self._cleaner is not None:
            self._cleaner.stop()
        if self._executor is not None:
            self._executor.stop()

    def wait(self, seconds: float) -> None:
        """Wait until the jobs that run are done, and those that do not are given back."""
        if self._executor is not None:
            self._executor.wait(seconds)


class EnginePrefix:
    """Serves ``/engine-rest/engine/default/…`` as ``/engine-rest/…``."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path: str = environ["PATH_INFO"]
        if path.startswith(BASE + "/engine/"):
            name, slash, rest = path[len(BASE) + 8 :].partition("/")
            if slash and name == ENGINE:
                environ["PATH_INFO"] = f"{BASE}/{rest}"
                environ["baton.base"] = f"{BASE}/engine/{name}"
        return self._app(environ, start_response)


def create_app(config: "Config") -> Flask:
    """The application for a configuration: the one place where the parts meet."""
    from app.api import blueprints, problems
    from app.api.application import Application

    app = Application(__name__)
    app.config["MAX_BODY_BYTES"] = config.max_body_bytes
    app.config["MAX_CONTENT_LENGTH"] = config.max_body_bytes + 1  # one byte too many shows
    app.config["MAX_FORM_MEMORY_SIZE"] = config.max_body_bytes
    app.config["BATON"] = config
    app.extensions["baton"] = Baton(store_of(config))
    for blueprint in blueprints():
        app.register_blueprint(blueprint, url_prefix=BASE + (blueprint.url_prefix or ""))
    from app.api.health import health

    app.register_blueprint(health)
    app.register_error_handler(problems.Problem, problems.answer_problem)
    app.register_error_handler(EngineError, problems.answer_engine_error)
    app.register_error_handler(HTTPException, problems.answer_http_error)
    app.register_error_handler(Exception, problems.answer_unforeseen)
    app.wsgi_app = EnginePrefix(app.wsgi_app)  # type: ignore[method-assign]
    return app


def store_of(config: "Config") -> Store:
    """The store that a configuration describes."""
    return Store(
        config.database_url,
        history_level=config.history_level,
        require_history_time_to_live=config.require_history_time_to_live,
        delegates=config.delegates,
        has_strict_locks=config.locks == "strict",
        max_model_bytes=config.max_model_bytes,
        max_steps=config.max_steps,
        pool_size=config.pool_size,
        pool_timeout=config.pool_timeout,
    )
