"""Deployments: versions, what is filtered out, and what is refused."""

from datetime import timedelta

import pytest

from app.errors import NotValidError, ParseError
from app.services import lists
from app.services.form_files import UnreadableFormError
from app.services.model_files import SameKeyError
from tests.decisions import TIERS
from tests.models import flows, process

from .files import deploy, file, keys, model

# -- versions --------------------------------------------------------------------------------------


def test_each_deployment_of_a_key_is_a_new_version(engine):
    first = deploy(engine, file("a.bpmn", model("versions")))
    second = deploy(engine, file("a.bpmn", model("versions")))

    assert (keys(first), keys(second)) == ([("versions", 1)], [("versions", 2)])


def test_each_tenant_has_versions_of_its_own(engine):
    for tenant_id, version in (("north", 1), ("south", 1), ("north", 2), (None, 1)):
        made = deploy(engine, file("a.bpmn", model("tenants")), tenant_id=tenant_id)

        assert keys(made) == [("tenants", version)]
        assert made["tenant_id"] == tenant_id


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("a.bpmn", True),
        ("a.bpmn20.xml", True),
        ("dir/a.bpmn", True),
        ("a.xml", False),
        ("a.BPMN", False),
        ("bpmn", False),
        ("a.bpmn.bak", False),
    ],
)
def test_a_process_is_read_of_files_with_the_right_ending(engine, name, is_read):
    made = deploy(engine, file(name, model("endings")))

    assert bool(made["definitions"]) == is_read
    assert [r["name"] for r in lists.resources(engine.store, made["id"])] == [name]


def test_what_is_no_model_is_kept_as_it_is(engine):
    content = bytes(range(256))
    made = deploy(engine, file("a.bin", content))
    (resource,) = lists.resources(engine.store, made["id"])

    found = lists.resource_content(engine.store, made["id"], resource["id"])

    assert found == ("a.bin", content)


def test_a_draft_is_no_definition(engine):
    draft = model("draft").replace('isExecutable="true"', 'isExecutable="false"')

    made = deploy(engine, file("a.bpmn", draft))

    assert not made["definitions"]


def test_definitions_wait_for_their_activation(engine):
    later = engine.clock() + timedelta(hours=1)

    made = deploy(engine, file("a.bpmn", model("later")), activation_time=later)
    (view,) = made["definitions"]

    # the answer says what the reference says, the list what is true
    assert view["is_suspended"] is False
    assert lists.get(engine.store, "process_definition", view["id"])["is_suspended"] is True


# -- filters ---------------------------------------------------------------------------------------


def test_a_duplicate_is_the_deployment_that_is_there(engine):
    files = file("a.bpmn", model("dup")), file("b.txt", "text")
    first = deploy(engine, *files, name="dup", enable_duplicate_filtering=True)
    second = deploy(engine, *files, name="dup", enable_duplicate_filtering=True)

    assert second["id"] == first["id"]
    assert second["definitions"] is None


@pytest.mark.parametrize(
    "family",
    [
        pytest.param({"name": "other"}, id="another name"),
        pytest.param({"source": "elsewhere"}, id="another source"),
        pytest.param({"tenant_id": "north"}, id="another tenant"),
    ],
)
def test_a_deployment_of_another_family_is_no_duplicate(engine, family):
    files = (file("a.bpmn", model("family")),)
    known = {"name": "family", "source": "here"}
    first = deploy(engine, *files, enable_duplicate_filtering=True, **known)
    options = {**known, **family}

    second = deploy(engine, *files, enable_duplicate_filtering=True, **options)

    assert second["id"] != first["id"]


def test_a_deployment_without_a_source_belongs_to_every_source(engine):
    files = (file("a.bpmn", model("sourceless")),)
    first = deploy(engine, *files, name="sourceless", enable_duplicate_filtering=True)

    second = deploy(
        engine, *files, name="sourceless", source="here", enable_duplicate_filtering=True
    )

    assert second["id"] == first["id"]


@pytest.mark.parametrize(
    ("changed_only", "expected"),
    [(False, [("first", 2), ("second", 2)]), (True, [("second", 2)])],
)
def test_one_file_that_has_changed_brings_all_or_itself(make_engine, changed_only, expected):
    engine = make_engine()
    options = {"enable_duplicate_filtering": True, "deploy_changed_only": changed_only}
    deploy(engine, file("1.bpmn", model("first")), file("2.bpmn", model("second")), **options)

    again = deploy(
        engine,
        file("1.bpmn", model("first")),
        file("2.bpmn", model("second", "other")),
        **options,
    )

    assert keys(again) == expected


