import pytest

BOUNDARY = (
    '<boundaryEvent id="undo-book" attachedToRef="book">'
    "<compensateEventDefinition/></boundaryEvent>"
)
EVENT_SUBPROCESS = (
    '<subProcess id="{0}" triggeredByEvent="true"><startEvent id="{0}-start">'
    "<compensateEventDefinition/></startEvent></subProcess>"
)


def association(source, target):
    return f'<association id="{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'


def test_an_association_connects_an_activity_with_its_compensation_handler(read_process):
    process = read_process(
        f'<task id="book"/>{BOUNDARY}<task id="cancel" isForCompensation="true"/>'
        + association("undo-book", "cancel")
    )

    assert process.nodes["book"].compensation_handler == "cancel"
    assert process.nodes["cancel"].is_for_compensation
    assert not process.nodes["book"].is_for_compensation


def test_an_event_subprocess_undoes_the_subprocess_around_it(read_process):
    process = read_process(
        '<subProcess id="trip"><startEvent id="s"/>'
        + EVENT_SUBPROCESS.format("undo")
        + "</subProcess>"
    )

    assert process.nodes["trip"].compensation_handler == "undo"
    assert process.nodes["undo"].is_for_compensation
    assert process.nodes["undo-start"].kind == "compensationStartEvent"


def test_a_handler_must_be_for_compensation(problems_of):
    problems = problems_of(
        f'<task id="book"/>{BOUNDARY}<task id="cancel"/>' + association("undo-book", "cancel")
    )

    assert problems == [
        "compensation boundary catch must be connected to element with isForCompensation=true"
    ]


def test_other_associations_have_no_effect(read_process):
    process = read_process(
        '<task id="book"/><textAnnotation id="note"/>' + association("book", "note")
    )

    assert process.nodes["book"].compensation_handler is None


def test_an_association_with_nothing_is_refused(problems_of):
    problems = problems_of('<task id="book"/>' + association("book", "nothing"))

    assert problems == ["Invalid reference targetRef 'nothing' of association element "]


def test_an_activity_has_one_compensation_event(problems_of):
    problems = problems_of(f'<task id="book"/>{BOUNDARY}' + BOUNDARY.replace("undo-book", "again"))

    assert problems == [
        "multiple boundary events with compensateEventDefinition not supported on same activity"
    ]


def test_a_subprocess_is_undone_in_one_way(problems_of):
    problems = problems_of(
        '<subProcess id="book"><startEvent id="s"/>'
        + EVENT_SUBPROCESS.format("inside")
        + f'</subProcess>{BOUNDARY}<task id="cancel" isForCompensation="true"/>'
        + association("undo-book", "cancel")
    )

    assert problems == [
        "compensation boundary event and event subprocess with compensation start event are not "
        "supported on the same scope"
    ]


def test_a_subprocess_is_undone_by_one_event_subprocess(problems_of):
    problems = problems_of(
        '<subProcess id="trip"><startEvent id="s"/>'
        + EVENT_SUBPROCESS.format("one")
        + EVENT_SUBPROCESS.format("two")
        + "</subProcess>"
    )

    assert problems == [
        "multiple event subprocesses with compensation start event are not supported on the same "
        "scope"
    ]


def test_a_process_itself_is_not_compensated(problems_of):
    problems = problems_of(EVENT_SUBPROCESS.format("undo"))

    assert problems[0].startswith("event subprocess with compensation start event is only")


def test_a_transaction_has_one_cancel_event(problems_of):
    cancel = '<boundaryEvent id="{}" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>'

    problems = problems_of(
        '<transaction id="t"><startEvent id="s"/><endEvent id="e"><cancelEventDefinition/>'
        "</endEvent></transaction>" + cancel.format("c1") + cancel.format("c2")
    )

    assert problems == [
        "multiple boundary events with cancelEventDefinition not supported on same transaction "
        "subprocess"
    ]


@pytest.mark.parametrize(
    ("activity", "is_known"), [("book", True), ("inner", False), ("no", False)]
)
def test_a_thrown_compensation_refers_to_an_activity_of_its_scope(
    read_process, problems_of, activity, is_known
):
    model = (
        '<task id="book"/><subProcess id="sub"><startEvent id="s"/><task id="inner"/></subProcess>'
        '<intermediateThrowEvent id="throw"><compensateEventDefinition'
        f' activityRef="{activity}"/></intermediateThrowEvent>'
    )

    if is_known:
        assert read_process(model).nodes["throw"].detail.activity_id == activity
    else:
        assert problems_of(model) == [
            "Invalid attribute value for 'activityRef': no activity with id "
            f"'{activity}' in scope 'order'"
        ]
