"""Resources of an engine for tests alone: its clock, its coverage, and emptying it."""

from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.errors import NotFoundError
from app.schemas import testing as schemas
from app.schemas.answers import Many
from app.services import testing as service

from .decorators import accepts, current_store, no_content, returns
from .descriptions import describes
from .problems import INVALID, MISSING, wraps

testing = Blueprint("testing", __name__, url_prefix="/test")


@testing.get("/clock")
@describes(answer=schemas.clock)
@returns
def clock() -> dict[str, Any]:
    """The time that the engine sees."""
    return schemas.clock(service.clock_view(current_store()))


@testing.post("/clock")
@describes(answer=schemas.clock)
@returns
@accepts(schemas.ClockSchema)
def set_clock(*, run: bool, **body: Any) -> dict[str, Any]:
    """Move the clock, let it stand still or go on, and run what is due."""
    store = current_store()
    service.set_clock(store, **body)
    outcome = service.run_due(store) if run else {}
    return schemas.clock({**service.clock_view(store), **outcome})


@testing.post("/reset")
@describes()
def reset() -> ResponseReturnValue:
    """Empty the engine."""
    service.reset(current_store())
    return no_content()


@testing.get("/coverage")
@describes(answer=Many(schemas.coverage))
@returns
def coverage() -> list[dict[str, Any]]:
    """The coverage of each definition."""
    return [schemas.coverage(view) for view in service.coverage(current_store())]


@testing.get("/coverage/<definition_id>.svg")
@describes(media="image/svg+xml", has_no_content=True)
@wraps({NotFoundError: (MISSING, INVALID)})
def coverage_diagram(definition_id: str) -> ResponseReturnValue:
    """The diagram of a definition with what was gone through set off."""
    svg = service.coverage_diagram(current_store(), definition_id)
    return no_content() if svg is None else Response(svg, content_type="image/svg+xml")