def test_without_a_filter_nothing_is_a_duplicate(engine):
    files = (file("a.txt", "same"),)

    assert deploy(engine, *files)["id"] != deploy(engine, *files)["id"]


# -- refusals --------------------------------------------------------------------------------------


def test_a_deployment_has_resources(engine):
    with pytest.raises(NotValidError) as caught:
        deploy(engine)

    assert str(caught.value) == "No deployment resources contained in the form upload."


@pytest.mark.parametrize(
    ("files", "key"),
    [
        pytest.param(
            [file("1.bpmn", model("same")), file("2.bpmn", model("same"))], "same", id="process"
        ),
        pytest.param([file("1.dmn", TIERS), file("2.dmn", TIERS)], "pricing", id="decisions"),
        pytest.param(
            [file("1.form", '{"id": "f"}'), file("2.form", '{"id": "f"}')], "f", id="form"
        ),
        pytest.param([file("1.form", '{"id": 5}'), file("2.form", '{"id": "5"}')], "5", id="text"),
    ],
)
def test_a_key_is_once_in_a_deployment(engine, files, key):
    with pytest.raises(SameKeyError) as caught:
        deploy(engine, *files)

    assert f"same key '{key}' (id attribute)" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"{", "Expecting"),
        (b"[]", "it is no object"),
        (b"5", "it is no object"),
        (b'{"id": true}', "its id is no text"),
        (b'{"id": null}', "its id is no text"),
        (b'{"id": []}', "its id is no text"),
        (b'{"id": "\\u0000"}', "its id has the character NUL"),
        (b'{"id": "\\ud800"}', "its id has half of a surrogate pair"),
        (b"[" * 100_000, "nested too deep"),
        (b"\xff", "can't decode"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(engine, content, cause):
    with pytest.raises(UnreadableFormError) as caught:
        deploy(engine, file("dir/a.form", content))

    assert str(caught.value).startswith(
        "ENGINE-09033 Could not parse Camunda Form resource dir/a.form. Cause: "
    )
    assert cause in str(caught.value)


@pytest.mark.parametrize("content", ["{}", '{"id": 1.5}', '{"id": "f", "id": "g"}'])
def test_a_form_may_have_any_key_or_none(engine, content):
    assert deploy(engine, file("a.form", content))["id"]


def test_one_model_that_breaks_the_rules_refuses_all_of_it(engine):
    before = len(engine.find("deployment"))
    broken = model("broken").replace('camunda:topic="work"', "")

    with pytest.raises(ParseError):
        deploy(engine, file("a.bpmn", model("whole")), file("b.bpmn", broken))

    assert len(engine.find("deployment")) == before
    assert engine.find("process_definition", key="whole") == []


@pytest.mark.parametrize(
    ("name", "is_refused"), [("a.bpmn", True), ("a.dmn", True), ("a.txt", False)]
)
def test_models_have_a_size_and_other_files_have_none(make_engine, name, is_refused):
    small = make_engine(max_model_bytes=100)
    files = (file(name, "x" * 101),)

    if is_refused:
        with pytest.raises(
            NotValidError, match=rf"^The model '{name}' has 101 bytes; at most 100 "
        ):
            deploy(small, *files)
    else:
        assert deploy(small, *files)["id"]


def test_a_strict_engine_refuses_what_others_warn_of(make_engine):
    calling = process(
        '<startEvent id="s"/><callActivity id="c" calledElement="nothing"/><endEvent id="e"/>'
        + flows("s", "c", "e"),
        "calling",
    )
    lenient, strict = make_engine(), make_engine(is_strict=True)

    (warning,) = deploy(lenient, file("a.bpmn", calling))["warnings"]
    assert warning["problem"].message == "The process 'nothing' that it calls is not deployed."
    with pytest.raises(ParseError, match="The process 'nothing' that it calls is not deployed"):
        deploy(strict, file("a.bpmn", calling))


def test_what_comes_with_the_deployment_is_there_by_the_time_it_is_called(engine):
    calling = process(
        '<startEvent id="s"/><callActivity id="c" calledElement="called"/><endEvent id="e"/>'
        + flows("s", "c", "e"),
        "caller",
    )

    made = deploy(engine, file("1.bpmn", calling), file("2.bpmn", model("called")))

    assert "warnings" not in made
