"""Models with a layout for tests, and SVG as tests look at it."""

from xml.sax.saxutils import quoteattr

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' targetNamespace="http://example.org">'
)


def shape(element, x=100, y=100, width=100, height=80, inner="", **attributes):
    """A shape; the label stands in `inner`."""
    more = _attributes(attributes)
    return (
        f"<bpmndi:BPMNShape bpmnElement={quoteattr(element)}{more}>"
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>{inner}</bpmndi:BPMNShape>'
    )


def edge(element, *points, inner="", **attributes):
    """An edge with its way points."""
    ways = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return (
        f"<bpmndi:BPMNEdge bpmnElement={quoteattr(element)}{_attributes(attributes)}>"
        f"{ways}{inner}</bpmndi:BPMNEdge>"
    )


def label(x, y, width=80, height=14):
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f"<bpmndi:BPMNLabel>{bounds}</bpmndi:BPMNLabel>"


def _attributes(given):
    return "".join(f" {name.replace('_', ':')}={quoteattr(value)}" for name, value in given.items())


def plane(element, *contents):
    """A diagram with one plane."""
    return (
        f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="{element}">{"".join(contents)}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


def model(contents, *drawn, beside="", more=""):
    """A file with the process ``p``.

    Args:
        drawn: shapes and edges of its plane; without any there is no diagram.
        beside: what stands beside the process.
        more: further diagrams.
    """
    diagram = plane("p", *drawn) if drawn else ""
    return (
        f'{HEAD}{beside}<process id="p" name="Order" isExecutable="true">{contents}</process>'
        f"{diagram}{more}</definitions>"
    ).encode()


class Picture:
    """A drawn SVG."""

    def __init__(self, text):
        self.text = text
        self.root = etree.fromstring(text)

    def element(self, id_):
        """The group that is drawn for an element; None if it is not drawn."""
        found = [e for e in self.root.iter(f"{SVG}g") if e.get("data-element") == id_]
        assert len(found) < 2
        return found[0] if found else None

    def order(self):
        """The ids of the elements, those behind first."""
        return [e.get("data-element") for e in self.root.iter() if e.get("data-element")]

    def inside(self, id_, tag):
        return list(self.element(id_).iter(f"{SVG}{tag}"))

    def titles(self):
        return [e.text for e in self.root.iter(f"{SVG}title")]

    def lines(self):
        """All lines of text."""
        texts = self.root.iter(f"{SVG}text", f"{SVG}tspan")
        return [e.text for e in texts if e.text]

    def badges(self):
        return [
            (e.get("class").split()[-1], "".join(e.itertext()))
            for e in self.root.iter(f"{SVG}g")
            if "d-badge" in (e.get("class") or "").split()
        ]
