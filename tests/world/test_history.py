"""Pages of a history cost the same in a long conversation as in a short one."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import history, messages, visibility
from bridge.world.chats.elements import Text
from bridge.world.chats.history import Pull
from bridge.world.chats.messages import Message
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import START_MS, World

CHANNEL = ("c2c", "alice", "bob")
PHONE = Device("d1", install="phone", user_id="bob")


def talk(count: int) -> World:
    """Return a world with a chat of that many messages, one a second."""
    world = World()
    table = world[messages.MESSAGES]
    for number in range(1, count + 1):
        elems = (Text(str(number)),)
        table.put(f"m{number}", Message(f"m{number}", number, CHANNEL, "alice", START_MS + number * 1000, elems))
    world.log.commit()
    return world


class Counting(dict[str, Message]):
    """Rows that count how often one is read."""

    reads = 0

    def __getitem__(self, key: str) -> Message:
        self.reads += 1
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.reads += 1
        return super().get(key, default)


START_S = START_MS // 1000


@pytest.mark.parametrize(
    "options",
    [
        {"kind": 1},
        {"kind": 1, "begin_s": START_S + 500},
        {"kind": 2, "begin_s": START_S + 500},
        {"kind": 1, "begin_s": START_S + 600, "period_s": 5},
    ],
)
def test_pages_read_few_rows(options: dict[str, Any]) -> None:
    """A page of twenty reads a few dozen rows of twenty thousand, wherever it begins."""
    world = talk(20_000)
    table = world[messages.MESSAGES]
    table.rows = Counting(table.rows)
    found = history.pull(world, PHONE, "bob", Pull(user_id="alice", **options))
    assert 0 < len(found) <= 20
    assert table.rows.reads < 120


def test_cleared_histories_end_at_once() -> None:
    """What was cleared is not looked through again."""
    world = talk(5000)
    from bridge.world.chats import conversations

    conversations.change(world, "bob", "c2c_alice", cleared_order=5000)
    table = world[messages.MESSAGES]
    table.rows = Counting(table.rows)
    assert [] == history.pull(world, PHONE, "bob", Pull(user_id="alice"))
    assert visibility.newest_visible(world, "bob", "c2c_alice") is None
    assert table.rows.reads < 10


def test_starting_message_is_left_out() -> None:
    """Both ways the page begins next to the message given."""
    world = talk(9)
    start = world[messages.MESSAGES]["m5"]
    for kind, expected in ((1, ["m4", "m3"]), (2, ["m6", "m7"])):
        found = history.pull(world, PHONE, "bob", Pull(user_id="alice", kind=kind, after=start, count=2))
        assert expected == [message.msg_id for message in found]
