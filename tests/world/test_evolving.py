"""Changed rows are what `attrs.evolve` makes of them."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from bridge.emulator import Settings
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.elements import Text
from bridge.world.chats.messages import Message
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class


@row_class
class Lonely:
    """Has one attribute."""

    number: int


MESSAGE = Message("m", 1, ("c2c", "a", "b"), "a", 5, (Text("x"),), seq=3, at_users=("b",))


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (MESSAGE, {}),
        (MESSAGE, {"status": 3, "owner": "a"}),
        (Conversation("a", "c2c_b", unread=2), {"listed": True, "last_message": "m"}),
        (Lonely(1), {}),
        (Lonely(1), {"number": 2}),
        (Settings(), {"options": None}),
    ],
)
def test_changed_rows_equal_evolved_ones(row: Any, changes: dict[str, Any]) -> None:
    """A quick change gives the same row, and leaves the old one as it was; one attribute is as good as many."""
    before = attrs.evolve(row)
    assert attrs.evolve(row, **changes) == evolve(row, **changes)
    assert before == row


def test_unknown_attributes_are_a_bug() -> None:
    """A name that the row does not have raises TypeError, as attrs does."""
    with pytest.raises(TypeError, match="Message has no attribute 'nothing'"):
        evolve(MESSAGE, nothing=1)  # type: ignore[call-arg]
