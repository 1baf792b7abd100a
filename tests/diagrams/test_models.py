"""The project's own models have a layout, and all of it is drawn."""

from pathlib import Path

import pytest

from app.diagrams import draw, read

from .models import Picture

ROOT = Path(__file__).resolve().parents[2]
MODELS = ["app/demo/order.bpmn", "tests/testing/programs/order.bpmn"]


@pytest.mark.parametrize("path", MODELS)
def test_all_of_a_model_is_drawn(path):
    xml = (ROOT / path).read_bytes()

    layout = read(path, xml, "order")
    picture = Picture(draw(layout))

    assert layout.left_out == 0
    assert len(picture.order()) == xml.count(b"<dc:Bounds ") - xml.count(
        b"<bpmndi:BPMNLabel>"
    ) + xml.count(b"<bpmndi:BPMNEdge ")


@pytest.mark.parametrize("path", MODELS)
def test_flows_meet_their_elements(path):
    layout = read(path, (ROOT / path).read_bytes(), "order")
    boxes = [s.box.grown(0.5) for p in layout.planes for s in p.shapes]

    ends = [end for p in layout.planes for e in p.edges for end in (e.points[0], e.points[-1])]

    for x, y in ends:
        assert any(b.x <= x <= b.right and b.y <= y <= b.bottom for b in boxes)
