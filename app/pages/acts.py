"""Acts of operators: calls of the REST API, described so that a script can ask for the rest.

The page sends them from the browser as any client does, so that they have the rights, the checks
and the errors of the API, and can be shown as what they are.

Source: decision 26.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from .offers import refusal_of

TYPES = ("String", "Boolean", "Integer", "Long", "Double", "Date", "Json", "Xml", "Object", "Null")


def as_json(value: object) -> str:
    """A value as JSON, for an attribute."""
    return orjson.dumps(value, default=str).decode()


@dataclass(frozen=True)
class Field:
    """A field of a form, for an operator to fill in.

    Attributes:
        at: where it goes in the body; in the query of the URL for ``query``; nowhere when it is
            empty, and the field only has a name.
        name: by which the path of the act has the field in braces.
        kind: ``text``, ``area``, ``number``, ``password``, ``flag``, ``choice``, ``json``, or
            ``typed``: a value with a type beside it.
        value: what it has at first.
        options: the values of a choice, with their labels.
        type: the type that a typed value has at first.
    """

    label: str
    at: Sequence[str]
    kind: str = "text"
    value: Any = ""
    options: Sequence[tuple[str, str]] = ()
    is_required: bool = False
    hint: str = ""
    type: str = ""
    name: str = ""


@dataclass(frozen=True)
class Act:
    """A call of the API.

    Attributes:
        label: of the button.
        title: of what is asked.
        says: what will happen.
        path: below the base path, with its parts escaped.
        body: of the call, to which the fields add; None for none.
        is_final: it cannot be undone.
        then: the view that follows; the same one where it is empty.
        done: what is said afterwards.
        confirm: what carries it out is called, where that is more than the label.
    """

    label: str
    title: str
    says: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    fields: Sequence[Field] = field(default_factory=tuple)
    is_final: bool = False
    then: str = ""
    done: str = "Done."
    confirm: str = ""

    @property
    def refusal(self) -> str:
        """Why the user may not; empty where it may."""
        return refusal_of(self.method, self.path, self.body)

    def __html__(self) -> str:
        """The act as the value of an attribute."""
        # Jinja takes what this answers as it is: who forgets to escape here has no second chance.
        from markupsafe import escape

        return str(escape(as_json(asdict(self))))


def suspension(
    thing: str,
    path: str,
    *,
    is_suspended: bool,
    suspends: str,
    activates: str,
    called: str = "",
    fields: Sequence[Field] = (),
) -> Act:
    """Suspend what is active, activate what is suspended.

    Args:
        thing: what it is, in a word.
        path: of the thing; the call is one level below.
        suspends, activates: what follows from it.
        called: what it is called, where that says more than the word.
    """
    verb = "Activate" if is_suspended else "Suspend"
    return Act(
        verb,
        f"{verb} {called or f'this {thing}'}?",
        activates if is_suspended else suspends,
        "PUT",
        f"{path}/suspended",
        {"suspended": not is_suspended},
        fields,
        done=f"The {thing} is {'active' if is_suspended else 'suspended'}.",
    )
