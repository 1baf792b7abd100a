"""Records of the history are made of the fields of the records that they are about."""

from dataclasses import dataclass

import pytest

from app.engine.history.building import builder


@dataclass
class Work:
    id: str
    kind: str
    place: str


@dataclass
class Told:
    id: str
    time: int
    work_id: str
    work_kind: str
    place: str | None = None
    reason: str | None = "none given"


def test_a_field_is_given_renamed_copied_or_left_at_its_default():
    build = builder(Told, Work, "id", "time", work_id="id", work_kind="kind")

    assert build(Work("w", "job", "here"), "t", 5) == Told("t", 5, "w", "job", "here")


def test_what_is_given_comes_before_a_field_of_the_same_name():
    build = builder(Told, Work, "place", "time", "work_id", "work_kind")

    found = build(Work("w", "job", "here"), "there", 5, "of", "sort")

    assert found == Told("w", 5, "of", "sort", "there")


def test_a_value_too_few_is_an_error():
    build = builder(Told, Work, "id", "time", work_id="id", work_kind="kind")

    with pytest.raises(IndexError):
        build(Work("w", "job", "here"), "t")


@pytest.mark.parametrize(
    ("given", "renamed"),
    [
        (("time", "work_id"), {}),
        (("time", "colour"), {"work_id": "id", "work_kind": "kind"}),
        (("time",), {"work_id": "id", "work_kind": "sort"}),
    ],
)
def test_a_field_without_a_source_is_found_when_the_module_is_loaded(given, renamed):
    with pytest.raises(TypeError):
        builder(Told, Work, *given, **renamed)
