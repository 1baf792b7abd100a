"""Diagrams in views: what is at the elements, each of which leads to what waits there.

Source: decision 21.
"""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from app.diagrams import Mark, Tone
from app.errors import EngineError
from app.services import diagrams
from app.store import Store

from .rendering import marked_up

View = Mapping[str, Any]
Counts = Mapping[str, Mapping[str, int]]
WIDEST, SMALL = 2000, 640  # pixels of a diagram that is shown smaller than it is drawn
WAITING = ("external_task", "task", "job")


def diagram(store: Store, definition: View | None, marks: Mapping[str, Mark]) -> Markup | None:
    """The diagram of a definition; None where it has no layout, or cannot be seen."""
    # Instances outlive the right to see their definition.
    if definition is None:
        return None
    try:
        svg = diagrams.drawn(store, definition, marks)
    # A view without its diagram is still one.
    except EngineError:
        return None
    return None if svg is None else _sized(svg)


def _sized(svg: str) -> Markup:
    """A diagram that is made to fit its place, unless it fits, or nobody could read it then."""
    # By the size that it is drawn in: to parse a megabyte of SVG for it would take longer than to
    # draw it.
    found = re.search(r'\bwidth="(\d+)', svg)
    width = int(found[1]) if found else 0
    kind = "full" if width > WIDEST else "fits" if width > SMALL else "small"
    return Markup('<div class="{}">{}</div>').format(kind, marked_up(svg))


def of_counts(counts: Counts, link: str = "") -> dict[str, Mark]:
    """Marks by what is at each activity.

    Args:
        link: of each mark, with ``{}`` for the id of the activity; none where it is empty.
    """
    return {
        activity_id: Mark(
            tokens=found.get("execution", 0),
            failed=found.get("incident", 0),
            waiting=sum(found.get(name, 0) for name in WAITING),
            link=link.format(activity_id) if link else None,
        )
        for activity_id, found in counts.items()
    }


def with_history(past: Mapping[str, View], marks: Mapping[str, Mark]) -> dict[str, Mark]:
    """The marks with what was gone through before.

    Args:
        past: how often each activity was, as `overview.visited` counts it.
    """
    found = dict(marks)
    for activity_id, counts in past.items():
        mark = found.get(activity_id, Mark())
        is_over = not (mark.tokens or mark.failed or mark.waiting)
        tone = Tone.CANCELED if counts["canceled"] and is_over else Tone.TAKEN if is_over else None
        found[activity_id] = Mark(
            mark.tokens, mark.failed, mark.waiting, counts["visits"], tone, mark.link
        )
    return found
