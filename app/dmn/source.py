"""A DMN file as untrusted XML: parsed safely, looked up in the namespace of its version."""

from app.bpmn.source import Element, Problems, parse, text

from .errors import RefusedDmnError
from .model import Text

_ENGINE = "{http://camunda.org/schema/1.0/dmn}"

MOST_DECISIONS = 1_000  # in one file; no chain of requirements is longer
# Each cell is compiled and kept; ten times what the largest tables have that people write.
MOST_CELLS = 100_000  # of one table: rules times columns
LONGEST_TEXT = 100_000  # characters of one expression


def is_dmn(resource_name: str) -> bool:
    """Whether a file of this name is read as DMN when it is deployed."""
    return resource_name.endswith((".dmn", ".dmn11.xml"))


class Source:
    """A file while it is read.

    Attributes:
        problems: why it is refused.
        language: of the expressions that name none of their own.
    """

    def __init__(self, resource: str, xml: bytes) -> None:
        self.resource = resource
        self.root = parse(resource, xml)
        self.problems = Problems()
        # The file's own: each version of DMN has another one, and elements of others are none of
        # DMN.
        self._namespace = str(self.root.tag).rpartition("}")[0] + "}"
        self.language = self.root.get("expressionLanguage")

    def child(self, element: Element, name: str) -> Element | None:
        """The first child of that name."""
        return element.find(self._namespace + name)

    def children(self, element: Element, name: str) -> list[Element]:
        """All children of that name."""
        return list(element.findall(self._namespace + name))

    def expression(self, element: Element) -> Text:
        """The expression that an element holds, with its language.

        Raises:
            RefusedDmnError: it is too long.
        """
        found = self.child(element, "text")
        content = None if found is None else text(found)
        if content is not None and len(content) > LONGEST_TEXT:
            raise RefusedDmnError(
                self.resource, f"An expression is longer than {LONGEST_TEXT} characters."
            )
        # An empty attribute is as none at all.
        own = (element.get("expressionLanguage") or "").strip()
        return Text(content, own or (self.language or "").strip() or None)

    def refuse_more_than(self, limit: int, found: int, what: str) -> None:
        """Stop before a file fills the memory.

        Raises:
            RefusedDmnError: there is more than the limit.
        """
        if found > limit:
            raise RefusedDmnError(self.resource, f"It has more than {limit} {what}.")


def extension(element: Element, name: str) -> str | None:
    """An attribute in the namespace of the engine."""
    value: str | None = element.get(_ENGINE + name)
    return value


def target(element: Element) -> str:
    """The id that a reference means: what stands behind the last ``#``."""
    return (element.get("href") or "").strip().rpartition("#")[2]
