"""Permissions: their bits, their names, and the resources that they are for."""

import pytest

from app.errors import BadUserRequestError
from app.security.permission_numbers import EVERY, number_of, of_name
from app.security.permissions import (
    ALL,
    BITS,
    NONE,
    Resource,
    bit_of,
    bits_of,
    known_names,
    names_of,
)

pytestmark = pytest.mark.no_database


def test_every_permission_has_a_bit_of_its_own_within_all():
    assert len(set(BITS.values())) == len(BITS)
    assert all(bit & ALL == bit and bit.bit_count() == 1 for bit in BITS.values())


@pytest.mark.parametrize("resource", list(Resource))
def test_names_and_bits_are_each_others(resource):
    names = known_names(resource)

    assert names_of(bits_of(names, resource), resource) == names
    for name in names:
        assert names_of(bits_of([name], resource), resource) == [name]


def test_all_and_none_are_of_every_resource():
    assert bits_of(["ALL", "READ"], Resource.TASK) == ALL
    assert names_of(ALL, Resource.TASK) == ["ALL"]
    assert bits_of(["NONE"], Resource.SYSTEM) == NONE
    assert names_of(NONE, Resource.SYSTEM) == []


def test_bits_of_another_resource_have_no_name():
    assert names_of(BITS["RETRY_JOB"] | BITS["READ"], Resource.USER) == ["READ"]


@pytest.mark.parametrize(
    ("name", "resource", "message"),
    [
        (None, Resource.TASK, "The permission 'null' is not valid for 'TASK' resource type."),
        ("read", Resource.TASK, "The permission 'read' is not valid for 'TASK' resource type."),
        ("RETRY_JOB", Resource.USER, "'RETRY_JOB' is not valid for 'USER' resource type."),
        ("ACCESS", Resource.BATCH, "'ACCESS' is not valid for 'BATCH' resource type."),
        ("NOTHING", 99, "The permission 'NOTHING' is not valid for 'null' resource type."),
    ],
)
def test_a_permission_that_a_resource_has_not_is_refused(name, resource, message):
    with pytest.raises(BadUserRequestError) as refused:
        bit_of(name, resource)

    assert message in str(refused.value)


@pytest.mark.parametrize("resource", [Resource.USER, Resource.APPLICATION])
def test_a_general_permission_of_other_resources_names_the_number(resource):
    with pytest.raises(BadUserRequestError) as refused:
        bits_of(["READ_HISTORY"], resource)

    assert f"id:'{resource.value}' is not valid for 'READ_HISTORY'" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "resource", "number"),
    [
        ("READ", Resource.TASK, 2),
        ("UPDATE_VARIABLE", Resource.TASK, 32),
        ("UPDATE_VARIABLE", Resource.PROCESS_INSTANCE, 128),
        ("ACCESS", Resource.APPLICATION, 32),
        ("UNKNOWN", Resource.TASK, 0),
    ],
)
def test_the_numbers_of_camunda_depend_on_the_resource(name, resource, number):
    assert of_name(name, resource) == number


@pytest.mark.parametrize(
    ("names", "is_revoked", "number"),
    [
        (["READ", "UPDATE"], False, 6),
        ([], False, 0),
        ([], True, EVERY),
        (["ALL"], False, EVERY),
        (["ALL"], True, 0),
        (["READ"], True, EVERY - 2),
    ],
)
def test_what_is_revoked_is_missing_from_all(names, is_revoked, number):
    assert number_of(names, Resource.TASK, is_revoked=is_revoked) == number
