"""Bodies: what each kind of field makes of what it is sent, and in which order faults are found."""

from datetime import UTC, datetime, timedelta

import pytest
from marshmallow import ValidationError

from app.errors import InvalidRequestError, JavaRuntimeError, UnsupportedTypeError
from app.schemas import base, jackson
from app.schemas.external_tasks import CompleteManySchema, FetchAndLockSchema, PrioritySchema
from app.schemas.instance_batches import JobsRetriesSchema, VariablesBatchSchema
from app.schemas.messages import MessageSchema, UnansweredVariablesError
from app.schemas.migration import PlanGenerationSchema
from app.schemas.modification import GroupModificationSchema, ModificationSchema
from app.schemas.process_definitions import StartSchema
from app.schemas.typed_values import TypedValues
from app.schemas.variables import ValueSchema

pytestmark = pytest.mark.no_database
DAY = 86_400_000


class Inner(base.CamundaSchema):
    some_text = base.JacksonString()
    values = TypedValues()


class Body(base.CamundaSchema):
    a_text = base.JacksonString()
    an_int = base.PrimitiveInteger()
    a_boxed_int = base.BoxedInteger()
    a_long = base.BoxedLong()
    is_on = base.JacksonBoolean()
    is_boxed = base.BoxedBoolean()
    a_time = base.Milliseconds()
    a_date = base.CamundaDateTime()
    some_texts = base.StringList()
    anything = base.JsonMap()
    one = base.NestedObject(Inner)
    many = base.NestedList(Inner)


NOTHING = {
    "a_text": None,
    "an_int": 0,
    "a_boxed_int": None,
    "a_long": None,
    "is_on": False,
    "is_boxed": None,
    "a_time": timedelta(0),
    "a_date": None,
    "some_texts": None,
    "anything": None,
    "one": None,
    "many": [],
}


@pytest.fixture(scope="module")
def body():
    return Body()


def test_null_is_as_good_as_absence(body):
    assert body.load({}) == NOTHING
    assert body.load(dict.fromkeys(("aText", "anInt", "on", "aTime", "many", "one"))) == NOTHING


def test_lists_that_are_absent_are_not_shared(body):
    body.load({})["many"].append(1)

    assert body.load({})["many"] == []


def test_unknown_names_and_other_cases_are_passed_over(body):
    assert body.load({"atext": "x", "a_text": "x", "unknown": {}}) == NOTHING


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("aText", 5, "5"),
        ("aText", True, "true"),
        ("anInt", "", 0),
        ("anInt", "7", 7),
        ("anInt", 1.9, 1),
        ("aBoxedInt", "", None),
        ("aBoxedInt", "3", 3),
        ("aLong", 2**62, 2**62),
        ("on", "", False),
        ("on", 2, True),
        ("boxed", "", None),
        ("boxed", "False", False),
        ("aTime", 1500, timedelta(seconds=1.5)),
        ("aTime", "", timedelta(0)),
        ("aTime", -1, timedelta(milliseconds=-1)),
        ("aTime", 2**63 - 1, jackson.LONGEST),
        ("aTime", -(2**63), -jackson.LONGEST),
        ("aDate", "", None),
        ("aDate", 0, datetime(1970, 1, 1, tzinfo=UTC)),
        ("aDate", -DAY, datetime(1969, 12, 31, tzinfo=UTC)),
        ("aDate", "2020-01-02T00:00:00.000+0000", datetime(2020, 1, 2, tzinfo=UTC)),
        ("someTexts", [], []),
        ("someTexts", [1, None, "b"], ["1", None, "b"]),
        ("anything", {"a": [1, {}]}, {"a": [1, {}]}),
        ("one", {}, {"some_text": None, "values": {}}),
        ("many", [None, {"someText": 1}], [None, {"some_text": "1", "values": {}}]),
    ],
)
def test_what_a_field_makes_of_a_value(body, key, value, expected):
    name = next(
        n for n, known in zip(NOTHING, body.fields.values(), strict=True) if known.data_key == key
    )

    assert body.load({key: value})[name] == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("aText", value) for value in ([], {}, "\x00")),
        *(("anInt", value) for value in ("x", True, [], 2**31)),
        *(("aBoxedInt", value) for value in ("1.0", 2**31)),
        ("aLong", 2**63),
        *(("on", value) for value in ("yes", 1.5, [])),
        *(("aTime", value) for value in ("x", False, {})),
        *(("aDate", value) for value in ("2020-01-02", 1.5, True, [])),
        *(("someTexts", value) for value in ("a", {}, [[]], ["\x00"])),
        *(("anything", value) for value in ([], "a", {"\x00": 1}, {"a": "\x00"})),
        *(("one", value) for value in ([], "a", {"someText": []})),
        *(("many", value) for value in ({}, "a", ["a"], [{"someText": {}}])),
    ],
)
def test_what_a_field_refuses(body, key, value):
    with pytest.raises(ValidationError):
        body.load({key: value})


@pytest.mark.parametrize("value", [[], "a", 5, None])
def test_a_body_is_an_object(body, value):
    with pytest.raises(ValidationError):
        body.load(value)


def test_a_wrong_shape_comes_before_a_value_that_does_not_convert(body):
    wrong_value = {"one": {"values": {"v": {"type": "Integer", "value": "x"}}}}

    with pytest.raises(InvalidRequestError, match="Cannot convert value 'x'"):
        body.load(wrong_value)
    with pytest.raises(ValidationError):
        body.load({**wrong_value, "many": "no list"})


