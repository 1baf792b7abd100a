"""Moving tokens by hand: what ends and what starts is seen before it is done.

What is chosen stands in the URL, so that a plan can be sent to a colleague.
"""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.diagrams import Mark, Tone
from app.pages import drawing
from app.pages.acts import Act, Field
from app.pages.rendering import BASE, page, segment
from app.services import activities, overview

from .instances import frame, tree_of

modification = Blueprint("modification", __name__, url_prefix="/process-instance")
HOW = {
    "startBeforeActivity": "before",
    "startAfterActivity": "after",
}
MOST = 200  # activity instances to choose from
View = dict[str, Any]


@modification.get("/<instance_id>/modify")
def show(instance_id: str) -> Response:
    """The form of a modification: the activities that can be ended and started, and the outcome."""
    store = current_store()
    shown = frame(store, instance_id, "modify")
    tree = tree_of(store, instance_id) if shown["instance"]["is_running"] else None
    nodes = list(_below(tree, 0)) if tree else []
    chosen = set(request.args.getlist("end"))
    starts = [(h, a) for h in HOW for a in request.args.getlist(h) if a]
    # Canceling a scope also cancels everything inside it.
    ends = [n for n in nodes if n["key"] in chosen or n["ancestors"] & chosen]
    counts = overview.at_activities(store, process_instance_id=instance_id)
    named = activities.of_definition(store, shown["instance"]["definition_id"])
    names = {activity.id: activity.name for activity in named}
    marks = _marked(drawing.of_counts(counts), ends, starts)
    return page(
        "modification.html",
        **shown,
        diagram=drawing.diagram(store, shown["definition"], marks),
        # A loop of thousands would make a page that no browser shows; the number says how many.
        nodes=nodes[:MOST],
        number_of_nodes=len(nodes),
        chosen=chosen,
        starts=starts,
        ends=ends,
        # Worth a warning: what is over cannot be moved back.
        ends_all=bool(nodes) and not starts and not _left(nodes, ends),
        # The body of a multi-instance cannot be told from its instances here; the API can, by id.
        activities=[a for a in named if not a.is_repeated],
        names=names,
        how=HOW,
        act=_act(instance_id, nodes, chosen, starts) if chosen or starts else None,
    )


def _below(node: View, depth: int, ancestors: frozenset[str] = frozenset()) -> Iterator[View]:
    """The nodes inside a node that can be ended, each with its depth and its ancestors."""
    for child in node["child_activity_instances"]:
        # Both kinds have ids of their own, which the URL must not mix up.
        key = f"activity:{child['id']}"
        yield _shown(child, key, "activityInstanceId", depth, ancestors)
        yield from _below(child, depth + 1, ancestors | {key})
    for child in node["child_transition_instances"]:
        key = f"transition:{child['id']}"
        yield _shown(child, key, "transitionInstanceId", depth, ancestors)


def _shown(node: View, key: str, named: str, depth: int, ancestors: frozenset[str]) -> View:
    """A node of the tree as the view lists it; `named`: by which an instruction names it."""
    return {
        "key": key,
        "named": named,
        "depth": depth,
        "ancestors": ancestors,
        "id": node["id"],
        "activity_id": node["activity_id"],
        "name": node["activity_name"] or node["activity_id"],
        "type": node["activity_type"],
        "is_leaf": not node.get("child_activity_instances")
        and not node.get("child_transition_instances"),
    }


def _left(nodes: list[View], ends: list[View]) -> list[View]:
    """The nodes that still run when some of them have ended."""
    gone = {node["key"] for node in ends}
    return [node for node in nodes if node["is_leaf"] and node["key"] not in gone]


def _marked(
    marks: dict[str, Mark], ends: list[View], starts: list[tuple[str, str]]
) -> dict[str, Mark]:
    """The marks with what the plan changes."""
    tones = [(node["activity_id"], Tone.ENDS) for node in ends]
    tones += [(activity_id, Tone.STARTS) for _, activity_id in starts]
    for activity_id, tone in tones:
        mark = marks.get(activity_id, Mark())
        marks[activity_id] = Mark(mark.tokens, mark.failed, mark.waiting, mark.taken, tone)
    return marks


def _act(
    instance_id: str, nodes: list[View], chosen: set[str], starts: list[tuple[str, str]]
) -> Act:
    """The modification, as one call."""
    # starts come first: canceling the last activity would end the instance
    steps: list[View] = [{"type": how, "activityId": activity_id} for how, activity_id in starts]
    # No separate instruction for an activity inside a canceled scope: it would not exist any
    # more.
    steps += [
        {"type": "cancel", node["named"]: node["id"]}
        for node in nodes
        if node["key"] in chosen and not node["ancestors"] & chosen
    ]
    ended, started = sum(s["type"] == "cancel" for s in steps), len(starts)
    return Act(
        "Move",
        "Move the tokens of this instance?",
        f"What ends: {ended} activity instance{'s' * (ended != 1)}, with everything inside. What "
        f"starts: {started} activit{'y' if started == 1 else 'ies'}.",
        "POST",
        f"/process-instance/{segment(instance_id)}/modification",
        {"instructions": steps},
        [
            Field("Leave execution listeners out", ["skipCustomListeners"], "flag"),
            Field("Leave input and output mappings out", ["skipIoMappings"], "flag"),
        ],
        is_final=True,
        then=f"{BASE}/process-instance/{segment(instance_id)}",
        done="The tokens are moved.",
    )
