"""Gives a model the layout that a modeler would: columns along the flows, rows for branches."""

import re
import xml.etree.ElementTree as ET

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SIZES = {"Event": (36, 36), "Gateway": (50, 50)}
COLUMN, ROW, LEFT, TOP = 170, 120, 160, 80


def _size(tag):
    return next((size for ending, size in SIZES.items() if tag.endswith(ending)), (110, 80))


def _columns(process):
    """The column and the row of each node, by its id."""
    flows = [
        (f.get("sourceRef"), f.get("targetRef")) for f in process.iter(f"{{{BPMN}}}sequenceFlow")
    ]
    tags = {}
    for child in process:
        tag = child.tag.partition("}")[2]
        if child.get("id") and re.search("(Event|Task|Gateway|Activity|subProcess)$", tag):
            tags[child.get("id")] = tag
    column = dict.fromkeys(tags, 0)
    for _ in tags:  # as far to the right as the longest way there
        for source, target in flows:
            if (
                source in column
                and target in column
                and column[target] <= column[source] < len(tags)
            ):
                column[target] = column[source] + 1
    places, taken = {}, {}
    for node in tags:
        row = taken.get(column[node], 0)
        taken[column[node]] = row + 1
        places[node] = (column[node], row)
    return tags, places, flows


def laid_out(xml):
    """The model with a diagram of its first process."""
    process = ET.fromstring(xml).find(f"{{{BPMN}}}process")
    tags, places, flows = _columns(process)
    boxes, parts = {}, []
    for node, (column, row) in places.items():
        width, height = _size(tags[node])
        x, y = LEFT + column * COLUMN - width // 2, TOP + row * ROW - height // 2
        boxes[node] = (x, y, width, height)
        parts.append(
            f'<di:BPMNShape id="{node}_di" bpmnElement="{node}"><dc:Bounds x="{x}" y="{y}" '
            f'width="{width}" height="{height}"/></di:BPMNShape>'
        )
    for source, target in flows:
        if source in boxes and target in boxes:
            parts.append(_edge(f"{source}_{target}", boxes[source], boxes[target]))
    diagram = (
        '<di:BPMNDiagram id="diagram" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        'xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">'
        f'<di:BPMNPlane id="plane" bpmnElement="{process.get("id")}">{"".join(parts)}'
        "</di:BPMNPlane></di:BPMNDiagram></definitions>"
    )
    return xml.replace("</definitions>", diagram)


def _edge(flow, source, target):
    (x1, y1, w1, h1), (x2, y2, _, h2) = source, target
    start, end = (x1 + w1, y1 + h1 // 2), (x2, y2 + h2 // 2)
    middle = (start[0] + end[0]) // 2
    points = [start, (middle, start[1]), (middle, end[1]), end]
    text = "".join(f'<dd:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<di:BPMNEdge id="{flow}_di" bpmnElement="{flow}">{text}</di:BPMNEdge>'
