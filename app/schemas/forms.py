"""Answers of forms.

Source: contract 4.2.
"""

from typing import Any

from .answers import OBJECT, Answer, absent, part, text

form = Answer(
    "Form",
    text("key"),
    part("camunda_form_ref", OBJECT, is_nullable=True),
    absent("contextPath"),
)


def form_view(
    key: str | None, reference: object, *, has_fields: bool, place: str
) -> dict[str, Any]:
    """The view of a form; fields alone make one that the engine could render.

    Args:
        place: the path below the base URL at which the form belongs.
    """
    if not key and reference is None and has_fields:
        # A client that follows this key asks for the rendered form; `:engine` is its to fill in.
        key = f"embedded:engine://engine/:engine/{place}/rendered-form"
    return {"key": key, "camunda_form_ref": reference}
