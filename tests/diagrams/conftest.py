import pytest

from app.diagrams import draw, read

from .models import Picture


@pytest.fixture
def drawn():
    """Draw a file as a picture."""

    def drawn(xml, marks=None, process_id="p", title=""):
        return Picture(draw(read("order.bpmn", xml, process_id), marks, title=title))

    return drawn
