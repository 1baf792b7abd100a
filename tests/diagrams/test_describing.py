"""The kind, label and marks of an element, as they follow from its XML."""

import pytest
from lxml import etree

from app.diagrams.elements import LONGEST_NAME, by_id, describe

from .models import HEAD

pytestmark = pytest.mark.no_database


def described(xml, id_="x"):
    """The element with an id in a file with these contents."""
    root = etree.fromstring(f"{HEAD}<process id='p'>{xml}</process></definitions>")
    known = by_id(root)
    return describe(id_, known[id_], known)


@pytest.mark.parametrize(
    ("xml", "traits"),
    [
        pytest.param('<task id="x"/>', set(), id="a task"),
        pytest.param('<task id="x" isForCompensation="true"/>', {"compensation"}, id="undoes"),
        pytest.param('<task id="x" isForCompensation="1"/>', {"compensation"}, id="true as 1"),
        pytest.param('<task id="x" isForCompensation="false"/>', set(), id="not"),
        pytest.param('<receiveTask id="x" instantiate="true"/>', {"instantiating"}, id="starts"),
        pytest.param('<subProcess id="x"/>', {"subProcess"}, id="a sub-process"),
        pytest.param('<adHocSubProcess id="x"/>', {"adHocSubProcess"}, id="ad hoc"),
        pytest.param(
            '<subProcess id="x" triggeredByEvent="true"/>', {"subProcess", "event"}, id="by event"
        ),
        pytest.param('<task id="x"><standardLoopCharacteristics/></task>', {"loop"}, id="a loop"),
        pytest.param(
            '<task id="x"><multiInstanceLoopCharacteristics isSequential="1"/></task>',
            {"sequential"},
            id="one by one",
        ),
        pytest.param(
            '<task id="x"><multiInstanceLoopCharacteristics isSequential="0"/></task>',
            {"parallel"},
            id="at once",
        ),
        pytest.param('<endEvent id="x"/>', {"throwing"}, id="throws"),
        pytest.param('<boundaryEvent id="x"/>', set(), id="interrupts"),
        pytest.param(
            '<boundaryEvent id="x" cancelActivity="false"/>', {"non-interrupting"}, id="does not"
        ),
        pytest.param(
            '<startEvent id="x" isInterrupting="false"/>', {"non-interrupting"}, id="nor this"
        ),
        pytest.param(
            '<eventBasedGateway id="x" eventGatewayType="Exclusive"/>', set(), id="one of them"
        ),
        pytest.param(
            '<eventBasedGateway id="x" eventGatewayType="Parallel"/>', {"parallel"}, id="all"
        ),
        pytest.param('<association id="x"/>', {"direction-none"}, id="no direction"),
        pytest.param(
            '<association id="x" associationDirection="Both"/>', {"direction-both"}, id="both"
        ),
        pytest.param('<participant id="x"/>', {"empty"}, id="a pool of nothing"),
        pytest.param('<participant id="x" processRef="p"/>', set(), id="a pool of a process"),
        pytest.param('<dataInput id="x" isCollection="true"/>', {"collection"}, id="many"),
        pytest.param(
            '<dataObject id="d" isCollection="true"/>'
            '<dataObjectReference id="x" dataObjectRef="d"/>',
            {"collection"},
            id="many behind a reference",
        ),
        pytest.param(
            '<dataObjectReference id="x" dataObjectRef="gone"/>', set(), id="a reference to nothing"
        ),
    ],
)
def test_an_element_has_the_traits_that_its_attributes_say(xml, traits):
    assert described(xml).traits == traits


@pytest.mark.parametrize(
    ("source", "attributes", "inner", "traits"),
    [
        pytest.param('<task id="a" default="x"/>', "", "", {"default"}, id="by default"),
        pytest.param('<task id="a" default=" x "/>', "", "", {"default"}, id="with blanks"),
        pytest.param('<task id="a" default="y"/>', "", "", set(), id="another is"),
        pytest.param(
            '<task id="a"/>', "", "<conditionExpression/>", {"conditional"}, id="on a condition"
        ),
        pytest.param(
            '<subProcess id="a"/>', "", "<conditionExpression/>", {"conditional"}, id="of a scope"
        ),
        pytest.param(
            '<inclusiveGateway id="a"/>', "", "<conditionExpression/>", set(), id="of a gateway"
        ),
        pytest.param("", "", "<conditionExpression/>", set(), id="from nowhere"),
    ],
)
def test_a_flow_is_marked_by_where_it_comes_from(source, attributes, inner, traits):
    xml = f'{source}<sequenceFlow id="x" sourceRef="a" {attributes}>{inner}</sequenceFlow>'

    assert described(xml).traits == traits


@pytest.mark.parametrize(
    ("xml", "triggers"),
    [
        pytest.param("", (), id="none"),
        pytest.param("<timerEventDefinition/>", ("timer",), id="one"),
        pytest.param(
            "<signalEventDefinition/><timerEventDefinition/>", ("signal", "timer"), id="in order"
        ),
        pytest.param("<eventDefinitionRef>d</eventDefinitionRef>", ("error",), id="by reference"),
        pytest.param("<eventDefinitionRef> d </eventDefinitionRef>", ("error",), id="with blanks"),
        pytest.param("<eventDefinitionRef>gone</eventDefinitionRef>", (), id="to nothing"),
        pytest.param("<eventDefinitionRef/>", (), id="without a name"),
        pytest.param("<eventDefinition/>", (), id="of no kind"),
        pytest.param("<extensionElements/><!-- x --><outgoing>f</outgoing>", (), id="others"),
    ],
)
def test_an_event_has_the_triggers_of_its_definitions(xml, triggers):
    found = described(
        f'<errorEventDefinition id="d"/><catchEvent/><endEvent id="x">{xml}</endEvent>'
    )

    assert found.triggers == triggers


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        pytest.param('<task id="x"/>', "", id="no name"),
        pytest.param('<task id="x" name="  Pack  "/>', "Pack", id="no blanks around it"),
        pytest.param('<task id="x" name="a&#10;b"/>', "a\nb", id="lines"),
        pytest.param(
            '<textAnnotation id="x"><text>Read <!-- no -->me</text></textAnnotation>',
            "Read me",
            id="the text of a note",
        ),
        pytest.param('<textAnnotation id="x" name="no"/>', "", id="a note without a text"),
        pytest.param(
            '<dataObjectReference id="x" name="Bill"><dataState name="paid"/>'
            "</dataObjectReference>",
            "Bill\n[paid]",
            id="a state",
        ),
        pytest.param(
            '<dataObjectReference id="x" name="Bill"><dataState/></dataObjectReference>',
            "Bill",
            id="a state without a name",
        ),
        pytest.param('<group id="x" name="no" categoryValueRef="v"/>', "", id="no category"),
        pytest.param(
            '<categoryValue id="v" value="Money"/><group id="x" categoryValueRef="v"/>',
            "Money",
            id="a category",
        ),
    ],
)
def test_an_element_is_called_by_what_its_kind_calls_its_name(xml, name):
    assert described(xml).name == name


def test_a_name_that_is_very_long_is_cut():
    assert len(described(f'<task id="x" name="{"a" * 9_999}"/>').name) == LONGEST_NAME


def test_the_first_of_two_elements_with_an_id_counts():
    assert described('<task id="x"/><userTask id=" x "/>').kind == "task"


def test_what_is_of_another_namespace_is_no_element():
    root = etree.fromstring(
        f'{HEAD}<process id="p"><o:task xmlns:o="other" id="x"/></process></definitions>'
    )

    assert set(by_id(root)) == {"p"}
