"""Call activities: what is called, which version, and what is passed on.

Source: Camunda 7 `BpmnParse.parseCallActivity`, `parseCallableElementProvider`.
"""

import pytest

from app.bpmn import model

from .elements import definition, element, end, extension


def call(*mappings, called="child", **attributes):
    given = {} if called is None else {"calledElement": called}
    return element("callActivity", "call", extensions="".join(mappings), **given, **attributes)


def passed(name="in", **attributes):
    return extension(name, **attributes)


@pytest.fixture
def read_call(read_process):
    """The detail of a call activity."""
    return lambda *args, **options: read_process(call(*args, **options)).nodes["call"].detail


@pytest.mark.parametrize("binding", ["latest", "deployment"])
def test_a_binding_may_need_nothing_else(read_call, binding):
    found = read_call(camunda_calledElementBinding=binding)

    assert (found.binding, found.version, found.version_tag) == (binding, None, None)


@pytest.mark.parametrize("binding", [None, "", "newest", "LATEST"])
def test_a_binding_that_is_none_is_the_latest(read_call, binding):
    given = {} if binding is None else {"camunda_calledElementBinding": binding}

    assert read_call(**given).binding == "latest"


@pytest.mark.parametrize(
    ("binding", "attribute", "field"),
    [
        ("version", "camunda_calledElementVersion", "version"),
        ("versionTag", "camunda_calledElementVersionTag", "version_tag"),
    ],
)
def test_a_version_or_its_tag_may_be_an_expression(read_call, binding, attribute, field):
    found = read_call(camunda_calledElementBinding=binding, **{attribute: "${v}"})

    assert getattr(found, field).text == "${v}"


@pytest.mark.parametrize(
    ("binding", "suffix"), [("version", "Version"), ("versionTag", "VersionTag")]
)
def test_a_binding_that_needs_a_version_is_refused_without_one(problems_of, binding, suffix):
    problems = problems_of(call(camunda_calledElementBinding=binding))

    assert problems == [
        f"Missing attribute 'calledElement{suffix}' when 'calledElementBinding' has value "
        f"'{binding}'"
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("${t}", "${t}"), ("one", "one"), ("", None)],
)
def test_a_call_may_name_a_tenant(read_call, given, expected):
    tenant = read_call(camunda_calledElementTenantId=given).tenant_id

    assert (tenant and tenant.text) == expected


def test_a_case_has_attributes_of_its_own(read_call):
    found = read_call(
        called=None,
        camunda_caseRef="${c}",
        camunda_caseBinding="version",
        camunda_caseVersion="2",
        camunda_caseTenantId="one",
        camunda_calledElementBinding="deployment",
    )

    assert found.called_element is None
    assert found.case_reference.text == "${c}"
    assert (found.binding, found.version.text, found.tenant_id.text) == ("version", "2", "one")


def test_a_call_is_of_a_process_or_of_a_case(problems_of):
    assert problems_of(call(camunda_caseRef="c")) == [
        "The attributes 'calledElement' or 'caseRef' cannot be used together: Use either "
        "'calledElement' or 'caseRef'"
    ]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(
            {"source": "a", "target": "b"}, model.VariableMapping("b", "a"), id="a variable"
        ),
        pytest.param(
            {"source": "a", "target": "b", "local": "true"},
            model.VariableMapping("b", "a", is_local=True),
            id="of the innermost scope",
        ),
        pytest.param(
            {"source": "a", "target": "b", "local": "false"},
            model.VariableMapping("b", "a"),
            id="not of the innermost scope",
        ),
        pytest.param({"variables": "all"}, model.VariableMapping(is_all=True), id="all"),
        pytest.param(
            {"variables": "all", "local": "true"},
            model.VariableMapping(is_all=True, is_local=True),
            id="all of the innermost scope",
        ),
        pytest.param(
            {"variables": "all", "source": "a", "target": "b"},
            model.VariableMapping(is_all=True),
            id="all wins over one",
        ),
        pytest.param(
            {"source": "a", "sourceExpression": "${x}", "target": "b"},
            model.VariableMapping("b", "a"),
            id="a variable wins over an expression",
        ),
    ],
)
@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_mapping_passes_on(read_call, direction, attributes, expected):
    found = read_call(passed(direction, **attributes))

    assert (found.ins if direction == "in" else found.outs) == (expected,)


@pytest.mark.parametrize(
    ("attributes", "problems"),
    [
        pytest.param(
            {},
            [
                "Missing parameter 'source' or 'sourceExpression' when passing variables",
                "Missing attribute 'target' when attribute 'source' or 'sourceExpression' is set",
            ],
            id="nothing",
        ),
        pytest.param(
            {"variables": "some", "target": "b"},
            ["Missing parameter 'source' or 'sourceExpression' when passing variables"],
            id="some variables",
        ),
        pytest.param(
            {"sourceExpression": "", "target": "b"},
            ["Empty attribute 'sourceExpression' when passing variables"],
            id="an empty expression",
        ),
        pytest.param(
            {"source": "", "sourceExpression": "${x}", "target": "b"},
            ["Empty attribute 'source' when passing variables"],
            id="an empty source hides an expression",
        ),
        pytest.param(
            {"source": "a", "target": ""},
            ["Empty attribute 'target' when attribute 'source' or 'sourceExpression' is set"],
            id="an empty target",
        ),
    ],
)
@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_mapping_that_says_too_little_is_refused(problems_of, direction, attributes, problems):
    assert problems_of(call(passed(direction, **attributes))) == problems


def test_a_business_key_is_no_variable(read_call):
    found = read_call(passed(businessKey="${k}"), passed(source="a", target="b"))

    assert found.business_key.text == "${k}"
    assert found.ins == (model.VariableMapping("b", "a"),)


def test_the_last_business_key_counts(read_call):
    assert read_call(passed(businessKey="a"), passed(businessKey="b")).business_key.text == "b"


def test_mappings_keep_their_order(read_call):
    found = read_call(
        passed(source="b", target="b"), passed(variables="all"), passed(source="a", target="a")
    )

    assert [mapping.target for mapping in found.ins] == ["b", None, "a"]


@pytest.mark.parametrize(
    ("attribute", "kind", "value"),
    [
        ("camunda_variableMappingClass", "class", "org.Map"),
        ("camunda_variableMappingDelegateExpression", "delegateExpression", "${map}"),
    ],
)
def test_a_mapping_in_java_is_taken_and_nothing_can_stand_in(read_file, attribute, kind, value):
    parsed = read_file(call(**{attribute: value}))

    assert parsed.processes[0].nodes["call"].detail.mapper == model.Delegate(kind, value)
    (need,) = parsed.needs
    assert (need.kind, need.place) == ("variableMapping", "elsewhere")
    assert value in need.problem.message


def test_a_signal_passes_variables_on_as_a_call_does(read_process):
    process = read_process(
        end(
            "e",
            definition(
                "signal",
                signalRef="s",
                extensions=passed(businessKey="${k}") + passed(source="a", target="b"),
            ),
        ),
        beside=element("signal", "s", name="alert"),
    )

    detail = process.nodes["e"].detail
    assert detail.business_key.text == "${k}"
    assert detail.ins == (model.VariableMapping("b", "a"),)