# -- what single bodies add ------------------------------------------------------------------------


def test_a_missing_priority_fails_as_in_java():
    with pytest.raises(JavaRuntimeError) as caught:
        PrioritySchema().load({})

    assert caught.value.java_type == "NullPointerException"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"asyncResponseTimeout": 1_800_001, "sorting": [{}]}, "cannot be set to a value greater"),
        ({"sorting": [{"sortBy": "priority"}]}, "sortBy parameter to value priority"),
        (
            {"sorting": [{"sortBy": "createTime", "sortOrder": "ASC"}]},
            "sortOrder parameter to value ASC",
        ),
        ({"sorting": [{"sortBy": "createTime"}], "topics": [None]}, "direction is null"),
        ({"sorting": [None]}, "The name of a sorting is null"),
        ({"topics": [None]}, "A topic is null"),
    ],
)
def test_what_a_fetch_refuses_in_its_order(body, message):
    with pytest.raises(Exception, match=message):
        FetchAndLockSchema().load(body)


def test_the_longest_poll_is_one():
    assert FetchAndLockSchema().load({"asyncResponseTimeout": 1_800_000})["topics"] == []


@pytest.mark.parametrize("tasks", [[None], [{}], [{"id": None}]])
def test_many_completions_need_an_id_each(tasks):
    with pytest.raises(InvalidRequestError, match="The id of a task is null"):
        CompleteManySchema().load({"tasks": tasks})


def test_many_completions_have_a_limit():
    many = [{"id": "a"}] * 1_001

    assert len(CompleteManySchema().load({"tasks": many[1:]})["tasks"]) == 1_000
    with pytest.raises(InvalidRequestError, match="More than 1000 tasks"):
        CompleteManySchema().load({"tasks": many})


@pytest.mark.parametrize(("body", "expected"), [({}, False), ({"dueDate": None}, True)])
def test_a_due_date_of_null_is_one_that_is_set(body, expected):
    loaded = JobsRetriesSchema().load(body)

    assert (loaded["sets_due_date"], loaded["due_date"]) == (expected, None)


@pytest.mark.parametrize(
    ("body", "expected"), [({}, None), ({"variables": None}, None), ({"variables": {}}, {})]
)
def test_variables_of_a_batch_are_missing_or_empty(body, expected):
    assert VariablesBatchSchema().load(body)["variables"] == expected


def test_a_plan_tells_no_variables_from_none_at_all():
    assert PlanGenerationSchema().load({})["variables"] is None
    assert PlanGenerationSchema().load({"variables": {}})["variables"] == {}


@pytest.mark.parametrize(
    ("instruction", "message"),
    [
        ({"type": "cancel"}, "exactly one, 'activityId'"),
        ({"type": "cancel", "activityId": "a", "activityInstanceId": "b"}, "exactly one"),
        ({"type": "startBeforeActivity"}, "'activityId' must be set"),
        ({"type": "startTransition", "activityId": "a"}, "'transitionId' must be set"),
    ],
)
def test_an_instruction_names_what_it_is_about(instruction, message):
    with pytest.raises(InvalidRequestError, match=message):
        ModificationSchema().load({"instructions": [instruction]})


@pytest.mark.parametrize("type_", [None, "", "stop", "CANCEL"])
def test_an_unknown_instruction_is_an_error_of_the_shape(type_):
    with pytest.raises(ValidationError):
        ModificationSchema().load({"instructions": [{"type": type_, "activityId": "a"}]})


def test_variables_of_an_instruction_are_the_instances_or_local():
    values = {"a": {"value": 1}, "b": {"value": 2, "local": "true"}, "c": {"value": 3, "local": ""}}
    step = {"type": "startAfterActivity", "activityId": "x", "variables": values}

    loaded = ModificationSchema().load({"instructions": [step]})["instructions"][0]

    of_instance, local = loaded["variables"]
    assert ({*of_instance}, {*local}) == ({"a", "c"}, {"b"})
    with pytest.raises(ValidationError):
        ModificationSchema().load(
            {"instructions": [{**step, "variables": {"a": {"local": "maybe"}}}]}
        )


def test_a_group_modification_misses_its_definition_first():
    steps = [{"type": "cancel"}]

    with pytest.raises(InvalidRequestError, match="processDefinitionId is null"):
        GroupModificationSchema().load({"instructions": steps})
    with pytest.raises(InvalidRequestError, match="'cancel': 'activityId' must be set"):
        GroupModificationSchema().load({"processDefinitionId": "d", "instructions": steps})


def test_a_start_leaves_out_what_cancels():
    steps = [{"type": "cancel"}, {"type": "startBeforeActivity", "activityId": "a"}]

    loaded = StartSchema().load({"startInstructions": steps})["start_instructions"]

    assert [step["activity_id"] for step in loaded] == ["a"]


@pytest.mark.parametrize("body", [{}, {"value": None}])
def test_a_value_of_nothing_is_null(body):
    assert ValueSchema().load(body)["value"].type == "Null"


def test_an_unknown_type_has_an_error_of_its_own():
    with pytest.raises(UnsupportedTypeError, match="Unsupported value type 'INTEGER'"):
        ValueSchema().load({"type": "INTEGER", "value": 1})


def test_variables_in_a_result_need_one():

    with pytest.raises(UnansweredVariablesError) as refused:
        MessageSchema().load({"messageName": "m", "variablesInResultEnabled": True})

    assert isinstance(refused.value, InvalidRequestError)
    assert "without 'resultEnabled'" in str(refused.value)
