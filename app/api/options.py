"""What may be done with users, groups, tenants, filters and authorizations: answers to OPTIONS.

Source: contract 11.5; Camunda 7 ``ResourceOptionsDto``.
"""

import re
from typing import Any

from flask import Blueprint, request

from app.schemas import identity as schemas

from .decorators import link_to, returns
from .descriptions import describes

options = Blueprint("options", __name__)
COLLECTION = (("GET", "", "list"), ("GET", "/count", "count"), ("POST", "/create", "create"))
ITEM = (("GET", "", "self"), ("DELETE", "", "delete"), ("PUT", "", "update"))
USER = (("GET", "/profile", "self"), ("DELETE", "", "delete"), ("PUT", "/profile", "update"))
MEMBERS = (("DELETE", "", "delete"), ("PUT", "", "create"))
FILTER = (
    ("GET", "", "self"),
    ("GET", "/singleResult", "singleResult"),
    ("POST", "/singleResult", "singleResult"),
    ("GET", "/list", "list"),
    ("POST", "/list", "list"),
    ("GET", "/count", "count"),
    ("POST", "/count", "count"),
    ("DELETE", "", "delete"),
    ("PUT", "", "update"),
)
LINKS = {
    **dict.fromkeys(("/user", "/group", "/tenant", "/filter", "/authorization"), COLLECTION),
    "/user/<key>": USER,
    **dict.fromkeys(("/group/<key>", "/tenant/<key>", "/authorization/<key>"), ITEM),
    "/filter/<key>": FILTER,
    "/group/<key>/members": MEMBERS,
    "/tenant/<key>/user-members": MEMBERS,
    "/tenant/<key>/group-members": MEMBERS,
}


def _answers(links: tuple[tuple[str, str, str], ...]) -> Any:
    @describes(answer=schemas.options, touches_store=False)
    @returns
    def view(**_: str) -> dict[str, Any]:
        path = request.path.rstrip("/").removeprefix("/engine-rest")
        return schemas.options(
            {"links": [link_to(path + end, method, rel) for method, end, rel in links]}
        )

    return view


for _rule, _links in LINKS.items():
    _name = re.sub(r"\W+", "_", _rule)
    options.add_url_rule(_rule, _name, _answers(_links), methods=["OPTIONS"])
