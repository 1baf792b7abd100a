"""A user who may see every process with all that goes on in it, and change nothing."""

from app.security.permissions import Resource

READER, PASSWORD = "rita", "correct horse"
SEEN = {
    Resource.PROCESS_DEFINITION: ["READ", "READ_INSTANCE", "READ_HISTORY", "READ_TASK"],
    Resource.DECISION_DEFINITION: ["READ"],
    Resource.DEPLOYMENT: ["READ"],
    Resource.BATCH: ["READ"],
}


def make(api, user_id, rights):
    """Create a user with rights on everything of some kinds; the API must not ask for any yet."""
    body = {"profile": {"id": user_id}, "credentials": {"password": PASSWORD}}
    assert api.call("POST", "/user/create", body)[0] == 204
    for resource, permissions in rights.items():
        grant = {"type": 1, "userId": user_id, "resourceType": int(resource), "resourceId": "*"}
        status, answer = api.call(
            "POST", "/authorization/create", {**grant, "permissions": permissions}
        )
        assert status == 200, answer


def make_reader(api):
    """Create the user."""
    make(api, READER, SEEN)
