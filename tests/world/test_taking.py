"""Many rows that come into a table at once: the first of a key counts, and each index is as if they had come one by one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bridge.world.chats.elements import Text
from bridge.world.chats.messages import MESSAGES, Message
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.store import Table, UndoLog

CHANNELS = (("c2c", "alice", "bob"), ("group", "team"), ("group", "crew"))


def some(count: int, chance: random.Random) -> list[Message]:
    """Return messages whose places and numbers come in no order."""
    orders, numbers = chance.sample(range(1, 10 * count), count), chance.sample(range(1, 10 * count), count)
    return [
        Message(f"m{at}", orders[at], chance.choice(CHANNELS), "alice", 0, (Text("hi"),), numbers[at], 1) for at in range(count)
    ]


def contents(table: Table[Message]) -> Any:
    """Return the rows of a table of messages, and what its indexes say of them."""
    timeline, seqs = table.index("channel"), table.index("seq")
    by_number = [[seqs.at_or_above(channel, seq) for seq in range(0, 700, 7)] for channel in CHANNELS]
    return list(table.rows.items()), [timeline.all_of(channel) for channel in CHANNELS], by_number


@pytest.mark.parametrize("seed", range(5))
def test_indexes_are_as_if_rows_had_come_one_by_one(seed: int) -> None:
    rows = some(60, random.Random(seed))
    together, singly = Table(MESSAGES, UndoLog()), Table(MESSAGES, UndoLog())
    for at in range(0, len(rows), 20):
        part = rows[at : at + 20]
        assert together.take_all([(row.msg_id, row) for row in part]) == 20
    for row in rows:
        singly.put(row.msg_id, row)
    assert contents(together) == contents(singly)


def test_what_is_searched_already_hears_of_them() -> None:
    table = Table(MESSAGES, UndoLog())
    first, second = (evolve(row, channel=CHANNELS[0], order=at) for at, row in enumerate(some(2, random.Random(1)), 1))
    table.take_all([(first.msg_id, first)])
    wordings = table.index("wordings")
    for _ in wordings.note(CHANNELS[0], *table.index("channel").all_of(CHANNELS[0]), lambda _: "hi"):
        pass
    table.take_all([(second.msg_id, second)])
    assert wordings._known[CHANNELS[0]].tail == 1


def test_second_row_of_a_key_and_all_behind_it_stay_out() -> None:
    rows = some(4, random.Random(1))
    table, keys = Table(MESSAGES, UndoLog()), ["a", "b", "a", "c"]
    assert table.take_all(list(zip(keys, rows, strict=True))) == 2
    assert table.rows == {"a": rows[0], "b": rows[1]}
    singly = Table(MESSAGES, UndoLog())
    for key, row in zip(keys[:2], rows[:2], strict=True):
        singly.put(key, row)
    assert contents(table) == contents(singly)
    assert table.take_all([("b", rows[2])]) == 0
