"""Processes that together say something in each field that a model is read into."""

from tests.models import HEAD, flow, flows, process, task

EXTENSIONS = "<extensionElements>{}</extensionElements>"
LISTENER = '<camunda:executionListener event="{}" {}/>'
TAKE = LISTENER.format("take", 'expression="${1}"')
DECLARED = (
    '<message id="m" name="order"/><signal id="sg" name="all"/>'
    '<error id="er" errorCode="bad" camunda:errorMessage="so bad"/>'
    '<escalation id="es" escalationCode="up"/>'
)
CONDITION = (
    '<conditionalEventDefinition camunda:variableName="x" camunda:variableEvents="create">'
    "<condition>${x == 1}</condition></conditionalEventDefinition>"
)


def declared(model):
    """The same with a message, a signal, an error and an escalation."""
    return model.replace("<process ", f"{DECLARED}<process ", 1)


def timer(kind, text, attributes=""):
    return f"<timerEventDefinition {attributes}><{kind}>{text}</{kind}></timerEventDefinition>"


def event(kind, name, definition, attributes="", extensions=""):
    return f'<{kind} id="{name}" {attributes}>{extensions}{definition}</{kind}>'


FORM = EXTENSIONS.format(
    '<camunda:formData><camunda:formField id="kind" type="enum" label="Kind" defaultValue="a">'
    '<camunda:value id="a" name="A"/></camunda:formField><camunda:formField id="day" type="date" '
    'datePattern="yyyy-MM-dd" defaultValue="2026-01-01"/><camunda:formField id="note" '
    'type="string"><camunda:validation><camunda:constraint name="maxlength" config="5"/>'
    "</camunda:validation></camunda:formField></camunda:formData>"
)
MAPPING = (
    '<camunda:inputOutput><camunda:inputParameter name="list"><camunda:list><camunda:value>1'
    '</camunda:value></camunda:list></camunda:inputParameter><camunda:inputParameter name="map">'
    '<camunda:map><camunda:entry key="k">v</camunda:entry></camunda:map></camunda:inputParameter>'
    '<camunda:outputParameter name="done">true</camunda:outputParameter></camunda:inputOutput>'
)
WORK = f"""{HEAD}{DECLARED}<process id="work" name="Work" isExecutable="true"
  camunda:historyTimeToLive="5" camunda:versionTag="v1" camunda:taskPriority="3"
  camunda:jobPriority="4" camunda:isStartableInTasklist="false"
  camunda:candidateStarterUsers="mary" camunda:candidateStarterGroups="clerks">
  <documentation>How it is done</documentation>
  {EXTENSIONS.format(LISTENER.format("start", 'expression="${1}"'))}
  <startEvent id="s" camunda:initiator="who" camunda:formKey="ignored"/>
  <serviceTask id="a" name="A" camunda:type="external" camunda:topic="work"
    camunda:taskPriority="9" camunda:asyncBefore="true" camunda:asyncAfter="true"
    camunda:exclusive="false" camunda:jobPriority="8" default="a_never">
    {
    EXTENSIONS.format(
        MAPPING + '<camunda:properties><camunda:property name="x" value="y"/></camunda:properties>'
        "<camunda:failedJobRetryTimeCycle>R2/PT1M</camunda:failedJobRetryTimeCycle>"
        '<camunda:errorEventDefinition id="ed" errorRef="er" expression="${failed}"/>'
    )
}
  </serviceTask>
  <endEvent id="never"/>{flow("a", "b", "${true}")}{flow("a", "never")}
  <sequenceFlow id="s_a" name="first" sourceRef="s" targetRef="a">{
    EXTENSIONS.format(TAKE)
}</sequenceFlow>
  {
    event(
        "boundaryEvent",
        "caught",
        '<errorEventDefinition errorRef="er" camunda:errorCodeVariable="c" '
        'camunda:errorMessageVariable="t"/>',
        'attachedToRef="a"',
    )
}
  <serviceTask id="b" camunda:expression="${{1 + 1}}" camunda:resultVariable="two"/>
  <scriptTask id="c" scriptFormat="javascript" camunda:resource="deployment://c.js"
    camunda:resultVariable="three"/>
  <scriptTask id="d" scriptFormat="javascript"><extensionElements><camunda:executionListener
    event="end"><camunda:script scriptFormat="javascript">1</camunda:script>
    </camunda:executionListener></extensionElements><script>1</script></scriptTask>
  <businessRuleTask id="e" camunda:decisionRef="tier" camunda:decisionRefBinding="version"
    camunda:decisionRefVersion="1" camunda:resultVariable="tier"
    camunda:mapDecisionResult="singleResult" camunda:decisionRefTenantId="${{null}}"/>
  <serviceTask id="e2" camunda:type="external" camunda:topic="work"/>
  <userTask id="f" name="F" camunda:assignee="mary" camunda:candidateUsers="tom"
    camunda:candidateGroups="clerks" camunda:dueDate="2026-01-01T00:00:00"
    camunda:followUpDate="2026-01-01T00:00:00" camunda:priority="7" camunda:formRef="form"
    camunda:formRefBinding="version" camunda:formRefVersion="1">
    <documentation>What to do</documentation><extensionElements>
    <camunda:taskListener event="create" expression="${{1}}"/>
    <camunda:taskListener event="timeout" id="late" class="org.example.Late">{
    timer("timeDuration", "PT1H")
}</camunda:taskListener></extensionElements></userTask>
  <userTask id="g" camunda:formKey="embedded:form"/>
  {event("endEvent", "h", '<errorEventDefinition errorRef="er"/>')}
  {flows("b", "c", "d", "e", "e2", "f", "g", "h")}
</process></definitions>"""

