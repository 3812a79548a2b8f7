"""Sums of unread counts by a filter: kept from when they are first asked for, and always what a count of all would say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.world.chats import conversations, unread
from bridge.world.chats.conversations import Conversation
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World

ALL = unread.Filter()
CONDITIONS = [
    ALL,
    unread.Filter(kind="c2c"),
    unread.Filter(kind="group", unread=True),
    unread.Filter(group_name="work"),
    unread.Filter(group_name=""),
    unread.Filter(marks=3),
    unread.Filter(marks=0, mentioned=False),
]
ROWS = st.builds(
    Conversation,
    user_id=st.sampled_from(["alice", "bob"]),
    conversation_id=st.sampled_from(["c2c_bob", "c2c_eve", "group_g", "group_h"]),
    listed=st.booleans(),
    unread=st.integers(0, 9),
    recv_opt=st.sampled_from([0, 0, 1, 2]),
    marks=st.sampled_from([0, 1, 2, 4]),
    groups=st.sampled_from([(), ("work",), ("fun", "work")]),
)


def recounted(world: World, user: str, condition: unread.Filter) -> int:
    """Return the sum of what a user has now, by looking at all of it."""
    rows = world[conversations.CONVERSATIONS].rows.values()
    mine = [row for row in rows if row.user_id == user and row.listed and row.recv_opt == 0]
    return sum(row.unread for row in mine if condition.matches(row))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["put", "drop", "undo", "commit", "ask"]), ROWS, st.sampled_from(CONDITIONS)), max_size=40))
def test_sums_are_those_of_a_count(steps: list[tuple[str, Conversation, unread.Filter]]) -> None:
    """However rows come, change, go and are undone, every sum that was ever asked for is right."""
    world, device = World(), Device("d")
    table = world[conversations.CONVERSATIONS]
    asked: set[tuple[str, Any]] = set()
    for what, row, condition in steps:
        key = (row.user_id, row.conversation_id)
        if what == "put":
            table.put(key, row)
        elif what == "drop":
            table.drop(key)
        elif what == "ask":
            asked.add((row.user_id, condition))
        else:
            getattr(world.log, what)()
        for user, one in asked:
            assert unread.total_by(world, device, user, one) == recounted(world, user, one)


@pytest.mark.parametrize("count", [1, 16, 40])
def test_many_conditions_are_counted(count: int) -> None:
    """More conditions than are kept are counted all the same."""
    world, device = World(), Device("d")
    for number in range(5):
        conversations.save(world, Conversation("alice", f"c2c_{number}", listed=True, unread=number, marks=1 << number))
    conditions = [unread.Filter(marks=number) for number in range(1, count + 1)]
    for _ in range(2):
        for condition in conditions:
            assert unread.total_by(world, device, "alice", condition) == recounted(world, "alice", condition)
    assert len(world[conversations.CONVERSATIONS].index("sums")._sums["alice"]) <= 16
