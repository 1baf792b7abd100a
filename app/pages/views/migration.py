"""Migrating instances to another version: the mapping that is generated, changed and seen."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.diagrams import Mark, Tone
from app.pages import drawing
from app.pages.acts import Act, Field
from app.pages.reading import one, titled
from app.pages.rendering import BASE, page, segment
from app.services import activities, overview
from app.services import migration as service

migration = Blueprint("migration", __name__, url_prefix="/process-definition")
View = dict[str, Any]
PREFIX = "map."


@migration.get("/<definition_id>/migrate")
def show(definition_id: str) -> Response:
    """The versions to choose from; with one chosen, the plan on both diagrams."""
    store = current_store()
    source = one(store, "process_definition", definition_id, "process definition")
    versions = overview.versions(store, source["key"], source["tenant_id"])
    target_id = request.args.get("to", "")
    shown: View = {"target": None, "rows": [], "problems": [], "act": None}
    if target_id:
        target = one(store, "process_definition", target_id, "process definition")
        shown = _planned(source, target)
    return page(
        "migration.html",
        title=f"Migrate {titled(source)}",
        section="processes",
        source=source,
        source_name=titled(source),
        versions=[v for v in versions if v["id"] != definition_id],
        running=next((v["instances"] for v in versions if v["id"] == definition_id), 0),
        to=target_id,
        instance_id=request.args.get("instance", ""),
        prefix=PREFIX,
        **shown,
    )


def _planned(source: View, target: View) -> View:
    """The plan from one definition to another, as the URL changes the generated one."""
    store = current_store()
    generated = service.generate(
        # Triggers stay unless one asks for it, as in the API: the page has no word for it yet.
        store,
        source_id=source["id"],
        target_id=target["id"],
        update_event_triggers=False,
    )
    mapping = {i["source_activity_ids"][0]: i["target_activity_ids"][0] for i in generated}
    for name, value in request.args.items():
        # An empty value takes a mapping away, which no missing name could say.
        if name.startswith(PREFIX):
            mapping[name.removeprefix(PREFIX)] = value
    mapping = {source_id: target_id for source_id, target_id in mapping.items() if target_id}
    counts = overview.at_activities(store, process_definition_id=source["id"])
    sources = activities.of_definition(store, source["id"])
    targets = activities.of_definition(store, target["id"])
    rows = [
        {
            "one": activity,
            "running": counts.get(activity.id, {}).get("execution", 0),
            "target": mapping.get(activity.id, ""),
        }
        for activity in sources
        # Mapped activities are always shown: the URL may name one that cannot be mapped.
        if activity.id in mapping or _can_be_mapped(activity)
    ]
    plan = _plan(source, target, mapping)
    return {
        "target": target,
        "target_name": titled(target),
        "targets": targets,
        # Activities with tokens come first: a missing target matters there.
        "rows": sorted(rows, key=lambda row: (-row["running"], row["one"].name)),
        "diagrams": _diagrams(source, target, mapping, counts),
        "problems": _problems(source, target, mapping),
        "act": _act(source, target, plan),
    }


def _can_be_mapped(activity: activities.Named) -> bool:
    """Whether instances can stand there: not at gateways, nor at starts and ends."""
    return not activity.type.endswith(("Gateway", "StartEvent", "startEvent", "EndEvent"))


def _plan(source: View, target: View, mapping: dict[str, str]) -> View:
    return {
        "sourceProcessDefinitionId": source["id"],
        "targetProcessDefinitionId": target["id"],
        "instructions": [
            {"sourceActivityIds": [here], "targetActivityIds": [there]}
            for here, there in mapping.items()
        ],
    }


def _problems(source: View, target: View, mapping: dict[str, str]) -> list[View]:
    """The reasons for which a plan is refused."""
    instructions = [(here, there, False) for here, there in mapping.items()]
    wanted = service.WantedPlan(source["id"], target["id"], instructions)
    # By the service that carries the plan out, so that both refuse the same.
    reports: list[View] = service.validate(current_store(), wanted)["instruction_reports"]
    return reports


def _diagrams(
    source: View, target: View, mapping: dict[str, str], counts: drawing.Counts
) -> list[View]:
    """Both diagrams: what has a place, and what has none."""
    here = drawing.of_counts(counts)
    for activity_id, mark in here.items():
        tone = Tone.KEPT if activity_id in mapping else Tone.LOST
        here[activity_id] = Mark(mark.tokens, mark.failed, mark.waiting, 0, tone)
    # Also where nothing stands now: the plan keeps more than what is counted.
    here |= {a: Mark(tone=Tone.KEPT) for a in mapping if a not in here}
    there = {a: Mark(tone=Tone.KEPT) for a in mapping.values()}
    store = current_store()
    return [
        {"name": titled(source), "diagram": drawing.diagram(store, source, here)},
        {"name": titled(target), "diagram": drawing.diagram(store, target, there)},
    ]


def _act(source: View, target: View, plan: View) -> Act:
    """The migration of one instance at once, or of all by a batch."""
    instance_id = request.args.get("instance", "")
    options = [
        Field("Leave execution listeners out", ["skipCustomListeners"], "flag"),
        Field("Leave input and output mappings out", ["skipIoMappings"], "flag"),
    ]
    if instance_id:
        return Act(
            "Migrate the instance",
            f"Migrate this instance to {titled(target)}?",
            "It goes on in the other version, at the activities that the plan maps.",
            "POST",
            "/migration/execute",
            {"migrationPlan": plan, "processInstanceIds": [instance_id]},
            options,
            is_final=True,
            then=f"{BASE}/process-instance/{segment(instance_id)}",
            done="The instance is migrated.",
        )
    # A query, not ids: it is answered when the batch is made, whatever has started by then.
    query = {"processDefinitionId": source["id"]}
    return Act(
        "Migrate all as a batch",
        f"Migrate all running instances of {titled(source)} to {titled(target)}?",
        "A batch migrates one after the other; those that do not fit the plan stay as they are.",
        "POST",
        "/migration/executeAsync",
        {"migrationPlan": plan, "processInstanceQuery": query},
        options,
        is_final=True,
        then=f"{BASE}/process-definition/{segment(target['id'])}",
        done="The batch migrates them.",
    )
