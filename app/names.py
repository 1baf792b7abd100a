"""Names in JSON."""


def camel(name: str) -> str:
    """The JSON name of a snake_case one; ``is_suspended`` is ``suspended``."""
    head, *tail = name.removeprefix("is_").split("_")
    return head + "".join(word.title() for word in tail)
