"""Hooks of schemathesis, which loads this module: ids that exist, and checks of each answer.

By hand, for some minutes: start a server, then

    SCHEMATHESIS_HOOKS=tests.api.fuzzing st run http://127.0.0.1:8080/engine-rest/openapi.json \
        --checks status_code_conformance,content_type_conformance,response_schema_conformance,ours \
        --phases coverage,fuzzing --max-examples 500
"""

import json
import os

import schemathesis

KNOWN = json.loads(os.environ.get("BATON_KNOWN", "{}"))  # values by resource, or by field
LONGEST_POLL = 20  # milliseconds


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Offer what exists beside what is made up."""
    for path, operations in raw_schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation["parameters"]:
                name = parameter["name"]
                if parameter["in"] == "path":
                    name = path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
                offer(parameter, "schema", name, last=3 if method == "delete" else None)
    for name, component in raw_schema["components"]["schemas"].items():
        if name.endswith(("Body", "Query")):
            for field in component.get("properties", ()):
                offer(component["properties"], field, field)


def offer(owner, key, name, last=None):
    """Let one of the known values be chosen half of the time."""
    known = KNOWN.get(name) or KNOWN.get(name.removesuffix("In").removesuffix("s"))
    if not known:
        return
    known = known[-last:] if last else known
    schema = owner[key]
    if "items" in schema:
        schema["items"] = {"anyOf": [{"enum": known}, schema["items"]]}
    else:
        owner[key] = {"anyOf": [{"enum": known}, schema]}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Let no long poll wait long."""
    body = case.body
    if isinstance(body, dict) and isinstance(body.get("asyncResponseTimeout"), int | float):
        body["asyncResponseTimeout"] = min(body["asyncResponseTimeout"], LONGEST_POLL)


PAGES = ("/docs", "/rendered-form", "/deployed-form", "/deployed-start-form")


@schemathesis.check
def ours(context, response, case):
    """No answer is a mistake of ours, and none but the docs page and forms is HTML."""
    media = response.headers.get("content-type", [""])[0]
    assert "html" not in media or case.path.endswith(PAGES), f"HTML from {case.path}"
    if response.status_code >= 500:
        assert response.json()["type"] != "InternalServerError", response.json()
