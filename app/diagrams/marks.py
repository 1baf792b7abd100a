"""The marks for operators on the elements of a diagram."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from .layout import Element


class Tone(StrEnum):
    """How an element is set off from the others."""

    TAKEN = "taken"  # it was gone through
    CANCELED = "canceled"
    STARTS = "starts"  # a change that is previewed lets it begin
    ENDS = "ends"
    KEPT = "kept"  # a migration has a place for it
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Mark:
    """The marks on one element.

    Attributes:
        tokens: instances that are there now.
        failed: incidents.
        waiting: tasks, jobs or subscriptions that wait.
        taken: how often it was gone through.
        link: where what waits there is shown; a path, never another server.
        hint: added to what the element is called when it is pointed at or read aloud.
    """

    tokens: int = 0
    failed: int = 0
    waiting: int = 0
    taken: int = 0
    tone: Tone | None = None
    link: str | None = None
    hint: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether there is a number to show."""
        return any((self.tokens, self.failed, self.waiting, self.taken))

    def plus(self, other: Mark) -> Mark:
        """Both in one place; what cannot be added is the first one's."""
        return replace(
            self,
            tokens=self.tokens + other.tokens,
            failed=self.failed + other.failed,
            waiting=self.waiting + other.waiting,
            link=self.link or other.link,
        )


Marks: TypeAlias = Mapping[str, Mark]
NOTHING = Mark()
_PATH = re.compile(r"[/?#](?![/\\])[^\s]*|[\w-][\w./?&=%-]*")


def placed(marks: Marks, drawn: Iterable[str], parents: Mapping[str, str]) -> dict[str, Mark]:
    """The marks by drawn elements: those of what is not drawn go to the nearest around it.

    Args:
        parents: the element around each element.
    """
    drawn = set(drawn)
    found = {id_: mark for id_, mark in marks.items() if id_ in drawn}
    for id_, mark in marks.items():
        place = id_
        while place and place not in drawn:
            # Outwards, until something is drawn: a closed sub-process stands for all that is in it.
            place = parents.get(place, "")
        if place and place != id_:
            found[place] = found.get(place, NOTHING).plus(mark)
    return found


def safe_link(link: str | None) -> str | None:
    """A link that stays on this server; None for any other."""
    return link if link and _PATH.fullmatch(link) else None


def spoken(element: Element, mark: Mark) -> str:
    """The name of an element and its marks, in words."""
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", element.kind).lower()
    name = " ".join(element.name.split()) or element.id
    counts = ((mark.tokens, "running"), (mark.failed, "failed"), (mark.waiting, "waiting"))
    said = [f"{count} {word}" for count, word in counts if count]
    if mark.taken:
        said.append(f"taken {mark.taken} time{'s' if mark.taken > 1 else ''}")
    if mark.tone and not (mark.tone is Tone.TAKEN and mark.taken):
        said.append(mark.tone.value)
    if mark.hint:
        said.append(mark.hint)
    return f"{kind}: {name}" + (f" ({', '.join(said)})" if said else "")
