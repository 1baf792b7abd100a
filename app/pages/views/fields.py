"""Fields of the forms that models declare, as inputs of a view."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.schemas.rendered_forms import VARIABLE_TYPES

_WHOLE = re.compile("-?[0-9]+").fullmatch


@dataclass(frozen=True)
class FormField:
    """One field.

    Attributes:
        at: where it goes in the body, as JSON.
        type: of the variable.
        rules: attributes of HTML that keep the constraints.
    """

    id: str
    label: str
    kind: str
    type: str
    value: str
    hint: str
    at: list[str]
    options: Mapping[str, str | None]
    rules: Mapping[str, str]
    is_required: bool
    is_read_only: bool


def fields_of(drawn: Iterable[Mapping[str, Any]]) -> list[FormField]:
    """The fields of a form, by what a page shows of them."""
    return [_field(number, one) for number, one in enumerate(drawn)]


def _field(number: int, one: Mapping[str, Any]) -> FormField:
    constraints: Mapping[str, str | None] = one["constraints"]
    rules = {
        name: str(constraints[name])
        for name in ("minlength", "maxlength", "min", "max")
        # HTML passes over a limit that is no whole number, and says nothing of it.
        if _WHOLE(constraints.get(name) or "")
    }
    return FormField(
        # By number: a model may have an id twice, and two elements of a page may not.
        id=f"field-{number}",
        label=one["label"] or one["id"],
        kind=one["type"],
        type=VARIABLE_TYPES.get(one["type"], "String"),
        value=one["value"] or "",
        hint=(one["date_pattern"] or "") if one["type"] == "date" else "",
        at=["variables", one["id"]],
        options=one["options"],
        rules=rules,
        # The presence of the constraint decides; its value does not matter.
        is_required="required" in constraints,
        is_read_only="readonly" in constraints,
    )
