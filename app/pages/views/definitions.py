"""A definition: its diagram with what goes on in it, its versions, its instances."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.pages import drawing
from app.pages.acts import Act, Field, suspension
from app.pages.reading import one, titled
from app.pages.rendering import BASE, page, segment
from app.services import activities, overview

from .queries import OPERATORS, STATES, instances, wanted

definitions = Blueprint("definitions", __name__, url_prefix="/process-definition")
MOST_VERSIONS = 30


@definitions.get("/<definition_id>")
def show(definition_id: str) -> Response:
    """A definition, perhaps beside another version of it."""
    store = current_store()
    definition = one(store, "process_definition", definition_id, "process definition")
    # Once for diagram and list: both have to tell the same.
    counts = overview.at_activities(store, process_definition_id=definition_id)
    asked = wanted()
    return page(
        "definition.html",
        title=titled(definition),
        section="processes",
        is_live=True,
        definition=definition,
        diagram=_diagram(definition, counts),
        activities=_listed(definition_id, counts),
        other=_other(),
        # Of the same tenant: another one may have the same key for something else.
        versions=overview.versions(store, definition["key"], definition["tenant_id"]),
        most_versions=MOST_VERSIONS,
        instances=instances(store, asked, process_definition_id=definition_id),
        asked=asked,
        states=STATES,
        operators=OPERATORS,
        acts=acts_of(definition),
    )


def _diagram(definition: dict[str, Any], counts: drawing.Counts) -> Any:
    link = f"{BASE}/process-definition/{segment(definition['id'])}?activity="
    # Braces of an id must not be taken for the place of the activity.
    marks = drawing.of_counts(counts, link.replace("{", "{{").replace("}", "}}") + "{}#instances")
    return drawing.diagram(current_store(), definition, marks)


def _listed(definition_id: str, counts: drawing.Counts) -> list[dict[str, Any]]:
    """The activities with what is at them, for those who do not see the diagram."""
    # From the model and not from the counts: what nothing is at is listed too.
    found = activities.of_definition(current_store(), definition_id)
    names = ("execution", "incident", "external_task", "task", "job")
    return [
        {"one": activity, **{n: counts.get(activity.id, {}).get(n, 0) for n in names}}
        for activity in found
    ]


def _other() -> dict[str, Any] | None:
    """The definition that the URL wants to see beside this one."""
    other_id = request.args.get("beside")
    if not other_id:
        return None
    store = current_store()
    other = one(store, "process_definition", other_id, "process definition")
    # Its own counts: two versions are compared to see where instances stand.
    counts = overview.at_activities(store, process_definition_id=other_id)
    return {"definition": other, "diagram": _diagram(other, counts)}


def acts_of(definition: dict[str, Any]) -> list[Act]:
    """The acts on a definition."""
    return [
        suspension(
            "version",
            f"/process-definition/{segment(definition['id'])}",
            is_suspended=definition["is_suspended"],
            suspends="No instance of this version can be started until it is activated again.",
            activates="Instances of this version can be started again.",
            called=titled(definition),
            # Not by default, as in the API: the version stops, and what runs of it goes on.
            fields=[Field("Its running instances as well", ["includeProcessInstances"], "flag")],
        )
    ]