FILLED = process(
    event("startEvent", "s", "", extensions=FORM) + '<userTask id="u"/>' + flows("s", "u"), "filled"
)

JAVA = process(
    '<startEvent id="s"/>'
    + '<serviceTask id="a" camunda:class="org.example.Charge" camunda:taskPriority="6">'
    + EXTENSIONS.format(LISTENER.format("start", 'class="org.example.Log"'))
    + "</serviceTask>"
    + '<serviceTask id="b" camunda:resultVariable="answer">'
    + EXTENSIONS.format(
        "<camunda:connector><camunda:connectorId>soap</camunda:connectorId><camunda:inputOutput>"
        '<camunda:inputParameter name="url">u</camunda:inputParameter><camunda:outputParameter '
        'name="body">${1}</camunda:outputParameter></camunda:inputOutput>'
        "</camunda:connector>"
    )
    + '</serviceTask><serviceTask id="c" camunda:resultVariable="answer">'
    + EXTENSIONS.format(
        "<camunda:connector><camunda:connectorId>soap</camunda:connectorId></camunda:connector>"
    )
    + "</serviceTask>"
    + flows("s", "a", "b", "c"),
    "java",
)

TAGGED = process(
    '<startEvent id="s"/><businessRuleTask id="a" camunda:decisionRef="tier" '
    'camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="none"/>'
    + flows("s", "a"),
    "tagged",
)

CALLED = process('<startEvent id="s"/><endEvent id="e"/>' + flows("s", "e"), "called")

CALLS = process(
    '<startEvent id="s"/>'
    '<callActivity id="a" calledElement="called" camunda:calledElementBinding="version" '
    'camunda:calledElementVersion="1" camunda:calledElementTenantId="${null}">'
    + EXTENSIONS.format(
        '<camunda:in businessKey="key"/><camunda:in source="x" target="y" local="true"/>'
        '<camunda:in sourceExpression="${1}" target="z"/><camunda:in variables="all"/>'
        '<camunda:out variables="all"/>'
    )
    + "</callActivity>"
    '<callActivity id="b" calledElement="called" camunda:calledElementBinding="versionTag" '
    'camunda:calledElementVersionTag="none"/>' + flows("s", "a", "b"),
    "calls",
)
CASE = process(
    '<startEvent id="s"/><callActivity id="a" camunda:caseRef="c"/>' + flows("s", "a"), "case"
)
MAPPER = process(
    '<startEvent id="s"/><callActivity id="a" calledElement="called" '
    'camunda:variableMappingClass="org.example.Map"/>' + flows("s", "a"),
    "mapper",
)

