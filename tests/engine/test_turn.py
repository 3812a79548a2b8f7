"""A turn: one ordered list with one reply in it."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.engine.turn import Event, Reply, Turn
from tests.support.stage import Stage


def event(name: str) -> Event:
    return Event("d1", name, {"type": name})


def names(events: list[Event]) -> list[str]:
    return [one.method for one in events]


def test_early_events_stand_before_the_reply() -> None:
    """In the order of their telling, on either side of it."""
    turn = Turn("d1", "said")
    for name, early in (("a", False), ("b", True), ("c", False), ("d", True)):
        turn.tell(event(name), early)
    assert (["b", "d"], ["a", "c"]) == (names(turn.before), names(turn.after))
    assert ["b", "d", "a", "c"] == names(turn.events)
    assert turn.reply is turn.items[2]
    assert ("said", None) == (turn.result, turn.error)


def test_forgotten_events_leave_the_reply() -> None:
    """What a call has told is gone when the call is undone; its reply still stands there."""
    turn = Turn()
    turn.tell(event("a"))
    turn.tell(event("b"), early=True)
    turn.forget()
    assert [turn.reply] == turn.items


@pytest.mark.parametrize(
    ("method", "arguments"),
    [("getLoginUser", {}), ("noSuchMethod", {}), ("createConversationGroup", {"groupName": ""}), ("logout", {})],
)
def test_channel_call_has_one_reply(method: str, arguments: dict[str, Any]) -> None:
    """Whatever comes of it, one reply stands in its turn, in the name of the device that called."""
    stage = Stage()
    alice = stage.enter("alice")
    turn = stage.emulator.call(alice.id, method, arguments)
    assert [turn.reply] == [item for item in turn.items if isinstance(item, Reply)]
    assert alice.id == turn.reply.device_id
