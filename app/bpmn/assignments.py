"""Users and groups of an assignment: a list with commas, or expressions of BPMN's resources.

Source: BPMN 2.0.2 §10.2.1 (resource assignment); Camunda 7 ``BpmnParse.parsePotentialOwner``,
``parsePotentialStarterResourceAssignment``.
"""

from collections.abc import Iterable

from .source import Element, children, text


def users_and_groups(resources: Iterable[Element]) -> tuple[list[str], list[str]]:
    """The users and the groups that resources name as ``user(ann)``, ``group(crew)``, ``crew``."""
    entries = [entry for found in resources for entry in split(" ".join(assigned(found)))]
    users = [entry[5:-1] for entry in entries if entry.startswith("user(")]
    # An entry with neither word in front is a group.
    others = [entry for entry in entries if not entry.startswith("user(")]
    return users, [entry.removeprefix("group(").removesuffix(")") for entry in others]


def assigned(resource: Element) -> list[str]:
    """The texts of the expressions of a resource."""
    return [
        text(formal)
        for assignment in children(resource, "resourceAssignmentExpression")
        for formal in children(assignment, "formalExpression")
    ]


def split(value: str) -> list[str]:
    """The entries of a comma-separated list; a comma inside of an expression separates nothing."""
    entries, entry, is_inside = [], "", False
    for char in value:
        # As the reference splits: `$` alone opens too, and nothing is counted, for expressions do
        # not nest.
        if char in "{$":
            is_inside = True
        elif char == "}":
            is_inside = False
        if char == "," and not is_inside:
            entries.append(entry.strip())
            entry = ""
        else:
            entry += char
    # Nothing behind the last comma is no entry, while nothing between two commas is an empty one.
    return [*entries, entry.strip()] if entry else entries
