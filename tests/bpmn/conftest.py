import pytest

from app.bpmn import reader
from app.errors import ParseError

DEFINITIONS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:operaton="http://operaton.org/schema/1.0/bpmn"'
    ' targetNamespace="http://example.org/orders">'
)
START = '<startEvent id="start"/>'


@pytest.fixture
def read_file():
    """Read a whole file: what stands next to it in the process, its attributes, its contents."""

    def read(contents="", *, beside="", attributes="", start=START, require_ttl=False):
        xml = (
            f'{DEFINITIONS}{beside}<process id="order" isExecutable="true" {attributes}>'
            f"{start}{contents}</process></definitions>"
        )
        return reader.read("order.bpmn", xml.encode(), require_history_time_to_live=require_ttl)

    return read


@pytest.fixture
def read_process(read_file):
    """Read a file and return its one process."""
    return lambda *args, **options: read_file(*args, **options).processes[0]


@pytest.fixture
def problems_of(read_file):
    """The messages of all problems that reading a file finds."""

    def find(*args, **options):
        with pytest.raises(ParseError) as caught:
            read_file(*args, **options)
        return [problem.message for problem in caught.value.problems]

    return find
