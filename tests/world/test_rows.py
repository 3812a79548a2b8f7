"""What rows of tables are, each class of them."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from bridge.world.kernel.rows import row_class


@row_class
class Seat:
    """One that somebody keeps; where it is looked at from counts for nothing."""

    number: int
    kept_by: str = ""
    seen_from: Any = attrs.field(default=None, eq=False, repr=False)


@row_class
class Bench:
    """Has the same attributes."""

    number: int
    kept_by: str = ""


def test_equal_are_those_of_a_class_with_the_same_in_them() -> None:
    """Attributes that do not count may differ; a row of another class, or what is no row, is another."""
    assert Seat(1, "alice", "the door") == Seat(1, "alice", "the window")
    assert Seat(1, "alice") != Seat(1, "bob")
    assert Seat(1, "alice") != Seat(2, "alice")
    other: Any = Bench(1, "alice")
    assert Seat(1, "alice") != other
    other = (1, "alice")
    assert Seat(1, "alice") != other


def test_row_shows_what_is_in_it() -> None:
    """Under the names of its attributes."""
    assert repr(Seat(1, "alice", "the door")) == "Seat(number=1, kept_by='alice')"


def test_row_is_a_key_of_nothing() -> None:
    """Rows that are equal may hold what cannot be hashed."""
    with pytest.raises(TypeError, match="unhashable"):
        {Seat(1)}


def test_row_has_room_for_its_attributes_alone() -> None:
    """No dict for each of a million, and attrs' own functions work on it."""
    seat: Any = Seat(1)
    with pytest.raises(AttributeError):
        seat.colour = "red"
    assert attrs.evolve(Seat(1, "alice"), kept_by="bob") == Seat(1, "bob")
    assert attrs.asdict(Seat(1, "alice")) == {"number": 1, "kept_by": "alice", "seen_from": None}
