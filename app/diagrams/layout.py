"""The layout of a diagram: elements of a model with the places that its file gives them.

Source: BPMN 2.0.2 §12 (BPMN DI).
"""

from collections.abc import Mapping

from app.dataclasses import dataclass

from .geometry import Box, Point

EVENTS = frozenset(
    "startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent".split()
)
SUB_PROCESSES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
TASKS = frozenset(
    "task userTask manualTask serviceTask scriptTask sendTask receiveTask businessRuleTask".split()
)
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
GATEWAYS = frozenset(
    "exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway".split()
)
POOLS = frozenset(("participant", "lane"))
DATA = frozenset(
    "dataObjectReference dataObject dataStoreReference dataStore dataInput dataOutput".split()
)
ARTIFACTS = frozenset(("textAnnotation", "group"))
NODES = EVENTS | ACTIVITIES | GATEWAYS | POOLS | DATA | ARTIFACTS
CONNECTIONS = frozenset(
    "sequenceFlow messageFlow association dataInputAssociation dataOutputAssociation".split()
)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the model as far as its look depends on it.

    Attributes:
        kind: the name of its tag.
        triggers: of an event: ``message``, ``timer`` and so on, in document order.
        traits: words for what else is seen: ``interrupting``, ``sequential``, ``default`` …
    """

    id: str
    kind: str
    name: str
    triggers: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """Colours that the file gives, checked; None leaves them to the drawing."""

    fill: str | None = None
    stroke: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """An element that has an area.

    Attributes:
        label: where its text stands when that is outside.
        is_horizontal: of pools and lanes.
        has_marker: of exclusive gateways, whether the cross is shown.
        depth: in how many drawn pools and sub-processes it lies.
    """

    element: Element
    box: Box
    label: Box | None
    look: Look
    depth: int
    is_expanded: bool = False
    is_horizontal: bool = True
    has_marker: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An element that is a line of at least two points.

    Attributes:
        envelope: of message flows: ``initiating``, ``non_initiating`` or empty.
    """

    element: Element
    points: tuple[Point, ...]
    label: Box | None
    look: Look
    depth: int
    envelope: str = ""


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane that is drawn in one piece: the process, or the inside of a collapsed sub-process.

    Attributes:
        title: of the sub-process; None for the process itself.
    """

    title: str | None
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all that can be drawn of a process.

    Attributes:
        parents: the element around each element, so that marks of what is not drawn find a place.
        left_out: how many elements have no usable place, or came after the most that are drawn.
    """

    planes: tuple[Plane, ...]
    parents: Mapping[str, str]
    left_out: int

    @property
    def ids(self) -> set[str]:
        """The ids of all that is drawn."""
        found = {shape.element.id for plane in self.planes for shape in plane.shapes}
        return found | {edge.element.id for plane in self.planes for edge in plane.edges}
