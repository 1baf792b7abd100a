"""Permitted operations on users, groups, tenants, filters, authorizations: OPTIONS answers.

Source: contract 11.5; Camunda 7 ``ResourceOptionsDto``.
"""

import re
from typing import Any

from flask import Blueprint, request

from app.schemas import identity as schemas
from app.security.needs import NEEDS
from app.services import access

from .decorators import current_store, link_to, returns
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


def _answers(rule_of: str, links: tuple[tuple[str, str, str], ...]) -> Any:
    @describes(answer=schemas.options)
    @returns
    def view(**keys_of: str) -> dict[str, Any]:
        """The operations that the user who asks may perform."""
        # The prefix of an engine is gone from the path by now, and comes back with the base of the
        # link.
        path, store = request.path.rstrip("/").removeprefix("/engine-rest"), current_store()
        rule, keys = re.sub(r"<\w+>", "{}", rule_of), tuple(keys_of.values())
        allowed = [
            link_to(path + end, method, rel)
            for method, end, rel in links
            # An operation that needs no permission, as lists, is everybody's.
            if (operation := f"{method} {rule}{end}") not in NEEDS
            or access.is_allowed(store, operation, keys)
        ]
        return schemas.options({"links": allowed})

    return view


for _rule, _links in LINKS.items():
    _name = re.sub(r"\W+", "_", _rule)
    options.add_url_rule(_rule, _name, _answers(_rule, _links), methods=["OPTIONS"])
