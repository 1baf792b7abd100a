"""The operations of the reference's API: each is in the document, or here with why it is not.

`operations.tsv` has the operations of the Camunda 7.24 REST API, without those about cases (CMMN),
which are never served.
"""

import re
from pathlib import Path

REFERENCE = Path(__file__).with_name("operations.tsv").read_text().splitlines()[1:]
OPTIONS = "OPTIONS"  # is asked below: the document has no operations that only tell of others
MISSING = {}  # each with its reason; what comes is taken off


def bare(path):
    """A path without the names of its parameters."""
    return re.sub(r"{[^}]+}", "{}", path.removeprefix("/engine-rest"))


def reference():
    """Every operation of the reference's API, as method and path."""
    for line in REFERENCE:
        method, path = line.split("\t")
        yield method, bare(path)


def test_every_operation_of_the_reference_is_served_or_named(client):
    document = client.get("/engine-rest/openapi.json").get_json()

    served = {(m.upper(), bare(path)) for path, found in document["paths"].items() for m in found}
    wanted = {key for key in reference() if key[0] != OPTIONS}

    assert len(wanted) == 386
    assert wanted - served == set(MISSING)


def test_what_is_only_asked_for_its_options_tells_of_links(server):
    asked = [path for method, path in reference() if method == OPTIONS]

    answers = {path: server.call(OPTIONS, path.replace("{}", "unknown")) for path in asked}

    assert len(asked) == 13
    for path, (status, body) in answers.items():
        assert status == 200, path
        assert {link["method"] for link in body["links"]} & {"PUT", "POST", "DELETE"}, path