RETRIES = EXTENSIONS.format(
    "<camunda:failedJobRetryTimeCycle>R2/PT1M</camunda:failedJobRetryTimeCycle>"
)
LOOPS = process(
    '<startEvent id="s"/>' + task("a") + task("b") + task("c") + flows("s", "a", "b", "c"),
    "loops",
)
for _name, _loop in {
    "a": '<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="${items}" '
    'camunda:elementVariable="item" camunda:asyncBefore="true" camunda:asyncAfter="true" '
    f'camunda:exclusive="false">{RETRIES}<completionCondition>${{false}}</completionCondition>'
    "</multiInstanceLoopCharacteristics>",
    "b": '<multiInstanceLoopCharacteristics camunda:collection="items"/>',
    "c": "<multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality>"
    "</multiInstanceLoopCharacteristics>",
}.items():
    LOOPS = LOOPS.replace(
        f'camunda:topic="{_name}"></serviceTask>', f'camunda:topic="{_name}">{_loop}</serviceTask>'
    )

EVENTS = declared(
    process(
        '<startEvent id="s"/><receiveTask id="a" messageRef="m"/>'
        + event("boundaryEvent", "b", timer("timeDuration", "PT1H", 'camunda:exclusive="false"'),
                'attachedToRef="a" cancelActivity="false"')
        + event("boundaryEvent", "c", CONDITION, 'attachedToRef="a" cancelActivity="false"')
        + event("boundaryEvent", "d", '<signalEventDefinition signalRef="sg"/>',
                'attachedToRef="a" cancelActivity="false"')
        + event("intermediateCatchEvent", "e", '<messageEventDefinition messageRef="m"/>')
        + event(
            "intermediateThrowEvent",
            "f",
            '<signalEventDefinition signalRef="sg" camunda:async="true">'
            + EXTENSIONS.format(
                '<camunda:in businessKey="key"/><camunda:in source="x" target="y"/>'
            )
            + "</signalEventDefinition>",
        )
        + event("endEvent", "g", "<terminateEventDefinition/>")
        + flows("s", "a", "e", "f", "g"),
        "events",
    )
)  # fmt: skip

SCOPES = declared(
    process(
        '<startEvent id="s"/><subProcess id="a"><startEvent id="a1"/>'
        + event("intermediateThrowEvent", "a2", '<escalationEventDefinition escalationRef="es"/>')
        + '<manualTask id="a3"/>'
        + event("boundaryEvent", "a4", "<compensateEventDefinition/>", 'attachedToRef="a3"')
        + '<task id="undo" isForCompensation="true"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>"
        '<association id="as" sourceRef="a4" targetRef="undo"/>'
        + event("intermediateThrowEvent", "a5", '<compensateEventDefinition activityRef="a3"/>')
        + '<endEvent id="a6"/><subProcess id="sub" triggeredByEvent="true">'
        + event("startEvent", "sub1", '<escalationEventDefinition escalationRef="es" '
                'camunda:escalationCodeVariable="code"/>', 'isInterrupting="false"')
        + '<endEvent id="sub2"/>' + flows("sub1", "sub2") + "</subProcess>"
        + flows("a1", "a2", "a3", "a5", "a6")
        + "</subProcess>"
        + event("intermediateThrowEvent", "to", '<linkEventDefinition name="l"/>')
        + event("intermediateCatchEvent", "here", '<linkEventDefinition name="l"/>')
        + '<userTask id="u"/>'
        + flows("s", "a", "to") + flows("here", "u"),
        "scopes",
    )
)  # fmt: skip

ALL = (FILLED, JAVA, TAGGED, CALLED, CALLS, CASE, MAPPER, LOOPS, EVENTS, SCOPES)
