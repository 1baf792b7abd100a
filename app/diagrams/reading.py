"""From an untrusted BPMN file to the layout of one of its processes.

Source: BPMN 2.0.2 §12 (BPMN DI); the colours are those of "BPMN in Color" and of bpmn.io.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.bpmn.source import parse, reference, tag

from .elements import by_id, describe
from .geometry import Box, Point
from .layout import CONNECTIONS, NODES, SUB_PROCESSES, Edge, Layout, Look, Plane, Shape

Xml = Any  # an element of lxml

_BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DI = "{http://www.omg.org/spec/DD/20100524/DI}"
_COLOR = "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}"
_BIOC = "{http://bpmn.io/schema/bpmn/biocolor/1.0}"

MOST_DRAWN = 5_000  # shapes and edges of one layout
MOST_PLANES = 50
MOST_POINTS = 500  # of one edge
FARTHEST = 100_000.0  # a coordinate beyond would make an unusable picture
_COLOUR = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|[a-zA-Z]{3,20}|rgb\([0-9, ]{5,15}\)")


def read(resource: str, xml: bytes, process_id: str | None = None) -> Layout | None:
    """The layout of a process; None where the file has none for it.

    Args:
        process_id: whose diagram is wanted; the first diagram's if it is None.

    Raises:
        NotXmlError: the file is not well-formed XML.
        RefusedXmlError: the file is XML of a kind that is not read.
    """
    root = parse(resource, xml)
    file = _File(by_id(root))
    planes = [
        p for d in root.findall(f"{_BPMNDI}BPMNDiagram") for p in d.findall(f"{_BPMNDI}BPMNPlane")
    ]
    main = next((p for p in planes if file.shows(p, process_id) and file.has_shape(p)), None)
    if main is None:
        return None
    drawn = [file.plane(main, None)]
    for plane in planes:
        inside = file.element_of(plane)
        # Only planes of what is drawn already: a file may have those of other processes.
        if plane is main or len(drawn) >= MOST_PLANES or inside not in file.drawn:
            continue
        if tag(file.known[inside]) in SUB_PROCESSES:
            drawn.append(file.plane(plane, inside))
    return Layout(tuple(p for p in drawn if p.shapes or p.edges), file.parents(), file.left_out)


@dataclass(slots=True)
class _File:
    """A file while its layout is read.

    Attributes:
        drawn: the ids of the elements that have a place so far.
    """

    known: Mapping[str, Xml]
    drawn: set[str] = field(default_factory=set)
    left_out: int = 0
    pools: dict[str, str] = field(default_factory=dict)  # the participants, by their processes

    def __post_init__(self) -> None:
        for id_, xml in self.known.items():
            if tag(xml) == "participant" and xml.get("processRef"):
                self.pools.setdefault(reference(xml.get("processRef")) or "", id_)

    def element_of(self, xml: Xml) -> str:
        """The id of the element that a plane, a shape or an edge stands for."""
        return reference(xml.get("bpmnElement")) or ""

    def shows(self, plane: Xml, process_id: str | None) -> bool:
        """Whether a plane is one of a process: its own, its pool's, or that of its elements."""
        if process_id is None:
            return True
        found = self.element_of(plane)
        if found == process_id:
            return True
        wanted = {process_id, self.pools.get(process_id)}
        for xml in plane:
            owner = self.known.get(self.element_of(xml))
            if owner is None:
                continue
            if owner.get("id") in wanted:
                return True
            if any(
                tag(e) == "process" and e.get("id") == process_id for e in owner.iterancestors()
            ):
                return True
        return False

    def has_shape(self, plane: Xml) -> bool:
        """Whether anything on a plane can be drawn."""
        return any(
            tag(self.known[self.element_of(s)]) in NODES and _box(s) is not None
            for s in plane.iterchildren(f"{_BPMNDI}BPMNShape")
            if self.element_of(s) in self.known
        )

    def parents(self) -> dict[str, str]:
        """The nearest element with an id around each element; the pool around a process."""
        return {id_: next(self.around(id_), "") for id_ in self.known}

    def around(self, id_: str) -> Iterator[str]:
        """The ids around an element, from the inside out."""
        if id_ in self.pools and tag(self.known[id_]) == "process":
            yield self.pools[id_]
        for xml in self.known[id_].iterancestors():
            own = (xml.get("id") or "").strip()
            if own in self.known:
                yield own
            if tag(xml) == "process" and own in self.pools:
                yield self.pools[own]

    def plane(self, plane: Xml, inside: str | None) -> Plane:
        """Read a plane.

        Args:
            inside: the collapsed sub-process whose contents it shows.
        """
        wanted = list(self._wanted(plane))
        boxes = {id_ for id_, xml in wanted if _box(xml) is not None}
        collapsed = self._collapsed(wanted, boxes)
        shapes: list[Shape] = []
        edges: list[Edge] = []
        for id_, xml in wanted:
            path = list(self.around(id_))
            if inside in path:
                path = path[: path.index(inside or "")]
            if collapsed.intersection(path):
                continue  # it is inside of what is closed
            found = None
            if len(self.drawn) < MOST_DRAWN:
                found = self._read(id_, xml, path, is_expanded=id_ not in collapsed, boxes=boxes)
            if found is None:
                self.left_out += 1
                continue
            self.drawn.add(id_)
            shapes.append(found) if isinstance(found, Shape) else edges.append(found)
        title = None if inside is None else self.known[inside].get("name") or inside
        return Plane(title, tuple(shapes), tuple(edges))

    def _wanted(self, plane: Xml) -> Iterator[tuple[str, Xml]]:
        """The first shape or edge of each element, in document order."""
        seen = set(self.drawn)
        for xml in plane:
            id_ = self.element_of(xml)
            if xml.tag not in (f"{_BPMNDI}BPMNShape", f"{_BPMNDI}BPMNEdge") or id_ in seen:
                continue
            seen.add(id_)
            if id_ in self.known:
                yield id_, xml
            else:
                self.left_out += 1

    def _collapsed(self, wanted: list[tuple[str, Xml]], boxes: set[str]) -> set[str]:
        """The closed sub-processes; one that does not say it is open if it has drawn contents."""
        open_ = {id_ for inner in boxes for id_ in self.around(inner)}
        return {
            id_
            for id_, xml in wanted
            if tag(self.known[id_]) in SUB_PROCESSES
            and xml.get("isExpanded", "true" if id_ in open_ else "false") != "true"
        }

    def _read(
        self, id_: str, xml: Xml, path: list[str], *, is_expanded: bool, boxes: set[str]
    ) -> Shape | Edge | None:
        element, kind = self.known[id_], tag(self.known[id_])
        depth = sum(1 for p in path if p in boxes and tag(self.known[p]) != "lane")
        label = child_box(xml.find(f"{_BPMNDI}BPMNLabel"))
        if xml.tag == f"{_BPMNDI}BPMNEdge":
            points = _points(xml)
            if kind not in CONNECTIONS or len(points) < 2:
                return None
            envelope = xml.get("messageVisibleKind") or ""
            described = describe(id_, element, self.known)
            return Edge(described, points, label, _look(xml), depth, envelope)
        box = _box(xml)
        if kind not in NODES or box is None:
            return None
        return Shape(
            describe(id_, element, self.known),
            box,
            label,
            _look(xml),
            depth,
            is_expanded=is_expanded and kind in SUB_PROCESSES,
            is_horizontal=xml.get("isHorizontal", "true") != "false",
            has_marker=xml.get("isMarkerVisible") == "true",
        )


