"""Permissions of a user that follow from authorizations."""

import pytest

from app.security.judging import Said, holds
from app.security.permissions import ALL, ANY, BITS, GLOBAL, GRANT, NONE, REVOKE, Resource

pytestmark = pytest.mark.no_database
TASK, READ = Resource.TASK, BITS["READ"]


def said(kind, bits=READ, key="t", *, is_of_group=False, resource=TASK):
    return Said(kind, bits, is_of_group, resource, key)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], False),
        ([said(GRANT)], True),
        ([said(GRANT, key=ANY)], True),
        ([said(GRANT, ALL)], True),
        ([said(GRANT, NONE)], False),
        ([said(GRANT, BITS["UPDATE"])], False),
        ([said(GRANT, key="another")], False),
        ([said(GRANT, resource=Resource.BATCH)], False),
        ([said(GLOBAL)], True),
        ([said(GLOBAL, NONE)], False),
        ([said(REVOKE), said(GLOBAL)], False),
        ([said(REVOKE, BITS["UPDATE"]), said(GLOBAL)], False),
        ([said(GRANT), said(REVOKE)], True),
        ([said(REVOKE), said(GRANT)], True),
        ([said(REVOKE), said(GRANT, is_of_group=True)], False),
        ([said(GRANT), said(REVOKE, is_of_group=True)], True),
        ([said(GRANT, is_of_group=True), said(REVOKE, is_of_group=True)], True),
        ([said(REVOKE, is_of_group=True), said(GLOBAL)], False),
        ([said(GRANT, NONE), said(GLOBAL)], True),
    ],
)
def test_the_user_counts_before_its_groups_and_those_before_everybody(found, expected):
    assert holds(found, ("READ", TASK, "t")) == expected


@pytest.mark.parametrize(("key", "expected"), [(ANY, True), ("t", False)])
def test_a_permission_on_any_is_one_on_all(key, expected):
    assert holds([said(GRANT, key=key)], ("READ", TASK, None)) == expected
