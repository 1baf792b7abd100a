import pytest

from app.bpmn import model


def work(contents="", attributes="", element="serviceTask"):
    return (
        f'<{element} id="work" camunda:type="external" camunda:topic="t" {attributes}>'
        f"<extensionElements>{contents}</extensionElements></{element}>"
    )


def mapping(contents):
    return f"<camunda:inputOutput>{contents}</camunda:inputOutput>"


def parameter(value):
    return mapping(f'<camunda:inputParameter name="p">{value}</camunda:inputParameter>')


def test_parameters_keep_their_order_and_lose_blanks_around_their_text(read_process):
    process = read_process(
        work(
            mapping(
                '<camunda:inputParameter name="b">\n ${x} </camunda:inputParameter>'
                '<camunda:outputParameter name="c">done</camunda:outputParameter>'
                '<camunda:inputParameter name="a"/>'
            )
        )
    )

    node = process.nodes["work"]
    assert [p.name for p in node.inputs] == ["b", "a"]
    assert node.inputs[0].value.text == "${x}"
    assert node.inputs[1].value is None
    assert [(p.name, p.value.text) for p in node.outputs] == [("c", "done")]


def test_a_parameter_may_be_a_nested_collection(read_process):
    process = read_process(
        work(
            parameter(
                '<camunda:map><camunda:entry key="${k}"><camunda:list>'
                "<camunda:value>1</camunda:value>"
                '<camunda:script scriptFormat="groovy">2</camunda:script></camunda:list>'
                "</camunda:entry></camunda:map>"
            )
        )
    )

    ((key, items),) = process.nodes["work"].inputs[0].value.entries
    assert key.text == "${k}"
    assert items.items[0].text == "1"
    assert items.items[1] == model.Script("groovy", "2")


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        ("<camunda:inputParameter/>", "Missing attribute 'name' for inputParameter"),
        (
            '<camunda:outputParameter name="">x</camunda:outputParameter>',
            "Missing attribute 'name' for outputParameter",
        ),
        (
            '<camunda:inputParameter name="p"><camunda:list/><camunda:list/>'
            "</camunda:inputParameter>",
            "Nested parameter can at most have one child element",
        ),
        (
            '<camunda:inputParameter name="p"><camunda:map><camunda:entry>x</camunda:entry>'
            "</camunda:map></camunda:inputParameter>",
            "Missing attribute 'key' for 'entry' element",
        ),
        (
            '<camunda:inputParameter name="p"><camunda:script>x</camunda:script>'
            "</camunda:inputParameter>",
            "Missing attribute 'scriptFormatAttribute' for 'script' element",
        ),
    ],
)
def test_a_parameter_that_says_too_little_is_refused(problems_of, contents, problem):
    assert problems_of(work(mapping(contents))) == [problem]


@pytest.mark.parametrize("element", ["exclusiveGateway", "parallelGateway"])
def test_a_gateway_has_no_parameters(problems_of, element):
    problems = problems_of(
        f'<{element} id="gate"><extensionElements>{parameter("x")}</extensionElements></{element}>'
        '<task id="t"/><sequenceFlow id="f" sourceRef="gate" targetRef="t"/>'
    )

    assert problems == [f"camunda:inputOutput mapping unsupported for element type '{element}'."]


def test_a_start_event_has_no_parameters(problems_of):
    problems = problems_of(
        start=f'<startEvent id="s"><extensionElements>{parameter("x")}</extensionElements>'
        "</startEvent>"
    )

    assert problems == ["camunda:inputOutput mapping unsupported for element type 'startEvent'."]


def test_an_event_subprocess_has_no_parameters(problems_of):
    problems = problems_of(
        f'<subProcess id="sub" triggeredByEvent="true"><extensionElements>{parameter("x")}'
        '</extensionElements><startEvent id="s"><errorEventDefinition/></startEvent></subProcess>'
    )

    assert problems == [
        "camunda:inputOutput mapping unsupported for element type 'subProcess' with attribute "
        "'triggeredByEvent = true'."
    ]


def test_an_end_event_has_no_output_parameters(problems_of):
    output = mapping('<camunda:outputParameter name="p">x</camunda:outputParameter>')

    problems = problems_of(
        f'<endEvent id="end"><extensionElements>{output}</extensionElements></endEvent>'
    )

    assert problems == ["camunda:outputParameter not allowed for element type 'endEvent'."]


def test_properties_are_a_map(read_process):
    process = read_process(
        work(
            '<camunda:properties><camunda:property name="a" value="1"/>'
            '<camunda:property name="b"/></camunda:properties>'
        )
    )

    assert process.nodes["work"].properties == {"a": "1", "b": ""}


def test_jobs_are_configured_by_attributes(read_process):
    process = read_process(
        work(
            "<camunda:failedJobRetryTimeCycle>R3/PT10M</camunda:failedJobRetryTimeCycle>",
            'camunda:asyncBefore="true" camunda:asyncAfter="true" camunda:exclusive="false"'
            ' camunda:jobPriority="${p}"',
        )
    )

    node = process.nodes["work"]
    assert (node.async_before, node.async_after, node.is_exclusive) == (True, True, False)
    assert node.job_priority.text == "${p}"
    assert node.job_retry_cycle.text == "R3/PT10M"