def child_box(xml: Xml | None) -> Box | None:
    """The bounds of a label, if it has any."""
    return None if xml is None else _box(xml)


def _box(xml: Xml) -> Box | None:
    """The bounds of a shape; None where they are missing or cannot be used."""
    bounds = xml.find(f"{_DC}Bounds")
    if bounds is None:
        return None
    numbers = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    usable = [n for n in numbers if n is not None]
    # All four or none: half a box would be drawn somewhere, and be wrong.
    if len(usable) < len(numbers) or min(usable[2:]) < 0:
        return None
    return Box(*usable)


def _points(xml: Xml) -> tuple[Point, ...]:
    """The way points of an edge; empty where one cannot be used."""
    found: list[Point] = []
    for place in xml.findall(f"{_DI}waypoint")[:MOST_POINTS]:
        x, y = _number(place.get("x")), _number(place.get("y"))
        if x is None or y is None:
            return ()
        if not found or found[-1] != (x, y):
            found.append(Point(x, y))
    return tuple(found)


def _number(text: str | None) -> float | None:
    try:
        value = float((text or "")[:40])
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= FARTHEST else None


def _look(xml: Xml) -> Look:
    fill = xml.get(f"{_COLOR}background-color") or xml.get(f"{_BIOC}fill") or ""
    stroke = xml.get(f"{_COLOR}border-color") or xml.get(f"{_BIOC}stroke") or ""
    return Look(*(c if _COLOUR.fullmatch(c) else None for c in (fill, stroke)))
