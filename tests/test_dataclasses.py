"""Our dataclasses behave as those of the standard library."""

import dataclasses

import pytest

from app.dataclasses import dataclass

pytestmark = pytest.mark.no_database


def classes(make):
    @make(frozen=True, slots=True)
    class Point:
        """A point."""

        x: int
        y: int = 2
        note: str = dataclasses.field(default="", compare=False, repr=False)

    @make(slots=True)
    class Cursor:
        """A class whose instances can change."""

        at: object
        seen: list = dataclasses.field(default_factory=list)

    @make(frozen=True)
    class Nothing:
        """No field at all."""

    @make(frozen=True, slots=True, eq=False)
    class Key:
        """Itself alone."""

        name: str

    return Point, Cursor, Nothing, Key


@pytest.fixture(params=[dataclass, dataclasses.dataclass], ids=["ours", "library"])
def made(request):
    return classes(request.param)


def test_they_are_alike_when_their_fields_are(made):
    point, cursor, nothing, key = made

    assert point(1) == point(1, 2, "note")
    assert point(1) != point(1, 3)
    assert point(1) != (1, 2)
    assert nothing() == nothing()
    assert cursor(1, [2]) == cursor(1, [2])
    assert cursor(1) != nothing()
    assert key("a") != key("a")


def test_what_is_frozen_is_a_key(made):
    point, cursor, nothing, key = made

    assert len({point(1), point(1, 2, "note"), point(2), nothing(), nothing()}) == 3
    assert len({key("a"), key("a")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(cursor(1))


def test_they_show_their_fields(made):
    point, cursor, nothing, _ = made
    around = cursor(point(1))
    around.seen.append(around)

    assert repr(around).endswith("Cursor(at=classes.<locals>.Point(x=1, y=2), seen=[...])")
    assert repr(nothing()).endswith("Nothing()")


def test_they_have_slots_defaults_and_fields(made):
    point, *_ = made

    assert not hasattr(point(1), "__dict__")
    assert dataclasses.replace(point(1), y=5) == point(1, 5)
    assert [field.name for field in dataclasses.fields(point)] == ["x", "y", "note"]
    assert point.__match_args__ == ("x", "y", "note")


def test_methods_that_a_class_has_stay():
    @dataclass(frozen=True)
    class Named:
        """Shown by its name."""

        name: str

        def __repr__(self):
            return self.name

    assert repr(Named("tea")) == "tea"
    assert Named("tea") == Named("tea")
