"""Instructions of a migration plan that lack their ids: each list of them is looked into."""

import pytest

NOTHING = (500, "NullPointerException")
NO_FIRST = (500, "IndexOutOfBoundsException")


@pytest.fixture
def plan(calls):
    """A plan from the model to itself, with an instruction."""
    (definition,) = calls.get("/process-definition")

    def made(instruction):
        return {
            "sourceProcessDefinitionId": definition["id"],
            "targetProcessDefinitionId": definition["id"],
            "instructions": [instruction],
        }

    return made


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        (None, NOTHING),
        ({}, NOTHING),
        ({"sourceActivityIds": ["work"]}, NOTHING),
        ({"sourceActivityIds": None, "targetActivityIds": ["work"]}, NOTHING),
        ({"sourceActivityIds": [], "targetActivityIds": ["work"]}, NO_FIRST),
        ({"sourceActivityIds": ["work"], "targetActivityIds": []}, NO_FIRST),
    ],
)
@pytest.mark.parametrize("command", ["validate", "execute", "executeAsync"])
def test_an_instruction_without_ids_is_no_instruction(calls, plan, command, instruction, expected):
    body = plan(instruction)
    if command != "validate":
        body = {"migrationPlan": body, "processInstanceIds": [calls.start()]}

    status, answer = calls.post(f"/migration/{command}", body)

    assert (status, answer["type"]) == expected


def test_an_id_that_is_null_is_reported(calls, plan):
    body = plan({"sourceActivityIds": [None], "targetActivityIds": ["work"]})

    status, answer = calls.post("/migration/validate", body)

    (report,) = answer["instructionReports"]
    assert (status, report["failures"]) == (200, ["Source activity id is null"])