def test_an_activity_is_synchronous_and_exclusive_unless_it_says_otherwise(read_process):
    node = read_process(work()).nodes["work"]

    assert (node.async_before, node.async_after, node.is_exclusive) == (False, False, True)


@pytest.mark.parametrize(
    ("attributes", "contents", "kind"),
    [
        ('expression="${log.it()}"', "", "expression"),
        ('class="org.Log"', "", "class"),
        ('delegateExpression="${log}"', "", "delegateExpression"),
        ("", '<camunda:script scriptFormat="groovy">1</camunda:script>', "script"),
    ],
)
def test_listeners_are_kept_with_their_kind(read_process, attributes, contents, kind):
    process = read_process(
        work(
            f'<camunda:executionListener event="start" {attributes}>{contents}'
            "</camunda:executionListener>"
        )
    )

    (listener,) = process.nodes["work"].listeners
    assert (listener.event, listener.kind) == ("start", kind)


def test_a_listener_in_java_is_a_need(read_file):
    parsed = read_file(work('<camunda:executionListener event="end" class="org.Log"/>'))

    (need,) = parsed.needs
    assert (need.kind, need.name, need.place) == ("class", "org.Log", "listener")
    assert need.problem.message == "The listener 'org.Log' needs a Java virtual machine."
    assert need.problem.element_ids == ("work",)


def test_the_listeners_of_a_flow_listen_to_its_being_taken(read_process):
    process = read_process(
        '<task id="t"/><sequenceFlow id="f" sourceRef="start" targetRef="t"><extensionElements>'
        '<camunda:executionListener expression="${x}"/></extensionElements></sequenceFlow>'
    )

    assert [listener.event for listener in process.flows["f"].listeners] == ["take"]


def test_a_user_task_may_have_a_listener_with_a_timer(read_process):
    process = read_process(
        '<userTask id="t"><extensionElements><camunda:taskListener event="timeout" id="late"'
        ' expression="${x}"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></camunda:taskListener></extensionElements></userTask>"
    )

    (listener,) = process.nodes["t"].detail.listeners
    assert (listener.event, listener.timer.value.text) == ("timeout", "PT1H")


@pytest.mark.parametrize(
    ("listener", "problem"),
    [
        (
            '<camunda:executionListener expression="${x}"/>',
            "Attribute 'event' is mandatory on listener",
        ),
        (
            '<camunda:executionListener event="take" expression="${x}"/>',
            "Attribute 'event' must be one of {start|end}",
        ),
        (
            '<camunda:executionListener event="start"/>',
            "Element 'class', 'expression', 'delegateExpression' or 'script' is mandatory on "
            "executionListener",
        ),
    ],
)
def test_a_listener_that_says_too_little_is_refused(problems_of, listener, problem):
    assert problems_of(work(listener)) == [problem]


def loop(contents="", attributes=""):
    return (
        f'<task id="t"><multiInstanceLoopCharacteristics {attributes}>{contents}'
        "</multiInstanceLoopCharacteristics></task>"
    )


def test_a_loop_may_count(read_process):
    process = read_process(
        loop(
            "<loopCardinality> ${n} </loopCardinality>"
            "<completionCondition>${done}</completionCondition>",
            'isSequential="true" camunda:asyncBefore="true" camunda:exclusive="false"',
        )
    )

    found = process.nodes["t"].loop
    assert (found.is_sequential, found.cardinality.text) == (True, "${n}")
    assert found.completion_condition.text == "${done}"
    assert (found.async_before, found.is_exclusive) == (True, False)


@pytest.mark.parametrize(
    ("collection", "expression", "variable"),
    [("${orders}", "${orders}", None), ("orders", None, "orders")],
)
def test_a_loop_may_go_over_a_collection(read_process, collection, expression, variable):
    process = read_process(
        loop("", f'camunda:collection="{collection}" camunda:elementVariable="o"')
    )

    found = process.nodes["t"].loop
    assert (found.collection.text if found.collection else None) == expression
    assert (found.collection_variable, found.element_variable) == (variable, "o")
    assert not found.is_sequential


@pytest.mark.parametrize(
    ("contents", "attributes", "problem"),
    [
        ("", "", "Either loopCardinality or loopDataInputRef/activiti:collection must be set"),
        (
            "<loopCardinality>2</loopCardinality>",
            'camunda:elementVariable="x"',
            "LoopDataInputRef/activiti:collection must be set when using inputDataItem or "
            "activiti:elementVariable",
        ),
        (
            "<loopCardinality/>",
            "",
            "loopCardinality must be defined for a multiInstanceLoopCharacteristics definition ",
        ),
    ],
)
def test_a_loop_that_says_too_little_is_refused(problems_of, contents, attributes, problem):
    assert problems_of(loop(contents, attributes)) == [problem]


def test_a_loop_has_no_output_parameters(problems_of):
    output = mapping('<camunda:outputParameter name="p">x</camunda:outputParameter>')

    problems = problems_of(
        f'<task id="t"><extensionElements>{output}</extensionElements>'
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "</multiInstanceLoopCharacteristics></task>"
    )

    assert problems == ["camunda:outputParameter not allowed for multi-instance constructs"]


def test_a_standard_loop_is_ignored(read_process):
    process = read_process('<task id="t"><standardLoopCharacteristics/></task>')

    assert process.nodes["t"].loop is None
