"""The views of a list: one page, the count, a query in the body, and a single item.

Source: contract 3.15, 4 and 5.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from app.errors import EngineError
from app.names import camel
from app.schemas import engine, variables
from app.schemas.answers import Answer, Many
from app.schemas.queries import QuerySchema, page
from app.services import lists as service
from app.services.keeping import kept

from .decorators import current_store, flag, read_json, returns
from .descriptions import Describer, Example, describes
from .json import json_list, uncached
from .problems import INVALID, MISSING, Problem

View = Mapping[str, Any]
Filters = dict[str, Any]
Views = list[dict[str, Any]]
Sorting = list[tuple[str, ...]]
Window = tuple[int | None, int | None]  # the first row of a page, and how many at most
VALUE, VALUES = "deserializeValue", "deserializeValues"  # of a single item, of a list


def shown_with_value(view: View, *, deserialized: bool, is_historic: bool = False) -> View:
    """The view of a variable, or of a change of one, with its value as it is answered."""
    name = view["name"] if "name" in view else view["variable_name"]
    value = service.typed_value(view)
    shown = variables.value_view(value, name, deserialized=deserialized, is_historic=is_historic)
    return {**view, **shown}


_OF_VARIABLE = (
    "variable_name",
    "variable_instance_id",
    "variable_type",
    "revision",
    "is_initial",
    "value_info",
)
_OF_FORM = ("field_id", "field_value")


def with_detail(view: View, *, deserialized: bool) -> View:
    """The view of a detail without what details of its kind have not."""
    is_of_form = view["field_id"] is not None
    # One table has both: the columns of the other kind are null, and its fields not answered at
    # all.
    others = _OF_VARIABLE if is_of_form else _OF_FORM
    known = {name: value for name, value in view.items() if name not in others}
    return (
        known
        if is_of_form
        else shown_with_value(known, deserialized=deserialized, is_historic=True)
    )


class Lists:
    """The views of one list, whose filters and sortings the store declares.

    Args:
        name: of the declaration.
        answer: of each view.
        missing: what is said of an unknown id, with ``{id}``; None when there is no single item.
        counts_posts: whether the count takes a query in a body, where the list does.
        extras: the flags that add to a single item what they add to those of the list.
        completes: puts into the views what is no column.
        with_value: gives a view its value, which the URL says how to read.
        example: filters of a query that finds something.
    """

    def __init__(
        self,
        name: str,
        answer: Answer,
        *,
        missing: str | None = None,
        posts: bool = True,
        counts: bool = True,
        counts_posts: bool = True,
        type_: str = INVALID,
        code: int | None = None,
        extras: tuple[str, ...] = (),
        completes: Callable[..., None] | None = None,
        with_value: Callable[..., View] | None = None,
        example: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        declared = service.declaration(name)
        self.schema = QuerySchema(
            declared.kinds,
            declared.sorts,
            variable_sorts=declared.variable_sorts,
            check=declared.check,
            has_or_queries=declared.has_or_queries,
            is_strict=declared.is_strict,
        )
        self._answer = answer
        self._missing = missing
        self._posts = posts
        self._counts = counts
        self._counts_posts = counts and posts and counts_posts
        self._type = type_
        self._code = code
        self._completes = completes
        self._with_value = with_value
        self._example = Example(filters=example or {})
        self._extras = {name: camel(name) for name in extras}

    def blueprint(self, prefix: str) -> Blueprint:
        """The routes below a path."""
        blueprint = Blueprint(f"{self.name}_list", __name__, url_prefix=prefix)
        add = blueprint.add_url_rule
        pages, counts, item = self._described()
        add("", "find", pages(self.listing_view()), methods=["GET"])
        if self._counts:
            add("/count", "count", counts(returns(self.count)), methods=["GET"])
        if self._posts:
            add("", "query", pages(returns(self.query)), methods=["POST"])
        if self._counts_posts:
            add("/count", "query_count", counts(returns(self.query_count)), methods=["POST"])
        if self._missing is not None:
            add("/<item_id>", "get", item(self.item_view()), methods=["GET"])
        return blueprint

    def listing_view(self) -> Callable[..., Response]:
        """The view of a page."""
        return returns(self.find)

    def item_view(self) -> Callable[..., Response]:
        """The view of a single item."""
        return returns(self.get)

    def _described(self) -> tuple[Describer, Describer, Describer]:
        """The descriptions of pages, of counts and of single items."""
        query = (self._answer.name, self.schema)
        has_values = self._with_value is not None
        return (
            describes(
                query=query,
                example=self._example,
                is_paged=True,
                answer=Many(self._answer),
                flags=VALUES if has_values else "",
            ),
            describes(query=query, example=self._example, answer=engine.count),
            describes(
                answer=self._answer,
                problems=((MISSING, self._type),),
                flags=" ".join([*([VALUE] if has_values else []), *self._extras.values()]),
            ),
        )

    def filters_of(self, body: dict[str, Any] | None) -> dict[str, Any] | None:
        """The filters of a query inside a command's body; None where there is no query."""
        return None if body is None else self.schema.from_body(body)[0]

    def find(self) -> Response:
        """A page of the list, with the filters of the URL."""
        window = page(request.args)  # what is no page is told of before what is no filter
        filters, sorting = self.schema.from_url(request.args)
        return self.page(filters, sorting, window)

    def query(self) -> Response:
        """A page of the list, with the filters of the body."""
        try:
            filters, sorting = self.schema.from_body(read_json())
        except EngineError as error:
            if str(error):  # a body that could not be read has none, and is told of before
                page(request.args)
            raise
        return self.page(filters, sorting)

    def page(self, filters: Filters, sorting: Sorting, window: Window | None = None) -> Response:
        """The page that the URL asks for, where it was not read before."""
        found = self._found(filters, sorting, window or page(request.args))
        answer = json_list(map(partial(self._answers, key=VALUES), found))
        # The answer to a POST is kept by no cache anyway.
        return uncached(answer) if request.method == "GET" else answer

    def _found(self, filters: Filters, sorting: Sorting, window: Window) -> Iterator[Views]:
        """The views of a page, few at a time."""
        chunks = service.chunks(current_store(), self.name, filters, sorting, *window)
        if self._completes is None:
            return chunks
        # Read to the end first: what completes the rows takes a connection of its own, see
        # `services.keeping`.
        return map(self._completed, kept(chunks))

    def _completed(self, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._complete(views)
        return views

    def _complete(self, views: list[dict[str, Any]]) -> None:
        if self._completes is not None:
            self._completes(current_store(), views)

    def count(self) -> dict[str, int]:
        """How many items there are, with the filters of the URL."""
        # The sorting is read all the same, for what is wrong with it is an error here as well.
        filters, _ = self.schema.from_url(request.args)
        return {"count": service.count(current_store(), self.name, filters)}

    def query_count(self) -> dict[str, int]:
        """How many items there are, with the filters of the body."""
        filters, _ = self.schema.from_body(read_json())
        return {"count": service.count(current_store(), self.name, filters)}

    def get(self, item_id: str) -> Any:
        """One item."""
        return self._answers([self.view(item_id)], key=VALUE)[0]

    def _answers(self, views: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        """The answers of views; the flag `key` says whether their values are read."""
        make, with_value = self._answer.make, self._with_value
        if with_value is None:
            return [make(view) for view in views]
        deserialized = flag(key, default=True)
        return [make(with_value(view, deserialized=deserialized)) for view in views]

    def view(self, item_id: str) -> dict[str, Any]:
        """The view of one item, or the answer that there is none."""
        # Only flags: whatever else the URL says must not hide an item that is there.
        extras = {name: flag(key) for name, key in self._extras.items()}
        found = service.get(current_store(), self.name, item_id, extras)
        if found is None:
            text = (self._missing or "").format(id=item_id)
            raise Problem(MISSING, self._type, text, self._code)
        self._complete([found])
        return found
