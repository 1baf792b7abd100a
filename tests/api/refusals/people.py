"""Refusals of users, groups, authorizations and filters: status, type, message and code."""

from .case import BAD, ENGINE, FAILED, INVALID, MISSING, NULL, refused

CASES = [
    refused(
        "POST",
        "/user/create",
        {"profile": {}},
        BAD,
        INVALID,
        "request object must provide profile information with valid id.",
        None,
    ),
    refused(
        "POST",
        "/user/create",
        {"profile": {"id": "a-b"}},
        FAILED,
        ENGINE,
        "User has an invalid id: 'a-b' is not a valid resource identifier.",
        0,
    ),
    refused(
        "GET", "/user/x/profile", None, MISSING, INVALID, "User with id x does not exist", None
    ),
    refused("GET", "/group/x", None, MISSING, INVALID, "Group with id x does not exist", None),
    refused("POST", "/group/create", {}, FAILED, NULL, "groupId is null", 0),
    refused("GET", "/tenant/x", None, MISSING, INVALID, "Tenant with id x does not exist", None),
    refused(
        "PUT",
        "/group/g/members/x",
        None,
        FAILED,
        NULL,
        "No user found with id 'x'.: user is null",
        0,
    ),
    refused("GET", "/identity/groups", None, BAD, INVALID, "No user id was supplied", None),
    refused(
        "POST",
        "/identity/verify",
        {"username": "u"},
        BAD,
        INVALID,
        "Username and password are required",
        None,
    ),
    refused(
        "GET",
        "/authorization/x",
        None,
        MISSING,
        INVALID,
        "Authorization with id x does not exist.",
        None,
    ),
    refused(
        "GET",
        "/authorization?userIdIn=a&groupIdIn=b",
        None,
        FAILED,
        ENGINE,
        "Cannot query for user and group authorizations at the same time.",
        0,
    ),
    refused(
        "POST",
        "/filter/create",
        {"name": "n"},
        BAD,
        INVALID,
        "Unable to create filter with invalid resource type 'null'",
        None,
    ),
    refused(
        "POST",
        "/filter/create",
        {"resourceType": "Task", "query": {}},
        BAD,
        INVALID,
        "Unable to create filter with invalid content",
        0,
    ),
    refused("GET", "/filter/x", None, MISSING, INVALID, "Filter with id 'x' does not exist.", None),
    refused("DELETE", "/filter/x", None, MISSING, INVALID, "Filter with id 'x' does not exist.", 0),
    refused(
        "GET", "/filter/x/list", None, MISSING, INVALID, "Filter with id 'x' does not exist.", 0
    ),
]
