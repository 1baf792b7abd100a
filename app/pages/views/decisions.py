"""Decisions: their tables, tried with what one gives them, with the rules that match marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.errors import EngineError
from app.pages.acts import TYPES, Act
from app.pages.paging import listed, paged
from app.pages.reading import as_text, one
from app.pages.rendering import clipped, page, segment
from app.schemas.typed_values import typed_value
from app.services import decision_tables as service
from app.services import lists

from .queries import literal

decisions = Blueprint("decisions", __name__, url_prefix="/decision-definition")
View = dict[str, Any]
MOST_CHOICES, MOST_VERSIONS = 20, 50
GIVEN, TYPE = "v.", "t."  # how the URL has a value and its type
_NAME = re.compile(r"[^\W\d]\w*")
_TEXT = re.compile(r'"([^"\\]*)"')
_TYPES = {name.lower(): name for name in TYPES} | {"number": "Double"}


@dataclass(frozen=True)
class Asked:
    """A variable that a decision reads.

    Attributes:
        choices: texts with which its rules compare it.
        value: what it is given; None where nothing is.
    """

    name: str
    label: str
    type: str
    choices: list[str]
    value: str | None

    @property
    def id(self) -> str:
        return GIVEN + self.name


@decisions.get("")
def index() -> Response:
    """The newest version of each decision."""
    store = current_store()
    name = request.args.get("name", "").strip()
    filters: View = {"latest_version": True}
    if name:
        filters["name_like"] = f"%{literal(name)}%"
    found = listed(store, "decision_definition", filters, [("key", "asc")], name="decisions")
    return page(
        "decisions.html", title="Decisions", section="decisions", decisions=found, wanted=name
    )


@decisions.get("/<definition_id>")
def show(definition_id: str) -> Response:
    """A decision, and what comes of the values in the URL."""
    store = current_store()
    definition = one(store, "decision_definition", definition_id, "decision")
    deployed = service.deployed(store, definition_id)
    decision = deployed.file.definitions.decisions[definition["key"]]
    rules = getattr(decision.logic, "rules", ())
    asked = list(_asked(deployed, definition["key"]))
    # Only when it was asked for: a decision may be costly, and its link is opened to look.
    outcome = _outcome(definition_id, asked) if "try" in request.args else None
    filters = {"key": definition["key"]}
    versions = lists.find(
        store, "decision_definition", filters, [("version", "desc")], 0, MOST_VERSIONS
    )
    return page(
        "decision.html",
        title=definition["name"] or definition["key"],
        section="decisions",
        definition=definition,
        decision=decision,
        is_table=hasattr(decision.logic, "rules"),
        rules=paged("rules", lambda first, most: _numbered(rules, first, most), lambda: len(rules)),
        asked=asked,
        types=TYPES,
        outcome=outcome,
        # Of all rules, though one page of them is shown: the numbers are those of the table.
        matched=_matched(outcome, rules),
        acts=_acts(definition_id, outcome),
        # Filtered here: having no tenant and having a certain one are two filters of the list.
        versions=[v for v in versions if v["tenant_id"] == definition["tenant_id"]],
        required=_of_file(deployed, decision.required),
    )


def _numbered(rules: Any, first: int, most: int) -> list[View]:
    shown = rules[first : first + most]
    return [{"number": first + n, "rule": rule} for n, rule in enumerate(shown, 1)]


def _of_file(deployed: Any, keys: Any) -> list[View]:
    """Decisions of the same file, as links."""
    found = deployed.definitions
    return [{"key": key, "id": found[key].id if key in found else None} for key in keys]


def _asked(deployed: Any, key: str) -> Iterator[Asked]:
    """The variables that the inputs of a decision, and of those that it requires, are."""
    known = deployed.file.definitions.decisions
    seen: set[str] = set()
    for decision in (known[k] for k in _with_required(known, key)):
        for number, column in enumerate(getattr(decision.logic, "inputs", ())):
            name = (column.expression.content or "").strip()
            # An input that is an expression, or the result of a required decision, cannot be typed
            # in.
            if not _NAME.fullmatch(name) or name in seen or name in _results(known, key):
                continue
            seen.add(name)
            kind = _TYPES.get((column.type_name or "").lower(), "String")
            yield Asked(
                name,
                column.label or name,
                request.args.get(TYPE + name, kind),
                _choices(decision.logic.rules, number),
                request.args.get(GIVEN + name),
            )


def _with_required(known: Any, key: str) -> list[str]:
    """A decision and all that it requires, at any depth; requirements have no loop."""
    found, waiting = [], [key]
    while waiting:
        here = waiting.pop()
        # A decision that two others require is looked at once.
        if here not in found:
            found.append(here)
            waiting += known[here].required
    return found


def _results(known: Any, key: str) -> set[str]:
    """The names of what required decisions give."""
    names: set[str] = set()
    for decision in (known[k] for k in _with_required(known, key) if k != key):
        names |= {decision.key, getattr(decision.logic, "variable", "")}
        names |= {output.name for output in getattr(decision.logic, "outputs", ()) if output.name}
    return names


def _choices(rules: Any, number: int) -> list[str]:
    """The texts in the conditions of a column."""
    found = dict.fromkeys(
        text for rule in rules for text in _TEXT.findall(rule.conditions[number].content or "")
    )
    # A proposal, not a check: any other text can be typed in.
    return list(found)[:MOST_CHOICES]


def _outcome(definition_id: str, asked: list[Asked]) -> View:
    """The evaluation of the given values: results and records, or why there are none."""
    given: dict[str, View] = {}
    try:
        values: View = {}
        for variable in asked:
            # An empty field of a form is sent as an empty text; of other types than texts that is
            # no value.
            if variable.value is not None and (variable.value or variable.type == "String"):
                given[variable.name] = {"value": variable.value, "type": variable.type}
                values[variable.name] = typed_value(_as_json(given[variable.name]))
        # Past the history: to look what a table would say is no decision that was made.
        found = service.tried(current_store(), definition_id, values)
    except EngineError as error:
        return {"error": str(error) or type(error).__name__, "given": given, "records": []}
    return {
        "error": "",
        "given": given,
        "rows": [{k or "": as_text(v.value) for k, v in row.items()} for row in found.rows],
        "records": [found.root, *found.required],
        "collected": found.root.collect_result,
    }


def _as_json(given: View) -> View:
    """A value that was typed into a field, as JSON has it."""
    text, kind = given["value"].strip(), given["type"]
    # The field may still hold text that was typed for another type; it is ignored.
    if kind == "Null":
        return {"value": None, "type": kind}
    if kind == "Boolean" and text.lower() in ("true", "false"):
        return {"value": text.lower() == "true", "type": kind}
    return {"value": given["value"], "type": kind}


def _matched(outcome: View | None, rules: Any) -> dict[str, int]:
    """The rules that matched, with their numbers in the table."""
    if outcome is None or not outcome["records"]:
        return {}
    # Of the decision itself: what required ones matched is in their own tables.
    ids = {output.rule_id for output in outcome["records"][0].outputs}
    return {rule.id: number for number, rule in enumerate(rules, 1) if rule.id in ids}


def _acts(definition_id: str, outcome: View | None) -> list[Act]:
    given = {} if outcome is None else outcome["given"]
    variables = {name: _as_json(value) for name, value in given.items()}
    listed_values = ", ".join(f"{k} = {clipped(v['value'], 40)}" for k, v in given.items())
    return [
        Act(
            "Evaluate by the API",
            "Evaluate this decision by the API?",
            f"It is evaluated with {listed_values or 'no variables'}, and noted in the history.",
            "POST",
            f"/decision-definition/{segment(definition_id)}/evaluate",
            {"variables": variables},
            done="It was evaluated, and is in the history.",
        )
    ]
