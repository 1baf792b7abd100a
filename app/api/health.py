"""Whether the process lives, and whether it can work. Outside of the base path.

Neither asks the pool of connections, so that both answer while every connection is in use.
"""

from http import HTTPStatus

from flask import Blueprint, Response, current_app

from app.schemas import engine as schemas
from app.services import health as service

from .descriptions import describes
from .json import json_response

health = Blueprint("health", __name__)


@health.get("/health")
@describes(answer=schemas.health, touches_store=False)
def live() -> Response:
    """The process lives."""
    return json_response(schemas.health({}))


@health.get("/ready")
@describes(answer=schemas.readiness, touches_store=False)
def ready() -> Response:
    """The database answers within a second, and its schema is this version's.

    Of several engines at least that of one; the answer says which.
    """
    config = current_app.config["BATON"]
    if config.engines:
        databases = {each.engine: (each.database_url, each.is_pooled) for each in config.every}
        view = service.readiness_of_engines(databases)
    else:
        view = service.readiness(config.database_url, is_pooled=config.is_pooled)
    # Partly up is ready: a balancer that took the process out would take it from the engines that
    # work.
    is_up = view["status"] in (service.UP, service.PARTLY_UP)
    status = HTTPStatus.OK if is_up else HTTPStatus.SERVICE_UNAVAILABLE
    return json_response(schemas.readiness(view), status)
