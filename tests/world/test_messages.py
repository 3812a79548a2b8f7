"""Timelines and numbers of messages, kept right through changes and undoing."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from bridge.world.chats import messages, visibility
from bridge.world.chats.elements import Text
from bridge.world.chats.messages import Message
from bridge.world.kernel.world import World

GROUP = ("group", "g")


def text(order: int, seq: int = 0, channel: Any = GROUP, **more: Any) -> Message:
    """Return a message at a place."""
    return Message(f"m{order}", order, channel, "alice", order * 1000, (Text("x"),), seq=seq, **more)


def filled(world: World, *rows: Message) -> World:
    """Put messages into a world."""
    for row in rows:
        world[messages.MESSAGES].put(row.msg_id, row)
    return world


def test_timeline_runs_both_ways() -> None:
    """Older runs down from below an order, newer up from one on."""
    timeline = filled(World(), *(text(order) for order in (3, 1, 2, 4)))[messages.MESSAGES].index("channel")
    assert ["m4", "m3", "m2", "m1"] == list(timeline.older(GROUP))
    assert ["m2", "m1"] == list(timeline.older(GROUP, 3))
    assert ["m3", "m4"] == list(timeline.newer(GROUP, 3))
    assert [] == list(timeline.older(("group", "none")))


def test_numbers_find_their_neighbours() -> None:
    """A number that is missing leads to the next one above or below."""
    world = filled(World(), text(1, 1), text(2), text(3, 4))
    index = world[messages.MESSAGES].index("seq")
    assert ("m1", "m3", None) == tuple(index.at_or_above(GROUP, seq) for seq in (1, 2, 5))
    assert ("m1", "m1", "m3", None) == tuple(index.at_or_below(GROUP, seq) for seq in (1, 3, 9, 0))


def test_one_to_one_messages_are_not_numbered() -> None:
    """Numbers of one-to-one messages are made by clients and mean nothing."""
    world = filled(World(), text(1, 7, ("c2c", "alice", "bob")))
    assert world[messages.MESSAGES].index("seq").at_or_above(("c2c", "alice", "bob"), 0) is None


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 4), st.booleans()), max_size=12))
def test_undoing_brings_indexes_back(steps: list[tuple[int, int, bool]]) -> None:
    """Whatever is put, renumbered or dropped: after undoing, both indexes say what they said before."""
    world = filled(World(), text(2, 2), text(4, 4))
    world.log.commit()
    table = world[messages.MESSAGES]
    for order, seq, drop in steps:
        if drop:
            table.drop(f"m{order}")
        else:
            table.put(f"m{order}", text(order, seq and order * 10 + seq))
    world.log.undo()
    assert ["m4", "m2"] == list(table.index("channel").older(GROUP))
    assert ("m2", "m4") == (table.index("seq").at_or_above(GROUP, 1), table.index("seq").at_or_below(GROUP, 99))


def test_marks_keep_what_they_are_not_told_to_change() -> None:
    """A change of a mark leaves the rest of it alone."""
    world = filled(World(), text(1))
    messages.set_mark(world, "alice", "m1", uncounted=True)
    messages.set_mark(world, "alice", "m1", deleted=True)
    assert (True, True) == (messages.mark(world, "alice", "m1").uncounted, messages.mark(world, "alice", "m1").deleted)
    assert messages.MessageMark("bob", "m1") == messages.mark(world, "bob", "m1")


def test_peer_is_the_other_one() -> None:
    """The peer of a channel is the other user, and oneself in a chat with oneself."""
    channel = messages.c2c_channel("bob", "alice")
    assert ("c2c", "alice", "bob") == channel
    assert ("bob", "alice") == (messages.peer_of("alice", channel), messages.peer_of("bob", channel))
    assert "alice" == messages.peer_of("alice", messages.c2c_channel("alice", "alice"))


def test_owned_messages_have_one_party() -> None:
    """What only one user has is nobody else's, not even the receiver's."""
    world = World()
    row = evolve(text(1, channel=("c2c", "alice", "bob")), owner="alice")
    assert (True, False) == tuple(visibility.is_party(world, name, row) for name in ("alice", "bob"))
    assert ["alice"] == visibility.parties(world, row)


def test_fresh_log_is_empty() -> None:
    """A world that has committed holds nothing to undo."""
    world = filled(World(), text(1))
    world.log.commit()
    assert [] == world.log.current
