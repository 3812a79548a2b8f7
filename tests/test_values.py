"""What classes of values are: what `attrs.frozen` makes, put together quicker."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from bridge.values import value_class


@value_class
class Place:
    """One among others; where it is looked at from counts for nothing."""

    row: int
    name: str = ""
    seen_from: Any = attrs.field(default=None, eq=False, repr=False)


@attrs.frozen
class Reference:
    """The same, by attrs alone."""

    row: int
    name: str = ""
    seen_from: Any = attrs.field(default=None, eq=False, repr=False)


@value_class(eq=False)
class Thing:
    """Equal to itself alone."""

    row: int


PAIRS = [((1,), (1,)), ((1, "a"), (1, "a")), ((1, "a"), (1, "b")), ((1, "a"), (2, "a")), ((1, "a", "door"), (1, "a", "window"))]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_values_are_equal_as_those_of_attrs_are(first: Any, second: Any) -> None:
    """So are their hashes."""
    expected = Reference(*first) == Reference(*second)
    different = Place(*first) != Place(*second)
    assert expected == (Place(*first) == Place(*second)) == (not different)
    assert expected == (hash(Place(*first)) == hash(Place(*second)))
    assert len({Place(*first), Place(*second)}) == 2 - expected


def test_value_of_another_class_is_another() -> None:
    """Whatever is in it, and so is what is no value."""
    others: list[Any] = [Reference(1, "a"), (1, "a"), None]
    assert all(Place(1, "a") != other for other in others)


@pytest.mark.parametrize("given", [(1,), (1, "a"), (1, "it's", "door")])
def test_values_are_shown_as_those_of_attrs_are(given: Any) -> None:
    """By the names of their attributes."""
    assert repr(Place(*given)) == repr(Reference(*given)).replace("Reference", "Place")


def test_values_never_change() -> None:
    """Neither what they have, nor what they do not have; a changed one is another."""
    place: Any = Place(1, "a")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        place.row = 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        place.colour = "red"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del place.row
    assert attrs.evolve(place, row=2) == Place(2, "a")
    assert attrs.asdict(place) == {"row": 1, "name": "a", "seen_from": None}


def test_values_that_cannot_be_hashed_say_so() -> None:
    """As a tuple of them does."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(Place([]))  # type: ignore[arg-type]


def test_things_are_equal_to_themselves_alone() -> None:
    """Two with the same in them are two keys; they show what is in them."""
    thing, other = Thing(1), Thing(1)
    assert thing == thing
    assert thing != other
    assert len({thing, other, thing}) == 2
    assert repr(thing) == "Thing(row=1)"
