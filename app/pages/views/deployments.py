"""Deployments: files are checked before they are deployed, and what came of them is seen after."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from app.api import problems
from app.api.decorators import current_store
from app.api.uploads import parts
from app.check.findings import File, check_contents
from app.errors import EngineError, InvalidRequestError
from app.pages.acts import Act, Field
from app.pages.paging import listed, paged
from app.pages.reading import may, one
from app.pages.rendering import BASE, page, segment
from app.services import foreseen, lists
from app.store import Store

from .queries import literal

deployments = Blueprint("deployments", __name__, url_prefix="/deployment")
View = dict[str, Any]
CREATE = "POST /deployment/create"
RESOURCES = "GET /deployment/{}/resources"
MOST_FILES, MOST_FINDINGS, MOST_SHOWN = 100, 50, 200
KINDS = {  # of findings: a word, and its look
    "refusals": ("refused", "bad"),
    "needs": ("needed", "warn"),
    "warnings": ("warning", "warn"),
}
STATES = {
    "runs": ("runs here", "good"),
    "needs": ("needs something", "warn"),
    "refused": ("refused", "bad"),
    "nothing": ("no process or decision", ""),
}


@deployments.get("")
def index() -> Response:
    """Deployments, the newest first."""
    store = current_store()
    name = request.args.get("name", "").strip()
    # Anywhere in the name, so the signs of patterns in it have to stand for themselves.
    filters: View = {"name_like": f"%{literal(name)}%"} if name else {}
    found = listed(store, "deployment", filters, [("deploymentTime", "desc")], name="deployments")
    return page(
        "deployments.html",
        title="Deployments",
        section="deployments",
        is_live=True,
        deployments=found,
        wanted=name,
    )


@deployments.get("/new")
def new() -> Response:
    """Where files are dropped."""
    return page("deploy.html", title="Deploy", section="deployments", most=MOST_FILES)


@deployments.post("/check")
def check() -> Response:
    """Check files before they are deployed; a part of the view into which they are dropped.

    A script asks for it, so that errors are those of the API.
    """
    try:
        return page("check.html", title="Check", files=_check(current_store()), states=STATES)
    except problems.Problem as error:
        return problems.answer_problem(error)
    except EngineError as error:
        return problems.answer_engine_error(error)


def _check(store: Store) -> list[View]:
    # The check needs the permission to deploy, because it shows the delegates of this server.
    foreseen.require(store, CREATE, ())
    given = parts()
    # Each is parsed here in the request: a folder dropped by mistake must not hold a thread.
    if len(given) > MOST_FILES:
        raise InvalidRequestError(f"At most {MOST_FILES} files are checked at once.")
    contents = []
    for name, part in given.items():
        # As its deployment would be refused, but before anything is parsed.
        if len(part.content) > store.max_model_bytes:
            raise InvalidRequestError(
                f"'{name}' has {len(part.content)} bytes; at most {store.max_model_bytes} are "
                "accepted."
            )
        # A name that is never opened: the findings are told by it.
        contents.append((Path(name), part.content))
    return [_checked(file) for file in check_contents(contents, store.delegates)]


def _checked(file: File) -> View:
    findings = [
        {"kind": KINDS[kind], "problem": finding.problem}
        for kind in KINDS
        for finding in getattr(file, kind)
    ]
    return {
        "name": str(file.path),
        "status": file.status,
        "keys": [*file.processes, *file.decisions],
        # A generated model can have thousands alike; the first are enough to mend it.
        "findings": findings[:MOST_FINDINGS],
        "more": max(0, len(findings) - MOST_FINDINGS),
    }


@deployments.get("/<deployment_id>")
def show(deployment_id: str) -> Response:
    """A deployment with its files and what they define."""
    store = current_store()
    deployment = one(store, "deployment", deployment_id, "deployment")
    resources = _resources(store, deployment_id)
    return page(
        "deployment.html",
        title=deployment["name"] or deployment_id,
        section="deployments",
        deployment=deployment,
        # Cut here and not in SQL: the API has no pages of them either.
        resources=paged(
            "files", lambda first, most: resources[first : first + most], lambda: len(resources)
        ),
        definitions=_definitions(store, "process_definition", deployment_id),
        decisions=_definitions(store, "decision_definition", deployment_id),
        acts=_acts(deployment),
    )


def _resources(store: Store, deployment_id: str) -> list[View]:
    return lists.resources(store, deployment_id) if may(store, RESOURCES, deployment_id) else []


def _definitions(store: Store, kind: str, deployment_id: str) -> list[View]:
    filters, sorting = {"deployment_id": deployment_id}, [("key", "asc")]
    return lists.find(store, kind, filters, sorting, 0, MOST_SHOWN)


def _acts(deployment: View) -> list[Act]:
    path = f"/deployment/{segment(deployment['id'])}"
    # Its body names no resources, by which the API takes all of them.
    again = Act(
        "Deploy again",
        "Deploy these files again?",
        "All files of this deployment become a new one: each process and decision in them gets a "
        "new version, which is started from then on.",
        "POST",
        f"{path}/redeploy",
        {},
        then=f"{BASE}/deployment/{{id}}",
        done="The files are deployed again.",
    )
    delete = Act(
        "Delete",
        "Delete this deployment?",
        "Its files and all versions that came of them go. While instances of them are running it "
        "is refused, unless they are deleted as well.",
        "DELETE",
        path,
        None,
        [
            Field(
                "Delete running instances and the whole history too",
                ["query", "cascade"],
                "flag",
            ),
            Field("Leave execution listeners out", ["query", "skipCustomListeners"], "flag"),
            Field("Leave output mappings out", ["query", "skipIoMappings"], "flag"),
        ],
        is_final=True,
        then=f"{BASE}/deployment",
        done="The deployment is deleted.",
    )
    return [again, delete]
